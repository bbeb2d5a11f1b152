/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The module openssl of scripts: digests, ciphers and long numbers.  Old ones (MD4, DES) too: that
 * is what the servers speak that scripts look for. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
#include <string.h>

#include "core/base/rng.h"
#include "tool/scan/script/bignum.h"
#include "tool/scan/script/engine_private.h"

#define LIBRARY_TYPE "picket.crypto"

enum { RANDOM_MAX = 1 << 20, DATA_MAX = 1 << 26, DES_KEY = 8, DES_TEXT = 7 };

/* A library context of its own: old algorithms are for scripts alone. */
struct crypto {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *common, *legacy;
};

static struct crypto *crypto_of(lua_State *lua)
{
    lua_getfield(lua, LUA_REGISTRYINDEX, LIBRARY_TYPE);
    struct crypto *c = lua_touserdata(lua, -1);
    lua_pop(lua, 1);
    return c;
}

static int unload(lua_State *lua)
{
    struct crypto *c = lua_touserdata(lua, 1);
    OSSL_PROVIDER_unload(c->legacy);
    OSSL_PROVIDER_unload(c->common);
    OSSL_LIB_CTX_free(c->library);
    return 0;
}

/* The digest `name` of the text at `at`. */
static int push_digest(lua_State *lua, const char *name, int at)
{
    size_t len;
    const char *text = luaL_checklstring(lua, at, &len);
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_MD *kind = EVP_MD_fetch(crypto_of(lua)->library, name, NULL);
    int ok = kind && EVP_Digest(text, len, value, &size, kind, NULL);
    EVP_MD_free(kind);
    if (!ok)
        return luaL_error(lua, "no digest %s", name);
    lua_pushlstring(lua, (const char *)value, size);
    return 1;
}

static int digest(lua_State *lua)
{
    return push_digest(lua, luaL_checkstring(lua, 1), 2);
}

static int md4(lua_State *lua)
{
    return push_digest(lua, "MD4", 1);
}

static int md5(lua_State *lua)
{
    return push_digest(lua, "MD5", 1);
}

static int sha1(lua_State *lua)
{
    return push_digest(lua, "SHA1", 1);
}

static int ripemd160(lua_State *lua)
{
    return push_digest(lua, "RIPEMD160", 1);
}

/* hmac(DIGEST, KEY, TEXT) */
static int hmac(lua_State *lua)
{
    size_t key_len, len;
    const char *name = luaL_checkstring(lua, 1), *key = luaL_checklstring(lua, 2, &key_len);
    const char *text = luaL_checklstring(lua, 3, &len);
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    luaL_argcheck(lua, key_len <= DATA_MAX, 2, "too long");
    EVP_MD *kind = EVP_MD_fetch(crypto_of(lua)->library, name, NULL);
    bool ok = kind && HMAC(kind, key, (int)key_len, (const unsigned char *)text, len, value, &size);
    EVP_MD_free(kind);
    if (!ok)
        return luaL_error(lua, "no digest %s", name);
    lua_pushlstring(lua, (const char *)value, size);
    return 1;
}

struct job {
    const char *key, *iv, *data;
    size_t key_len, iv_len, len;
    bool encrypt, padding;
};

/* Bytes written to `to`, or -1. */
static int run_cipher(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *kind, const struct job *j,
                      unsigned char *to)
{
    int first = 0, last = 0;
    if (!EVP_CipherInit_ex(ctx, kind, NULL, NULL, NULL, j->encrypt) ||
        !EVP_CIPHER_CTX_set_key_length(ctx, (int)j->key_len) ||
        (j->iv_len && (int)j->iv_len < EVP_CIPHER_CTX_get_iv_length(ctx)) ||
        !EVP_CipherInit_ex(ctx, NULL, NULL, (const unsigned char *)j->key,
                           j->iv_len ? (const unsigned char *)j->iv : NULL, j->encrypt))
        return -1;
    EVP_CIPHER_CTX_set_padding(ctx, j->padding);
    if (!EVP_CipherUpdate(ctx, to, &first, (const unsigned char *)j->data, (int)j->len) ||
        !EVP_CipherFinal_ex(ctx, to + first, &last))
        return -1;
    return first + last;
}

/* encrypt(CIPHER, KEY, IV, DATA [, PADDING]) */
static int crypt_data(lua_State *lua, bool encrypt)
{
    struct job j = {.encrypt = encrypt, .padding = lua_toboolean(lua, 5)};
    const char *name = luaL_checkstring(lua, 1);
    j.key = luaL_checklstring(lua, 2, &j.key_len);
    j.iv = luaL_optlstring(lua, 3, "", &j.iv_len);
    j.data = luaL_checklstring(lua, 4, &j.len);
    luaL_argcheck(lua, j.len <= DATA_MAX, 4, "too long");
    luaL_argcheck(lua, j.key_len <= EVP_MAX_KEY_LENGTH, 2, "too long");
    luaL_Buffer buffer;
    unsigned char *to =
        (unsigned char *)luaL_buffinitsize(lua, &buffer, j.len + EVP_MAX_BLOCK_LENGTH);
    EVP_CIPHER *kind = EVP_CIPHER_fetch(crypto_of(lua)->library, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int size = kind && ctx ? run_cipher(ctx, kind, &j, to) : -1;
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(kind);
    if (size < 0)
        return luaL_error(lua, "%s failed", name);
    luaL_pushresultsize(&buffer, (size_t)size);
    return 1;
}

static int encrypt(lua_State *lua)
{
    return crypt_data(lua, true);
}

static int decrypt(lua_State *lua)
{
    return crypt_data(lua, false);
}

/* DES_string_to_key(SEVEN BYTES): 56 bits spread over eight bytes of odd parity. */
static int des_key(lua_State *lua)
{
    size_t len;
    const uint8_t *text = (const uint8_t *)luaL_checklstring(lua, 1, &len);
    uint8_t key[DES_KEY];
    luaL_argcheck(lua, len == DES_TEXT, 1, "seven bytes are wanted");
    for (unsigned i = 0; i < DES_KEY; i++) {
        unsigned high = i ? (unsigned)text[i - 1] << (8 - i) : 0;
        unsigned low = i < DES_TEXT ? (unsigned)text[i] >> i : 0;
        unsigned byte = (high | low) & 0xfe;
        key[i] = (uint8_t)(byte | !(__builtin_popcount(byte) & 1));
    }
    lua_pushlstring(lua, (const char *)key, sizeof key);
    return 1;
}

static int random_bytes(lua_State *lua)
{
    lua_Integer count = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, count >= 0 && count <= RANDOM_MAX, 1, "0 to 1048576 bytes");
    luaL_Buffer buffer;
    rng_secret(luaL_buffinitsize(lua, &buffer, (size_t)count), (size_t)count);
    luaL_pushresultsize(&buffer, (size_t)count);
    return 1;
}

static void add_name(EVP_MD *kind, void *ctx)
{
    lua_State *lua = ctx;
    lua_pushstring(lua, EVP_MD_get0_name(kind));
    lua_rawseti(lua, -2, (lua_Integer)lua_rawlen(lua, -2) + 1);
}

static int digests(lua_State *lua)
{
    lua_newtable(lua);
    EVP_MD_do_all_provided(crypto_of(lua)->library, add_name, lua);
    return 1;
}

static void add_cipher(EVP_CIPHER *kind, void *ctx)
{
    lua_State *lua = ctx;
    lua_pushstring(lua, EVP_CIPHER_get0_name(kind));
    lua_rawseti(lua, -2, (lua_Integer)lua_rawlen(lua, -2) + 1);
}

static int ciphers(lua_State *lua)
{
    lua_newtable(lua);
    EVP_CIPHER_do_all_provided(crypto_of(lua)->library, add_cipher, lua);
    return 1;
}

static void load_library(lua_State *lua)
{
    struct crypto *c = lua_newuserdata(lua, sizeof *c);
    c->library = OSSL_LIB_CTX_new();
    c->common = OSSL_PROVIDER_load(c->library, "default");
    c->legacy = OSSL_PROVIDER_load(c->library, "legacy"); /* NULL: then MD4 and DES are missing */
    luaL_newmetatable(lua, LIBRARY_TYPE ".meta");
    lua_pushcfunction(lua, unload);
    lua_setfield(lua, -2, "__gc");
    lua_setmetatable(lua, -2);
    lua_setfield(lua, LUA_REGISTRYINDEX, LIBRARY_TYPE);
}

void script_crypto_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"digest", digest},
                                         {"hmac", hmac},
                                         {"md4", md4},
                                         {"md5", md5},
                                         {"sha1", sha1},
                                         {"ripemd160", ripemd160},
                                         {"encrypt", encrypt},
                                         {"decrypt", decrypt},
                                         {"DES_string_to_key", des_key},
                                         {"rand_bytes", random_bytes},
                                         {"rand_pseudo_bytes", random_bytes},
                                         {"supported_digests", digests},
                                         {"supported_ciphers", ciphers},
                                         {NULL, NULL}};
    load_library(lua);
    lua_pushcfunction(lua, digest);
    lua_setfield(lua, -2, "digest");
    lua_newtable(lua);
    luaL_setfuncs(lua, functions, 0);
    bignum_open(lua);
    lua_setfield(lua, -2, "openssl");
}
