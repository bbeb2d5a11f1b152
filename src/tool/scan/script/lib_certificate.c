/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates as tables (nmap's nsedoc, nmap.get_ssl_certificate). */
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "tool/scan/script/bignum.h"
#include "tool/scan/script/engine_private.h"

enum { NAME_MAX_BYTES = 128 };

static void push_bio(lua_State *lua, BIO *bio)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);
    lua_pushlstring(lua, text ? text : "", len > 0 ? (size_t)len : 0);
    BIO_free(bio);
}

/* The key of a name's part: its long name, or where it has none a list of numbers. */
static void push_key(lua_State *lua, const ASN1_OBJECT *object)
{
    int nid = OBJ_obj2nid(object);
    char text[NAME_MAX_BYTES];
    if (nid != NID_undef) {
        lua_pushstring(lua, OBJ_nid2ln(nid));
        return;
    }
    OBJ_obj2txt(text, sizeof text, object, 1);
    lua_newtable(lua);
    lua_Integer count = 0;
    for (const char *at = text; *at;) {
        char *end;
        lua_pushinteger(lua, (lua_Integer)strtoll(at, &end, 10));
        lua_rawseti(lua, -2, ++count);
        at = *end == '.' ? end + 1 : end + (end == at);
    }
}

static void set_name(lua_State *lua, const char *field, const X509_NAME *name)
{
    lua_newtable(lua);
    for (int i = 0; i < X509_NAME_entry_count(name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        unsigned char *utf8 = NULL;
        int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
        if (len < 0)
            continue;
        push_key(lua, X509_NAME_ENTRY_get_object(entry));
        lua_pushlstring(lua, (const char *)utf8, (size_t)len);
        OPENSSL_free(utf8);
        lua_rawset(lua, -3);
    }
    lua_setfield(lua, -2, field);
}

static void set_time(lua_State *lua, const char *field, const ASN1_TIME *when)
{
    struct tm tm;
    if (!ASN1_TIME_to_tm(when, &tm)) {
        script_set_text(lua, field, "unreadable");
        return;
    }
    lua_createtable(lua, 0, 6);
    script_set_integer(lua, "year", tm.tm_year + 1900);
    script_set_integer(lua, "month", tm.tm_mon + 1);
    script_set_integer(lua, "day", tm.tm_mday);
    script_set_integer(lua, "hour", tm.tm_hour);
    script_set_integer(lua, "min", tm.tm_min);
    script_set_integer(lua, "sec", tm.tm_sec);
    lua_setfield(lua, -2, field);
}

static void set_number(lua_State *lua, const EVP_PKEY *key, const char *parameter,
                       const char *field)
{
    BIGNUM *number = NULL;
    if (!EVP_PKEY_get_bn_param(key, parameter, &number))
        return;
    bignum_push(lua, number);
    lua_setfield(lua, -2, field);
}

/* RFC 4492 5.4's words for the curve. */
static void set_curve(lua_State *lua, const EVP_PKEY *key)
{
    char group[NAME_MAX_BYTES];
    size_t len = 0;
    lua_newtable(lua);
    lua_newtable(lua);
    if (EVP_PKEY_get_group_name(key, group, sizeof group, &len)) {
        int nid = OBJ_sn2nid(group);
        bool is_p256 = nid == NID_X9_62_prime256v1;
        script_set_text(lua, "ec_curve_type", "namedcurve");
        script_set_text(lua, "curve", is_p256 ? "secp256r1" : group);
    } else {
        script_set_text(lua, "ec_curve_type", "explicit_prime");
    }
    lua_setfield(lua, -2, "curve_params");
    lua_setfield(lua, -2, "ecdhparams");
}

static void set_public_key(lua_State *lua, const X509 *cert)
{
    const EVP_PKEY *key = X509_get0_pubkey(cert);
    static const struct {
        int id;
        const char *name;
    } kinds[] = {
        {EVP_PKEY_RSA, "rsa"}, {EVP_PKEY_DSA, "dsa"}, {EVP_PKEY_DH, "dh"}, {EVP_PKEY_EC, "ec"}};
    const char *name = "unknown";
    lua_newtable(lua);
    for (size_t i = 0; key && i < ARRAY_COUNT(kinds); i++)
        name = EVP_PKEY_get_base_id(key) == kinds[i].id ? kinds[i].name : name;
    script_set_text(lua, "type", name);
    if (key) {
        script_set_integer(lua, "bits", EVP_PKEY_get_bits(key));
        set_number(lua, key, OSSL_PKEY_PARAM_RSA_N, "modulus");
        set_number(lua, key, OSSL_PKEY_PARAM_RSA_E, "exponent");
        if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
            set_curve(lua, key);
    }
    lua_setfield(lua, -2, "pubkey");
}

static void set_extensions(lua_State *lua, const X509 *cert)
{
    lua_newtable(lua);
    for (int i = 0; i < X509_get_ext_count(cert); i++) {
        X509_EXTENSION *extension = X509_get_ext(cert, i);
        char name[NAME_MAX_BYTES];
        BIO *value = BIO_new(BIO_s_mem());
        OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(extension), 0);
        lua_newtable(lua);
        script_set_text(lua, "name", name);
        if (!X509V3_EXT_print(value, extension, 0, 0))
            ASN1_STRING_print(value, X509_EXTENSION_get_data(extension));
        push_bio(lua, value);
        lua_setfield(lua, -2, "value");
        if (X509_EXTENSION_get_critical(extension)) {
            lua_pushboolean(lua, true);
            lua_setfield(lua, -2, "critical");
        }
        lua_rawseti(lua, -2, i + 1);
    }
    lua_setfield(lua, -2, "extensions");
}

/* parse_certificate(DER) -> table, or nothing */
static int parse_certificate(lua_State *lua)
{
    size_t len;
    const unsigned char *der = (const unsigned char *)luaL_checklstring(lua, 1, &len);
    X509 *cert = d2i_X509(NULL, &der, (long)len);
    if (!cert)
        return 0;
    lua_newtable(lua);
    set_name(lua, "subject", X509_get_subject_name(cert));
    set_name(lua, "issuer", X509_get_issuer_name(cert));
    lua_newtable(lua);
    set_time(lua, "notBefore", X509_get0_notBefore(cert));
    set_time(lua, "notAfter", X509_get0_notAfter(cert));
    lua_setfield(lua, -2, "validity");
    set_public_key(lua, cert);
    set_extensions(lua, cert);
    script_set_text(lua, "sig_algorithm", OBJ_nid2ln(X509_get_signature_nid(cert)));
    BIO *pem = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(pem, cert);
    push_bio(lua, pem);
    lua_setfield(lua, -2, "pem");
    X509_free(cert);
    return 1;
}

void script_certificate_open(lua_State *lua)
{
    lua_pushcfunction(lua, parse_certificate);
    lua_setfield(lua, -2, "parse_certificate");
}
