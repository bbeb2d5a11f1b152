/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own certificate of a TLS context: from files, or made on the spot.  Part of tls.c. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"

struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

/* PEM files; key NULL: it is in the file of cert.  0 or -EINVAL. */
int tls_own_load(struct ssl_ctx_st *ssl, const char *cert, const char *key,
                 struct err *e) MUST_CHECK;

/* One for "localhost", signed by itself, valid for a day. */
int tls_own_make(struct ssl_ctx_st *ssl, struct err *e) MUST_CHECK;

/* "DOING: what OpenSSL says"; returns `code`. */
int tls_own_fault(struct err *e, int code, const char *doing);
