/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SNMP messages: version 1 (RFC 1157), 2c (RFC 1901) and 3 with the user-based security model
 * (RFC 3412, RFC 3414, RFC 3826).  Requests are written, answers read; sending is the caller's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/base/str.h"

enum {
    SNMP_OID_MAX = 128, /* numbers; RFC 3416 4.1 */
    SNMP_ENGINE_MAX = 32,
    SNMP_KEY_MAX = 20,
    SNMP_MESSAGE_MAX = 65507,
    SNMP_BINDINGS_MAX = 32,
};

enum snmp_version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };
enum snmp_pdu_kind {
    SNMP_GET = 0xa0,
    SNMP_GET_NEXT = 0xa1,
    SNMP_RESPONSE = 0xa2,
    SNMP_REPORT = 0xa8
};

struct snmp_oid {
    uint32_t number[SNMP_OID_MAX];
    size_t count;
};

/* ".1.3.6", "1.3.6"; 0 or -EINVAL. */
int snmp_oid_parse(struct snmp_oid *out, const char *text) MUST_CHECK;
void snmp_oid_format(const struct snmp_oid *oid, struct str *out); /* ".1.3.6" */

struct snmp_request {
    enum snmp_version version;
    enum snmp_pdu_kind kind;
    int32_t id;
    const char *community; /* versions 1 and 2c */
    struct snmp_oid oid;
};

void snmp_write_request(const struct snmp_request *r, struct bytes_out *out);

/* One variable of an answer; `value` points into the message. */
struct snmp_variable {
    struct snmp_oid oid;
    uint8_t type; /* its BER tag: 2 integer, 4 octets, 6 object identifier, 0x40 address, ... */
    const uint8_t *value;
    size_t len;
};

struct snmp_answer {
    enum snmp_pdu_kind kind;
    int32_t id, error, error_index;
    struct snmp_variable variable; /* the first */
    bool has_variable;
};

bool snmp_read_answer(struct bytes_in *in, struct snmp_answer *out); /* versions 1 and 2c */

/* A value as net-snmp prints it quickly: numbers, "text" in quotes, hex for other bytes. */
void snmp_print_value(const struct snmp_variable *v, struct str *out);
const char *snmp_error_text(int32_t error);

/* ---- version 3 ---- */

enum snmp_auth { SNMP_AUTH_MD5, SNMP_AUTH_SHA1 };
enum snmp_privacy { SNMP_PRIVACY_NONE, SNMP_PRIVACY_DES, SNMP_PRIVACY_AES };

/* What a user and an engine agree on.  snmp_user_bind computes the keys for the engine. */
struct snmp_user {
    const char *name, *auth_password, *privacy_password;
    enum snmp_auth auth;
    enum snmp_privacy privacy;
    uint8_t engine[SNMP_ENGINE_MAX];
    size_t engine_len;
    uint32_t boots, time;
    uint8_t auth_key[SNMP_KEY_MAX], privacy_key[SNMP_KEY_MAX];
    uint64_t salt;
};

/* RFC 3414 A.2: a password to a key, and that to one for the engine.  -EINVAL: under 8 bytes. */
int snmp_user_bind(struct snmp_user *u, struct err *e) MUST_CHECK;

/* The question that an engine answers with its identity (RFC 3414 4). */
void snmp_write_discovery(int32_t id, struct bytes_out *out);
void snmp_write_secure(const struct snmp_request *r, struct snmp_user *u, struct bytes_out *out);

/* Read an answer of version 3: identity, boots and time go into *u.  False: no such message, or its
 * signature is wrong (`*out_why`). */
bool snmp_read_secure(const uint8_t *message, size_t len, struct snmp_user *u,
                      struct snmp_answer *out, struct str *plain, const char **out_why);
