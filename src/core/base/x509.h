/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an X.509 certificate says, for reports; it verifies nothing.  The door to OpenSSL's X509. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"

struct x509 {
    const char *subject, *issuer; /* RFC 2253: "CN=a,O=b,C=c" */
    const char *common_name;      /* the subject's; NULL: none */
    const char **dns_name;        /* subject alternative names */
    size_t dns_name_count;
    const char *serial;            /* upper-case hex */
    int64_t not_before, not_after; /* seconds since 1970; INT64_MIN: no time */
    const char *signature;         /* "sha256WithRSAEncryption" */
    const char *key;               /* "RSA", "DSA", "EC", "ED25519" */
    unsigned key_bits;
    const uint8_t *modulus, *exponent; /* of an RSA key */
    size_t modulus_len, exponent_len;
    bool self_signed;
    const uint8_t *der;
    size_t der_len;
};

/* Read a certificate in DER.  All it points to lies in the arena.  0 or -EINVAL. */
int x509_parse(struct x509 *out, const void *der, size_t len, struct arena *arena) MUST_CHECK;

/* Verify a chain (DER, the server's own first) against the system's trusted certificates.  0: good;
 * -EKEYREJECTED, *out_why in OpenSSL's words; -EINVAL: no certificates. */
struct x509_der {
    const uint8_t *data;
    size_t len;
};
int x509_verify_chain(const struct x509_der *chain, size_t count, const char **out_why) MUST_CHECK;
