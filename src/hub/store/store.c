/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder: opening, the writers' numbers, the wake file.  The tables are in store_*.c. */
#include "hub/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "hub/store/store_private.h"
#include "hub/store/store_schema.h"
#include "sys/io/file.h"

enum { FOLDER_MODE = 0750, FILE_MODE = 0640, MAKING_BYTE = EVENT_ID_WRITERS };

int store_path(const struct store *s, const char *name, char to[STORE_PATH_MAX], struct err *e)
{
    int len = snprintf(to, STORE_PATH_MAX, "%s/%s", s->folder, name);
    if (len >= STORE_PATH_MAX)
        return err_set(e, -ENAMETOOLONG, "%s: name too long", s->folder);
    return 0;
}

/* ---- locks: bytes of the file `writers` ---- */

/* OFD locks belong to the open file, not to the process: two stores of one process exclude each
 * other too, and closing one of them gives no lock of the other back. */
static int lock_byte(int fd, int command, short type, off_t byte)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int rc;
    do
        rc = fcntl(fd, command, &lock) ? -errno : 0;
    while (rc == -EINTR);
    return rc;
}

int store_lock_making(struct store *s, struct err *e)
{
    int rc = lock_byte(s->writers_fd, F_OFD_SETLKW, F_WRLCK, MAKING_BYTE);
    return rc ? err_set(e, rc, "%s/writers: lock: %s", s->folder, strerror(-rc)) : 0;
}

void store_unlock_making(struct store *s)
{
    (void)lock_byte(s->writers_fd, F_OFD_SETLK, F_UNLCK, MAKING_BYTE);
}

int store_take_writer_number(struct store *s, struct err *e)
{
    if (s->has_writer_number)
        return 0;
    for (unsigned n = 0; n < EVENT_ID_WRITERS; n++) {
        int rc = lock_byte(s->writers_fd, F_OFD_SETLK, F_WRLCK, n);
        if (rc == 0) {
            s->ids.writer = (uint16_t)n;
            s->has_writer_number = true;
            return 0;
        }
        if (rc != -EAGAIN && rc != -EACCES)
            return err_set(e, rc, "%s/writers: lock: %s", s->folder, strerror(-rc));
    }
    return err_set(e, -EUSERS, "%s: %d writers already", s->folder, EVENT_ID_WRITERS);
}

/* ---- waking ---- */

/* inotify(7) tells of each write, not of the bytes; so the file stays one byte long. */
void store_wake_readers(struct store *s)
{
    if (pwrite(s->wake_fd, "!", 1, 0) != 1)
        log_at(LOG_LEVEL_WARN, "%s/wake: %s", s->folder, strerror(errno));
}

int store_watch(struct store *s, int *out_fd, struct err *e)
{
    if (s->watch_fd < 0) {
        char path[STORE_PATH_MAX];
        int rc = store_path(s, "wake", path, e);
        if (rc)
            return rc;
        OWN_FD int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (fd < 0 || inotify_add_watch(fd, path, IN_MODIFY) < 0)
            return err_set(e, -errno, "%s: watch: %s", path, strerror(errno));
        s->watch_fd = fd_take(&fd);
    }
    *out_fd = s->watch_fd;
    return 0;
}

void store_watch_clear(struct store *s)
{
    char event[4096];
    while (s->watch_fd >= 0 && read(s->watch_fd, event, sizeof event) > 0)
        ;
}

/* ---- opening ---- */

static int open_file(const struct store *s, const char *name, int *out_fd, struct err *e)
{
    char path[STORE_PATH_MAX];
    int rc = store_path(s, name, path, e);
    if (rc)
        return rc;
    *out_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    return *out_fd < 0 ? err_set(e, -errno, "%s: %s", path, strerror(errno)) : 0;
}

static int open_to_write(struct store *s, struct err *e)
{
    char path[STORE_PATH_MAX];
    int rc = store_path(s, "main.db", path, e);
    rc = rc ? rc : file_make_folders(s->folder, FOLDER_MODE, e);
    rc = rc ? rc : open_file(s, "writers", &s->writers_fd, e);
    rc = rc ? rc : open_file(s, "wake", &s->wake_fd, e);
    rc = rc ? rc : store_lock_making(s, e);
    if (rc)
        return rc;
    rc = db_open(&s->main, path, DB_WRITE, &store_main_schema, e);
    store_unlock_making(s);
    return rc;
}

static int open_to_read(struct store *s, struct err *e)
{
    char path[STORE_PATH_MAX];
    int rc = store_path(s, "main.db", path, e);
    return rc ? rc : db_open(&s->main, path, DB_READ, &store_main_schema, e);
}

int store_open(struct store **out, const char *folder, enum store_mode mode,
               const struct clock *clock, struct err *e)
{
    struct store *s = mem_zero(sizeof *s);
    *s = (struct store){.folder = mem_copy_text(folder),
                        .mode = mode,
                        .clock = clock,
                        .writers_fd = -1,
                        .wake_fd = -1,
                        .watch_fd = -1};
    int rc = mode == STORE_WRITE ? open_to_write(s, e) : open_to_read(s, e);
    if (rc) {
        store_close(s);
        return rc;
    }
    *out = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_day_close(&s->writing);
    store_day_close(&s->reading);
    db_close(s->main);
    const int fd[] = {s->writers_fd, s->wake_fd, s->watch_fd};
    for (size_t i = 0; i < ARRAY_COUNT(fd); i++)
        if (fd[i] >= 0)
            close(fd[i]);
    mem_free(s->folder);
    mem_free(s);
}

/* ---- addresses ---- */

size_t store_addr_pack(uint8_t to[STORE_ADDR_MAX], const struct addr *a)
{
    if (a->family == ADDR_NONE)
        return 0;
    size_t len = a->family == ADDR_IP6 ? 16 : 4;
    to[0] = a->family;
    memcpy(to + 1, a->byte, len++);
    for (int shift = 24; a->scope && shift >= 0; shift -= 8)
        to[len++] = (uint8_t)(a->scope >> shift);
    return len;
}

struct addr store_addr_unpack(const void *data, size_t len)
{
    struct bytes_in in = bytes_in_of(data, len);
    struct addr a = {.family = bytes_u8(&in)};
    bytes_copy(&in, a.byte, a.family == ADDR_IP6 ? 16 : 4);
    if (bytes_left(&in))
        a.scope = bytes_u32be(&in);
    bool known = a.family == ADDR_IP4 || a.family == ADDR_IP6;
    return in.bad || !known ? (struct addr){0} : a;
}

void stmt_put_addr(struct stmt *s, int parameter, uint8_t keep[STORE_ADDR_MAX],
                   const struct addr *a)
{
    size_t len = store_addr_pack(keep, a);
    if (len)
        stmt_put_blob(s, parameter, keep, len);
    else
        stmt_put_text(s, parameter, NULL);
}

struct addr stmt_addr(struct stmt *s, int column)
{
    size_t len;
    const void *data = stmt_blob(s, column, &len);
    return store_addr_unpack(data, len);
}
