/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transaction of HTTP/1, for the files that look into it. */
#pragma once

#include "tool/ids/inspect/http1_file.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/http1.h"

enum { HTTP_CACHE_MAX = 12 };

struct snort_text;

struct http_tx {
    struct inspect_tx head;
    struct http1_tx http;
    struct http_files files[FLOW_SIDES];
    struct { /* buffers put together from several fields */
        uint8_t id, side;
        struct http1_text text;
    } cache[HTTP_CACHE_MAX];
    uint8_t cached;
    struct snort_text *snort; /* snort_http.c: buffers that were asked for, in http.memory */
};
