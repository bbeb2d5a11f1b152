/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/script/bignum.h"

#include <lauxlib.h>
#include <openssl/crypto.h>
#include <stdbool.h>

enum { BITS_MAX = 1 << 20 };

void bignum_push(lua_State *lua, BIGNUM *number)
{
    if (!number)
        luaL_error(lua, "not a number");
    BIGNUM **place = lua_newuserdata(lua, sizeof(BIGNUM *));
    *place = number;
    luaL_setmetatable(lua, BIGNUM_TYPE);
}

static BIGNUM *check(lua_State *lua, int at)
{
    return *(BIGNUM **)luaL_checkudata(lua, at, BIGNUM_TYPE);
}

static int free_number(lua_State *lua)
{
    BN_free(check(lua, 1));
    return 0;
}

static int from_bytes(lua_State *lua)
{
    size_t len;
    const char *bytes = luaL_checklstring(lua, 1, &len);
    luaL_argcheck(lua, len <= BITS_MAX / 8, 1, "too long");
    bignum_push(lua, BN_bin2bn((const unsigned char *)bytes, (int)len, NULL));
    return 1;
}

static int from_decimal(lua_State *lua)
{
    BIGNUM *number = NULL;
    bignum_push(lua, BN_dec2bn(&number, luaL_checkstring(lua, 1)) ? number : NULL);
    return 1;
}

static int from_hex(lua_State *lua)
{
    BIGNUM *number = NULL;
    bignum_push(lua, BN_hex2bn(&number, luaL_checkstring(lua, 1)) ? number : NULL);
    return 1;
}

static int to_bytes(lua_State *lua)
{
    const BIGNUM *number = check(lua, 1);
    luaL_Buffer buffer;
    size_t len = (size_t)BN_num_bytes(number);
    BN_bn2bin(number, (unsigned char *)luaL_buffinitsize(lua, &buffer, len));
    luaL_pushresultsize(&buffer, len);
    return 1;
}

static int push_and_free(lua_State *lua, char *text)
{
    lua_pushstring(lua, text);
    OPENSSL_free(text);
    return 1;
}

static int to_decimal(lua_State *lua)
{
    return push_and_free(lua, BN_bn2dec(check(lua, 1)));
}

static int to_hex(lua_State *lua)
{
    return push_and_free(lua, BN_bn2hex(check(lua, 1)));
}

static int num_bits(lua_State *lua)
{
    lua_pushinteger(lua, BN_num_bits(check(lua, 1)));
    return 1;
}

static int num_bytes(lua_State *lua)
{
    lua_pushinteger(lua, BN_num_bytes(check(lua, 1)));
    return 1;
}

static int bit_number(lua_State *lua)
{
    lua_Integer bit = luaL_checkinteger(lua, 2);
    luaL_argcheck(lua, bit >= 0 && bit < BITS_MAX, 2, "no such bit");
    return (int)bit;
}

static int set_bit(lua_State *lua)
{
    lua_pushboolean(lua, BN_set_bit(check(lua, 1), bit_number(lua)));
    return 1;
}

static int clear_bit(lua_State *lua)
{
    lua_pushboolean(lua, BN_clear_bit(check(lua, 1), bit_number(lua)));
    return 1;
}

static int is_bit_set(lua_State *lua)
{
    lua_pushboolean(lua, BN_is_bit_set(check(lua, 1), bit_number(lua)));
    return 1;
}

static bool is_prime_number(const BIGNUM *number)
{
    BN_CTX *ctx = BN_CTX_new();
    bool prime = BN_check_prime(number, ctx, NULL) == 1;
    BN_CTX_free(ctx);
    return prime;
}

static int is_prime(lua_State *lua)
{
    lua_pushboolean(lua, is_prime_number(check(lua, 1)));
    return 1;
}

/* Both p and (p - 1) / 2 are prime. */
static int is_safe_prime(lua_State *lua)
{
    const BIGNUM *number = check(lua, 1);
    BIGNUM *half = BN_new();
    bool safe =
        half && is_prime_number(number) && BN_rshift1(half, number) && is_prime_number(half);
    BN_free(half);
    lua_pushboolean(lua, safe);
    return 1;
}

static int add(lua_State *lua)
{
    const BIGNUM *a = check(lua, 1), *b = check(lua, 2);
    BIGNUM *sum = BN_new();
    bignum_push(lua, BN_add(sum, a, b) ? sum : NULL);
    return 1;
}

/* bignum_div(a, b) -> quotient, remainder */
static int divide(lua_State *lua)
{
    const BIGNUM *a = check(lua, 1), *b = check(lua, 2);
    luaL_argcheck(lua, !BN_is_zero(b), 2, "division by zero");
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *quotient = BN_new(), *rest = BN_new();
    int ok = BN_div(quotient, rest, a, b, ctx);
    BN_CTX_free(ctx);
    bignum_push(lua, ok ? quotient : NULL);
    bignum_push(lua, rest);
    return 2;
}

/* bignum_mod_exp(base, exponent, modulus) */
static int mod_exp(lua_State *lua)
{
    const BIGNUM *base = check(lua, 1), *exponent = check(lua, 2), *modulus = check(lua, 3);
    luaL_argcheck(lua, !BN_is_zero(modulus), 3, "a modulus of zero");
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *power = BN_new();
    int ok = BN_mod_exp(power, base, exponent, modulus, ctx);
    BN_CTX_free(ctx);
    bignum_push(lua, ok ? power : NULL);
    return 1;
}

static int random_number(lua_State *lua)
{
    lua_Integer bits = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, bits > 0 && bits <= BITS_MAX, 1, "no such length");
    BIGNUM *number = BN_new();
    bignum_push(lua,
                BN_rand(number, (int)bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) ? number : NULL);
    return 1;
}

void bignum_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"bignum_bin2bn", from_bytes},
                                         {"bignum_dec2bn", from_decimal},
                                         {"bignum_hex2bn", from_hex},
                                         {"bignum_bn2bin", to_bytes},
                                         {"bignum_bn2dec", to_decimal},
                                         {"bignum_bn2hex", to_hex},
                                         {"bignum_num_bits", num_bits},
                                         {"bignum_num_bytes", num_bytes},
                                         {"bignum_set_bit", set_bit},
                                         {"bignum_clear_bit", clear_bit},
                                         {"bignum_is_bit_set", is_bit_set},
                                         {"bignum_is_prime", is_prime},
                                         {"bignum_is_safe_prime", is_safe_prime},
                                         {"bignum_add", add},
                                         {"bignum_div", divide},
                                         {"bignum_mod_exp", mod_exp},
                                         {"bignum_rand", random_number},
                                         {"bignum_pseudo_rand", random_number},
                                         {NULL, NULL}};
    static const luaL_Reg methods[] = {{"tobin", to_bytes},
                                       {"todec", to_decimal},
                                       {"tohex", to_hex},
                                       {"num_bits", num_bits},
                                       {"num_bytes", num_bytes},
                                       {"set_bit", set_bit},
                                       {"clear_bit", clear_bit},
                                       {"is_bit_set", is_bit_set},
                                       {"is_prime", is_prime},
                                       {"add", add},
                                       {"is_safe_prime", is_safe_prime},
                                       {"mod_exp", mod_exp},
                                       {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
    luaL_newmetatable(lua, BIGNUM_TYPE);
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, free_number);
    lua_setfield(lua, -2, "__gc");
    lua_pushcfunction(lua, to_decimal);
    lua_setfield(lua, -2, "__tostring");
    lua_pop(lua, 1);
}
