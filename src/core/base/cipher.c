/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/cipher.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <string.h>

#include "core/base/mem.h"

/* Blowfish lies in OpenSSL's legacy provider, which is loaded into a library context of its own,
 * for the one call: the rest of the program shall not find weak ciphers by accident. */
struct legacy {
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *legacy, *usual;
};

static void legacy_close(struct legacy *l)
{
    OSSL_PROVIDER_unload(l->legacy);
    OSSL_PROVIDER_unload(l->usual);
    OSSL_LIB_CTX_free(l->context);
}

static EVP_CIPHER *fetch(const char *name, struct legacy *l)
{
    if (strncmp(name, "BF-", 3) == 0) {
        l->context = OSSL_LIB_CTX_new();
        l->legacy = OSSL_PROVIDER_load(l->context, "legacy");
        l->usual = OSSL_PROVIDER_load(l->context, "default");
    }
    return EVP_CIPHER_fetch(l->context, name, NULL);
}

static bool run(EVP_CIPHER_CTX *c, const EVP_CIPHER *cipher, bool encrypt, struct cipher_bytes key,
                struct cipher_bytes iv, struct cipher_bytes in, uint8_t *out)
{
    int done = 0, rest = 0;
    if (in.len > INT32_MAX || !EVP_CipherInit_ex2(c, cipher, NULL, NULL, encrypt, NULL))
        return false;
    if ((int)key.len != EVP_CIPHER_CTX_get_key_length(c) &&
        !EVP_CIPHER_CTX_set_key_length(c, (int)key.len))
        return false;
    if ((int)iv.len < EVP_CIPHER_CTX_get_iv_length(c))
        return false;
    return EVP_CipherInit_ex2(c, NULL, key.data, iv.len ? iv.data : NULL, encrypt, NULL) &&
           EVP_CIPHER_CTX_set_padding(c, 0) &&
           EVP_CipherUpdate(c, out, &done, in.data, (int)in.len) &&
           EVP_CipherFinal_ex(c, out + done, &rest) && (size_t)done + (size_t)rest == in.len;
}

int cipher_apply(const char *name, bool encrypt, struct cipher_bytes key, struct cipher_bytes iv,
                 struct cipher_bytes in, uint8_t *out)
{
    struct legacy l = {0};
    EVP_CIPHER *cipher = fetch(name, &l);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = cipher && c && run(c, cipher, encrypt, key, iv, in, out);
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(cipher);
    if (l.context)
        legacy_close(&l);
    return ok ? 0 : -EINVAL;
}

static bool seal(EVP_CIPHER_CTX *c, const EVP_CIPHER *cipher, struct cipher_bytes key,
                 struct cipher_bytes iv, struct cipher_bytes extra, struct cipher_bytes in,
                 uint8_t *out, uint8_t tag[CIPHER_TAG_SIZE])
{
    int done = 0;
    bool ccm = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CCM_MODE;
    if (in.len > INT32_MAX || extra.len > INT32_MAX || iv.len > CIPHER_BLOCK_MAX ||
        (int)key.len != EVP_CIPHER_get_key_length(cipher) ||
        !EVP_EncryptInit_ex2(c, cipher, NULL, NULL, NULL) ||
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, (int)iv.len, NULL) <= 0 ||
        (ccm && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, CIPHER_TAG_SIZE, NULL) <= 0) ||
        !EVP_EncryptInit_ex2(c, NULL, key.data, iv.data, NULL))
        return false;
    if (ccm &&
        !EVP_EncryptUpdate(c, NULL, &done, NULL, (int)in.len)) /* CCM hears the length first */
        return false;
    if (extra.len && !EVP_EncryptUpdate(c, NULL, &done, extra.data, (int)extra.len))
        return false;
    return EVP_EncryptUpdate(c, out, &done, in.data, (int)in.len) &&
           EVP_EncryptFinal_ex(c, out + done, &done) &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, CIPHER_TAG_SIZE, tag) > 0;
}

/* Both modes XOR a stream onto the data, so that encrypting twice is decrypting; the tag comes from
 * the plain text (CCM) or the cipher text (GCM): of the pass that ends in the cipher text. */
int cipher_seal(const char *name, bool encrypt, struct cipher_bytes key, struct cipher_bytes iv,
                struct cipher_bytes extra, struct cipher_bytes in, uint8_t *out,
                uint8_t tag[CIPHER_TAG_SIZE])
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = cipher && c && seal(c, cipher, key, iv, extra, in, out, tag);
    if (ok && !encrypt) {
        uint8_t *again = mem_zero(in.len + 1);
        struct cipher_bytes plain = {out, in.len};
        EVP_CIPHER_CTX_reset(c);
        ok = seal(c, cipher, key, iv, extra, plain, again, tag);
        mem_free(again);
    }
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(cipher);
    return ok ? 0 : -EINVAL;
}

/* Three times the same key makes triple DES single DES, which the default provider lacks. */
void cipher_des_block(const uint8_t key[8], const uint8_t in[8], uint8_t out[8])
{
    uint8_t three[24];
    for (int i = 0; i < 3; i++)
        memcpy(three + 8 * i, key, 8);
    if (cipher_apply("DES-EDE3-ECB", true, (struct cipher_bytes){three, sizeof three},
                     (struct cipher_bytes){NULL, 0}, (struct cipher_bytes){in, 8}, out) < 0)
        mem_exhausted(0);
}

void cipher_des_block7(const uint8_t key[7], const uint8_t in[8], uint8_t out[8])
{
    uint8_t spread[8];
    uint64_t bits = 0;
    for (int i = 0; i < 7; i++)
        bits = bits << 8 | key[i];
    for (int i = 0; i < 8; i++)
        spread[i] = (uint8_t)((bits >> (49 - 7 * i) & 0x7f) << 1);
    cipher_des_block(spread, in, out);
}

void cipher_rc4_init(struct cipher_rc4 *s, const void *key, size_t len)
{
    const uint8_t *k = key;
    uint8_t j = 0;
    for (int i = 0; i < 256; i++)
        s->box[i] = (uint8_t)i;
    for (int i = 0; i < 256 && len; i++) {
        uint8_t kept = s->box[i];
        j = (uint8_t)(j + kept + k[(size_t)i % len]);
        s->box[i] = s->box[j];
        s->box[j] = kept;
    }
    s->i = s->j = 0;
}

void cipher_rc4_apply(struct cipher_rc4 *s, const void *in, size_t len, uint8_t *out)
{
    const uint8_t *from = in;
    for (size_t n = 0; n < len; n++) {
        uint8_t kept = s->box[++s->i];
        s->j = (uint8_t)(s->j + kept);
        s->box[s->i] = s->box[s->j];
        s->box[s->j] = kept;
        out[n] = from[n] ^ s->box[(uint8_t)(s->box[s->i] + kept)];
    }
}

static size_t run_mac(const char *kind, const OSSL_PARAM *params, struct cipher_bytes key,
                      struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX])
{
    size_t size = 0;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, kind, NULL);
    EVP_MAC_CTX *c = mac ? EVP_MAC_CTX_new(mac) : NULL;
    static const uint8_t none[1];
    const void *k = key.len ? key.data : none;
    if (!c || !EVP_MAC_init(c, k, key.len, params) ||
        (in.len && !EVP_MAC_update(c, in.data, in.len)) ||
        !EVP_MAC_final(c, out, &size, CIPHER_MAC_MAX))
        size = 0;
    EVP_MAC_CTX_free(c);
    EVP_MAC_free(mac);
    return size;
}

static OSSL_PARAM text_param(const char *key, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(key, (char *)(uintptr_t)value, 0);
}

/* RFC 2104, for digests that OpenSSL has no HMAC of. */
static size_t hmac_md4(struct cipher_bytes key, struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX])
{
    uint8_t pad[64] = {0}, inner[16];
    if (key.len > sizeof pad)
        cipher_md4(key.data, key.len, pad);
    else if (key.len)
        memcpy(pad, key.data, key.len);
    uint8_t *text = mem_zero(sizeof pad + in.len + sizeof inner);
    for (size_t i = 0; i < sizeof pad; i++)
        text[i] = pad[i] ^ 0x36;
    if (in.len)
        memcpy(text + sizeof pad, in.data, in.len);
    cipher_md4(text, sizeof pad + in.len, inner);
    for (size_t i = 0; i < sizeof pad; i++)
        text[i] = pad[i] ^ 0x5c;
    memcpy(text + sizeof pad, inner, sizeof inner);
    cipher_md4(text, sizeof pad + sizeof inner, out);
    mem_free(text);
    return sizeof inner;
}

size_t cipher_hmac(const char *digest, struct cipher_bytes key, struct cipher_bytes in,
                   uint8_t out[CIPHER_MAC_MAX])
{
    if (strcmp(digest, "MD4") == 0)
        return hmac_md4(key, in, out);
    OSSL_PARAM params[] = {text_param(OSSL_MAC_PARAM_DIGEST, digest), OSSL_PARAM_END};
    return run_mac("HMAC", params, key, in, out);
}

size_t cipher_cmac(const char *cipher, struct cipher_bytes key, struct cipher_bytes in,
                   uint8_t out[CIPHER_MAC_MAX])
{
    OSSL_PARAM params[] = {text_param(OSSL_MAC_PARAM_CIPHER, cipher), OSSL_PARAM_END};
    return run_mac("CMAC", params, key, in, out);
}

size_t cipher_gmac(const char *cipher, struct cipher_bytes key, struct cipher_bytes iv,
                   struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX])
{
    OSSL_PARAM params[] = {
        text_param(OSSL_MAC_PARAM_CIPHER, cipher),
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, (void *)(uintptr_t)iv.data, iv.len),
        OSSL_PARAM_END};
    return run_mac("GMAC", params, key, in, out);
}

size_t cipher_digest(const char *name, struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX])
{
    unsigned size = 0;
    if (strcmp(name, "MD4") == 0) {
        cipher_md4(in.data, in.len, out);
        return 16;
    }
    EVP_MD *digest = EVP_MD_fetch(NULL, name, NULL);
    if (!digest || EVP_Digest(in.data, in.len, out, &size, digest, NULL) != 1)
        size = 0;
    EVP_MD_free(digest);
    return size;
}

/* ---- MD4, RFC 1320: under NT hashes ---- */

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

static void md4_block(uint32_t state[4], const uint8_t block[64])
{
    static const uint8_t shift[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    static const uint8_t order[3][16] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
    };
    static const uint32_t add[3] = {0, 0x5a827999, 0x6ed9eba1};
    uint32_t word[16], s[4];
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 16; i++)
        word[i] = (uint32_t)block[4 * i] | (uint32_t)block[4 * i + 1] << 8 |
                  (uint32_t)block[4 * i + 2] << 16 | (uint32_t)block[4 * i + 3] << 24;
    for (int step = 0; step < 48; step++) {
        int round = step / 16, at = (4 - step % 4) % 4;
        uint32_t b = s[(at + 1) % 4], c = s[(at + 2) % 4], d = s[(at + 3) % 4];
        uint32_t mix = round == 0   ? (b & c) | (~b & d)
                       : round == 1 ? (b & c) | (b & d) | (c & d)
                                    : b ^ c ^ d;
        s[at] = rotate(s[at] + mix + word[order[round][step % 16]] + add[round],
                       shift[round][step % 4]);
    }
    for (int i = 0; i < 4; i++)
        state[i] += s[i];
}

void cipher_md4(const void *data, size_t len, uint8_t out[16])
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const uint8_t *p = data;
    uint8_t last[128] = {0};
    size_t rest = len % 64, whole = len - rest;
    for (size_t at = 0; at < whole; at += 64)
        md4_block(state, p + at);
    if (rest)
        memcpy(last, p + whole, rest);
    last[rest] = 0x80;
    size_t blocks = rest < 56 ? 1 : 2;
    for (int i = 0; i < 8; i++)
        last[blocks * 64 - 8 + (size_t)i] = (uint8_t)((uint64_t)len * 8 >> (8 * i));
    for (size_t i = 0; i < blocks; i++)
        md4_block(state, last + 64 * i);
    for (int i = 0; i < 16; i++)
        out[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}
