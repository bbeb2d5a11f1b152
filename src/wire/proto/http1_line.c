/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first lines of messages, and the small words they are made of. */
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "wire/proto/http1_private.h"

bool http1_text_is(struct http1_text t, const char *text)
{
    return t.len == strlen(text) && strncasecmp((const char *)t.data, text, t.len) == 0;
}

struct http1_text http1_trim(struct http1_text t)
{
    while (t.len && http1_is_space(t.data[0])) {
        t.data++;
        t.len--;
    }
    while (t.len && http1_is_space(t.data[t.len - 1]))
        t.len--;
    return t;
}

struct http1_text http1_chomp(struct http1_text t)
{
    while (t.len && (t.data[t.len - 1] == '\n' || t.data[t.len - 1] == '\r'))
        t.len--;
    return t;
}

struct http1_text http1_word(struct http1_text *rest)
{
    while (rest->len && http1_is_space(rest->data[0])) {
        rest->data++;
        rest->len--;
    }
    struct http1_text word = {rest->data, 0};
    while (word.len < rest->len && !http1_is_space(rest->data[word.len]))
        word.len++;
    rest->data += word.len;
    rest->len -= word.len;
    return word;
}

/* How long is the line with its end?  A CR alone ends lines of answers; whether an LF follows it
 * must be known then. */
bool http1_line_split(const struct http1_line_side *s, bool cr_too, size_t *out_len)
{
    size_t have = http1_left(s);
    const uint8_t *lf = have ? memchr(s->pos, '\n', have) : NULL;
    const uint8_t *cr = have && cr_too ? memchr(s->pos, '\r', have) : NULL;
    if (cr && (!lf || cr < lf)) {
        if (cr + 1 == s->end && !s->is_end)
            return false;
        *out_len = (size_t)(cr - s->pos) + 1 + (cr + 1 < s->end && cr[1] == '\n');
        return true;
    }
    if (lf)
        *out_len = (size_t)(lf - s->pos) + 1;
    return lf != NULL;
}

/* IANA's registry of methods, as far as servers know them. */
bool http1_is_method(struct http1_text t)
{
    static const char *const name[] = {
        "HEAD",
        "GET",
        "PUT",
        "POST",
        "DELETE",
        "CONNECT",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "VERSION-CONTROL",
        "CHECKOUT",
        "UNCHECKOUT",
        "CHECKIN",
        "UPDATE",
        "LABEL",
        "REPORT",
        "MKWORKSPACE",
        "MKACTIVITY",
        "BASELINE-CONTROL",
        "MERGE",
        "INVALID",
        "ERROR",
    };
    for (size_t i = 0; i < ARRAY_COUNT(name); i++)
        if (t.len == strlen(name[i]) && memcmp(t.data, name[i], t.len) == 0)
            return true;
    return false;
}

/* "HTTP", "/", leading zeros and spaces, one of three versions. */
static uint8_t version_of(struct http1_text t)
{
    t = http1_trim(t);
    if (t.len < 6 || strncasecmp((const char *)t.data, "HTTP", 4) != 0)
        return HTTP1_VERSION_BAD;
    struct http1_text rest = http1_trim((struct http1_text){t.data + 4, t.len - 4});
    if (rest.len == 0 || rest.data[0] != '/')
        return HTTP1_VERSION_BAD;
    rest.data++;
    rest.len--;
    while (rest.len && (http1_is_space(rest.data[0]) || rest.data[0] == '0')) {
        rest.data++;
        rest.len--;
    }
    if (rest.len == 2 && memcmp(rest.data, ".9", 2) == 0)
        return HTTP1_0_9;
    if (rest.len == 3 && memcmp(rest.data, "1.0", 3) == 0)
        return HTTP1_1_0;
    return rest.len == 3 && memcmp(rest.data, "1.1", 3) == 0 ? HTTP1_1_1 : HTTP1_VERSION_BAD;
}

static bool has_odd_space(struct http1_text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (http1_is_space(t.data[i]) && t.data[i] != ' ')
            return true;
    return false;
}

static size_t last_space(struct http1_text t, bool any)
{
    for (size_t i = t.len; i > 0; i--)
        if (any ? http1_is_space(t.data[i - 1]) : t.data[i - 1] == ' ')
            return i - 1;
    return t.len;
}

/* Target and protocol: the target may hold spaces, the protocol may not; so the last one parts
 * them. */
static void split_target(struct http1 *h, struct http1_tx *tx, struct http1_text rest)
{
    struct http1_message *m = &tx->request;
    size_t at = last_space(rest, false);
    struct http1_text uri = {rest.data, at};
    if (has_odd_space(http1_trim(uri))) {
        http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_URI_DELIM_NON_COMPLIANT);
        if (at == rest.len)
            at = last_space(rest, true);
    }
    uri = http1_trim((struct http1_text){rest.data, at});
    m->part[1] = uri;
    if (at < rest.len)
        m->part[2] = http1_trim((struct http1_text){rest.data + at, rest.len - at});
    if (m->part[2].len == 0) {
        tx->is_0_9 = true;
        m->version = HTTP1_0_9;
        return;
    }
    m->version = version_of(m->part[2]);
    if (m->version == HTTP1_VERSION_BAD && !http1_is_method(m->part[0]))
        http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_REQUEST_LINE_INVALID);
}

void http1_request_line_parse(struct http1 *h, struct http1_tx *tx, struct http1_text line)
{
    struct http1_message *m = &tx->request;
    m->line = line;
    if (line.len && http1_is_space(line.data[0]))
        http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_REQUEST_LINE_LEADING_WHITESPACE);
    struct http1_text rest = line;
    m->part[0] = http1_word(&rest);
    size_t spaces = 0;
    while (spaces < rest.len && http1_is_space(rest.data[spaces]))
        spaces++;
    if (has_odd_space((struct http1_text){rest.data, spaces}))
        http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_METHOD_DELIM_NON_COMPLIANT);
    rest = http1_trim(rest);
    if (rest.len == 0) {
        tx->is_0_9 = true;
        m->version = HTTP1_0_9;
        return;
    }
    split_target(h, tx, rest);
}

static uint16_t status_of(struct http1_text t)
{
    unsigned value = 0;
    if (t.len == 0 || t.len > 3)
        return 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] < '0' || t.data[i] > '9')
            return 0;
        value = value * 10 + (t.data[i] - '0');
    }
    return value >= 100 ? (uint16_t)value : 0;
}

void http1_response_line_parse(struct http1_tx *tx, struct http1_text line)
{
    struct http1_message *m = &tx->response;
    struct http1_text rest = line;
    m->line = http1_chomp(line);
    m->part[0] = m->part[1] = m->part[2] = (struct http1_text){0};
    m->version = HTTP1_VERSION_BAD;
    m->status = 0;
    while (rest.len && (http1_is_space(rest.data[0]) || rest.data[0] == 0)) {
        rest.data++;
        rest.len--;
    }
    m->part[0] = http1_word(&rest);
    m->version = version_of(m->part[0]);
    m->part[1] = http1_word(&rest);
    m->status = status_of(m->part[1]);
    rest = http1_chomp(rest);
    size_t spaces = 0;
    while (spaces < rest.len && http1_is_space(rest.data[spaces]))
        spaces++;
    m->part[2] = (struct http1_text){rest.data + spaces, rest.len - spaces};
}

bool http1_number(struct http1_text t, uint64_t *out)
{
    size_t i = 0;
    uint64_t value = 0;
    while (i < t.len && (t.data[i] < '0' || t.data[i] > '9'))
        i++;
    if (i == t.len)
        return false;
    for (; i < t.len && t.data[i] >= '0' && t.data[i] <= '9'; i++) {
        if (value > (UINT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (t.data[i] - '0');
    }
    *out = value;
    return true;
}
