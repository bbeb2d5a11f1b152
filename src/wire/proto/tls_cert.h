/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a watcher shows of a certificate (RFC 5280), read in place from DER: names, numbers, dates.
 * Lenient: nothing is verified, and what is odd is told, not refused.
 * Not for: trust (sys/io/tls). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum tls_cert_fault {
    TLS_CERT_GOOD,
    TLS_CERT_BAD_DER,
    TLS_CERT_BAD_VERSION,
    TLS_CERT_BAD_SERIAL,
    TLS_CERT_BAD_ALGORITHM,
    TLS_CERT_BAD_ISSUER,
    TLS_CERT_BAD_VALIDITY,
    TLS_CERT_BAD_DATE,
    TLS_CERT_BAD_SUBJECT,
    TLS_CERT_BAD_EXTENSIONS,
};

struct tls_cert {
    const uint8_t *serial;
    size_t serial_len;
    struct str issuer, subject; /* "C=US, O=Example, CN=www.example.com" */
    int64_t not_before_s, not_after_s;
    bool has_dates;
    const uint8_t *san; /* the SEQUENCE of alternative names, without its head */
    size_t san_len;
};

/* Texts in *out are the caller's (tls_cert_done) also after a fault: what came before it is there.
 */
enum tls_cert_fault tls_cert_parse(struct tls_cert *out, const uint8_t *der, size_t len);
void tls_cert_done(struct tls_cert *x);

/* The next alternative name that is a text (DNS name, mail address, URI) or an address, as text;
 * *at begins with 0. */
bool tls_cert_next_san(const struct tls_cert *x, size_t *at, struct str *out);
