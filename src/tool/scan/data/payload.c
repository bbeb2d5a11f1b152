/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/data/payload.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/net/port_set.h"
#include "sys/io/file.h"

#define NMAP_FOLDER  "/usr/share/nmap"
#define PAYLOAD_FILE "nmap-payloads"

static const struct {
    uint16_t first, last, len;
    const char *byte;
} own[] = {
#define PAYLOAD(name, first, last, bytes, doc) {first, last, sizeof(bytes) - 1, bytes},
#include "tool/scan/data/payload_list.def"
#undef PAYLOAD
};

/* ---- reading ---- */

struct reader {
    const char *pos, *end, *name;
    unsigned line;
    uint8_t byte[PAYLOAD_LEN_MAX];
    size_t len;
};

static int fault(const struct reader *r, struct err *e, const char *what)
{
    return err_set(e, -EINVAL, "%s:%u: %s", r->name, r->line, what);
}

static void skip_line(struct reader *r)
{
    while (r->pos < r->end && *r->pos != '\n')
        r->pos++;
}

/* Blanks and remarks, over lines. */
static void skip_blank(struct reader *r)
{
    for (; r->pos < r->end && (isspace((unsigned char)*r->pos) || *r->pos == '#'); r->pos++) {
        if (*r->pos == '#')
            skip_line(r);
        if (r->pos == r->end)
            return;
        r->line += *r->pos == '\n';
    }
}

static size_t word_len(const struct reader *r)
{
    size_t len = 0;
    while (r->pos + len < r->end && !isspace((unsigned char)r->pos[len]) && r->pos[len] != '"')
        len++;
    return len;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands behind a backslash; -1: no such escape. */
static int read_escape(struct reader *r)
{
    static const char letter[] = "abfnrtv0\\\"'", value[] = "\a\b\f\n\r\t\v\0\\\"'";
    if (r->pos == r->end)
        return -1;
    char c = *r->pos++;
    if (c == 'x') {
        int high = r->pos < r->end ? hex_digit(r->pos[0]) : -1;
        int low = high >= 0 && r->pos + 1 < r->end ? hex_digit(r->pos[1]) : -1;
        r->pos += low >= 0 ? 2 : 0;
        return low >= 0 ? high << 4 | low : -1;
    }
    const char *at = memchr(letter, c, sizeof letter - 1);
    return at ? (unsigned char)value[at - letter] : -1;
}

static int read_string(struct reader *r, struct err *e)
{
    for (r->pos++; r->pos < r->end && *r->pos != '"' && *r->pos != '\n';) {
        int c = (unsigned char)*r->pos++;
        if (c == '\\')
            c = read_escape(r);
        if (c < 0)
            return fault(r, e, "no such escape in a string");
        if (r->len == PAYLOAD_LEN_MAX)
            return fault(r, e, "payload too long");
        r->byte[r->len++] = (uint8_t)c;
    }
    if (r->pos == r->end || *r->pos != '"')
        return fault(r, e, "string without an end");
    r->pos++;
    return 0;
}

static void add_row(struct payload_set *s, struct payload row)
{
    MEM_GROW(s->row, s->count, s->capacity);
    s->row[s->count++] = row;
}

/* A row for each range of ports in the set. */
static void add_entry(struct payload_set *s, const struct port_set *ports, const struct reader *r)
{
    const uint8_t *byte = (const uint8_t *)arena_copy(&s->arena, (const char *)r->byte, r->len);
    for (int port = -1; (port = port_set_next(ports, port + 1)) >= 0;) {
        int last = port;
        while (last + 1 < PORT_COUNT && port_set_has(ports, (uint16_t)(last + 1)))
            last++;
        add_row(s, (struct payload){(uint16_t)port, (uint16_t)last, (uint16_t)r->len, byte});
        port = last;
    }
    s->entries++;
}

static int read_ports(struct reader *r, struct port_set *out, struct err *e)
{
    char text[1024];
    size_t len = word_len(r);
    if (len == 0 || len >= sizeof text)
        return fault(r, e, "ports expected behind \"udp\"");
    memcpy(text, r->pos, len);
    text[len] = '\0';
    r->pos += len;
    return port_set_parse(out, text, &(struct err){0}) < 0 ? fault(r, e, "no list of ports") : 0;
}

static int read_entry(struct payload_set *s, struct reader *r, struct err *e)
{
    struct port_set ports = {0};
    if (word_len(r) != 3 || memcmp(r->pos, "udp", 3) != 0)
        return fault(r, e, "an entry begins with \"udp\"");
    r->pos += 3;
    skip_blank(r);
    if (read_ports(r, &ports, e) < 0)
        return e->code;
    r->len = 0;
    for (skip_blank(r); r->pos < r->end && *r->pos == '"'; skip_blank(r))
        if (read_string(r, e) < 0)
            return e->code;
    /* "source PORT" and whatever keywords come: to the end of their line */
    if (r->pos < r->end && !(word_len(r) == 3 && memcmp(r->pos, "udp", 3) == 0))
        skip_line(r);
    add_entry(s, &ports, r);
    return 0;
}

int payload_set_parse(struct payload_set *s, const char *text, size_t len, const char *name,
                      struct err *e)
{
    struct reader r = {.pos = text, .end = text + len, .name = name, .line = 1};
    for (skip_blank(&r); r.pos < r.end; skip_blank(&r))
        if (read_entry(s, &r, e) < 0)
            return e->code;
    return 0;
}

int payload_set_open(struct payload_set *s, const char *folder, struct err *e)
{
    *s = (struct payload_set){0};
    for (size_t i = 0; i < ARRAY_COUNT(own); i++)
        add_row(s, (struct payload){own[i].first, own[i].last, own[i].len,
                                    (const uint8_t *)own[i].byte});
    const char *path = arena_print(&s->arena, "%s/" PAYLOAD_FILE, folder ? folder : NMAP_FOLDER);
    struct str text = str_of(PAYLOAD_FILE_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        rc = payload_set_parse(s, str_text(&text), text.len, path, e);
    else if (rc == -ENOENT)
        rc = 0; /* our own have to do: newer nmaps keep theirs elsewhere */
    str_done(&text);
    return rc;
}

void payload_set_done(struct payload_set *s)
{
    mem_free(s->row);
    arena_done(&s->arena);
    *s = (struct payload_set){0};
}

static bool is_among(const struct bytes_in *some, size_t count, const struct payload *p)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_left(&some[i]) == p->len && memcmp(some[i].pos, p->byte, p->len) == 0)
            return true;
    return false;
}

size_t payload_set_find(const struct payload_set *s, uint16_t port,
                        struct bytes_in out[PAYLOAD_PER_PORT_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < s->count && count < PAYLOAD_PER_PORT_MAX; i++) {
        const struct payload *p = &s->row[i];
        if (port >= p->first && port <= p->last && !is_among(out, count, p))
            out[count++] = bytes_in_of(p->byte, p->len);
    }
    return count;
}
