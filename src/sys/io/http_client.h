/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request at a time, over HTTP or HTTPS: the door to libcurl for what is fetched.  Blocks.
 * Answers are bounded, redirects are few and never lead from a public server into private networks
 * or from HTTPS to HTTP: a feed of strangers must not make this machine ask its neighbours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

enum { HTTP_REDIRECTS_MAX = 5, HTTP_FIELD_MAX = 512 };

/* Zero is a GET with the system's certificates, 60 s, and 1 GiB. */
struct http_request {
    const char *url;
    const char *post; /* NULL: GET */
    size_t post_len;
    const struct text_list *headers; /* "Name: value"; may be NULL */
    const char *etag, *modified;     /* of what is here already: ask for what is newer */
    const char *ca;                  /* PEM file of certificates to trust instead of the system's */
    uint64_t resume_at;              /* bytes that are here already; with `etag`: of that text */
    uint64_t max;                    /* bytes of the body; 0: 1 GiB */
    uint64_t limit_ns;               /* for all of it; 0: 60 s */
    uint64_t stall_ns;               /* without a byte; 0: 30 s */
};

struct http_response {
    int status;                /* of the last answer; 206 where it goes on at resume_at */
    char etag[HTTP_FIELD_MAX]; /* "" where there is none */
    char modified[HTTP_FIELD_MAX], type[HTTP_FIELD_MAX];
    int64_t retry_after_s; /* negative: not told */
    uint64_t moved;        /* bytes of headers and bodies that came over the wire */
};

/* Takes a piece of the body; a negative errno value ends the transfer. */
typedef int http_body_fn(void *ctx, const struct http_response *so_far, const void *data,
                         size_t len);

/* Do it.  Bodies of answers with another status than 200 and 206 are thrown away.  0 when an answer
 * came, whatever its status; -EPERM: a redirect that is not followed; -EFBIG; -ETIMEDOUT; -EPROTO
 * (TLS, HTTP); -EHOSTUNREACH; or what fn returned.  *out holds what was learnt, also then. */
int http_fetch(const struct http_request *request, http_body_fn *fn, void *ctx,
               struct http_response *out, struct err *e) MUST_CHECK;

/* The same into a text; its `max` is the limit. */
int http_fetch_text(const struct http_request *request, struct str *body, struct http_response *out,
                    struct err *e) MUST_CHECK;
