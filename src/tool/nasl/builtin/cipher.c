/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetric ciphers. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/cipher.h"
#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { AAD, DATA, IV, KEY, LEN, HD };

static struct cipher_bytes bytes_of(const struct nasl_value *v)
{
    static const char nothing[1];
    return nasl_is_text(v) ? (struct cipher_bytes){v->string->text, v->string->len}
                           : (struct cipher_bytes){nothing, 0};
}

/* The arguments that all ciphers share; false: something is missing. */
static bool take(struct nasl_call *c, bool decrypt, struct cipher_bytes *data,
                 struct cipher_bytes *key, struct cipher_bytes *iv)
{
    *data = bytes_of(nasl_named(c, DATA));
    *key = bytes_of(nasl_named(c, KEY));
    *iv = bytes_of(nasl_named(c, IV));
    int64_t len = nasl_arg_int(nasl_named(c, LEN), 0);
    if (decrypt && len > 0 && (size_t)len < data->len)
        data->len = (size_t)len;
    if (data->len && key->len && (!decrypt || len > 0))
        return true;
    nasl_complain(c, decrypt ? "data:, key: and len: are needed" : "data: and key: are needed");
    return false;
}

/* A missing IV is all zeros, as in the peer's library. */
static struct cipher_bytes or_zeros(struct cipher_bytes iv, size_t size)
{
    static const uint8_t zeros[CIPHER_BLOCK_MAX];
    return iv.len ? iv : (struct cipher_bytes){zeros, size};
}

static struct nasl_value apply(struct nasl_call *c, const char *name, size_t key_len, size_t iv_len,
                               size_t pad)
{
    struct cipher_bytes data, key, iv;
    if (!take(c, false, &data, &key, &iv))
        return nasl_undef();
    key.len = key.len > key_len ? key_len : key.len;
    size_t size = pad ? data.len / pad * pad + pad : data.len;
    if (pad && data.len % pad == 0) /* the peer reads a block of zeros behind the data's end */
        size = data.len + pad;
    uint8_t *in = mem_zero(size + 1), *out = mem_zero(size + 1);
    memcpy(in, data.data, data.len);
    int rc =
        cipher_apply(name, true, key, or_zeros(iv, iv_len), (struct cipher_bytes){in, size}, out);
    struct nasl_value v = rc == 0 ? nasl_data(c, out, size) : nasl_undef();
    if (rc < 0)
        nasl_complain(c, "key, IV or length of the data does not fit %s", name);
    mem_free(in);
    mem_free(out);
    return v;
}

static struct nasl_value pair(struct nasl_call *c, const uint8_t *out, size_t len,
                              const uint8_t *second, size_t second_len)
{
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    if (list.type == NASL_ARRAY) {
        (void)nasl_array_put(&list, 0, nasl_data(c, out, len));
        (void)nasl_array_put(&list, 1, nasl_data(c, second, second_len));
    }
    return list;
}

static struct nasl_value seal(struct nasl_call *c, const char *name, bool encrypt, bool extra)
{
    struct cipher_bytes data, key, iv, aad = bytes_of(nasl_named(c, AAD));
    uint8_t tag[CIPHER_TAG_SIZE];
    if (!take(c, !encrypt, &data, &key, &iv))
        return nasl_undef();
    if (extra && !aad.len) {
        nasl_complain(c, "aad: is needed");
        return nasl_undef();
    }
    aad.len = extra ? aad.len : 0;
    uint8_t *out = mem_zero(data.len + 1);
    int rc = cipher_seal(name, encrypt, key, iv, aad, data, out, tag);
    struct nasl_value v = nasl_undef();
    if (rc < 0)
        nasl_complain(c, "key or IV does not fit %s", name);
    else
        v = extra ? pair(c, out, data.len, tag, sizeof tag) : nasl_data(c, out, data.len);
    mem_free(out);
    return v;
}

#define DO_SEAL(bits, mode, NAME)                                                                  \
    static struct nasl_value do_aes##bits##_##mode##_encrypt(struct nasl_call *c)                  \
    {                                                                                              \
        return seal(c, NAME, true, false);                                                         \
    }                                                                                              \
    static struct nasl_value do_aes##bits##_##mode##_encrypt_auth(struct nasl_call *c)             \
    {                                                                                              \
        return seal(c, NAME, true, true);                                                          \
    }                                                                                              \
    static struct nasl_value do_aes##bits##_##mode##_decrypt(struct nasl_call *c)                  \
    {                                                                                              \
        return seal(c, NAME, false, false);                                                        \
    }                                                                                              \
    static struct nasl_value do_aes##bits##_##mode##_decrypt_auth(struct nasl_call *c)             \
    {                                                                                              \
        return seal(c, NAME, false, true);                                                         \
    }

DO_SEAL(128, gcm, "AES-128-GCM")
DO_SEAL(256, gcm, "AES-256-GCM")
DO_SEAL(128, ccm, "AES-128-CCM")
DO_SEAL(256, ccm, "AES-256-CCM")

static struct nasl_value do_aes128_cbc_encrypt(struct nasl_call *c)
{
    return apply(c, "AES-128-CBC", 16, 16, 0);
}

static struct nasl_value do_aes256_cbc_encrypt(struct nasl_call *c)
{
    return apply(c, "AES-256-CBC", 32, 16, 0);
}

static struct nasl_value do_aes128_ctr_encrypt(struct nasl_call *c)
{
    return apply(c, "AES-128-CTR", 16, 16, 0);
}

static struct nasl_value do_aes256_ctr_encrypt(struct nasl_call *c)
{
    return apply(c, "AES-256-CTR", 32, 16, 0);
}

static struct nasl_value do_des_ede_cbc_encrypt(struct nasl_call *c)
{
    return apply(c, "DES-EDE3-CBC", 24, 8, 8);
}

static struct nasl_value do_des(struct nasl_call *c)
{
    struct cipher_bytes data = bytes_of(nasl_arg(c, 0)), key = bytes_of(nasl_arg(c, 1));
    if (key.len != 8 || !data.len || data.len % 8) {
        nasl_complain(c, "DES(data, key): blocks of 8 bytes, a key of 8 bytes");
        return nasl_undef();
    }
    uint8_t *out = mem_zero(data.len);
    for (size_t at = 0; at < data.len; at += 8)
        cipher_des_block(key.data, (const uint8_t *)data.data + at, out + at);
    struct nasl_value v = nasl_data(c, out, data.len);
    mem_free(out);
    return v;
}

/* Returns a list: the result, and the IV for what follows (the last block of the cipher text). */
static struct nasl_value blowfish(struct nasl_call *c, bool encrypt)
{
    struct cipher_bytes data = bytes_of(nasl_named(c, DATA)), key = bytes_of(nasl_named(c, KEY));
    struct cipher_bytes iv = bytes_of(nasl_named(c, IV));
    if (data.len < 8 || key.len < 16 || iv.len < 8) {
        nasl_complain(c, "data: and iv: of 8 bytes, key: of 16 bytes are needed");
        return nasl_data(c, "", 0);
    }
    key.len = 16;
    iv.len = 8;
    uint8_t *out = mem_zero(data.len + 1);
    int rc = cipher_apply("BF-CBC", encrypt, key, iv, data, out);
    const uint8_t *coded = encrypt ? out : data.data;
    struct nasl_value v =
        rc == 0 ? pair(c, out, data.len, coded + data.len - 8, 8) : nasl_data(c, "", 0);
    mem_free(out);
    return v;
}

static struct nasl_value do_bf_cbc_encrypt(struct nasl_call *c)
{
    return blowfish(c, true);
}

static struct nasl_value do_bf_cbc_decrypt(struct nasl_call *c)
{
    return blowfish(c, false);
}

static void close_rc4(void *state)
{
    mem_free(state);
}

static const struct nasl_handle_kind rc4_kind = {"cipher", 1, close_rc4};

static struct nasl_value do_open_rc4_cipher(struct nasl_call *c)
{
    struct cipher_bytes key = bytes_of(nasl_named(c, KEY));
    if (!key.len) {
        nasl_complain(c, "key: is needed");
        return nasl_undef();
    }
    struct cipher_rc4 *state = mem_zero(sizeof *state);
    cipher_rc4_init(state, key.data, key.len);
    return nasl_int(nasl_handle_add(c->vm, &rc4_kind, state));
}

static struct nasl_value do_close_stream_cipher(struct nasl_call *c)
{
    int64_t number = nasl_arg_int(nasl_named(c, 0), -1);
    return nasl_handle_close(c->vm, &rc4_kind, number) ? nasl_int(0) : nasl_undef();
}

/* With hd: the next bytes of that stream, else all of a new one. */
static struct nasl_value do_rc4_encrypt(struct nasl_call *c)
{
    struct cipher_bytes data = bytes_of(nasl_named(c, DATA)), key = bytes_of(nasl_named(c, KEY));
    struct cipher_rc4 own, *state = &own;
    int64_t number = nasl_arg_int(nasl_named(c, HD), -1);
    if (number >= 0)
        state = nasl_handle_get(c->vm, &rc4_kind, number);
    else
        cipher_rc4_init(&own, key.data, key.len);
    if (!state || !data.len || (number < 0 && !key.len)) {
        nasl_complain(c, "data: and key: or hd: are needed");
        return nasl_undef();
    }
    uint8_t *out = mem_zero(data.len);
    cipher_rc4_apply(state, data.data, data.len, out);
    struct nasl_value v = nasl_data(c, out, data.len);
    mem_free(out);
    return v;
}

enum { MAC_DATA, MAC_IV, MAC_KEY };

/* The peer's names: "cbc" is CMAC. */
static struct nasl_value do_aes_mac_cbc(struct nasl_call *c)
{
    uint8_t out[CIPHER_MAC_MAX];
    struct cipher_bytes key = bytes_of(nasl_named(c, MAC_KEY));
    struct cipher_bytes data = bytes_of(nasl_named(c, MAC_DATA));
    size_t size = 0;
    if (key.len && data.len)
        size = cipher_cmac(key.len == 32 ? "AES-256-CBC" : "AES-128-CBC", key, data, out);
    if (!size)
        nasl_complain(c, "key: of 16 bytes and data: are needed");
    return size ? nasl_data(c, out, size) : nasl_undef();
}

static struct nasl_value do_aes_mac_gcm(struct nasl_call *c)
{
    uint8_t out[CIPHER_MAC_MAX];
    struct cipher_bytes key = bytes_of(nasl_named(c, MAC_KEY));
    struct cipher_bytes data = bytes_of(nasl_named(c, MAC_DATA));
    struct cipher_bytes iv = bytes_of(nasl_named(c, MAC_IV));
    size_t size = 0;
    if (key.len && data.len && iv.len)
        size = cipher_gmac(key.len == 32 ? "AES-256-GCM" : "AES-128-GCM", key, iv, data, out);
    if (!size)
        nasl_complain(c, "key: of 16 bytes, iv: and data: are needed");
    return size ? nasl_data(c, out, size) : nasl_undef();
}

#define NAMES                                                                                      \
    {                                                                                              \
        "aad", "data", "iv", "key", "len", "hd"                                                    \
    }

static const struct nasl_builtin rows[] = {
    {"DES", do_des, {0}, 0},
    {"aes128_cbc_encrypt", do_aes128_cbc_encrypt, NAMES, 0},
    {"aes128_ccm_decrypt", do_aes128_ccm_decrypt, NAMES, 0},
    {"aes128_ccm_decrypt_auth", do_aes128_ccm_decrypt_auth, NAMES, 0},
    {"aes128_ccm_encrypt", do_aes128_ccm_encrypt, NAMES, 0},
    {"aes128_ccm_encrypt_auth", do_aes128_ccm_encrypt_auth, NAMES, 0},
    {"aes128_ctr_encrypt", do_aes128_ctr_encrypt, NAMES, 0},
    {"aes128_gcm_decrypt", do_aes128_gcm_decrypt, NAMES, 0},
    {"aes128_gcm_decrypt_auth", do_aes128_gcm_decrypt_auth, NAMES, 0},
    {"aes128_gcm_encrypt", do_aes128_gcm_encrypt, NAMES, 0},
    {"aes128_gcm_encrypt_auth", do_aes128_gcm_encrypt_auth, NAMES, 0},
    {"aes256_cbc_encrypt", do_aes256_cbc_encrypt, NAMES, 0},
    {"aes256_ccm_decrypt", do_aes256_ccm_decrypt, NAMES, 0},
    {"aes256_ccm_decrypt_auth", do_aes256_ccm_decrypt_auth, NAMES, 0},
    {"aes256_ccm_encrypt", do_aes256_ccm_encrypt, NAMES, 0},
    {"aes256_ccm_encrypt_auth", do_aes256_ccm_encrypt_auth, NAMES, 0},
    {"aes256_ctr_encrypt", do_aes256_ctr_encrypt, NAMES, 0},
    {"aes256_gcm_decrypt", do_aes256_gcm_decrypt, NAMES, 0},
    {"aes256_gcm_decrypt_auth", do_aes256_gcm_decrypt_auth, NAMES, 0},
    {"aes256_gcm_encrypt", do_aes256_gcm_encrypt, NAMES, 0},
    {"aes256_gcm_encrypt_auth", do_aes256_gcm_encrypt_auth, NAMES, 0},
    {"aes_mac_cbc", do_aes_mac_cbc, {"data", "iv", "key"}, 0},
    {"aes_mac_gcm", do_aes_mac_gcm, {"data", "iv", "key"}, 0},
    {"bf_cbc_decrypt", do_bf_cbc_decrypt, NAMES, 0},
    {"bf_cbc_encrypt", do_bf_cbc_encrypt, NAMES, 0},
    {"close_stream_cipher", do_close_stream_cipher, {"hd"}, 0},
    {"des_ede_cbc_encrypt", do_des_ede_cbc_encrypt, NAMES, 0},
    {"open_rc4_cipher", do_open_rc4_cipher, NAMES, 0},
    {"rc4_encrypt", do_rc4_encrypt, NAMES, 0},
};

const struct nasl_family nasl_family_cipher = {"cipher", rows, ARRAY_COUNT(rows)};
