/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client of a SOCKS proxy says (SOCKS 4 and 4A, RFC 1928, RFC 1929), step by step, and what
 * it is answered. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/net/addr.h"

enum { SOCKS_NAME_MAX = 256 };

enum socks_state {
    SOCKS_MORE,  /* more must come */
    SOCKS_READY, /* host and port are known: connect, then socks_reply */
    SOCKS_BAD,   /* answer what is in `out`, then close */
};

struct socks_request {
    const char *user, *password; /* demanded; NULL: everybody may */
    int version;                 /* 4 or 5, once it is known */
    int step;
    char host[SOCKS_NAME_MAX];
    uint16_t port;
};

/* Look at what has come so far, data[0..len).  *used bytes are done with; answers go to *out. */
enum socks_state socks_request_feed(struct socks_request *r, const uint8_t *data, size_t len,
                                    size_t *used, struct str *out);

/* The answer to a request that was ready; `code` 0 or a negative errno value. */
void socks_reply(struct str *out, const struct socks_request *r, int code);
