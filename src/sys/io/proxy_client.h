/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client says to a proxy until the way to the target is open: HTTP CONNECT (RFC 9110 9.3.6),
 * SOCKS 4, 4A and 5 (RFC 1928, 1929).  Bytes only: the caller sends `out` and feeds what comes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/net/addr.h"
#include "sys/io/http_auth.h"

enum proxy_kind { PROXY_NONE, PROXY_HTTP, PROXY_SOCKS4, PROXY_SOCKS4A, PROXY_SOCKS5 };

enum { PROXY_HEAD_MAX = 16384 }; /* bytes of an HTTP answer's head */

struct proxy_target {
    const char *host; /* used when `addr` is none: the proxy resolves it */
    struct addr addr;
    uint16_t port;
    const char *user, *password; /* NULL: none */
};

enum proxy_state {
    PROXY_MORE,    /* send what is in `out`, then feed more */
    PROXY_OPEN,    /* bytes behind those used are the target's */
    PROXY_AGAIN,   /* connect anew, call proxy_client_again, go on: it asked who we are */
    PROXY_REFUSED, /* *e says what the proxy said */
};

struct proxy_client {
    enum proxy_kind kind;
    const struct proxy_target *target; /* the caller's */
    struct str out;                    /* to be sent; the caller resets it */
    struct str in;                     /* an answer that is not whole yet */
    struct http_challenge challenge;
    int step;
    int status; /* of the last HTTP answer; 0: none */
    bool tried_login;
};

/* Begin; `out` holds the first words.  -EINVAL: the target cannot be said in this protocol. */
int proxy_client_begin(struct proxy_client *p, enum proxy_kind kind,
                       const struct proxy_target *target, struct err *e) MUST_CHECK;
enum proxy_state proxy_client_feed(struct proxy_client *p, const void *data, size_t len,
                                   size_t *used, struct err *e) MUST_CHECK;
void proxy_client_again(struct proxy_client *p);
void proxy_client_done(struct proxy_client *p);

/* "http", "connect", "socks4", "4", "4A", "socks5", "5", any case; -1: unknown. */
int proxy_kind_of(const char *text);
uint16_t proxy_kind_port(enum proxy_kind kind); /* where such a proxy usually listens */
