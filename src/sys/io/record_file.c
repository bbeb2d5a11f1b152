/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a write fails half-way, what it has overwritten is the old tail, whose blocks exist: putting
 * it back and cutting the file behind it needs no space. */
#include "sys/io/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/file.h"

/* Writing in place is for a plain file that is ours alone.  O_APPEND moves every write to the end,
 * and where standard error goes to the same file its lines would be overwritten. */
static bool can_rewrite(int fd)
{
    struct stat st, other;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || fcntl(fd, F_GETFL) & O_APPEND)
        return false;
    bool shared = fd != STDERR_FILENO && fstat(STDERR_FILENO, &other) == 0 &&
                  other.st_dev == st.st_dev && other.st_ino == st.st_ino;
    return !shared && lseek(fd, 0, SEEK_CUR) >= 0;
}

int record_file_open(struct record_file *f, const char *path, bool append, struct err *e)
{
    bool standard = strcmp(path, "-") == 0;
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? 0 : O_TRUNC);
    OWN_FD int fd = standard ? STDOUT_FILENO : open(path, flags, 0666);
    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    bool seekable = can_rewrite(fd);
    off_t at = seekable ? lseek(fd, 0, append ? SEEK_END : SEEK_CUR) : 0;
    *f = (struct record_file){
        .name = mem_copy_text(standard ? "standard output" : path),
        .fd = fd_take(&fd),
        .seekable = seekable,
        .owns_fd = !standard,
        .tail_at = (uint64_t)at,
    };
    return 0;
}

static int fail(struct record_file *f, int code, struct err *e)
{
    f->failed = true;
    f->failure = code;
    return err_set(e, code, "%s: %s", f->name, strerror(-code));
}

/* Standard output may be a file in which others write before and after us: the offset moves along.
 */
static int write_at(const struct record_file *f, uint64_t at, const struct str *text)
{
    if (lseek(f->fd, (off_t)at, SEEK_SET) < 0)
        return -errno;
    return file_write_all(f->fd, str_text(text), text->len);
}

static int cut_at(const struct record_file *f, uint64_t end)
{
    return ftruncate(f->fd, (off_t)end) ? -errno : 0;
}

int record_file_cut(struct record_file *f, uint64_t at, struct err *e)
{
    if (!f->seekable || at > f->tail_at)
        return fail(f, -ESPIPE, e);
    if (cut_at(f, at) < 0)
        return fail(f, -errno, e);
    f->tail_at = at;
    return 0;
}

static int rewrite(struct record_file *f, const struct str *record, const struct str *tail,
                   struct err *e)
{
    struct str both = str_of(0);
    str_add_len(&both, str_text(record), record->len);
    str_add_len(&both, str_text(tail), tail->len);
    uint64_t old_end = f->tail_at + f->tail.len, new_end = f->tail_at + both.len;
    int rc = write_at(f, f->tail_at, &both);
    str_done(&both);
    if (rc == 0 && new_end < old_end)
        rc = cut_at(f, new_end);
    if (rc == 0) {
        f->tail_at += record->len;
        return 0;
    }
    (void)write_at(f, f->tail_at, &f->tail);
    (void)cut_at(f, old_end);
    return fail(f, rc, e);
}

int record_file_add(struct record_file *f, const struct str *record, const struct str *tail,
                    struct err *e)
{
    if (f->failed)
        return fail(f, f->failure, e);
    int rc = f->seekable ? rewrite(f, record, tail, e)
                         : file_write_all(f->fd, str_text(record), record->len);
    if (rc)
        return f->failed ? rc : fail(f, rc, e);
    str_reset(&f->tail);
    str_add_len(&f->tail, str_text(tail), tail->len);
    return 0;
}

int record_file_close(struct record_file *f, struct err *e)
{
    int rc = f->failed ? f->failure : 0;
    if (rc == 0 && !f->seekable)
        rc = file_write_all(f->fd, str_text(&f->tail), f->tail.len);
    if (f->owns_fd && close(f->fd) && rc == 0)
        rc = -errno; /* NFS tells a full disk here */
    if (rc)
        (void)fail(f, rc, e);
    str_done(&f->tail);
    mem_free(f->name);
    *f = (struct record_file){.fd = -1};
    return rc;
}
