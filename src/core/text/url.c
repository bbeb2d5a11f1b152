/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/url.h"

#include <string.h>

/* ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ":" */
static size_t scheme_length(const char *text)
{
    if (!((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z'))
        return 0;
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return text[n] == ':' ? n : 0;
}

struct url url_split(const char *text)
{
    struct url u = {0};
    u.scheme_len = scheme_length(text);
    if (u.scheme_len) {
        u.scheme = text;
        text += u.scheme_len + 1;
    }
    if (text[0] == '/' && text[1] == '/') {
        u.authority = text + 2;
        u.authority_len = strcspn(u.authority, "/?#");
        text = u.authority + u.authority_len;
    }
    u.path = text;
    u.path_len = strcspn(text, "?#");
    text += u.path_len;
    if (*text == '?') {
        u.query = text + 1;
        u.query_len = strcspn(u.query, "#");
        text = u.query + u.query_len;
    }
    if (*text == '#') {
        u.fragment = text + 1;
        u.fragment_len = strlen(u.fragment);
    }
    return u;
}

/* 5.2.4; the output is never longer than the input. */
static void remove_dots(const char *path, size_t len, struct str *out)
{
    size_t start = out->len;
    const char *end = path + len;
    while (path < end) {
        const char *slash =
            memchr(path + (*path == '/'), '/', (size_t)(end - path) - (*path == '/'));
        const char *stop = slash ? slash : end;
        const char *name = path + (*path == '/');
        size_t n = (size_t)(stop - name);
        if (n == 2 && name[0] == '.' && name[1] == '.') {
            size_t at = out->len;
            while (at > start && out->text[at - 1] != '/')
                at--;
            str_cut(out, at > start ? at - 1 : start);
            if (stop == end)
                str_add_char(out, '/');
        } else if (n == 1 && name[0] == '.') {
            if (stop == end)
                str_add_char(out, '/');
        } else {
            str_add_len(out, path, (size_t)(stop - path));
        }
        path = stop;
    }
}

/* 5.2.3 */
static void merge(const struct url *base, const struct url *r, struct str *out)
{
    struct str path = str_of(0);
    const char *slash = base->path_len ? memrchr(base->path, '/', base->path_len) : NULL;
    if (slash)
        str_add_len(&path, base->path, (size_t)(slash - base->path) + 1);
    else if (base->authority)
        str_add_char(&path, '/');
    str_add_len(&path, r->path, r->path_len);
    remove_dots(str_text(&path), path.len, out);
    str_done(&path);
}

void url_resolve(const char *base_text, const char *reference, struct str *out)
{
    struct url r = url_split(reference);
    if (r.scheme || !base_text || !*base_text) {
        str_add(out, reference);
        return;
    }
    struct url base = url_split(base_text);
    const struct url *authority = r.authority ? &r : &base;
    if (base.scheme) {
        str_add_len(out, base.scheme, base.scheme_len);
        str_add_char(out, ':');
    }
    if (authority->authority) {
        str_add(out, "//");
        str_add_len(out, authority->authority, authority->authority_len);
    }
    const struct url *query = &r;
    if (r.authority || (r.path_len && *r.path == '/')) {
        remove_dots(r.path, r.path_len, out);
    } else if (r.path_len) {
        merge(&base, &r, out);
    } else {
        str_add_len(out, base.path, base.path_len);
        query = r.query ? &r : &base;
    }
    if (query->query) {
        str_add_char(out, '?');
        str_add_len(out, query->query, query->query_len);
    }
    if (r.fragment) {
        str_add_char(out, '#');
        str_add_len(out, r.fragment, r.fragment_len);
    }
}

bool url_host(const char *text, struct str *out)
{
    struct url u = url_split(text);
    const char *at = u.authority, *end = at + u.authority_len;
    if (!at || !u.authority_len)
        return false;
    const char *user = memrchr(at, '@', u.authority_len);
    at = user ? user + 1 : at;
    if (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        str_add_len(out, at + 1, close ? (size_t)(close - at) - 1 : 0);
        return close != NULL;
    }
    const char *colon = memchr(at, ':', (size_t)(end - at));
    str_add_len(out, at, (size_t)((colon ? colon : end) - at));
    return (colon ? colon : end) > at;
}
