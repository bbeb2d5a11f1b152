/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a watcher shows of a certificate (RFC 5280), read in place from DER: names, numbers, dates.
 * Lenient: nothing is verified, and what is odd is told, not refused.
 * Not for: trust (sys/io/tls). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum x509_fault {
    X509_GOOD,
    X509_BAD_DER,
    X509_BAD_VERSION,
    X509_BAD_SERIAL,
    X509_BAD_ALGORITHM,
    X509_BAD_ISSUER,
    X509_BAD_VALIDITY,
    X509_BAD_DATE,
    X509_BAD_SUBJECT,
    X509_BAD_EXTENSIONS,
};

struct x509 {
    const uint8_t *serial;
    size_t serial_len;
    struct str issuer, subject; /* "C=US, O=Example, CN=www.example.com" */
    int64_t not_before_s, not_after_s;
    bool has_dates;
    const uint8_t *san; /* the SEQUENCE of alternative names, without its head */
    size_t san_len;
};

/* Texts in *out are the caller's (x509_done) also after a fault: what came before it is there. */
enum x509_fault x509_parse(struct x509 *out, const uint8_t *der, size_t len);
void x509_done(struct x509 *x);

/* The next alternative name that is a text (DNS name, mail address, URI) or an address, as text;
 * *at begins with 0. */
bool x509_next_san(const struct x509 *x, size_t *at, struct str *out);
