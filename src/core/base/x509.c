/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/x509.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

enum { NAMES_MAX = 1000 };

static const char *name_text(const X509_NAME *name, struct arena *arena)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;
    if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
        len = BIO_get_mem_data(bio, &text);
    const char *copy = arena_copy(arena, text ? text : "", len > 0 ? (size_t)len : 0);
    BIO_free(bio);
    return copy;
}

static const char *utf8_text(const ASN1_STRING *value, struct arena *arena)
{
    unsigned char *text = NULL;
    int len = ASN1_STRING_to_UTF8(&text, value);
    const char *copy = len >= 0 ? arena_copy(arena, text, (size_t)len) : NULL;
    OPENSSL_free(text);
    return copy;
}

static const char *common_name(const X509_NAME *name, struct arena *arena)
{
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    const X509_NAME_ENTRY *entry = at >= 0 ? X509_NAME_get_entry(name, at) : NULL;
    return entry ? utf8_text(X509_NAME_ENTRY_get_data(entry), arena) : NULL;
}

static int64_t time_of(const ASN1_TIME *t)
{
    struct tm tm;
    if (!t || !ASN1_TIME_to_tm(t, &tm))
        return INT64_MIN;
    int64_t days =
        clock_days_from_civil(tm.tm_year + 1900, (unsigned)tm.tm_mon + 1, (unsigned)tm.tm_mday);
    return ((days * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60 + tm.tm_sec;
}

static void read_names(struct x509 *out, X509 *cert, struct arena *arena)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    int count = sk_GENERAL_NAME_num(names);
    count = count < NAMES_MAX ? count : NAMES_MAX;
    out->dns_name = arena_array(arena, (size_t)(count > 0 ? count : 0) + 1, sizeof(char *));
    for (int i = 0; i < count; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const char *text = name->type == GEN_DNS ? utf8_text(name->d.dNSName, arena) : NULL;
        if (text)
            out->dns_name[out->dns_name_count++] = text;
    }
    GENERAL_NAMES_free(names);
}

static const uint8_t *number_bytes(const EVP_PKEY *key, const char *name, struct arena *arena,
                                   size_t *out_len)
{
    BIGNUM *n = NULL;
    if (!EVP_PKEY_get_bn_param(key, name, &n))
        return NULL;
    *out_len = (size_t)BN_num_bytes(n);
    uint8_t *bytes = arena_take(arena, *out_len + 1);
    BN_bn2bin(n, bytes);
    BN_free(n);
    return bytes;
}

static void read_key(struct x509 *out, X509 *cert, struct arena *arena)
{
    const EVP_PKEY *key = X509_get0_pubkey(cert);
    out->key = "unknown";
    if (!key)
        return;
    const char *kind = EVP_PKEY_get0_type_name(key);
    out->key = kind ? arena_text(arena, kind) : "unknown";
    out->key_bits = (unsigned)EVP_PKEY_get_bits(key);
    if (EVP_PKEY_is_a(key, "RSA")) {
        out->modulus = number_bytes(key, OSSL_PKEY_PARAM_RSA_N, arena, &out->modulus_len);
        out->exponent = number_bytes(key, OSSL_PKEY_PARAM_RSA_E, arena, &out->exponent_len);
    }
}

/* As the number stands in the certificate: with a zero in front where its first bit is set. */
static const char *serial_text(X509 *cert, struct arena *arena)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
    int len = ASN1_STRING_length(serial);
    const uint8_t *byte = ASN1_STRING_get0_data(serial);
    size_t zero = len > 0 && byte[0] & 0x80;
    char *text = arena_take(arena, (size_t)len * 2 + 3);
    static const char digit[] = "0123456789ABCDEF";
    memcpy(text, "00", zero * 2);
    for (int i = 0; i < len; i++) {
        text[zero * 2 + 2 * (size_t)i] = digit[byte[i] >> 4];
        text[zero * 2 + 2 * (size_t)i + 1] = digit[byte[i] & 15];
    }
    return text;
}

static const char *signature_name(const X509 *cert, struct arena *arena)
{
    int nid = X509_get_signature_nid(cert);
    const char *name = nid != NID_undef ? OBJ_nid2ln(nid) : NULL;
    return arena_text(arena, name ? name : "unknown");
}

int x509_parse(struct x509 *out, const void *der, size_t len, struct arena *arena)
{
    const unsigned char *at = der;
    X509 *cert = len && len <= INT32_MAX ? d2i_X509(NULL, &at, (long)len) : NULL;
    if (!cert)
        return -EINVAL;
    *out = (struct x509){
        .subject = name_text(X509_get_subject_name(cert), arena),
        .issuer = name_text(X509_get_issuer_name(cert), arena),
        .common_name = common_name(X509_get_subject_name(cert), arena),
        .serial = serial_text(cert, arena),
        .not_before = time_of(X509_get0_notBefore(cert)),
        .not_after = time_of(X509_get0_notAfter(cert)),
        .signature = signature_name(cert, arena),
        .self_signed = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0,
        .der_len = (size_t)(at - (const unsigned char *)der),
    };
    out->der = (const uint8_t *)arena_copy(arena, der, out->der_len);
    read_names(out, cert, arena);
    read_key(out, cert, arena);
    X509_free(cert);
    return 0;
}

static bool add_cert(STACK_OF(X509) * to, const struct x509_der *der)
{
    const unsigned char *at = der->data;
    X509 *cert = der->len <= INT32_MAX ? d2i_X509(NULL, &at, (long)der->len) : NULL;
    if (cert && sk_X509_push(to, cert) > 0)
        return true;
    X509_free(cert);
    return false;
}

int x509_verify_chain(const struct x509_der *chain, size_t count, const char **out_why)
{
    STACK_OF(X509) *certs = sk_X509_new_null();
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *c = X509_STORE_CTX_new();
    bool ready = certs && store && c && count && X509_STORE_set_default_paths(store);
    int rc = -EINVAL;
    for (size_t i = 0; ready && i < count; i++)
        ready = add_cert(certs, &chain[i]);
    if (ready && X509_STORE_CTX_init(c, store, sk_X509_value(certs, 0), certs)) {
        bool good = X509_verify_cert(c) == 1;
        *out_why = good ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(c));
        rc = good ? 0 : -EKEYREJECTED;
    }
    X509_STORE_CTX_free(c);
    X509_STORE_free(store);
    sk_X509_pop_free(certs, X509_free);
    return rc;
}
