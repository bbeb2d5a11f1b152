/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public keys: large numbers as bytes, Diffie-Hellman, RSA, DSA. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/cipher_key.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { BITS_MAX = 65536, DSA_HALF = 20 };

static struct cipher_bytes bytes_of(const struct nasl_value *v)
{
    static const char nothing[1];
    return nasl_is_text(v) ? (struct cipher_bytes){v->string->text, v->string->len}
                           : (struct cipher_bytes){nothing, 0};
}

static struct cipher_bytes named(struct nasl_call *c, unsigned n)
{
    return bytes_of(nasl_named(c, n));
}

/* What could not be computed is the empty text. */
static struct nasl_value result(struct nasl_call *c, int rc, struct str *out)
{
    if (rc < 0) {
        nasl_complain(c, "the numbers given make no key");
        str_reset(out);
    }
    return nasl_data_str(c, out);
}

static struct nasl_value power(struct nasl_call *c, struct cipher_bytes base,
                               struct cipher_bytes exponent, struct cipher_bytes modulus)
{
    struct str out = str_of(0);
    int rc = cipher_key_power(base, exponent, modulus, &out);
    return result(c, rc, &out);
}

static struct nasl_value do_bn_cmp(struct nasl_call *c)
{
    if (nasl_named(c, 0)->type == NASL_UNDEF || nasl_named(c, 1)->type == NASL_UNDEF)
        return nasl_int(1);
    return nasl_int(cipher_key_compare(named(c, 0), named(c, 1)));
}

static struct nasl_value do_bn_random(struct nasl_call *c)
{
    int64_t bits = nasl_arg_int(nasl_named(c, 0), 0);
    uint8_t byte[BITS_MAX / 8 + 1];
    if (bits <= 0 || bits > BITS_MAX)
        return nasl_data(c, "", 0);
    size_t len = (size_t)(bits + 7) / 8;
    rng_secret(byte, len);
    byte[0] &= (uint8_t)(0xff >> (7 - (bits - 1) % 8));
    return nasl_data(c, byte, len);
}

enum { DH_P, DH_G, DH_SERVER, DH_PUB, DH_PRIV };

static struct nasl_value do_dh_generate_key(struct nasl_call *c)
{
    return power(c, named(c, DH_G), named(c, DH_PRIV), named(c, DH_P));
}

static struct nasl_value do_dh_compute_key(struct nasl_call *c)
{
    return power(c, named(c, DH_SERVER), named(c, DH_PRIV), named(c, DH_P));
}

enum { RSA_DATA, RSA_N, RSA_E, RSA_D, RSA_PAD, RSA_SIG = RSA_DATA };

static bool wants_padding(struct nasl_call *c)
{
    const struct nasl_value *pad = nasl_named(c, RSA_PAD);
    if (nasl_is_text(pad))
        return strcmp(pad->string->text, "TRUE") == 0;
    return pad->type == NASL_INT && pad->number == 1;
}

static size_t significant(struct cipher_bytes number)
{
    const uint8_t *p = number.data;
    while (number.len && *p == 0) {
        p++;
        number.len--;
    }
    return number.len;
}

/* PKCS #1 v1.5, block type 2, without the leading zero: RFC 8017 7.2.1. */
static bool pad_block(struct str *out, struct cipher_bytes data, size_t size)
{
    if (size < 11 || data.len > size - 11)
        return false;
    str_add_char(out, 2);
    for (size_t i = 0; i < size - data.len - 3; i++) {
        uint8_t byte = 0;
        while (!byte)
            rng_secret(&byte, 1);
        str_add_char(out, (char)byte);
    }
    str_add_char(out, 0);
    str_add_len(out, data.data, data.len);
    return true;
}

static struct nasl_value do_rsa_public_encrypt(struct nasl_call *c)
{
    struct cipher_bytes data = named(c, RSA_DATA), n = named(c, RSA_N);
    struct str block = str_of(0);
    if (nasl_named(c, RSA_PAD)->type != NASL_INT && !nasl_is_text(nasl_named(c, RSA_PAD))) {
        nasl_complain(c, "rsa_public_encrypt(data:, n:, e:, pad:)");
        return nasl_undef();
    }
    if (wants_padding(c)) {
        if (!pad_block(&block, data, significant(n)))
            nasl_complain(c, "the data is too long for the key");
        data = (struct cipher_bytes){str_text(&block), block.len};
    }
    struct nasl_value v = power(c, data, named(c, RSA_E), n);
    str_done(&block);
    return v;
}

/* What follows the first zero behind a padding of type 1 or 2; the leading zero is gone already. */
static struct nasl_value unpad(struct nasl_call *c, struct nasl_value v)
{
    if (!nasl_is_text(&v) || v.string->len < 1 ||
        (v.string->text[0] != 1 && v.string->text[0] != 2))
        return v;
    const char *zero = memchr(v.string->text, 0, v.string->len);
    size_t skip = zero ? (size_t)(zero - v.string->text) + 1 : v.string->len;
    struct nasl_value rest = nasl_data(c, v.string->text + skip, v.string->len - skip);
    nasl_value_drop(&v);
    return rest;
}

static struct nasl_value do_rsa_private_decrypt(struct nasl_call *c)
{
    struct nasl_value v = power(c, named(c, RSA_DATA), named(c, RSA_D), named(c, RSA_N));
    return wants_padding(c) ? unpad(c, v) : v;
}

static struct nasl_value do_rsa_public_decrypt(struct nasl_call *c)
{
    return unpad(c, power(c, named(c, RSA_SIG), named(c, RSA_E), named(c, RSA_N)));
}

enum { PEM_PRIV, PEM_PHRASE, PEM_DATA };

static struct nasl_value private_number(struct nasl_call *c, bool dsa)
{
    struct str out = str_of(0), room = str_of(0);
    int rc = cipher_key_private(named(c, PEM_PRIV),
                                nasl_arg_text(nasl_named(c, PEM_PHRASE), &room, NULL), dsa, &out);
    str_done(&room);
    return result(c, rc, &out);
}

static struct nasl_value do_pem_to_rsa(struct nasl_call *c)
{
    return private_number(c, false);
}

static struct nasl_value do_pem_to_dsa(struct nasl_call *c)
{
    return private_number(c, true);
}

static struct nasl_value do_rsa_sign(struct nasl_call *c)
{
    struct str out = str_of(0), room = str_of(0);
    int rc = cipher_key_sign_sha1(named(c, PEM_PRIV),
                                  nasl_arg_text(nasl_named(c, PEM_PHRASE), &room, NULL),
                                  named(c, PEM_DATA), &out);
    str_done(&room);
    return result(c, rc, &out);
}

enum { DSA_P, DSA_G, DSA_Q, DSA_PUB, DSA_PRIV, DSA_DATA, DSA_R = DSA_PRIV, DSA_S = DSA_DATA + 1 };

static struct cipher_dsa dsa_key(struct nasl_call *c, bool with_private)
{
    return (struct cipher_dsa){
        .p = named(c, DSA_P),
        .q = named(c, DSA_Q),
        .g = named(c, DSA_G),
        .pub = named(c, DSA_PUB),
        .priv = with_private ? named(c, DSA_PRIV) : (struct cipher_bytes){"", 0},
    };
}

/* Two numbers of 20 bytes each, as in SSH's ssh-dss (RFC 4253 6.6). */
static struct nasl_value do_dsa_do_sign(struct nasl_call *c)
{
    struct cipher_dsa key = dsa_key(c, true);
    struct str r = str_of(0), s = str_of(0);
    uint8_t blob[2 * DSA_HALF] = {0};
    int rc = cipher_dsa_sign(&key, named(c, DSA_DATA), &r, &s);
    bool ok = rc == 0 && r.len <= DSA_HALF && s.len <= DSA_HALF;
    if (ok) {
        memcpy(blob + DSA_HALF - r.len, str_text(&r), r.len);
        memcpy(blob + 2 * DSA_HALF - s.len, str_text(&s), s.len);
    } else {
        nasl_complain(c, "the numbers given make no key of 160 bits");
    }
    str_done(&r);
    str_done(&s);
    return ok ? nasl_data(c, blob, sizeof blob) : nasl_data(c, "", 0);
}

static struct nasl_value do_dsa_do_verify(struct nasl_call *c)
{
    struct cipher_dsa key = dsa_key(c, false);
    return nasl_int(cipher_dsa_verify(&key, named(c, DSA_DATA), named(c, DSA_R), named(c, DSA_S)));
}

#define RSA_NAMES                                                                                  \
    {                                                                                              \
        "data", "n", "e", "d", "pad"                                                               \
    }

static const struct nasl_builtin rows[] = {
    {"bn_cmp", do_bn_cmp, {"key1", "key2"}, 0},
    {"bn_random", do_bn_random, {"need"}, 0},
    {"dh_compute_key", do_dh_compute_key, {"p", "g", "dh_server_pub", "pub_key", "priv_key"}, 0},
    {"dh_generate_key", do_dh_generate_key, {"p", "g", "-", "-", "priv"}, 0},
    {"dsa_do_sign", do_dsa_do_sign, {"p", "g", "q", "pub", "priv", "data"}, 0},
    {"dsa_do_verify", do_dsa_do_verify, {"p", "g", "q", "pub", "r", "data", "s"}, 0},
    {"pem_to_dsa", do_pem_to_dsa, {"priv", "passphrase"}, 0},
    {"pem_to_rsa", do_pem_to_rsa, {"priv", "passphrase"}, 0},
    {"rsa_private_decrypt", do_rsa_private_decrypt, RSA_NAMES, 0},
    {"rsa_public_decrypt", do_rsa_public_decrypt, {"sig", "n", "e"}, 0},
    {"rsa_public_encrypt", do_rsa_public_encrypt, RSA_NAMES, 0},
    {"rsa_sign", do_rsa_sign, {"priv", "passphrase", "data"}, 0},
};

const struct nasl_family nasl_family_key = {"key", rows, ARRAY_COUNT(rows)};
