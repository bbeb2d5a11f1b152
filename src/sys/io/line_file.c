/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "sys/io/file.h"

int line_file_open(struct line_file *f, const char *path, bool append, struct err *e)
{
    bool is_out = strcmp(path, "-") == 0;
    int fd = is_out
                 ? STDOUT_FILENO
                 : open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0640);
    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    *f = (struct line_file){
        .name = mem_copy_text(path), .buffer = mem_resize(NULL, LINE_FILE_BUFFER, 1), .fd = fd};
    return 0;
}

int line_file_flush(struct line_file *f)
{
    int rc = f->failure ? f->failure : file_write_all(f->fd, f->buffer, f->used);
    if (rc < 0 && !f->failure)
        f->failure = rc;
    f->used = 0;
    return f->failure;
}

void line_file_add_bytes(struct line_file *f, const void *data, size_t len)
{
    if (len > LINE_FILE_BUFFER - f->used)
        line_file_flush(f);
    if (len > LINE_FILE_BUFFER) {
        int rc = f->failure ? 0 : file_write_all(f->fd, data, len);
        if (rc < 0)
            f->failure = rc;
        return;
    }
    memcpy(f->buffer + f->used, data, len);
    f->used += len;
}

void line_file_add(struct line_file *f, const char *text, size_t len)
{
    line_file_add_bytes(f, text, len);
    line_file_add_bytes(f, "\n", 1);
}

int line_file_close(struct line_file *f, struct err *e)
{
    if (!f->buffer)
        return 0;
    line_file_flush(f);
    if (f->fd != STDOUT_FILENO && close(f->fd) < 0 && !f->failure)
        f->failure = -errno;
    int rc = f->failure ? err_set(e, f->failure, "%s: %s", f->name, strerror(-f->failure)) : 0;
    mem_free(f->buffer);
    mem_free(f->name);
    *f = (struct line_file){0};
    return rc;
}
