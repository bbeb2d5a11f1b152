/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/http_request.h"

#include <string.h>
#include <strings.h>

enum { HTTP_PORT = 80, BAD_REQUEST = 400 };

size_t http_head_len(const char *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (data[i] != '\n')
            continue;
        if (data[i + 1] == '\n')
            return i + 2;
        if (i + 2 < len && data[i + 1] == '\r' && data[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

/* ---- reading ---- */

static bool copy_word(char *to, size_t room, const char *from, size_t len)
{
    if (len == 0 || len >= room)
        return false;
    memcpy(to, from, len);
    to[len] = '\0';
    return true;
}

/* "HOST:PORT", "[IPv6]:PORT"; without a port: `fallback`, or false when that is 0. */
static bool read_place(struct http_request *r, const char *text, size_t len, uint16_t fallback)
{
    bool bracket = len && text[0] == '[';
    const char *end = text + len;
    const char *host_end = memchr(text, bracket ? ']' : ':', len);
    host_end = host_end ? host_end : end;
    if (bracket && host_end == end)
        return false;
    if (!copy_word(r->host, sizeof r->host, text + bracket, (size_t)(host_end - text) - bracket))
        return false;
    const char *rest = host_end + bracket;
    if (rest == end) {
        r->port = fallback;
        return fallback != 0;
    }
    unsigned long port = 0;
    if (*rest++ != ':' || rest == end || end - rest > 5)
        return false;
    for (; rest < end; rest++) {
        if (*rest < '0' || *rest > '9')
            return false;
        port = port * 10 + (unsigned long)(*rest - '0');
    }
    r->port = (uint16_t)port;
    return port > 0 && port <= UINT16_MAX;
}

static bool read_uri(struct http_request *r, const char *uri, size_t len)
{
    static const char scheme[] = "http://";
    if (len < sizeof scheme - 1 || strncasecmp(uri, scheme, sizeof scheme - 1) != 0)
        return false;
    uri += sizeof scheme - 1;
    len -= sizeof scheme - 1;
    size_t place = 0;
    while (place < len && !strchr("/?#", uri[place]))
        place++;
    r->target = uri + place;
    r->target_len = len - place;
    return read_place(r, uri, place, HTTP_PORT);
}

static bool read_first_line(struct http_request *r, const char *line)
{
    size_t method = strcspn(line, " ");
    const char *uri = line + method + (line[method] == ' ');
    size_t len = strcspn(uri, " ");
    static const char version[] = " HTTP/1.";
    if (!copy_word(r->method, sizeof r->method, line, method) || len == 0 ||
        strncmp(uri + len, version, sizeof version - 1) != 0)
        return false;
    r->is_connect = strcmp(r->method, "CONNECT") == 0;
    return r->is_connect ? read_place(r, uri, len, 0) : read_uri(r, uri, len);
}

static char *next_line(char **at, char *end)
{
    char *line = *at;
    char *lf = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    if (!lf)
        return NULL;
    *lf = '\0';
    if (lf > line && lf[-1] == '\r')
        lf[-1] = '\0';
    *at = lf + 1;
    return line;
}

int http_request_read(struct http_request *r, char *head, size_t len)
{
    static const char name[] = "Proxy-Authorization:";
    char *at = head, *end = head + len;
    *r = (struct http_request){0};
    if (memchr(head, '\0', len))
        return BAD_REQUEST;
    char *line = next_line(&at, end);
    if (!line || !read_first_line(r, line))
        return BAD_REQUEST;
    while ((line = next_line(&at, end)) && *line)
        if (strncasecmp(line, name, sizeof name - 1) == 0) {
            r->authorization = line + sizeof name - 1;
            r->authorization += strspn(r->authorization, " \t");
        }
    return 0;
}

/* ---- writing ---- */

struct field {
    const char *line;
    size_t len, name_len;
};

static size_t read_fields(struct field field[HTTP_FIELDS_MAX], const char *head, size_t len)
{
    size_t count = 0;
    const char *at = memchr(head, '\n', len), *end = head + len;
    while (at && ++at < end && count < HTTP_FIELDS_MAX) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        size_t line_len = lf ? (size_t)(lf - at) : 0;
        line_len -= line_len && at[line_len - 1] == '\r';
        const char *colon = memchr(at, ':', line_len);
        if (line_len && colon)
            field[count++] = (struct field){at, line_len, (size_t)(colon - at)};
        at = lf;
    }
    return count;
}

static bool is_named(const struct field *f, const char *name, size_t len)
{
    return f->name_len == len && strncasecmp(f->line, name, len) == 0;
}

/* Named by a Connection line, "Connection: close, X-Mine": meant for this hop alone. */
static bool is_listed(const struct field *field, size_t count, const struct field *f)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_named(&field[i], "Connection", 10) && !is_named(&field[i], "Proxy-Connection", 16))
            continue;
        const char *at = field[i].line + field[i].name_len + 1;
        const char *end = field[i].line + field[i].len;
        while (at < end) {
            while (at < end && strchr(" \t,", *at))
                at++;
            const char *word = at;
            while (at < end && !strchr(" \t,", *at))
                at++;
            if (at > word && is_named(f, word, (size_t)(at - word)))
                return true;
        }
    }
    return false;
}

static bool is_for_this_hop(const struct field *field, size_t count, const struct field *f)
{
    static const char *const name[] = {
        "Connection", "Proxy-Connection", "Keep-Alive",          "TE",
        "Trailer",    "Upgrade",          "Proxy-Authorization", "Proxy-Authenticate"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (is_named(f, name[i], strlen(name[i])))
            return true;
    return is_listed(field, count, f);
}

/* HTTP/1.0 with "Connection: close": the answer ends with the connection, which we only copy. */
void http_request_forward(struct str *out, const struct http_request *r, const char *head,
                          size_t len)
{
    struct field field[HTTP_FIELDS_MAX];
    size_t count = read_fields(field, head, len);
    bool has_host = false, slash = r->target_len && r->target[0] == '/';
    str_addf(out, "%s %s%.*s HTTP/1.0\r\n", r->method, slash ? "" : "/", (int)r->target_len,
             r->target ? r->target : "");
    for (size_t i = 0; i < count; i++) {
        has_host |= is_named(&field[i], "Host", 4);
        if (is_for_this_hop(field, count, &field[i]))
            continue;
        str_add_len(out, field[i].line, field[i].len);
        str_add(out, "\r\n");
    }
    if (!has_host)
        str_addf(out, "Host: %s:%u\r\n", r->host, r->port);
    str_add(out, "Connection: close\r\n\r\n");
}
