/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user-based security model of SNMPv3 (RFC 3414, and RFC 3826 for AES). */
#include <errno.h>
#include <string.h>

#include "core/base/cipher.h"
#include "core/base/mem.h"
#include "wire/proto/snmp_ber.h"

enum {
    PASSWORD_MIN = 8,
    EXPANDED = 1 << 20, /* RFC 3414 A.2: a megabyte of the password over and over */
    SIGNATURE = 12,
    SALT = 8,
    BLOCK = 16,
    MODEL_USM = 3,
    FLAG_AUTH = 1,
    FLAG_PRIVACY = 2,
    FLAG_REPORT = 4,
    ROOM = 2048,
};

static const char *digest_of_user(const struct snmp_user *u)
{
    return u->auth == SNMP_AUTH_MD5 ? "MD5" : "SHA1";
}

static size_t key_len(const struct snmp_user *u)
{
    return u->auth == SNMP_AUTH_MD5 ? 16 : 20;
}

/* RFC 3414 2.6: a password becomes a key, the key one for this engine. */
static void localize(const struct snmp_user *u, const char *password, uint8_t out[SNMP_KEY_MAX])
{
    size_t len = strlen(password), size = key_len(u);
    uint8_t *text = mem_zero(EXPANDED), key[CIPHER_MAC_MAX], again[CIPHER_MAC_MAX];
    for (size_t i = 0; i < EXPANDED; i++)
        text[i] = (uint8_t)password[i % len];
    cipher_digest(digest_of_user(u), (struct cipher_bytes){text, EXPANDED}, key);
    memcpy(text, key, size);
    memcpy(text + size, u->engine, u->engine_len);
    memcpy(text + size + u->engine_len, key, size);
    cipher_digest(digest_of_user(u), (struct cipher_bytes){text, 2 * size + u->engine_len}, again);
    memcpy(out, again, size);
    mem_free(text);
}

int snmp_user_bind(struct snmp_user *u, struct err *e)
{
    if (!u->auth_password || strlen(u->auth_password) < PASSWORD_MIN ||
        (u->privacy != SNMP_PRIVACY_NONE &&
         (!u->privacy_password || strlen(u->privacy_password) < PASSWORD_MIN)))
        return err_set(e, -EINVAL, "a password of SNMPv3 has %d bytes or more", PASSWORD_MIN);
    localize(u, u->auth_password, u->auth_key);
    if (u->privacy != SNMP_PRIVACY_NONE)
        localize(u, u->privacy_password, u->privacy_key);
    return 0;
}

static void put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* The key, the IV, and what goes along as "privacy parameters": RFC 3414 8.1.1.1, RFC 3826 3.1.2.
 */
static int crypt_pdu(const struct snmp_user *u, bool encrypt, const uint8_t salt[SALT],
                     struct cipher_bytes in, uint8_t *out)
{
    uint8_t iv[BLOCK];
    if (u->privacy == SNMP_PRIVACY_AES) {
        put32(iv, u->boots);
        put32(iv + 4, u->time);
        memcpy(iv + 8, salt, SALT);
        return cipher_apply("AES-128-CFB", encrypt, (struct cipher_bytes){u->privacy_key, 16},
                            (struct cipher_bytes){iv, sizeof iv}, in, out);
    }
    uint8_t three[24];
    for (int i = 0; i < 3; i++)
        memcpy(three + 8 * i, u->privacy_key, 8);
    for (int i = 0; i < 8; i++)
        iv[i] = u->privacy_key[8 + i] ^ salt[i];
    return cipher_apply("DES-EDE3-CBC", encrypt, (struct cipher_bytes){three, sizeof three},
                        (struct cipher_bytes){iv, 8}, in, out);
}

/* Version, head, security parameters and the scoped PDU as it is given.  *out_sign_at: where the
 * signature lies in the message; 0: there is none. */
static void put_message(const struct snmp_user *u, int32_t id, uint8_t flags,
                        const uint8_t salt[SALT], const struct bytes_out *scoped,
                        struct bytes_out *out, size_t *out_sign_at)
{
    uint8_t room[4][ROOM], zeros[SIGNATURE] = {0};
    struct bytes_out head = bytes_out_of(room[0], ROOM), security = bytes_out_of(room[1], ROOM);
    struct bytes_out usm = bytes_out_of(room[2], ROOM), all = bytes_out_of(room[3], ROOM);
    snmp_ber_put_integer(&head, id);
    snmp_ber_put_integer(&head, SNMP_MESSAGE_MAX);
    snmp_ber_put_value(&head, BER_OCTETS, &flags, 1);
    snmp_ber_put_integer(&head, MODEL_USM);
    snmp_ber_put_value(&usm, BER_OCTETS, u->engine, u->engine_len);
    snmp_ber_put_integer(&usm, (int32_t)u->boots);
    snmp_ber_put_integer(&usm, (int32_t)u->time);
    snmp_ber_put_value(&usm, BER_OCTETS, u->name, u->name ? strlen(u->name) : 0);
    snmp_ber_put_value(&usm, BER_OCTETS, zeros, flags & FLAG_AUTH ? SIGNATURE : 0);
    size_t behind_sign = flags & FLAG_PRIVACY ? SALT + 2 : 2;
    snmp_ber_put_value(&usm, BER_OCTETS, salt, flags & FLAG_PRIVACY ? SALT : 0);
    snmp_ber_put_wrapped(&security, BER_SEQUENCE, &usm);
    snmp_ber_put_integer(&all, SNMP_V3);
    snmp_ber_put_wrapped(&all, BER_SEQUENCE, &head);
    snmp_ber_put_wrapped(&all, BER_OCTETS, &security);
    size_t sign_end = bytes_out_len(&all) - behind_sign;
    bytes_put(&all, scoped->start, bytes_out_len(scoped));
    size_t before = bytes_out_len(out);
    snmp_ber_put_wrapped(out, BER_SEQUENCE, &all);
    size_t head_len = bytes_out_len(out) - before - bytes_out_len(&all);
    *out_sign_at = flags & FLAG_AUTH ? before + head_len + sign_end - SIGNATURE : 0;
}

static void put_scoped(const struct snmp_user *u, const struct snmp_request *r, bool variable,
                       struct bytes_out *out)
{
    uint8_t room[ROOM];
    struct bytes_out inside = bytes_out_of(room, ROOM);
    snmp_ber_put_value(&inside, BER_OCTETS, u->engine, u->engine_len);
    snmp_ber_put_value(&inside, BER_OCTETS, "", 0);
    snmp_ber_put_pdu(&inside, r, variable);
    snmp_ber_put_wrapped(out, BER_SEQUENCE, &inside);
}

void snmp_write_discovery(int32_t id, struct bytes_out *out)
{
    uint8_t room[ROOM], salt[SALT] = {0};
    struct snmp_user nobody = {.name = ""};
    struct snmp_request r = {.version = SNMP_V3, .kind = SNMP_GET, .id = id};
    struct bytes_out scoped = bytes_out_of(room, ROOM);
    size_t sign_at;
    put_scoped(&nobody, &r, false, &scoped);
    put_message(&nobody, id, FLAG_REPORT, salt, &scoped, out, &sign_at);
}

static void sign(const struct snmp_user *u, const uint8_t *message, size_t len,
                 uint8_t out[CIPHER_MAC_MAX])
{
    cipher_hmac(digest_of_user(u), (struct cipher_bytes){u->auth_key, key_len(u)},
                (struct cipher_bytes){message, len}, out);
}

void snmp_write_secure(const struct snmp_request *r, struct snmp_user *u, struct bytes_out *out)
{
    uint8_t room[ROOM], hidden[ROOM + 16], wrapped[ROOM + 32], salt[SALT], mac[CIPHER_MAC_MAX];
    struct bytes_out scoped = bytes_out_of(room, ROOM);
    bool privacy = u->privacy != SNMP_PRIVACY_NONE;
    put_scoped(u, r, true, &scoped);
    u->salt++;
    put32(salt, u->privacy == SNMP_PRIVACY_DES ? u->boots : (uint32_t)(u->salt >> 32));
    put32(salt + 4, (uint32_t)u->salt);
    struct bytes_out body = bytes_out_of(wrapped, sizeof wrapped);
    if (privacy) {
        if (u->privacy == SNMP_PRIVACY_DES)
            while (bytes_out_len(&scoped) % 8)
                bytes_put_u8(&scoped, 0);
        struct cipher_bytes plain = {room, bytes_out_len(&scoped)};
        out->full = out->full || crypt_pdu(u, true, salt, plain, hidden) < 0;
        snmp_ber_put_value(&body, BER_OCTETS, hidden, plain.len);
    } else {
        bytes_put(&body, room, bytes_out_len(&scoped));
    }
    size_t sign_at;
    uint8_t flags = (uint8_t)(FLAG_REPORT | FLAG_AUTH | (privacy ? FLAG_PRIVACY : 0));
    put_message(u, r->id, flags, salt, &body, out, &sign_at);
    if (out->full)
        return;
    sign(u, out->start, bytes_out_len(out), mac);
    memcpy(out->start + sign_at, mac, SIGNATURE);
}

static bool signature_is_right(const struct snmp_user *u, const uint8_t *message, size_t len,
                               const uint8_t *signature)
{
    uint8_t mac[CIPHER_MAC_MAX], said[SIGNATURE];
    uint8_t *copy = mem_zero(len);
    memcpy(copy, message, len);
    memcpy(said, signature, SIGNATURE);
    memset(copy + (signature - message), 0, SIGNATURE);
    sign(u, copy, len, mac);
    mem_free(copy);
    return memcmp(mac, said, SIGNATURE) == 0;
}

struct security {
    struct bytes_in engine, name, signature, salt;
    int32_t boots, time;
    uint8_t flags;
};

static bool read_head(struct bytes_in *message, struct security *s)
{
    bool v3 = snmp_ber_take_integer(message) == SNMP_V3;
    struct bytes_in head = snmp_ber_take(message, BER_SEQUENCE);
    (void)snmp_ber_take_integer(&head);
    (void)snmp_ber_take_integer(&head);
    struct bytes_in flags = snmp_ber_take(&head, BER_OCTETS);
    s->flags = bytes_u8(&flags);
    struct bytes_in octets = snmp_ber_take(message, BER_OCTETS);
    struct bytes_in usm = snmp_ber_take(&octets, BER_SEQUENCE);
    s->engine = snmp_ber_take(&usm, BER_OCTETS);
    s->boots = snmp_ber_take_integer(&usm);
    s->time = snmp_ber_take_integer(&usm);
    s->name = snmp_ber_take(&usm, BER_OCTETS);
    s->signature = snmp_ber_take(&usm, BER_OCTETS);
    s->salt = snmp_ber_take(&usm, BER_OCTETS);
    return v3 && !message->bad && !head.bad && !flags.bad && !octets.bad && !usm.bad &&
           bytes_left(&s->engine) <= SNMP_ENGINE_MAX;
}

static bool read_scoped(struct bytes_in in, struct snmp_answer *out)
{
    struct bytes_in scoped = snmp_ber_take(&in, BER_SEQUENCE);
    (void)snmp_ber_take(&scoped, BER_OCTETS);
    (void)snmp_ber_take(&scoped, BER_OCTETS);
    return !in.bad && !scoped.bad && snmp_ber_read_pdu(&scoped, out);
}

bool snmp_read_secure(const uint8_t *bytes, size_t len, struct snmp_user *u,
                      struct snmp_answer *out, struct str *plain, const char **out_why)
{
    struct bytes_in in = bytes_in_of(bytes, len);
    struct bytes_in message = snmp_ber_take(&in, BER_SEQUENCE);
    struct security s = {.boots = 0};
    *out_why = "no message of SNMPv3";
    if (in.bad || !read_head(&message, &s))
        return false;
    if (s.flags & FLAG_AUTH) {
        *out_why = "the signature of the answer is wrong";
        if (bytes_left(&s.signature) != SIGNATURE ||
            !signature_is_right(u, bytes, len, s.signature.pos))
            return false;
    }
    u->engine_len = bytes_left(&s.engine);
    bytes_copy(&s.engine, u->engine, u->engine_len);
    u->boots = (uint32_t)s.boots;
    u->time = (uint32_t)s.time;
    *out_why = "the answer cannot be read";
    if (!(s.flags & FLAG_PRIVACY))
        return read_scoped(message, out);
    struct bytes_in hidden = snmp_ber_take(&message, BER_OCTETS);
    size_t size = bytes_left(&hidden);
    if (message.bad || bytes_left(&s.salt) != SALT || u->privacy == SNMP_PRIVACY_NONE)
        return false;
    uint8_t *clear = mem_zero(size + 1);
    bool ok = crypt_pdu(u, false, s.salt.pos, (struct cipher_bytes){hidden.pos, size}, clear) == 0;
    str_reset(plain);
    str_add_len(plain, clear, size);
    mem_free(clear);
    return ok && read_scoped(bytes_in_of(str_text(plain), plain->len), out);
}
