/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, keyed digests, and what is derived from them. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/cipher.h"
#include "core/base/md2.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { OUTPUT_MAX = 1 << 20 };

static struct cipher_bytes bytes_of(const struct nasl_value *v)
{
    static const char nothing[1];
    return nasl_is_text(v) ? (struct cipher_bytes){v->string->text, v->string->len}
                           : (struct cipher_bytes){nothing, 0};
}

static struct nasl_value digest(struct nasl_call *c, const char *name)
{
    uint8_t out[CIPHER_MAC_MAX];
    const struct nasl_value *v = nasl_arg(c, 0);
    size_t size = v->type != NASL_UNDEF ? cipher_digest(name, bytes_of(v), out) : 0;
    return size ? nasl_data(c, out, size) : nasl_undef();
}

enum { DATA, KEY };

static struct nasl_value hmac(struct nasl_call *c, const char *name)
{
    uint8_t out[CIPHER_MAC_MAX];
    const struct nasl_value *data = nasl_named(c, DATA), *key = nasl_named(c, KEY);
    if (data->type == NASL_UNDEF)
        return nasl_undef();
    size_t size = key->type == NASL_UNDEF ? cipher_digest(name, bytes_of(data), out)
                                          : cipher_hmac(name, bytes_of(key), bytes_of(data), out);
    return size ? nasl_data(c, out, size) : nasl_undef();
}

#define DO_DIGEST(function, kind, name)                                                            \
    static struct nasl_value function(struct nasl_call *c)                                         \
    {                                                                                              \
        return kind(c, name);                                                                      \
    }

DO_DIGEST(do_md4, digest, "MD4")
DO_DIGEST(do_md5, digest, "MD5")
DO_DIGEST(do_sha1, digest, "SHA1")
DO_DIGEST(do_sha256, digest, "SHA256")
DO_DIGEST(do_sha512, digest, "SHA512")
DO_DIGEST(do_ripemd160, digest, "RIPEMD160")
DO_DIGEST(do_hmac_md5, hmac, "MD5")
DO_DIGEST(do_hmac_sha1, hmac, "SHA1")
DO_DIGEST(do_hmac_sha384, hmac, "SHA384")
DO_DIGEST(do_hmac_sha512, hmac, "SHA512")
DO_DIGEST(do_hmac_ripemd160, hmac, "RIPEMD160")

static struct nasl_value do_hmac_sha256(struct nasl_call *c)
{
    if (nasl_arg_size(nasl_named(c, DATA)) && nasl_arg_size(nasl_named(c, KEY)))
        return hmac(c, "SHA256");
    nasl_complain(c, "data: and key: are needed");
    return nasl_undef();
}

static struct nasl_value do_md2(struct nasl_call *c)
{
    struct cipher_bytes data = bytes_of(nasl_arg(c, 0));
    uint8_t out[MD2_SIZE];
    if (!data.len)
        return nasl_undef();
    md2(data.data, data.len, out);
    return nasl_data(c, out, sizeof out);
}

/* RFC 2104. */
static struct nasl_value do_hmac_md2(struct nasl_call *c)
{
    struct cipher_bytes data = bytes_of(nasl_named(c, DATA)), key = bytes_of(nasl_named(c, KEY));
    uint8_t pad[MD2_BLOCK] = {0}, outer[MD2_BLOCK + MD2_SIZE], out[MD2_SIZE];
    if (key.len > MD2_BLOCK)
        md2(key.data, key.len, pad);
    else if (key.len)
        memcpy(pad, key.data, key.len);
    uint8_t *inner = mem_zero(MD2_BLOCK + data.len);
    for (int i = 0; i < MD2_BLOCK; i++) {
        inner[i] = pad[i] ^ 0x36;
        outer[i] = pad[i] ^ 0x5c;
    }
    if (data.len)
        memcpy(inner + MD2_BLOCK, data.data, data.len);
    md2(inner, MD2_BLOCK + data.len, outer + MD2_BLOCK);
    mem_free(inner);
    md2(outer, sizeof outer, out);
    return nasl_data(c, out, sizeof out);
}

/* P_hash of RFC 5246 5: XORed onto out[]. */
static void p_hash(const char *name, struct cipher_bytes secret, struct cipher_bytes seed,
                   uint8_t *out, size_t len)
{
    uint8_t *text = mem_zero(CIPHER_MAC_MAX + seed.len);
    uint8_t a[CIPHER_MAC_MAX], part[CIPHER_MAC_MAX];
    size_t size = cipher_hmac(name, secret, seed, a);
    for (size_t at = 0; size && at < len; at += size) {
        memcpy(text, a, size);
        memcpy(text + size, seed.data, seed.len);
        cipher_hmac(name, secret, (struct cipher_bytes){text, size + seed.len}, part);
        for (size_t i = 0; i < size && at + i < len; i++)
            out[at + i] ^= part[i];
        cipher_hmac(name, secret, (struct cipher_bytes){text, size}, a);
    }
    mem_free(text);
}

enum { PRF_LABEL, PRF_OUTLEN, PRF_SECRET, PRF_SEED };

/* The pseudo-random function of TLS; `name` NULL: that of TLS 1.0 (RFC 2246 5), MD5 over the first
 * half of the secret and SHA-1 over the second. */
static struct nasl_value prf(struct nasl_call *c, const char *name)
{
    struct cipher_bytes secret = bytes_of(nasl_named(c, PRF_SECRET));
    struct cipher_bytes seed = bytes_of(nasl_named(c, PRF_SEED));
    const struct nasl_value *label = nasl_named(c, PRF_LABEL);
    int64_t len = nasl_arg_int(nasl_named(c, PRF_OUTLEN), -1);
    if (!secret.len || !seed.len || !nasl_arg_size(label) || len <= 0 || len > OUTPUT_MAX) {
        nasl_complain(c, "secret:, seed:, label: and outlen: are needed");
        return nasl_undef();
    }
    struct str both = str_of(0);
    str_add(&both, label->string->text);
    str_add_len(&both, seed.data, seed.len);
    struct cipher_bytes labelled = {both.text, both.len};
    uint8_t *out = mem_zero((size_t)len);
    if (name) {
        p_hash(name, secret, labelled, out, (size_t)len);
    } else {
        size_t half = (secret.len + 1) / 2;
        struct cipher_bytes second = {(const uint8_t *)secret.data + secret.len - half, half};
        p_hash("MD5", (struct cipher_bytes){secret.data, half}, labelled, out, (size_t)len);
        p_hash("SHA1", second, labelled, out, (size_t)len);
    }
    struct nasl_value v = nasl_data(c, out, (size_t)len);
    mem_free(out);
    str_done(&both);
    return v;
}

DO_DIGEST(do_prf_sha256, prf, "SHA256")
DO_DIGEST(do_prf_sha384, prf, "SHA384")
DO_DIGEST(do_tls1_prf, prf, NULL)

enum { KDF_CTX, KDF_KEY, KDF_LABEL, KDF_LVALUE };

/* SP 800-108 5.1 with HMAC-SHA-256, one round: MS-SMB2 3.1.4.2. */
static struct nasl_value do_smb3kdf(struct nasl_call *c)
{
    struct cipher_bytes key = bytes_of(nasl_named(c, KDF_KEY));
    struct cipher_bytes label = bytes_of(nasl_named(c, KDF_LABEL));
    struct cipher_bytes context = bytes_of(nasl_named(c, KDF_CTX));
    int64_t bits = nasl_arg_int(nasl_named(c, KDF_LVALUE), 0);
    uint8_t out[CIPHER_MAC_MAX];
    if (!key.len || !label.len || !context.len || (bits != 128 && bits != 256)) {
        nasl_complain(c, "key:, label:, ctx: and lvalue:128 or 256 are needed");
        return nasl_undef();
    }
    struct str text = str_of(0);
    str_add_len(&text, "\0\0\0\1", 4);
    str_add_len(&text, label.data, label.len);
    str_add_len(&text, "", 1);
    str_add_len(&text, context.data, context.len);
    str_add_len(&text, bits == 128 ? "\0\0\0\x80" : "\0\0\1\0", 4);
    size_t size = cipher_hmac("SHA256", key, (struct cipher_bytes){text.text, text.len}, out);
    str_done(&text);
    return size ? nasl_data(c, out, (size_t)bits / 8) : nasl_undef();
}

#define HMAC_NAMES                                                                                 \
    {                                                                                              \
        "data", "key"                                                                              \
    }
#define PRF_NAMES                                                                                  \
    {                                                                                              \
        "label", "outlen", "secret", "seed"                                                        \
    }

static const struct nasl_builtin rows[] = {
    {"HMAC_MD2", do_hmac_md2, HMAC_NAMES, 0},
    {"HMAC_MD5", do_hmac_md5, HMAC_NAMES, 0},
    {"HMAC_RIPEMD160", do_hmac_ripemd160, HMAC_NAMES, 0},
    {"HMAC_SHA1", do_hmac_sha1, HMAC_NAMES, 0},
    {"HMAC_SHA256", do_hmac_sha256, HMAC_NAMES, 0},
    {"HMAC_SHA384", do_hmac_sha384, HMAC_NAMES, 0},
    {"HMAC_SHA512", do_hmac_sha512, HMAC_NAMES, 0},
    {"MD2", do_md2, {0}, 0},
    {"MD4", do_md4, {0}, 0},
    {"MD5", do_md5, {0}, 0},
    {"RIPEMD160", do_ripemd160, {0}, 0},
    {"SHA1", do_sha1, {0}, 0},
    {"SHA256", do_sha256, {0}, 0},
    {"SHA512", do_sha512, {0}, 0},
    {"prf_sha256", do_prf_sha256, PRF_NAMES, 0},
    {"prf_sha384", do_prf_sha384, PRF_NAMES, 0},
    {"smb3kdf", do_smb3kdf, {"ctx", "key", "label", "lvalue"}, 0},
    {"tls1_prf", do_tls1_prf, PRF_NAMES, 0},
};

const struct nasl_family nasl_family_hash = {"hash", rows, ARRAY_COUNT(rows)};
