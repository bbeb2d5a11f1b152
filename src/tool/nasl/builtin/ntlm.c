/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NTLM (MS-NLMP) and the signatures of SMB packets, for scripts that speak SMB by hand. */
#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/cipher.h"
#include "core/base/mem.h"
#include "core/text/utf8.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum {
    HASH = 16,
    CHALLENGE = 8,
    RESPONSE = 24,
    CLIENT_DATA_HEAD = 28, /* MS-NLMP 2.2.2.7 up to the list of addresses */
    NEGOTIATE_LM_KEY = 0x80,
    ADDRESS_LIST_MAX = 65535,
    CLIENT_CHALLENGE_MAX = 4096,
    SMB_SIGNATURE_AT = 18, /* behind the NetBIOS head of 4 bytes */
    SMB2_SIGNATURE_AT = 48,
    SMB2_HEAD = 64,
};

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

static struct nasl_value wrong(struct nasl_call *c, const char *usage)
{
    nasl_complain(c, "%s", usage);
    return nasl_undef();
}

static void add_utf16(struct str *out, uint32_t code)
{
    str_add_char(out, (char)code);
    str_add_char(out, (char)(code >> 8));
}

/* Each byte widened to 16 bits, up to a NUL. */
static void widen(struct str *out, struct cipher_bytes text, bool upper)
{
    const uint8_t *p = text.data;
    for (size_t i = 0; i < text.len && p[i]; i++)
        add_utf16(out, upper ? (uint32_t)toupper(p[i]) : p[i]);
}

static struct nasl_value do_insert_hexzeros(struct nasl_call *c)
{
    struct str out = str_of(0);
    if (nasl_named(c, 0)->type == NASL_UNDEF)
        return wrong(c, "insert_hexzeros(in:)");
    widen(&out, named(c, 0), false);
    return nasl_data_str(c, &out);
}

/* MD4 of the password in UTF-16. */
static struct nasl_value do_nt_owf_gen(struct nasl_call *c)
{
    struct str room = str_of(0), wide = str_of(0);
    uint8_t hash[HASH];
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    if (!text)
        return wrong(c, "nt_owf_gen(password)");
    size_t left = strlen(text);
    while (left) {
        uint32_t code;
        size_t len = utf8_decode(text, left, &code);
        if (!len) /* no UTF-8: the peer stops here, too */
            break;
        if (code > 0xffff) {
            add_utf16(&wide, 0xd800 + ((code - 0x10000) >> 10));
            add_utf16(&wide, 0xdc00 + ((code - 0x10000) & 0x3ff));
        } else {
            add_utf16(&wide, code);
        }
        text += len;
        left -= len;
    }
    cipher_md4(str_text(&wide), wide.len, hash);
    str_done(&room);
    str_done(&wide);
    return nasl_data(c, hash, sizeof hash);
}

/* The LAN Manager hash: two DES blocks by the halves of the password in capitals. */
static void lm_hash(struct cipher_bytes password, uint8_t out[HASH])
{
    static const uint8_t magic[8] = "KGS!@#$%";
    uint8_t pass[14] = {0};
    for (size_t i = 0; i < sizeof pass && i < password.len; i++)
        pass[i] = (uint8_t)toupper(((const uint8_t *)password.data)[i]);
    cipher_des_block7(pass, magic, out);
    cipher_des_block7(pass + 7, magic, out + 8);
}

static struct nasl_value do_lm_owf_gen(struct nasl_call *c)
{
    uint8_t hash[HASH];
    if (nasl_arg(c, 0)->type == NASL_UNDEF)
        return wrong(c, "lm_owf_gen(password)");
    lm_hash(bytes_of(nasl_arg(c, 0)), hash);
    return nasl_data(c, hash, sizeof hash);
}

/* The challenge by three DES keys cut from the hash: MS-NLMP 3.3.1 DESL. */
static void respond(const uint8_t hash[HASH], const uint8_t challenge[CHALLENGE],
                    uint8_t out[RESPONSE])
{
    uint8_t padded[21] = {0};
    memcpy(padded, hash, HASH);
    for (int i = 0; i < 3; i++)
        cipher_des_block7(padded + 7 * i, challenge, out + 8 * i);
}

static struct nasl_value do_ntlmv1_hash(struct nasl_call *c)
{
    uint8_t out[RESPONSE];
    struct cipher_bytes challenge = named(c, 0), hash = named(c, 1);
    if (challenge.len < CHALLENGE || hash.len != HASH)
        return wrong(c, "NTLMv1_HASH(cryptkey: of 8 bytes, passhash: of 16 bytes)");
    respond(hash.data, challenge.data, out);
    return nasl_data(c, out, sizeof out);
}

static void hmac_md5(struct cipher_bytes key, struct cipher_bytes first, struct cipher_bytes second,
                     uint8_t out[CIPHER_MAC_MAX])
{
    struct str text = str_of(0);
    str_add_len(&text, first.data, first.len);
    str_add_len(&text, second.data, second.len);
    cipher_hmac("MD5", key, (struct cipher_bytes){str_text(&text), text.len}, out);
    str_done(&text);
}

enum { V2_CRYPTKEY, V2_PASSHASH, V2_LENGTH };

static struct nasl_value do_ntlmv2_hash(struct nasl_call *c)
{
    uint8_t out[CIPHER_MAC_MAX + CLIENT_CHALLENGE_MAX];
    struct cipher_bytes challenge = named(c, V2_CRYPTKEY), hash = named(c, V2_PASSHASH);
    int64_t len = nasl_arg_int(nasl_named(c, V2_LENGTH), -1);
    if (challenge.len != CHALLENGE || hash.len != HASH || len < 0 || len > CLIENT_CHALLENGE_MAX)
        return wrong(c, "NTLMv2_HASH(cryptkey: of 8 bytes, passhash: of 16 bytes, length:)");
    uint8_t client[CLIENT_CHALLENGE_MAX];
    rng_secret(client, (size_t)len);
    hmac_md5(hash, challenge, (struct cipher_bytes){client, (size_t)len}, out);
    memcpy(out + HASH, client, (size_t)len);
    return nasl_data(c, out, HASH + (size_t)len);
}

enum { OWF_OWF, OWF_LOGIN, OWF_DOMAIN };

/* MS-NLMP 3.3.2 NTOWFv2; here the domain is in capitals, too, as the peer's scripts expect. */
static struct nasl_value do_ntv2_owf_gen(struct nasl_call *c)
{
    uint8_t out[CIPHER_MAC_MAX];
    struct cipher_bytes owf = named(c, OWF_OWF);
    if (owf.len < HASH || nasl_named(c, OWF_LOGIN)->type == NASL_UNDEF ||
        nasl_named(c, OWF_DOMAIN)->type == NASL_UNDEF)
        return wrong(c, "ntv2_owf_gen(owf: of 16 bytes, login:, domain:)");
    struct str wide = str_of(0);
    widen(&wide, named(c, OWF_LOGIN), true);
    widen(&wide, named(c, OWF_DOMAIN), true);
    owf.len = HASH;
    cipher_hmac("MD5", owf, (struct cipher_bytes){str_text(&wide), wide.len}, out);
    str_done(&wide);
    return nasl_data(c, out, HASH);
}

enum { R2_ADDRESS_LIST, R2_CRYPTKEY, R2_DOMAIN, R2_HASH, R2_USER };

/* 100 ns since 1601, the least byte first. */
static uint64_t file_time(const struct clock *clock)
{
    return clock_wall_ns(clock) / 100 + 116444736000000000ULL;
}

/* The client's part of the answer: MS-NLMP 2.2.2.7. */
static void client_data(struct nasl_call *c, struct cipher_bytes addresses, struct str *out)
{
    uint8_t challenge[CHALLENGE];
    uint64_t now = file_time(nasl_vm_host(c->vm)->clock);
    rng_secret(challenge, sizeof challenge);
    str_add_len(out, "\1\1\0\0\0\0\0\0", 8);
    for (int i = 0; i < 8; i++)
        str_add_char(out, (char)(now >> (8 * i)));
    str_add_len(out, challenge, sizeof challenge);
    str_add_len(out, "\0\0\0\0", 4);
    str_add_len(out, addresses.data, addresses.len);
}

/* LMv2 answer, session key, NTLMv2 answer, in this order. */
static struct nasl_value do_ntlmv2_response(struct nasl_call *c)
{
    struct cipher_bytes challenge = named(c, R2_CRYPTKEY), hash = named(c, R2_HASH);
    struct cipher_bytes addresses = named(c, R2_ADDRESS_LIST);
    uint8_t proof[CIPHER_MAC_MAX], session[CIPHER_MAC_MAX], lm[CIPHER_MAC_MAX], random[CHALLENGE];
    if (challenge.len < CHALLENGE || hash.len < HASH || !addresses.len ||
        addresses.len > ADDRESS_LIST_MAX)
        return wrong(c, "ntlmv2_response(cryptkey:, user:, domain:, ntlmv2_hash:, address_list:)");
    challenge.len = CHALLENGE;
    hash.len = HASH;
    struct str client = str_of(0), out = str_of(0);
    client_data(c, addresses, &client);
    rng_secret(random, sizeof random);
    hmac_md5(hash, challenge, (struct cipher_bytes){client.text, client.len}, proof);
    cipher_hmac("MD5", hash, (struct cipher_bytes){proof, HASH}, session);
    hmac_md5(hash, challenge, (struct cipher_bytes){random, sizeof random}, lm);
    str_add_len(&out, lm, HASH);
    str_add_len(&out, random, sizeof random);
    str_add_len(&out, session, HASH);
    str_add_len(&out, proof, HASH);
    str_add_len(&out, client.text, client.len);
    str_done(&client);
    return nasl_data_str(c, &out);
}

enum { R1_CRYPTKEY, R1_PASSWORD, R1_HASH, R1_FLAGS };

static struct nasl_value three(struct nasl_call *c, const uint8_t lm[RESPONSE],
                               const uint8_t nt[RESPONSE], const uint8_t session[HASH])
{
    struct str out = str_of(0);
    str_add_len(&out, lm, RESPONSE);
    str_add_len(&out, nt, RESPONSE);
    str_add_len(&out, session, HASH);
    return nasl_data_str(c, &out);
}

/* MS-NLMP 3.3.1 with extended session security. */
static struct nasl_value do_ntlm2_response(struct nasl_call *c)
{
    struct cipher_bytes challenge = named(c, R1_CRYPTKEY), hash = named(c, R1_HASH);
    uint8_t lm[RESPONSE] = {0}, nt[RESPONSE], nonce[2 * CHALLENGE], key[HASH];
    uint8_t mixed[CIPHER_MAC_MAX], session[CIPHER_MAC_MAX];
    if (challenge.len < CHALLENGE || hash.len < HASH)
        return wrong(c, "ntlm2_response(cryptkey:, password:, nt_hash: of 16 bytes)");
    rng_secret(lm, CHALLENGE);
    memcpy(nonce, challenge.data, CHALLENGE);
    memcpy(nonce + CHALLENGE, lm, CHALLENGE);
    struct cipher_bytes both = {nonce, sizeof nonce};
    cipher_digest("MD5", both, mixed);
    respond(hash.data, mixed, nt);
    cipher_md4(hash.data, HASH, key);
    cipher_hmac("MD5", (struct cipher_bytes){key, HASH}, both, session);
    return three(c, lm, nt, session);
}

static struct nasl_value do_ntlm_response(struct nasl_call *c)
{
    struct cipher_bytes challenge = named(c, R1_CRYPTKEY), hash = named(c, R1_HASH);
    int64_t flags = nasl_arg_int(nasl_named(c, R1_FLAGS), -1);
    uint8_t lm_key[HASH], lm[RESPONSE], nt[RESPONSE], session[RESPONSE];
    if (challenge.len < CHALLENGE || hash.len < HASH || flags < 0)
        return wrong(c, "ntlm_response(cryptkey:, password:, nt_hash: of 16 bytes, neg_flags:)");
    lm_hash(named(c, R1_PASSWORD), lm_key);
    respond(lm_key, challenge.data, lm);
    respond(hash.data, challenge.data, nt);
    if (flags & NEGOTIATE_LM_KEY) {
        memset(lm_key + 8, 0xbd, 8);
        respond(lm_key, lm, session);
    } else {
        cipher_md4(hash.data, HASH, session);
    }
    return three(c, lm, nt, session);
}

/* A new session key, and the same under the old one (RC4). */
static struct nasl_value do_key_exchange(struct nasl_call *c)
{
    struct cipher_bytes session = named(c, 2);
    uint8_t out[2 * HASH];
    struct cipher_rc4 rc4;
    if (session.len < HASH)
        return wrong(c, "key_exchange(cryptkey:, session_key: of 16 bytes, nt_hash:)");
    rng_secret(out, HASH);
    cipher_rc4_init(&rc4, session.data, HASH);
    cipher_rc4_apply(&rc4, out, HASH, out + HASH);
    return nasl_data(c, out, sizeof out);
}

enum { SIGN_BUF, SIGN_IV, SIGN_KEY, SIGN_SEQUENCE };

/* SMB 1: MD5 over the key and the packet with the sequence number in the signature's place. */
static struct nasl_value do_get_signature(struct nasl_call *c)
{
    struct cipher_bytes packet = named(c, SIGN_BUF), key = named(c, SIGN_KEY);
    int64_t sequence = nasl_arg_int(nasl_named(c, SIGN_SEQUENCE), -1);
    const uint8_t *p = packet.data;
    if (packet.len < SMB_SIGNATURE_AT + 8 || key.len < HASH || sequence < 0)
        return wrong(c, "get_signature(key: of 16 bytes, buf: of 26 bytes, seq_number:)");
    size_t claimed = (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (claimed < SMB_SIGNATURE_AT + 4 || claimed + 4 > packet.len)
        return wrong(c, "the packet is shorter than it says");
    struct str text = str_of(0);
    str_add_len(&text, key.data, HASH);
    str_add_len(&text, p + 4, claimed);
    char *place = text.text + HASH + SMB_SIGNATURE_AT - 4;
    memset(place, 0, 8);
    for (int i = 0; i < 4; i++)
        place[i] = (char)(sequence >> (8 * i));
    uint8_t mac[CIPHER_MAC_MAX];
    cipher_digest("MD5", (struct cipher_bytes){text.text, text.len}, mac);
    str_done(&text);
    struct nasl_value v = nasl_data(c, p, packet.len);
    if (v.type == NASL_DATA)
        memcpy(v.string->text + SMB_SIGNATURE_AT, mac, 8);
    return v;
}

enum sign_kind { SIGN_HMAC, SIGN_CMAC, SIGN_GMAC };

/* SMB 2 and 3: the first 16 bytes of the code over the packet with zeros in its place. */
static struct nasl_value sign2(struct nasl_call *c, enum sign_kind kind)
{
    struct cipher_bytes packet = named(c, SIGN_BUF), key = named(c, SIGN_KEY);
    uint8_t mac[CIPHER_MAC_MAX];
    size_t size = 0;
    if (packet.len < SMB2_HEAD || key.len < HASH)
        return wrong(c, "buf: of 64 bytes and key: of 16 bytes are needed");
    struct nasl_value v = nasl_data(c, packet.data, packet.len);
    if (v.type != NASL_DATA)
        return v;
    memset(v.string->text + SMB2_SIGNATURE_AT, 0, HASH);
    struct cipher_bytes clean = bytes_of(&v);
    if (kind == SIGN_HMAC)
        size = cipher_hmac("SHA256", key, clean, mac);
    else if (kind == SIGN_CMAC)
        size = cipher_cmac("AES-128-CBC", key, clean, mac);
    else
        size = cipher_gmac("AES-128-GCM", key, named(c, SIGN_IV), clean, mac);
    if (size < HASH) {
        nasl_value_drop(&v);
        return wrong(c, "key: or iv: does not fit");
    }
    memcpy(v.string->text + SMB2_SIGNATURE_AT, mac, HASH);
    return v;
}

static struct nasl_value do_get_smb2_signature(struct nasl_call *c)
{
    return sign2(c, SIGN_HMAC);
}

static struct nasl_value do_smb_cmac(struct nasl_call *c)
{
    return sign2(c, SIGN_CMAC);
}

static struct nasl_value do_smb_gmac(struct nasl_call *c)
{
    return sign2(c, SIGN_GMAC);
}

#define SIGN_NAMES                                                                                 \
    {                                                                                              \
        "buf", "iv", "key", "seq_number"                                                           \
    }

static const struct nasl_builtin rows[] = {
    {"NTLMv1_HASH", do_ntlmv1_hash, {"cryptkey", "passhash"}, 0},
    {"NTLMv2_HASH", do_ntlmv2_hash, {"cryptkey", "passhash", "length"}, 0},
    {"get_signature", do_get_signature, SIGN_NAMES, 0},
    {"get_smb2_signature", do_get_smb2_signature, SIGN_NAMES, 0},
    {"insert_hexzeros", do_insert_hexzeros, {"in"}, 0},
    {"key_exchange", do_key_exchange, {"cryptkey", "nt_hash", "session_key"}, 0},
    {"lm_owf_gen", do_lm_owf_gen, {0}, 0},
    {"nt_owf_gen", do_nt_owf_gen, {0}, 0},
    {"ntlm2_response", do_ntlm2_response, {"cryptkey", "password", "nt_hash"}, 0},
    {"ntlm_response", do_ntlm_response, {"cryptkey", "password", "nt_hash", "neg_flags"}, 0},
    {"ntlmv2_response",
     do_ntlmv2_response,
     {"address_list", "cryptkey", "domain", "ntlmv2_hash", "user"},
     0},
    {"ntv2_owf_gen", do_ntv2_owf_gen, {"owf", "login", "domain"}, 0},
    {"smb_cmac_aes_signature", do_smb_cmac, SIGN_NAMES, 0},
    {"smb_gmac_aes_signature", do_smb_gmac, SIGN_NAMES, 0},
};

const struct nasl_family nasl_family_ntlm = {"ntlm", rows, ARRAY_COUNT(rows)};
