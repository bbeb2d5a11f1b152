/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS and DTLS over descriptors that do not block (RFC 8446, RFC 6347), for client and server.  The
 * door to OpenSSL's libssl.  The descriptor stays the caller's, who also waits: each call says what
 * it waits for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

/* What one kind of connection agrees to; made once, used for many.  Text stays the caller's and is
 * copied.  Zeroed: a client that verifies nothing and takes any version and cipher the library
 * has, old ones included; that is what a scanner wants. */
struct tls_options {
    bool server;
    bool datagram;       /* DTLS */
    bool verify;         /* the peer's chain, and its name where one is given to tls_open */
    bool modern;         /* TLS 1.2 and later, no weak ciphers */
    const char *ca;      /* file or folder of trusted certificates; NULL: the system's */
    const char *cert;    /* PEM file of a chain; NULL on a server: one made now, valid for a day */
    const char *key;     /* PEM file; NULL: in the file of cert */
    const char *alpn;    /* protocols by preference, split by commas: "h2,http/1.1"; NULL: none */
    const char *ciphers; /* an OpenSSL cipher list; NULL: the default */
    uint16_t oldest;     /* versions as on the wire (0x0301: TLS 1.0); 0: see modern */
    uint16_t newest;
};

struct tls_context;
struct tls_context *tls_context_new(const struct tls_options *o, struct err *e) MUST_CHECK;
void tls_context_free(struct tls_context *c); /* takes NULL; open connections keep what they need */

/* How a call ended. */
enum tls_state {
    TLS_DONE,       /* it did what it was asked */
    TLS_WANT_READ,  /* call again when the descriptor is readable */
    TLS_WANT_WRITE, /* ... writable */
    TLS_CLOSED,     /* the peer ended the connection in good order (close_notify) */
    TLS_CUT,        /* the connection ended without one */
    TLS_FAILED,     /* *e says why */
};

struct tls;

/* A connection over `fd` (connected, non-blocking).  `name`: the server's name for SNI and, with
 * verify, for its certificate; NULL: none. */
struct tls *tls_open(struct tls_context *c, int fd, const char *name, struct err *e) MUST_CHECK;
void tls_close(struct tls *t); /* frees; sends nothing, fd stays open; takes NULL */

enum tls_state tls_handshake(struct tls *t, struct err *e) MUST_CHECK;
enum tls_state tls_read(struct tls *t, void *to, size_t room, size_t *got,
                        struct err *e) MUST_CHECK;
/* TLS_WANT_WRITE: come again with the same bytes (more may follow them), as they may be on their
 * way already. */
enum tls_state tls_write(struct tls *t, const void *from, size_t size, size_t *sent,
                         struct err *e) MUST_CHECK;
enum tls_state tls_shutdown(struct tls *t, struct err *e) MUST_CHECK; /* sends close_notify */

bool tls_pending(const struct tls *t);     /* bytes lie decoded here: read without waiting */
uint64_t tls_wait_ns(const struct tls *t); /* DTLS: call again after this time; UINT64_MAX: never */

/* After the handshake; text that lives as long as the connection, or NULL. */
const char *tls_version(const struct tls *t); /* "TLSv1.3" */
const char *tls_cipher(const struct tls *t);  /* OpenSSL's name */
const char *tls_alpn(const struct tls *t);    /* the protocol agreed on */

/* The peer's certificate, DER (the chain's n-th from 0: the peer's own).  The memory is the
 * connection's; NULL: there is no such. */
const uint8_t *tls_peer_cert(const struct tls *t, size_t n, size_t *size);

/* After the handshake; what a scanner tells of a server.  0 or NULL: there is no such. */
uint16_t tls_version_number(const struct tls *t);  /* as on the wire: 0x0303 */
uint16_t tls_cipher_number(const struct tls *t);   /* IANA's */
bool tls_renegotiates_safely(const struct tls *t); /* RFC 5746 */
const uint8_t *tls_session_id(const struct tls *t, size_t *size);
