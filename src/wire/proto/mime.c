/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/mime.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "wire/proto/mime_coding.h"
#include "wire/proto/mime_field.h"

static struct mime_level *current(struct mime *m)
{
    return &m->level[m->depth];
}

static struct mime_part *part_of(struct mime *m)
{
    return &current(m)->part;
}

/* ---- parts ---- */

static void begin_headers(struct mime *m, uint8_t depth)
{
    struct mime_level *l = &m->level[depth];
    m->depth = depth;
    *l = (struct mime_level){.part = {.number = m->parts++, .depth = depth}};
    bool in_digest = depth > 0 && m->level[depth - 1].digest;
    snprintf(l->part.type, sizeof l->part.type, "%s", in_digest ? "message/rfc822" : "text/plain");
    m->in_headers = true;
    m->between = false;
    m->headers = 0;
    m->pending[0] = '\0';
    str_reset(&m->header);
}

static void end_part(struct mime *m)
{
    struct mime_part *p = part_of(m);
    if (p->kind == MIME_LEAF && p->coding == MIME_BASE64) {
        str_reset(&m->out);
        base64_finish(&m->base64, &m->out);
        if (m->out.len && m->events->body)
            m->events->body(m->events->ctx, p, str_text(&m->out), m->out.len);
    }
    if (m->events->end)
        m->events->end(m->events->ctx, p);
}

/* End all that is open below `depth`. */
static void end_below(struct mime *m, uint8_t depth)
{
    for (; m->depth > depth; m->depth--)
        end_part(m);
}

/* ---- headers ---- */

static void take_type(struct mime_level *l, const char *value)
{
    struct str boundary = str_of(MIME_BOUNDARY_MAX);
    mime_token(value, l->part.type, sizeof l->part.type);
    if (mime_param(value, "boundary", &boundary) && boundary.len && !boundary.full)
        memcpy(l->boundary, boundary.text, boundary.len + 1);
    str_done(&boundary);
}

static enum mime_coding coding_of(const char *value)
{
    char word[MIME_TYPE_MAX];
    mime_token(value, word, sizeof word);
    return strcmp(word, "base64") == 0             ? MIME_BASE64
           : strcmp(word, "quoted-printable") == 0 ? MIME_QUOTED_PRINTABLE
           : strcmp(word, "x-uuencode") == 0 || strcmp(word, "uuencode") == 0 ||
                   strcmp(word, "x-uue") == 0 || strcmp(word, "uue") == 0
               ? MIME_UUENCODE
               : MIME_PLAIN;
}

static void tell_header(struct mime *m)
{
    struct mime_level *l = current(m);
    if (m->header.len == 0)
        return;
    char *colon = strchr(m->header.text, ':');
    if (!colon || ++m->headers > MIME_HEADERS_MAX) {
        str_reset(&m->header);
        return;
    }
    char *end = colon;
    while (end > m->header.text && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *end = '\0';
    const char *name = m->header.text, *value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(name, "Content-Type") == 0 && !l->typed) {
        l->typed = true;
        take_type(l, value);
    } else if (strcasecmp(name, "Content-Transfer-Encoding") == 0 && !l->coded) {
        l->coded = true;
        l->part.coding = coding_of(value);
    }
    if (m->events->header)
        m->events->header(m->events->ctx, &l->part, name, value);
    str_reset(&m->header);
}

/* RFC 2046 5.1: a multipart without a boundary cannot be taken apart. */
static void end_headers(struct mime *m)
{
    struct mime_level *l = current(m);
    struct mime_part *p = &l->part;
    tell_header(m);
    m->in_headers = false;
    bool room = m->depth < MIME_DEPTH_MAX && m->parts < MIME_PARTS_MAX;
    bool plain = p->coding == MIME_PLAIN;
    if (strncmp(p->type, "multipart/", 10) == 0 && l->boundary[0] && room)
        p->kind = MIME_MULTIPART;
    else if (strcmp(p->type, "message/rfc822") == 0 && room && plain)
        p->kind = MIME_MESSAGE;
    l->digest = strcmp(p->type, "multipart/digest") == 0;
    m->base64 = (struct base64_in){0};
    m->uu_begun = m->uu_ended = false;
    if (m->events->begin)
        m->events->begin(m->events->ctx, p);
    m->between = p->kind == MIME_MULTIPART;
    if (p->kind == MIME_MESSAGE)
        begin_headers(m, (uint8_t)(m->depth + 1));
}

/* ftext of RFC 5322 2.2, then blanks at most, then a colon. */
static bool is_header_line(const char *line, size_t len)
{
    size_t n = 0;
    while (n < len && line[n] > ' ' && line[n] != ':' && line[n] != 0x7f)
        n++;
    size_t blanks = n;
    while (blanks < len && (line[blanks] == ' ' || line[blanks] == '\t'))
        blanks++;
    return n > 0 && blanks < len && line[blanks] == ':';
}

static void take_body_line(struct mime *m, const char *line, size_t len, const char *ending);

static void take_header_line(struct mime *m, const char *line, size_t len, const char *ending)
{
    bool first = m->headers == 0 && m->header.len == 0;
    if (len == 0) {
        end_headers(m);
    } else if ((*line == ' ' || *line == '\t') && m->header.len) {
        str_add_len(&m->header, line, len); /* unfolded: RFC 5322 2.2.3 */
    } else if (is_header_line(line, len)) {
        tell_header(m);
        str_add_len(&m->header, line, len < MIME_HEADER_MAX ? len : MIME_HEADER_MAX);
    } else if (first && len > 5 &&
               (memcmp(line, "From ", 5) == 0 || memcmp(line, ">From", 5) == 0)) {
        return; /* an mbox's separator line that was left in */
    } else {
        end_headers(m);
        if (!m->in_headers)
            take_body_line(m, line, len, ending);
    }
}

/* ---- bodies ---- */

static void tell_body(struct mime *m, const char *data, size_t len)
{
    struct mime_part *p = part_of(m);
    str_reset(&m->out);
    switch (p->coding) {
    case MIME_PLAIN:
        str_add_len(&m->out, data, len);
        break;
    case MIME_BASE64:
        base64_feed(&m->base64, data, len, &m->out);
        break;
    case MIME_QUOTED_PRINTABLE:
        mime_decode_quoted(data, len, &m->out);
        break;
    case MIME_UUENCODE:
        mime_decode_uu(data, len, &m->uu_begun, &m->uu_ended, &m->out);
        break;
    }
    if (m->out.len && m->events->body)
        m->events->body(m->events->ctx, p, str_text(&m->out), m->out.len);
}

/* The end of the line before was held back: before a boundary it belongs to that (RFC 2046 5.1.1).
 * The lines of a quoted-printable or uuencoded text are read one by one, with their ends. */
static void take_body_line(struct mime *m, const char *line, size_t len, const char *ending)
{
    struct mime_part *p = part_of(m);
    if (m->between || p->kind != MIME_LEAF)
        return;
    bool by_line = p->coding == MIME_QUOTED_PRINTABLE || p->coding == MIME_UUENCODE;
    if (m->pending[0] && m->events->raw)
        m->events->raw(m->events->ctx, p, m->pending, strlen(m->pending));
    if (m->pending[0] && !by_line)
        tell_body(m, m->pending, strlen(m->pending));
    if (m->events->raw && len)
        m->events->raw(m->events->ctx, p, line, len);
    if (by_line) {
        struct str whole = str_of(0);
        str_add_len(&whole, line, len);
        str_add(&whole, ending);
        tell_body(m, str_text(&whole), whole.len);
        str_done(&whole);
    } else if (len) {
        tell_body(m, line, len);
    }
    snprintf(m->pending, sizeof m->pending, "%s", ending);
}

/* Is the line a boundary of an open multipart?  Its depth, or -1; the innermost wins. */
static int find_boundary(const struct mime *m, const char *line, size_t len, bool *closing)
{
    if (len < 3 || line[0] != '-' || line[1] != '-')
        return -1;
    while (len > 2 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    for (int d = m->depth; d >= 0; d--) {
        const struct mime_level *l = &m->level[d];
        size_t n = strlen(l->boundary);
        if (l->part.kind != MIME_MULTIPART || len < n + 2 || memcmp(line + 2, l->boundary, n) != 0)
            continue;
        *closing = len == n + 4 && line[n + 2] == '-' && line[n + 3] == '-';
        if (*closing || len == n + 2)
            return d;
    }
    return -1;
}

static void take_boundary(struct mime *m, uint8_t depth, bool closing)
{
    bool untouched = m->in_headers && m->headers == 0 && m->header.len == 0;
    if (untouched && !closing && depth + 1 == m->depth)
        return; /* the boundary twice: no empty part between */
    if (m->in_headers)
        end_headers(m); /* a part that was all headers */
    if (m->in_headers)
        end_headers(m); /* the message inside it */
    end_below(m, depth);
    m->pending[0] = '\0';
    if (closing)
        m->between = true;
    else if (m->parts < MIME_PARTS_MAX)
        begin_headers(m, (uint8_t)(depth + 1));
    else
        m->between = true;
}

/* A line without its end; `ending` is "\n", "\r\n", or "" for a piece of a long line. */
static void take_line(struct mime *m, const char *line, size_t len, const char *ending)
{
    bool closing;
    int boundary = m->line_goes_on ? -1 : find_boundary(m, line, len, &closing);
    bool goes_on = m->line_goes_on;
    m->line_goes_on = !*ending;
    if (boundary >= 0)
        take_boundary(m, (uint8_t)boundary, closing);
    else if (m->in_headers && !goes_on)
        take_header_line(m, line, len, ending);
    else if (m->in_headers)
        return; /* a header line above MIME_LINE_MAX: the rest is dropped */
    else
        take_body_line(m, line, len, ending);
}

/* ---- the outside ---- */

void mime_open(struct mime *m, const struct mime_events *events)
{
    memset(m, 0, sizeof *m);
    m->events = events;
    m->line = str_of(MIME_LINE_MAX);
    m->header = str_of(MIME_HEADER_MAX);
    begin_headers(m, 0);
}

static void flush_line(struct mime *m, const char *ending)
{
    size_t len = m->line.len;
    bool crlf = *ending && len && m->line.text[len - 1] == '\r';
    take_line(m, str_text(&m->line), len - crlf, crlf ? "\r\n" : ending);
    str_reset(&m->line);
}

void mime_feed(struct mime *m, const void *data, size_t len)
{
    const char *at = data;
    while (len) {
        size_t room = MIME_LINE_MAX - m->line.len;
        const char *newline = memchr(at, '\n', len);
        size_t n = newline ? (size_t)(newline - at) : len;
        if (n > room) {
            str_add_len(&m->line, at, room);
            flush_line(m, "");
            n = room;
            at += n;
            len -= n;
            continue;
        }
        str_add_len(&m->line, at, n);
        if (newline)
            flush_line(m, "\n");
        n += newline != NULL;
        at += n;
        len -= n;
    }
}

void mime_close(struct mime *m)
{
    if (m->line.len)
        flush_line(m, "");
    for (int i = 0; m->in_headers && i < 2; i++)
        end_headers(m);
    if (m->pending[0] && !m->between && part_of(m)->kind == MIME_LEAF) {
        if (m->events->raw)
            m->events->raw(m->events->ctx, part_of(m), m->pending, strlen(m->pending));
        if (part_of(m)->coding == MIME_PLAIN)
            tell_body(m, m->pending, strlen(m->pending));
    }
    end_below(m, 0);
    end_part(m);
    str_done(&m->line);
    str_done(&m->header);
    str_done(&m->out);
}
