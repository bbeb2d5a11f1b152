/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/inspect/http1_file.h"

#include <string.h>
#include <strings.h>

#include "core/base/mem.h"

enum {
    PART_SEEK,   /* up to a boundary */
    PART_HEADER, /* the fields of a part */
    PART_DATA,
    PART_OVER,
    BOUNDARY_MAX = 200,
    HEADER_MAX = 8192,
};

/* ---- small parsers ---- */

bool http_range_parse(struct http1_text t, struct http_range *out)
{
    *out = (struct http_range){0};
    if (t.len < 6 || strncasecmp((const char *)t.data, "bytes", 5) != 0)
        return false;
    struct http1_text rest = {t.data + 5, t.len - 5};
    const uint8_t *slash = memchr(rest.data, '/', rest.len);
    if (!slash)
        return false;
    struct http1_text span = {rest.data, (size_t)(slash - rest.data)};
    struct http1_text size = {slash + 1, rest.len - span.len - 1};
    const uint8_t *dash = span.len ? memchr(span.data, '-', span.len) : NULL;
    if (dash) {
        struct http1_text from = {span.data, (size_t)(dash - span.data)};
        struct http1_text to = {dash + 1, span.len - from.len - 1};
        out->has_span = http1_number(from, &out->start) && http1_number(to, &out->end);
        if (!out->has_span)
            return false;
    }
    out->has_size = http1_number(size, &out->size);
    return true;
}

static struct http1_text param(struct http1_text value, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i + len < value.len; i++) {
        bool starts = i == 0 || value.data[i - 1] == ';' || value.data[i - 1] == ' ' ||
                      value.data[i - 1] == '\t';
        if (!starts || strncasecmp((const char *)value.data + i, name, len) != 0)
            continue;
        size_t at = i + len;
        while (at < value.len && (value.data[at] == ' ' || value.data[at] == '\t'))
            at++;
        if (at == value.len || value.data[at] != '=')
            continue;
        for (at++; at < value.len && (value.data[at] == ' ' || value.data[at] == '\t');)
            at++;
        bool quoted = at < value.len && value.data[at] == '"';
        at += quoted;
        size_t end = at;
        while (end < value.len && value.data[end] != (quoted ? '"' : ';') &&
               !(!quoted && (value.data[end] == '\r' || value.data[end] == '\n')))
            end++;
        return (struct http1_text){value.data + at, end - at};
    }
    return (struct http1_text){0};
}

bool http_disposition_name(struct http1_text value, struct http1_text *out)
{
    *out = param(value, "filename");
    return out->data && out->len;
}

/* ---- files ---- */

static void add_file(struct http_files *files, struct inspect_file *file)
{
    MEM_GROW(files->file, files->count, files->capacity);
    files->file[files->count++] = file;
}

static void open_single(struct http_files *files, const struct http_body_owner *o)
{
    const struct http1_message *m =
        o->side == FLOW_TO_SERVER ? &o->http->request : &o->http->response;
    const struct http1_field *disposition = http1_field(m, "content-disposition");
    const struct http1_field *field = http1_field(m, "content-range");
    struct http_range range = {0};
    struct http1_text name = o->http->uri.path;
    struct http1_text given;
    bool is_given = disposition && http_disposition_name(disposition->value, &given);
    if (is_given)
        name = given;
    else if (o->http->normal.data && name.len)
        name = (struct http1_text){o->http->normal.data, o->http->normal.len};
    if (!is_given && o->http->uri.query.data && name.len) { /* the path alone names the file */
        const uint8_t *query = memchr(name.data, '?', name.len);
        name.len = query ? (size_t)(query - name.data) : name.len;
    }
    bool ranged = o->side == FLOW_TO_CLIENT && field && m->status == 206 &&
                  http_range_parse(field->value, &range) && range.has_span;
    struct inspect_file_new how = {.name = name.data,
                                   .name_len = name.len,
                                   .has_range = ranged,
                                   .start = range.start,
                                   .end = range.end};
    files->body = inspect_file_open(o->f, o->tx, o->side, &how);
    files->body_is_file = true;
    add_file(files, files->body);
}

static bool begins_file(const struct http_body_owner *o)
{
    if (o->side == FLOW_TO_CLIENT)
        return true;
    return http1_text_is(o->http->request.part[0], "POST") ||
           http1_text_is(o->http->request.part[0], "PUT");
}

static void open_body(struct http_files *files, const struct http_body_owner *o)
{
    const struct inspect_settings *settings = o->f->thread->settings;
    const struct http1_field *type = http1_field(&o->http->request, "content-type");
    files->opened = true;
    files->body_max =
        o->side == FLOW_TO_SERVER ? settings->request_body_max : settings->response_body_max;
    if (o->side == FLOW_TO_SERVER && type && type->value.len > 19 &&
        strncasecmp((const char *)type->value.data, "multipart/form-data", 19) == 0 &&
        http1_text_is(o->http->request.part[0], "POST")) {
        struct http1_text boundary = param(type->value, "boundary");
        if (boundary.len && boundary.len <= BOUNDARY_MAX) {
            files->is_form = true;
            str_add(&files->boundary, "--");
            str_add_len(&files->boundary, boundary.data, boundary.len);
        }
    }
    if (!files->is_form && begins_file(o)) {
        open_single(files, o);
        return;
    }
    struct inspect_file_new how = {.name = "", .is_no_file = true};
    files->body = inspect_file_open(o->f, o->tx, o->side, &how);
}

/* ---- forms: parts between boundaries (RFC 7578) ---- */

static const char *find(const struct str *in, size_t from, const char *what, size_t len)
{
    return in->len >= from + len ? memmem(in->text + from, in->len - from, what, len) : NULL;
}

static void drop_front(struct str *s, size_t len)
{
    memmove(s->text, s->text + len, s->len - len);
    str_cut(s, s->len - len);
}

static void begin_part(struct http_files *files, const struct http_body_owner *o, const char *head,
                       size_t len)
{
    struct http1_text name, all = {(const uint8_t *)head, len};
    files->part = NULL;
    if (!http_disposition_name(all, &name)) {
        return;
    }
    struct inspect_file_new how = {.name = name.data, .name_len = name.len};
    files->part = inspect_file_open(o->f, o->tx, o->side, &how);
    add_file(files, files->part);
}

static void end_part(struct http_files *files)
{
    if (files->part)
        inspect_file_close(files->part, FILE_CLOSED);
    files->part = NULL;
}

/* One step through the tail; false: more bytes are needed. */
static bool form_step(struct http_files *files, const struct http_body_owner *o)
{
    struct str *t = &files->tail;
    const char *boundary = str_text(&files->boundary), *at;
    size_t len = files->boundary.len;
    switch (files->part_state) {
    case PART_SEEK:
        at = find(t, 0, boundary, len);
        if (!at || !find(t, (size_t)(at - t->text), "\n", 1))
            return false;
        if (strncmp(at + len, "--", 2) == 0) {
            files->part_state = PART_OVER;
            return false;
        }
        drop_front(t, (size_t)(find(t, (size_t)(at - t->text), "\n", 1) - t->text) + 1);
        files->part_state = PART_HEADER;
        return true;
    case PART_HEADER:
        at = find(t, 0, "\r\n\r\n", 4);
        if (!at) {
            if (t->len > HEADER_MAX)
                files->part_state = PART_SEEK;
            return false;
        }
        begin_part(files, o, t->text, (size_t)(at - t->text));
        drop_front(t, (size_t)(at - t->text) + 4);
        files->part_state = PART_DATA;
        return true;
    case PART_DATA:
        at = find(t, 0, boundary, len);
        if (at) {
            size_t data = (size_t)(at - t->text);
            size_t end = data >= 2 && memcmp(at - 2, "\r\n", 2) == 0 ? data - 2 : data;
            if (files->part)
                inspect_file_add(files->part, t->text, end);
            end_part(files);
            drop_front(t, data);
            files->part_state = PART_SEEK;
            return true;
        }
        if (t->len > len + 4) { /* what cannot be the front of a boundary any more */
            size_t sure = t->len - (len + 4);
            if (files->part)
                inspect_file_add(files->part, t->text, sure);
            drop_front(t, sure);
        }
        return false;
    default:
        str_reset(t);
        return false;
    }
}

void http_files_add(struct http_files *files, const struct http_body_owner *owner, const void *data,
                    size_t len)
{
    if (!files->opened)
        open_body(files, owner);
    if (!data) {
        inspect_file_gap(files->body, len);
        return;
    }
    if (files->is_form) {
        str_add_len(&files->tail, data, len);
        while (form_step(files, owner))
            ;
    }
    size_t room = len;
    if (!files->body_is_file && files->body_max)
        room =
            files->body->size < files->body_max ? (size_t)(files->body_max - files->body->size) : 0;
    inspect_file_add(files->body, data, len < room ? len : room);
}

void http_files_close(struct http_files *files, enum inspect_file_state state)
{
    if (files->part && files->part_state == PART_DATA && files->tail.len)
        inspect_file_add(files->part, files->tail.text, files->tail.len);
    end_part(files);
    if (files->body)
        inspect_file_close(files->body, state);
}

void http_files_free(struct http_files *files)
{
    if (files->body && !files->body_is_file)
        inspect_file_free(files->body);
    for (size_t i = 0; i < files->count; i++)
        inspect_file_free(files->file[i]);
    mem_free(files->file);
    str_done(&files->tail);
    str_done(&files->boundary);
}

struct inspect_file *http_files_at(const struct http_files *files, size_t index)
{
    return index < files->count ? files->file[index] : NULL;
}

bool http_files_body(const struct http_files *files, struct span *out)
{
    return files->body && inspect_file_data(files->body, out) && out->len;
}
