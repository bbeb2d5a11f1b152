/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of HTTP/1 as rules and records see them: the window of a body, its files (an answer is
 * one, a form with parts may hold several), names and ranges. */
#pragma once

#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/http1.h"

struct http_files {
    struct inspect_file *body; /* the body as it is, for the body's own keywords */
    struct inspect_file **file;
    size_t count, capacity;
    bool body_is_file; /* body is file[0], too */
    bool opened;
    bool is_form; /* multipart/form-data */
    uint8_t part_state;
    struct str tail; /* of a form: bytes that may belong to a boundary */
    struct str boundary;
    struct inspect_file *part;
    uint64_t body_max;
};

struct http_body_owner {
    struct inspect_flow *f;
    struct inspect_tx *tx;
    struct http1_tx *http;
    enum flow_side side;
};

void http_files_add(struct http_files *files, const struct http_body_owner *owner, const void *data,
                    size_t len);
void http_files_close(struct http_files *files, enum inspect_file_state state);
void http_files_free(struct http_files *files);
struct inspect_file *http_files_at(const struct http_files *files, size_t index);
bool http_files_body(const struct http_files *files, struct span *out);

/* Content-Range (RFC 9110 14.4): "bytes 0-99/200", "bytes *" "/200". */
struct http_range {
    bool has_span, has_size;
    uint64_t start, end, size;
};
bool http_range_parse(struct http1_text text, struct http_range *out);

/* filename="..." of Content-Disposition. */
bool http_disposition_name(struct http1_text value, struct http1_text *out);
