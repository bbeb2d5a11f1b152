/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target of a request: its parts (RFC 3986), and its path as servers see it in the end, so that
 * rules need to know one spelling only. */
#include <string.h>

#include "wire/proto/http1_private.h"

static struct http1_text cut(struct http1_text *t, size_t len)
{
    struct http1_text head = {t->data, len};
    t->data += len;
    t->len -= len;
    return head;
}

static size_t until(struct http1_text t, const char *stops)
{
    size_t i = 0;
    while (i < t.len && !(t.data[i] && strchr(stops, t.data[i])))
        i++;
    return i;
}

static void authority(struct http1_uri *out, struct http1_text *t)
{
    const uint8_t *at;
    if (t->len >= 2 && t->data[0] == '/' && t->data[1] == '/') {
        (void)cut(t, 2);
        at = t->len && t->data[0] != '/' ? memchr(t->data, '@', t->len) : NULL;
        if (at) {
            struct http1_text both = cut(t, (size_t)(at - t->data));
            (void)cut(t, 1);
            size_t colon = until(both, ":");
            out->user = (struct http1_text){both.data, colon};
            if (colon < both.len)
                out->password = (struct http1_text){both.data + colon + 1, both.len - colon - 1};
        }
    }
    if (t->len == 0 || t->data[0] == '/')
        return;
    size_t len = t->data[0] == '[' ? until(*t, "]/?#") : until(*t, "/?#:");
    if (t->data[0] == '[' && len < t->len && t->data[len] == ']')
        len++;
    out->host = http1_trim(cut(t, len));
    if (t->len && t->data[0] == ':') {
        (void)cut(t, 1);
        out->port = http1_trim(cut(t, until(*t, "/?#")));
        uint64_t port;
        if (http1_number(out->port, &port) && port <= UINT16_MAX)
            out->port_number = (uint16_t)port;
    }
}

void http1_uri_parse(struct http1_uri *out, struct http1_text target)
{
    struct http1_text rest = target;
    *out = (struct http1_uri){0};
    if (rest.len && rest.data[0] != '/') {
        size_t colon = until(rest, ":");
        if (colon < rest.len) {
            out->scheme = cut(&rest, colon);
            (void)cut(&rest, 1);
            authority(out, &rest);
        }
    }
    size_t len = until(rest, "#?");
    if (len)
        out->path = cut(&rest, len);
    if (rest.len && rest.data[0] == '?') {
        (void)cut(&rest, 1);
        out->query = cut(&rest, until(rest, "#"));
        if (!out->query.data)
            out->query.data = rest.data;
    }
    if (rest.len && rest.data[0] == '#') {
        (void)cut(&rest, 1);
        out->fragment = rest;
    }
}

static int hex(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_encoded(struct http1_text t, size_t i)
{
    return t.data[i] == '%' && i + 2 < t.len && hex(t.data[i + 1]) >= 0 && hex(t.data[i + 2]) >= 0;
}

/* %XX undone once, in place.  What is no right encoding stays. */
static bool decode(struct http1_text *t, bool plus_is_space)
{
    uint8_t *to = (uint8_t *)(uintptr_t)t->data;
    size_t len = 0;
    bool changed = false;
    for (size_t i = 0; i < t->len; i++) {
        if (is_encoded(*t, i)) {
            to[len++] = (uint8_t)(hex(t->data[i + 1]) << 4 | hex(t->data[i + 2]));
            i += 2;
            changed = true;
        } else {
            to[len++] = plus_is_space && t->data[i] == '+' ? ' ' : t->data[i];
        }
    }
    t->len = len;
    return changed;
}

/* Backslashes are slashes to some servers; many in a row are one. */
static void fold_slashes(struct http1_text *t)
{
    uint8_t *to = (uint8_t *)(uintptr_t)t->data;
    size_t len = 0;
    for (size_t i = 0; i < t->len; i++) {
        uint8_t c = t->data[i] == '\\' ? '/' : t->data[i];
        if (c == '/' && len && to[len - 1] == '/')
            continue;
        to[len++] = c;
    }
    t->len = len;
}

/* "/a/./b/../c" is "/a/c" (RFC 3986 5.2.4). */
static void remove_dots(struct http1_text *t)
{
    uint8_t *to = (uint8_t *)(uintptr_t)t->data;
    size_t len = 0;
    for (size_t i = 0; i < t->len;) {
        size_t n = i;
        while (n < t->len && t->data[n] != '/')
            n++;
        size_t segment = n - i;
        bool one = segment == 1 && t->data[i] == '.';
        bool two = segment == 2 && t->data[i] == '.' && t->data[i + 1] == '.';
        if (two) {
            if (len) /* the slash before */
                len--;
            while (len && to[len - 1] != '/')
                len--;
        } else if (!one) {
            memmove(to + len, t->data + i, segment);
            len += segment;
        }
        bool has_slash = len && to[len - 1] == '/';
        if (n < t->len && !((one || two) && has_slash))
            to[len++] = '/';
        i = n + 1;
    }
    t->len = len;
}

struct http1_text http1_uri_normal(const struct http1_uri *uri, const struct http1_settings *s,
                                   struct arena *memory, bool *out_double)
{
    size_t room = uri->path.len + uri->query.len + uri->fragment.len + 4;
    uint8_t *out = arena_take(memory, room);
    struct http1_text path = {out, uri->path.len};
    if (uri->path.len)
        memcpy(out, uri->path.data, uri->path.len);
    (void)decode(&path, false);
    fold_slashes(&path);
    remove_dots(&path);
    if (s->double_decode_path)
        *out_double |= decode(&path, false);
    size_t len = path.len;
    if (uri->query.data) {
        out[len++] = '?';
        struct http1_text query = {out + len, uri->query.len};
        if (uri->query.len)
            memcpy(out + len, uri->query.data, uri->query.len);
        (void)decode(&query, s->plus_is_space);
        if (s->double_decode_query)
            *out_double |= decode(&query, false);
        len += query.len;
    }
    if (uri->fragment.data) {
        out[len++] = '#';
        if (uri->fragment.len)
            memcpy(out + len, uri->fragment.data, uri->fragment.len);
        len += uri->fragment.len;
    }
    return (struct http1_text){out, len};
}

/* RFC 1123 2.1, with the underscore that is everywhere; or an IPv6 address in brackets. */
bool http1_host_is_valid(struct http1_text host)
{
    size_t label = 0;
    if (host.len == 0 || host.len > 255)
        return false;
    if (host.data[0] == '[') {
        size_t i = 1;
        while (i < host.len &&
               (hex(host.data[i]) >= 0 || host.data[i] == ':' || host.data[i] == '.'))
            i++;
        return i > 2 && i + 1 == host.len && host.data[i] == ']';
    }
    if (host.data[0] == '.')
        return false;
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.data[i];
        if (c == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        bool good = c == '_' || c == '-' || (c >= '0' && c <= '9') ||
                    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
        if (!good || ++label > 63)
            return false;
    }
    return true;
}
