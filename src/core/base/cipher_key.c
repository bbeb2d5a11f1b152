/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/cipher_key.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "core/base/mem.h"

enum { NUMBER_BYTES_MAX = 4096, TRIES_MAX = 32 };

static BIGNUM *number_of(struct cipher_bytes b)
{
    return b.len <= NUMBER_BYTES_MAX ? BN_bin2bn(b.data, (int)b.len, NULL) : NULL;
}

static void put_number(const BIGNUM *n, struct str *out)
{
    uint8_t bytes[NUMBER_BYTES_MAX + 8];
    int len = BN_num_bytes(n);
    str_reset(out);
    if (len > (int)sizeof bytes)
        return;
    BN_bn2bin(n, bytes);
    str_add_len(out, bytes, (size_t)len);
}

int cipher_key_power(struct cipher_bytes base, struct cipher_bytes exponent,
                     struct cipher_bytes modulus, struct str *out)
{
    BIGNUM *b = number_of(base), *e = number_of(exponent), *m = number_of(modulus), *r = BN_new();
    BN_CTX *work = BN_CTX_new();
    bool ok = b && e && m && r && work && !BN_is_zero(m) && BN_mod_exp(r, b, e, m, work);
    if (ok)
        put_number(r, out);
    BN_free(b);
    BN_free(e);
    BN_free(m);
    BN_free(r);
    BN_CTX_free(work);
    return ok ? 0 : -EINVAL;
}

int cipher_key_compare(struct cipher_bytes a, struct cipher_bytes b)
{
    const uint8_t *x = a.data, *y = b.data;
    for (; a.len && *x == 0; a.len--)
        x++;
    for (; b.len && *y == 0; b.len--)
        y++;
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    int order = a.len ? memcmp(x, y, a.len) : 0;
    return order < 0 ? -1 : order > 0;
}

/* The numbers of one computation; freed together. */
struct numbers {
    BIGNUM *p, *q, *g, *pub, *priv, *h, *r, *s, *w, *u;
    BN_CTX *work;
};

static void numbers_done(struct numbers *n)
{
    BIGNUM *all[] = {n->p, n->q, n->g, n->pub, n->priv, n->h, n->r, n->s, n->w, n->u};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        BN_free(all[i]);
    BN_CTX_free(n->work);
}

static bool numbers_init(struct numbers *n, const struct cipher_dsa *key,
                         struct cipher_bytes digest)
{
    *n = (struct numbers){.p = number_of(key->p),
                          .q = number_of(key->q),
                          .g = number_of(key->g),
                          .pub = number_of(key->pub),
                          .priv = number_of(key->priv),
                          .h = number_of(digest),
                          .w = BN_new(),
                          .u = BN_new(),
                          .work = BN_CTX_new()};
    return n->p && n->q && n->g && n->pub && n->priv && n->h && n->w && n->u && n->work &&
           BN_is_odd(n->p) && BN_is_odd(n->q) && !BN_is_one(n->q);
}

/* r = (g^k mod p) mod q, s = (h + priv r) / k mod q; false: k did not serve. */
static bool sign_once(struct numbers *n, const BIGNUM *k)
{
    return BN_mod_exp(n->r, n->g, k, n->p, n->work) && BN_nnmod(n->r, n->r, n->q, n->work) &&
           BN_mod_mul(n->u, n->priv, n->r, n->q, n->work) &&
           BN_mod_add(n->u, n->u, n->h, n->q, n->work) && BN_mod_inverse(n->w, k, n->q, n->work) &&
           BN_mod_mul(n->s, n->u, n->w, n->q, n->work) && !BN_is_zero(n->r) && !BN_is_zero(n->s);
}

int cipher_dsa_sign(const struct cipher_dsa *key, struct cipher_bytes digest, struct str *out_r,
                    struct str *out_s)
{
    struct numbers n;
    BIGNUM *k = BN_new();
    bool ok = numbers_init(&n, key, digest) && k, done = false;
    n.r = BN_new();
    n.s = BN_new();
    for (int i = 0; ok && n.r && n.s && i < TRIES_MAX && !done; i++)
        done = BN_priv_rand_range(k, n.q) && !BN_is_zero(k) && sign_once(&n, k);
    if (done) {
        put_number(n.r, out_r);
        put_number(n.s, out_s);
    }
    BN_clear_free(k);
    numbers_done(&n);
    return done ? 0 : -EINVAL;
}

bool cipher_dsa_verify(const struct cipher_dsa *key, struct cipher_bytes digest,
                       struct cipher_bytes r, struct cipher_bytes s)
{
    struct numbers n;
    BIGNUM *v = BN_new();
    bool ok = numbers_init(&n, key, digest) && v;
    n.r = number_of(r);
    n.s = number_of(s);
    ok = ok && n.r && n.s && !BN_is_zero(n.r) && !BN_is_zero(n.s) && BN_cmp(n.r, n.q) < 0 &&
         BN_cmp(n.s, n.q) < 0 && BN_mod_inverse(n.w, n.s, n.q, n.work) &&
         BN_mod_mul(n.u, n.h, n.w, n.q, n.work) && BN_mod_exp(v, n.g, n.u, n.p, n.work) &&
         BN_mod_mul(n.u, n.r, n.w, n.q, n.work) && BN_mod_exp(n.w, n.pub, n.u, n.p, n.work) &&
         BN_mod_mul(v, v, n.w, n.p, n.work) && BN_nnmod(v, v, n.q, n.work) && BN_cmp(v, n.r) == 0;
    BN_free(v);
    numbers_done(&n);
    return ok;
}

/* Without a phrase OpenSSL would ask for one on the terminal. */
static int give_phrase(char *to, int room, int writing, void *phrase)
{
    (void)writing;
    size_t len = phrase ? strlen(phrase) : 0;
    if (!len || len > (size_t)room)
        return 0;
    memcpy(to, phrase, len);
    return (int)len;
}

static EVP_PKEY *read_key(struct cipher_bytes pem, const char *phrase)
{
    BIO *bio = pem.len <= INT32_MAX ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
    EVP_PKEY *key =
        bio ? PEM_read_bio_PrivateKey(bio, NULL, give_phrase, (void *)(uintptr_t)phrase) : NULL;
    BIO_free(bio);
    return key;
}

int cipher_key_private(struct cipher_bytes pem, const char *phrase, bool dsa, struct str *out)
{
    EVP_PKEY *key = read_key(pem, phrase);
    BIGNUM *n = NULL;
    const char *name = dsa ? OSSL_PKEY_PARAM_PRIV_KEY : OSSL_PKEY_PARAM_RSA_D;
    bool ok =
        key && EVP_PKEY_is_a(key, dsa ? "DSA" : "RSA") && EVP_PKEY_get_bn_param(key, name, &n);
    if (ok)
        put_number(n, out);
    BN_clear_free(n);
    EVP_PKEY_free(key);
    return ok ? 0 : -EINVAL;
}

int cipher_key_sign_sha1(struct cipher_bytes pem, const char *phrase, struct cipher_bytes digest,
                         struct str *out)
{
    uint8_t signature[NUMBER_BYTES_MAX];
    size_t size = sizeof signature;
    EVP_PKEY *key = read_key(pem, phrase);
    EVP_PKEY_CTX *c = key && EVP_PKEY_is_a(key, "RSA") ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    bool ok = c && EVP_PKEY_sign_init(c) > 0 &&
              EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) > 0 &&
              EVP_PKEY_CTX_set_signature_md(c, EVP_sha1()) > 0 &&
              EVP_PKEY_sign(c, signature, &size, digest.data, digest.len) > 0;
    str_reset(out);
    if (ok)
        str_add_len(out, signature, size);
    EVP_PKEY_CTX_free(c);
    EVP_PKEY_free(key);
    return ok ? 0 : -EINVAL;
}
