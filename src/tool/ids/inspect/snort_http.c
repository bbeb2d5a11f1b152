/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/inspect/snort_http.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/inspect/http1_tx.h"

/* A buffer that was made, kept with the transaction. */
struct snort_text {
    struct snort_text *next;
    uint16_t buffer;
    uint8_t side;
    const char *detail; /* of the rule set, compared as text */
    struct http1_text text;
};

static struct http_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct http_tx, head);
}

static const struct http1_message *message_of(const struct http_tx *tx, enum flow_side side)
{
    return side == FLOW_TO_SERVER ? &tx->http.request : &tx->http.response;
}

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

/* %XX decoded; a plus stays what it is in paths and becomes a blank in queries and bodies. */
static size_t decode(struct http1_text in, uint8_t *out, bool plus)
{
    size_t made = 0;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] == '%' && i + 2 < in.len && hex(in.data[i + 1]) >= 0 &&
            hex(in.data[i + 2]) >= 0) {
            out[made++] = (uint8_t)(hex(in.data[i + 1]) << 4 | hex(in.data[i + 2]));
            i += 2;
        } else {
            out[made++] = plus && in.data[i] == '+' ? ' ' : in.data[i];
        }
    }
    return made;
}

/* "/a/./b/../c" becomes "/a/c", backslashes and doubled slashes become one slash (RFC 3986 5.2.4).
 */
static size_t fold_path(uint8_t *path, size_t len)
{
    size_t made = 0;
    for (size_t i = 0; i < len; i++)
        path[i] = path[i] == '\\' ? '/' : path[i];
    for (size_t i = 0; i < len;) {
        size_t end = i + 1;
        if (path[i] != '/') {
            path[made++] = path[i++];
            continue;
        }
        while (end < len && path[end] != '/')
            end++;
        size_t part = end - i - 1;
        if (part == 0 && end < len) { /* "//" */
            i = end;
        } else if (part == 1 && path[i + 1] == '.') {
            i = end;
            if (end == len)
                path[made++] = '/';
        } else if (part == 2 && path[i + 1] == '.' && path[i + 2] == '.') {
            while (made > 0 && path[--made] != '/')
                ;
            i = end;
            if (end == len)
                path[made++] = '/';
        } else {
            memmove(path + made, path + i, end - i);
            made += end - i;
            i = end;
        }
    }
    return made;
}

static struct http1_text text_of(struct arena *memory, const void *data, size_t len)
{
    return (struct http1_text){(const uint8_t *)arena_copy(memory, data, len), len};
}

static bool uri_part(const struct http1_uri *u, const char *name, struct http1_text *out)
{
    static const struct {
        const char *name;
        size_t offset;
    } row[] = {{"scheme", offsetof(struct http1_uri, scheme)},
               {"host", offsetof(struct http1_uri, host)},
               {"port", offsetof(struct http1_uri, port)},
               {"path", offsetof(struct http1_uri, path)},
               {"query", offsetof(struct http1_uri, query)},
               {"fragment", offsetof(struct http1_uri, fragment)}};
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcmp(row[i].name, name) == 0) {
            memcpy(out, (const char *)u + row[i].offset, sizeof *out);
            return out->data != NULL;
        }
    return false;
}

/* Query and fragment may hold their mark in front, as the parser left it. */
static struct http1_text without_mark(struct http1_text t, char mark)
{
    if (t.len > 0 && t.data[0] == (uint8_t)mark)
        return (struct http1_text){t.data + 1, t.len - 1};
    return t;
}

static struct http1_text normal_part(struct arena *memory, struct http1_text raw, bool path)
{
    uint8_t *out = arena_take(memory, raw.len + 1);
    size_t len = decode(raw, out, !path);
    if (path)
        len = fold_path(out, len);
    return (struct http1_text){out, len};
}

/* The whole URI, its path folded, its escapes undone, its case kept. */
static struct http1_text normal_uri(struct arena *memory, const struct http1_uri *u)
{
    struct str text = str_of(0);
    struct http1_text path = normal_part(memory, u->path, true);
    str_add_len(&text, path.data, path.len);
    if (u->query.data) {
        struct http1_text query = normal_part(memory, without_mark(u->query, '?'), false);
        str_add_char(&text, '?');
        str_add_len(&text, query.data, query.len);
    }
    if (u->fragment.data) {
        struct http1_text f = normal_part(memory, without_mark(u->fragment, '#'), false);
        str_add_char(&text, '#');
        str_add_len(&text, f.data, f.len);
    }
    struct http1_text out = text_of(memory, str_text(&text), text.len);
    str_done(&text);
    return out;
}

static bool make_uri(struct http_tx *tx, const char *detail, bool raw, struct http1_text *out)
{
    struct http1_text part;
    if (!detail) {
        *out = raw ? tx->http.request.part[1] : normal_uri(&tx->http.memory, &tx->http.uri);
        return out->data != NULL;
    }
    if (!uri_part(&tx->http.uri, detail, &part))
        return false;
    part = without_mark(part, detail[0] == 'q' ? '?' : detail[0] == 'f' ? '#' : '\0');
    *out = raw ? part : normal_part(&tx->http.memory, part, detail[0] == 'p' && detail[1] == 'a');
    return true;
}

static bool is_cookie(const struct http1_field *f)
{
    return http1_text_is(f->name, "cookie") || http1_text_is(f->name, "set-cookie");
}

/* Fields as "Name: value" lines; of the header or of the trailer. */
static bool make_fields(struct http_tx *tx, enum flow_side side, bool trailer, bool cookies,
                        struct http1_text *out)
{
    const struct http1_message *m = message_of(tx, side);
    struct str text = str_of(0);
    for (size_t i = 0; i < m->field_count; i++) {
        const struct http1_field *f = &m->field[i];
        if (!(f->flag & HTTP1_IN_TRAILER) != !trailer || (!cookies && is_cookie(f)))
            continue;
        str_add_len(&text, f->name.data, f->name.len);
        str_add(&text, ": ");
        str_add_len(&text, f->value.data, f->value.len);
        str_add(&text, "\r\n");
    }
    *out = text_of(&tx->http.memory, str_text(&text), text.len);
    str_done(&text);
    return out->len > 0;
}

static bool make_field(const struct http_tx *tx, enum flow_side side, bool trailer,
                       const char *name, struct http1_text *out)
{
    const struct http1_message *m = message_of(tx, side);
    for (size_t i = 0; i < m->field_count; i++)
        if (!(m->field[i].flag & HTTP1_IN_TRAILER) == !trailer &&
            http1_text_is(m->field[i].name, name)) {
            *out = m->field[i].value;
            return true;
        }
    return false;
}

static bool make_true_ip(const struct http_tx *tx, struct http1_text *out)
{
    static const char *const name[] = {"true-client-ip", "x-forwarded-for"};
    for (size_t i = 0; i < ARRAY_COUNT(name); i++) {
        if (!make_field(tx, FLOW_TO_SERVER, false, name[i], out))
            continue;
        const uint8_t *comma = out->len ? memrchr(out->data, ',', out->len) : NULL;
        if (comma) { /* the last proxy's word */
            out->len -= (size_t)(comma + 1 - out->data);
            out->data = comma + 1;
        }
        while (out->len > 0 && *out->data == ' ') {
            out->data++;
            out->len--;
        }
        return true;
    }
    return false;
}

static bool same_name(struct http1_text have, const char *want, bool any_case)
{
    size_t len = strlen(want);
    return have.len == len && (any_case ? strncasecmp((const char *)have.data, want, len) == 0
                                        : memcmp(have.data, want, len) == 0);
}

/* The value of a parameter in "a=b&c=d". */
static bool find_param(struct arena *memory, struct http1_text form, const char *detail,
                       struct http1_text *out)
{
    for (size_t at = 0; at < form.len;) {
        const uint8_t *end = memchr(form.data + at, '&', form.len - at);
        size_t stop = end ? (size_t)(end - form.data) : form.len;
        const uint8_t *equal = memchr(form.data + at, '=', stop - at);
        size_t middle = equal ? (size_t)(equal - form.data) : stop;
        struct http1_text name =
            normal_part(memory, (struct http1_text){form.data + at, middle - at}, false);
        if (same_name(name, detail + 1, *detail == 'i')) {
            size_t from = middle < stop ? middle + 1 : stop;
            *out = normal_part(memory, (struct http1_text){form.data + from, stop - from}, false);
            return true;
        }
        at = stop + 1;
    }
    return false;
}

/* On the answer (side TO_CLIENT) the request's body is not looked at any more. */
static bool make_param(const struct flow *f, struct http_tx *tx, enum flow_side side,
                       const char *detail, struct http1_text *out)
{
    struct span body;
    if (tx->http.uri.query.data &&
        find_param(&tx->http.memory, without_mark(tx->http.uri.query, '?'), detail, out))
        return true;
    if (side == FLOW_TO_CLIENT ||
        !inspect_buffer(f, &tx->head, side, BUFFER_HTTP_REQUEST_BODY, 0, &body) || body.at != 0)
        return false;
    return find_param(&tx->http.memory, (struct http1_text){body.data, body.len}, detail, out);
}

/* The header as it was sent, without its first line.  A copy: a trailer may move the bytes. */
static bool make_raw_header(struct http_tx *tx, enum flow_side side, struct http1_text *out)
{
    const struct http1_message *m = message_of(tx, side);
    const char *copy = arena_copy(&tx->http.memory, str_text(&m->raw), m->raw.len);
    *out = (struct http1_text){(const uint8_t *)copy, m->raw.len};
    return out->len > 0;
}

static bool make(const struct flow *f, struct http_tx *tx, enum flow_side side,
                 enum buffer_id buffer, const char *detail, struct http1_text *out)
{
    const struct http1_message *m = message_of(tx, side);
    bool server = side == FLOW_TO_SERVER;
    switch (buffer) {
    case BUFFER_SNORT_HTTP_METHOD:
        *out = m->part[0];
        break;
    case BUFFER_SNORT_HTTP_URI:
        return make_uri(tx, detail, false, out);
    case BUFFER_SNORT_HTTP_RAW_URI:
        return make_uri(tx, detail, true, out);
    case BUFFER_SNORT_HTTP_HEADER:
        return detail ? make_field(tx, side, false, detail, out)
                      : make_fields(tx, side, false, false, out);
    case BUFFER_SNORT_HTTP_RAW_HEADER:
        return make_raw_header(tx, side, out);
    case BUFFER_SNORT_HTTP_COOKIE:
        return make_field(tx, side, false, server ? "cookie" : "set-cookie", out);
    case BUFFER_SNORT_HTTP_RAW_REQUEST:
        *out = tx->http.request.line;
        break;
    case BUFFER_SNORT_HTTP_RAW_STATUS:
        *out = m->line;
        break;
    case BUFFER_SNORT_HTTP_STAT_CODE:
        *out = m->part[1];
        break;
    case BUFFER_SNORT_HTTP_STAT_MSG:
        *out = m->part[2];
        break;
    case BUFFER_SNORT_HTTP_TRAILER:
        return detail ? make_field(tx, side, true, detail, out)
                      : make_fields(tx, side, true, true, out);
    case BUFFER_SNORT_HTTP_RAW_TRAILER:
        return make_fields(tx, side, true, true, out);
    case BUFFER_SNORT_HTTP_TRUE_IP:
        return make_true_ip(tx, out);
    case BUFFER_SNORT_HTTP_VERSION:
        *out = server ? m->part[2] : m->part[0];
        break;
    case BUFFER_SNORT_HTTP_PARAM:
        return detail && make_param(f, tx, side, detail, out);
    default:
        return false;
    }
    return out->data != NULL;
}

static bool same_detail(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool snort_http_buffer(const struct flow *f, const struct inspect_tx *head, enum flow_side side,
                       enum buffer_id buffer, const char *detail, struct span *out)
{
    struct http_tx *tx = tx_of(head);
    if (buffer == BUFFER_SNORT_HTTP_CLIENT_BODY || buffer == BUFFER_SNORT_HTTP_RAW_BODY)
        return inspect_buffer(
            f, head, side,
            side == FLOW_TO_SERVER ? BUFFER_HTTP_REQUEST_BODY : BUFFER_HTTP_RESPONSE_BODY, 0, out);
    struct snort_text *t = tx->snort;
    while (t && (t->buffer != buffer || t->side != side || !same_detail(t->detail, detail)))
        t = t->next;
    if (!t) {
        struct http1_text made = {0};
        if (!make(f, tx, side, buffer, detail, &made))
            return false;
        t = arena_take(&tx->http.memory, sizeof *t);
        *t = (struct snort_text){tx->snort, (uint16_t)buffer, (uint8_t)side, detail, made};
        tx->snort = t;
    }
    return inspect_span(out, t->text.data ? (const void *)t->text.data : "", t->text.len);
}

static bool count_fields(const struct http1_message *m, bool trailer, uint64_t *count,
                         uint64_t *longest)
{
    *count = *longest = 0;
    for (size_t i = 0; i < m->field_count; i++) {
        const struct http1_field *f = &m->field[i];
        uint64_t len = f->name.len + 2 + f->value.len;
        if (!(f->flag & HTTP1_IN_TRAILER) != !trailer)
            continue;
        ++*count;
        *longest = len > *longest ? len : *longest;
    }
    return *count > 0;
}

bool snort_http_number(const struct inspect_tx *head, enum flow_side side, enum number_id number,
                       uint64_t *out)
{
    const struct http_tx *tx = tx_of(head);
    const struct http1_message *m = message_of(tx, side);
    struct http1_text cookie;
    uint64_t count, longest;
    if (m->step < HTTP1_HEADERS)
        return false;
    if (number == NUMBER_SNORT_HTTP_NUM_COOKIES) {
        *out = 0;
        if (make_field(tx, side, false, side == FLOW_TO_SERVER ? "cookie" : "set-cookie",
                       &cookie)) {
            *out = 1;
            for (size_t i = 0; side == FLOW_TO_SERVER && i < cookie.len; i++)
                *out += cookie.data[i] == ';';
        }
        return true;
    }
    bool trailer =
        number == NUMBER_SNORT_HTTP_NUM_TRAILERS || number == NUMBER_SNORT_HTTP_MAX_TRAILER;
    count_fields(m, trailer, &count, &longest);
    *out = number == NUMBER_SNORT_HTTP_NUM_HEADERS || number == NUMBER_SNORT_HTTP_NUM_TRAILERS
               ? count
               : longest;
    return true;
}

unsigned snort_http_sections(const struct inspect_tx *head, enum flow_side side)
{
    const struct http1_message *m = message_of(tx_of(head), side);
    uint64_t count, longest;
    return 1 + (m->wire_len > 0) + count_fields(m, true, &count, &longest);
}
