/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sys/io/file.h"

enum { LINE_BYTES = 16 };

int dump_open(struct dump *d, const struct nc_dump_file *file, bool append, struct err *e)
{
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC);
    *d = (struct dump){.fd = -1, .form = file->form};
    if (file->form == NC_DUMP_NONE)
        return 0;
    d->fd = open(file->path, flags, 0666);
    return d->fd < 0 ? err_set(e, -errno, "%s: %s", file->path, strerror(errno)) : 0;
}

static char shown(uint8_t byte)
{
    return byte >= ' ' && byte < 127 ? (char)byte : '.';
}

static void add_hex(struct str *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < LINE_BYTES; i++)
        if (i < len)
            str_addf(out, "%02x ", data[i]);
        else
            str_add(out, "   ");
}

static void add_line(struct str *out, enum nc_dump form, enum dump_way way, uint64_t offset,
                     const uint8_t *data, size_t len)
{
    bool plain = form == NC_DUMP_PLAIN;
    if (plain)
        str_addf(out, "[%04llx]   ", (unsigned long long)offset);
    else
        str_addf(out, "%c %08llx ", way == DUMP_SENT ? '>' : '<', (unsigned long long)offset);
    add_hex(out, data, len);
    str_add(out, plain ? "  " : "# ");
    for (size_t i = 0; i < len; i++)
        str_add_char(out, shown(data[i]));
    str_add_char(out, '\n');
}

void dump_format(struct str *out, enum nc_dump form, enum dump_way way, uint64_t offset,
                 const uint8_t *data, size_t len)
{
    for (size_t at = 0; at < len; at += LINE_BYTES) {
        size_t part = len - at < LINE_BYTES ? len - at : LINE_BYTES;
        add_line(out, form, way, offset + at, data + at, part);
    }
    if (form == NC_DUMP_PLAIN)
        str_add_char(out, '\n');
}

void dump_write(struct dump *d, enum dump_way way, const void *data, size_t len)
{
    if (d->fd < 0 || d->failure || len == 0)
        return;
    if (d->form == NC_DUMP_RAW) {
        d->failure = file_write_all(d->fd, data, len);
        return;
    }
    struct str text = str_of(0);
    /* the plain form counts each chunk by itself, as ncat does */
    uint64_t offset = d->form == NC_DUMP_PLAIN ? 0 : d->offset[way];
    dump_format(&text, d->form, way, offset, data, len);
    d->failure = file_write_all(d->fd, str_text(&text), text.len);
    d->offset[way] += len;
    str_done(&text);
}

void dump_close(struct dump *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}
