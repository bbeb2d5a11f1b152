/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a request to an HTTP proxy (RFC 9112): read whole, then taken apart and written anew
 * for the server, without what was meant for the proxy alone (RFC 9110 7.6.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum { HTTP_HEAD_MAX = 8192, HTTP_HOST_MAX = 256, HTTP_FIELDS_MAX = 64 };

struct http_request {
    char method[32], host[HTTP_HOST_MAX];
    uint16_t port;
    const char *target; /* path and query of an absolute URI; in the head that was read */
    size_t target_len;
    bool is_connect;
    const char *authorization; /* the value of Proxy-Authorization, NUL-terminated; or NULL */
};

/* How long the head is, with its empty line; 0: not whole yet. */
size_t http_head_len(const char *data, size_t len);

/* Take a whole head apart; it is written to (lines become texts).  0, or the status to answer. */
int http_request_read(struct http_request *r, char *head, size_t len);

/* Add what the server is to be told.  `head` is a copy of the head as it came. */
void http_request_forward(struct str *out, const struct http_request *r, const char *head,
                          size_t len);
