/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Basic (RFC 7617) and Digest (RFC 7616, qop "auth" or none) authentication of HTTP: what a client
 * answers to a challenge, and how a server asks and checks.  Bytes only; no connection. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/digest.h"
#include "core/base/str.h"

enum { HTTP_AUTH_TEXT_MAX = 256 };

/* The best of the challenges read so far.  Zero: none. */
struct http_challenge {
    bool basic, digest;
    bool has_qop; /* the server knows qop=auth */
    enum digest_kind kind;
    bool names_kind; /* it said "algorithm" */
    char realm[HTTP_AUTH_TEXT_MAX], nonce[HTTP_AUTH_TEXT_MAX], opaque[HTTP_AUTH_TEXT_MAX];
};

/* Read the value of one WWW-Authenticate or Proxy-Authenticate line into *c.  A challenge that
 * cannot be answered (an unknown scheme or algorithm) changes nothing. */
void http_challenge_read(struct http_challenge *c, const char *value);

/* Who asks for what. */
struct http_login {
    const char *user, *password, *method, *uri;
    const char *path; /* server: what the client may have put in the place of uri; or NULL */
};

/* Add the value of the Authorization line; Digest before Basic.  false: no challenge was read. */
bool http_auth_answer(struct str *out, const struct http_challenge *c, const struct http_login *l);

/* Server: add a Basic and a Digest challenge, each a line "NAME: ...\r\n". */
void http_auth_ask(struct str *out, const char *line_name, const char *realm, const char *nonce);

/* Server: the nonce that a Digest answers to; false: it names none (Basic, or no answer). */
bool http_auth_nonce(const char *value, char nonce[HTTP_AUTH_TEXT_MAX]);

/* Server: is `value`, an Authorization line's, right for the login?  A Digest must name `nonce`,
 * and a count above *count, which then becomes *count: what was said once cannot be said again
 * (RFC 7616 5.12). */
bool http_auth_check(const char *value, const struct http_login *l, const char *nonce,
                     uint32_t *count);
