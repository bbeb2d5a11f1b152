/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/tls_own.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/rng.h"

enum {
    CERT_DAYS = 1,     /* life of a certificate that is made here */
    CERT_PAST_H = 1,   /* and its head start, for a peer whose clock is behind */
    SERIAL_BYTES = 16, /* of its number; RFC 5280 4.1.2.2 allows 20 */
};

int tls_own_fault(struct err *e, int code, const char *doing)
{
    unsigned long fault = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(fault);
    return err_set(e, code, "%s: %s", doing, reason ? reason : "TLS library error");
}

int tls_own_load(struct ssl_ctx_st *ssl, const char *cert, const char *key, struct err *e)
{
    key = key ? key : cert;
    if (SSL_CTX_use_certificate_chain_file(ssl, cert) != 1)
        return tls_own_fault(e, -EINVAL, cert);
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1)
        return tls_own_fault(e, -EINVAL, key);
    return 0;
}

static bool fill_cert(X509 *cert, EVP_PKEY *key)
{
    uint8_t serial[SERIAL_BYTES];
    rng_secret(serial, sizeof serial);
    serial[0] &= 0x7f; /* a positive number */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_EXTENSION *alt = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");
    ok = ok && alt && X509_set_version(cert, X509_VERSION_3) &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -CERT_PAST_H * 3600L) &&
         X509_gmtime_adj(X509_getm_notAfter(cert), CERT_DAYS * 86400L) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"localhost", -1, -1,
                                    0) &&
         X509_set_issuer_name(cert, name) && X509_add_ext(cert, alt, -1) &&
         X509_set_pubkey(cert, key) && X509_sign(cert, key, EVP_sha256()) > 0;
    X509_EXTENSION_free(alt);
    return ok;
}

int tls_own_make(struct ssl_ctx_st *ssl, struct err *e)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    bool ok = key && cert && fill_cert(cert, key) && SSL_CTX_use_certificate(ssl, cert) == 1 &&
              SSL_CTX_use_PrivateKey(ssl, key) == 1;
    X509_free(cert);
    EVP_PKEY_free(key);
    return ok ? 0 : tls_own_fault(e, -EIO, "making a certificate");
}
