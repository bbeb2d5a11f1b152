/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions on transactions that are more than one comparison: files, certificates' dates, DCE/RPC
 * interfaces, Modbus, Kerberos' kinds of encryption. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"

struct iface_test {
    uint8_t uuid[16];
    struct number_range version;
    bool has_version, any_fragment;
};

static bool version_fits(void *ctx, uint16_t version)
{
    const struct iface_test *t = ctx;
    return !t->has_version || number_range_has(&t->version, version);
}

static bool iface_holds(const void *state, const struct look *look)
{
    const struct iface_test *t = state;
    return look->tx && inspect_dcerpc_iface(look->flow, look->tx, look->side, t->uuid,
                                            t->any_fragment, version_fits, (void *)(uintptr_t)t);
}

/* UUID[,VERSION][,any_frag]; in Snort 3 "uuid U,version V,any_frag" */
static int parse_iface(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    struct iface_test *t = parser_take(p, sizeof *t);
    unsigned b[16];
    int end = 0;
    (void)k;
    char *rest = value, *uuid = word_next(&rest, ',');
    if (strncmp(uuid, "uuid ", 5) == 0)
        uuid = word_trim(uuid + 5);
    if (sscanf(uuid, "%2x%2x%2x%2x-%2x%2x-%2x%2x-%2x%2x-%2x%2x%2x%2x%2x%2x%n", &b[0], &b[1], &b[2],
               &b[3], &b[4], &b[5], &b[6], &b[7], &b[8], &b[9], &b[10], &b[11], &b[12], &b[13],
               &b[14], &b[15], &end) != 16 ||
        uuid[end])
        return err_set(e, -EINVAL, "\"%s\" is no UUID", uuid);
    for (int i = 0; i < 16; i++)
        t->uuid[i] = (uint8_t)b[i];
    for (char *word; (word = word_next(&rest, ','));) {
        if (strncmp(word, "version ", 8) == 0)
            word = word_trim(word + 8);
        if (strcmp(word, "any_frag") == 0) {
            t->any_fragment = true;
        } else {
            t->has_version = true;
            if (number_range_parse(&t->version, word, p->dialect, UINT16_MAX, NULL, e) < 0)
                return e->code;
        }
    }
    if (parser_proto(p, INSPECT_DCERPC, INSPECT_SMB, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_DCERPC_IFACE_COUNT], iface_holds, t);
    return 0;
}

/* ssl_version:tls1.0,!sslv2: any of the first, none of the second. */
struct version_test {
    uint8_t wanted, refused; /* bits: sslv2, sslv3, 1.0, 1.1, 1.2, 1.3 */
};

static const struct {
    const char *name;
    uint16_t value;
} version_row[] = {{"sslv2", 0x200},  {"sslv3", 0x300},  {"tls1.0", 0x301},
                   {"tls1.1", 0x302}, {"tls1.2", 0x303}, {"tls1.3", 0x304}};

static bool versions_hold(const void *state, const struct look *look)
{
    const struct version_test *t = state;
    uint64_t value;
    if (!look->tx ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_TLS_VERSION, 0, &value))
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(version_row); i++)
        if (version_row[i].value == value)
            return t->wanted ? t->wanted >> i & 1 : !(t->refused >> i & 1);
    return false;
}

static int parse_versions(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    struct version_test *t = parser_take(p, sizeof *t);
    (void)k;
    for (char *word; (word = word_next(&value, ','));) {
        bool refused = *word == '!';
        size_t i = 0;
        word = word_trim(word + refused);
        while (i < ARRAY_COUNT(version_row) && strcasecmp(version_row[i].name, word) != 0)
            i++;
        if (i == ARRAY_COUNT(version_row))
            return err_set(e, -EINVAL, "unknown version \"%s\"", word);
        *(refused ? &t->refused : &t->wanted) |= (uint8_t)(1 << i);
    }
    if (parser_proto(p, INSPECT_TLS, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_TLS_VERSION], versions_hold, t);
    return 0;
}

/* The dates of the server's certificate. */
enum date_verb { DATE_BEFORE, DATE_AFTER, DATE_EXPIRED, DATE_VALID };

struct date_test {
    uint8_t verb;
    int64_t low, high; /* seconds since 1970 */
};

static bool date_holds(const void *state, const struct look *look)
{
    const struct date_test *t = state;
    uint64_t from, to;
    if (!look->tx ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_TLS_NOT_BEFORE, 0, &from) ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_TLS_NOT_AFTER, 0, &to))
        return false;
    uint64_t now = look->packet->wall_ns / NS_PER_S;
    if (t->verb == DATE_EXPIRED)
        return now > to;
    if (t->verb == DATE_VALID)
        return from <= now && now <= to;
    int64_t value = (int64_t)(t->verb == DATE_BEFORE ? from : to);
    return value >= t->low && value <= t->high;
}

/* "2020", "2020-01", "2020-01-31", "2020-01-31T10", "...T10:11", "...T10:11:12" */
static bool read_date(const char *text, int64_t *out)
{
    int part[6] = {1970, 1, 1, 0, 0, 0}, end = 0;
    int n = sscanf(text, "%4d%n-%2d%n-%2d%n%*1[T ]%n%2d%n:%2d%n:%2d%n", &part[0], &end, &part[1],
                   &end, &part[2], &end, &end, &part[3], &end, &part[4], &end, &part[5], &end);
    if (n < 1 || text[end] || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31)
        return false;
    *out = clock_days_from_civil(part[0], (unsigned)part[1], (unsigned)part[2]) * 86400 +
           part[3] * 3600 + part[4] * 60 + part[5];
    return true;
}

static int parse_date(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct date_test *t = parser_take(p, sizeof *t);
    t->verb = (uint8_t)(uintptr_t)k->detail;
    t->low = INT64_MIN;
    t->high = INT64_MAX;
    if (value) {
        char *text = word_unquote(value);
        text = text ? text : value;
        char *range = strstr(text, "<>");
        bool good;
        if (range) {
            *range = '\0';
            good = read_date(word_trim(text), &t->low) && read_date(word_trim(range + 2), &t->high);
        } else if (*text == '<') {
            good = read_date(word_trim(text + 1), &t->high);
        } else if (*text == '>') {
            good = read_date(word_trim(text + 1), &t->low);
        } else {
            good = read_date(text, &t->low);
            t->high = t->low;
        }
        if (!good)
            return err_set(e, -EINVAL, "\"%s\" is no date", value);
    }
    if (parser_proto(p, INSPECT_TLS, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_TLS_NOT_AFTER], date_holds, t);
    return 0;
}

/* Old words with a text in them: tls.subject:"CN=a" is tls.cert_subject; content:"CN=a". */
static int parse_text(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    const struct sticky *sticky = k->detail;
    const struct buffer_row *row = sticky_row(sticky);
    struct content_step *c = parser_take(p, sizeof *c);
    if (*value == '!') {
        c->step.negated = true;
        value = word_trim(value + 1);
    }
    char *text = word_unquote(value);
    text = text ? text : value;
    uint8_t *bytes = parser_take(p, strlen(text) + 1);
    int len = content_decode(text, bytes, e);
    if (len < 0 || parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    c->step.kind = &content_kind;
    c->bytes = bytes;
    c->len = (uint16_t)len;
    memset(c->var, -1, sizeof c->var);
    if (sticky->id == BUFFER_TLS_CERT_FINGERPRINT)
        content_ignore_case(c);
    parser_add_step(p, parser_new_list(p, sticky, NULL), &c->step);
    return 0;
}

/* modbus:[unit R,]function N[,subfunction N]|function [!]CATEGORY|access read|write [TYPE[,address
 * R
 * [,value R]]] */
struct modbus_test {
    struct number_range unit;
    struct number_range address, value;
    bool has_unit, has_function, has_sub, has_access, has_address, has_value, category_not;
    uint16_t function, sub;
    uint32_t category; /* bits, as NUMBER_MODBUS_FUNCTION has them in its upper half */
    uint32_t access;   /* bits of NUMBER_MODBUS_ACCESS */
};

static const struct {
    const char *name;
    uint32_t bits;
} category_row[] = {{"assigned", 1}, {"unassigned", 2}, {"public", 3},
                    {"user", 4},     {"reserved", 8},   {"all", 15}};

/* enum of access bits: 1 read, 2 write, 4 discretes, 8 coils, 16 input, 32 holding */
static const struct {
    const char *name;
    uint32_t bits;
} access_row[] = {{"discretes", 4}, {"coils", 8}, {"input", 16}, {"holding", 32}};

/* Does one of the addresses that the request reads or writes fit, with its value? */
static bool modbus_access_holds(const struct modbus_test *t, const struct look *look)
{
    uint64_t access, start, count, value;
    if (!inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_ACCESS, 0, &access) ||
        (access & t->access) != t->access)
        return false;
    if (!t->has_address)
        return true;
    if (!inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_ADDRESS, 0, &start) ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_QUANTITY, 0, &count))
        return false;
    for (uint64_t i = 0; i < count && i <= UINT16_MAX; i++) {
        if (!number_range_has(&t->address, start + i))
            continue;
        if (!t->has_value || (inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_VALUE,
                                             (unsigned)i, &value) &&
                              number_range_has(&t->value, value)))
            return true;
    }
    return false;
}

static bool modbus_holds(const void *state, const struct look *look)
{
    const struct modbus_test *t = state;
    uint64_t value;
    if (!look->tx)
        return false;
    if (t->has_unit &&
        (!inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_UNIT, 0, &value) ||
         !number_range_has(&t->unit, value)))
        return false;
    if (t->has_function || t->category) {
        if (!inspect_number(look->flow, look->tx, look->side, NUMBER_MODBUS_FUNCTION, 0, &value))
            return false;
        if (t->has_function && (value & 0xff) != t->function)
            return false;
        if (t->has_sub && (!(value & 0x8000) || (value >> 8 & 0x7f) != t->sub))
            return false;
        if (t->category && (((value >> 16) & t->category) != 0) == t->category_not)
            return false;
    }
    return !t->has_access || modbus_access_holds(t, look);
}

static int read_modbus_access(struct rule_parser *p, struct modbus_test *t, char *word,
                              struct err *e)
{
    char *type = word + strcspn(word, " ");
    if (*type) {
        *type = '\0';
        type = word_trim(type + 1);
    }
    if (strcasecmp(word, "read") != 0 && strcasecmp(word, "write") != 0)
        return err_set(e, -EINVAL, "access is read or write");
    (void)p;
    t->has_access = true;
    t->access = (*word | 32) == 'r' ? 1 : 2;
    size_t i = 0;
    while (*type && i < ARRAY_COUNT(access_row) && strcasecmp(access_row[i].name, type) != 0)
        i++;
    if (i == ARRAY_COUNT(access_row))
        return err_set(e, -EINVAL, "unknown table \"%s\"", type);
    if (*type)
        t->access |= access_row[i].bits;
    if (t->access == (2 | 4) || t->access == (2 | 16))
        return err_set(e, -EINVAL, "%s cannot be written", type);
    return 0;
}

static int read_modbus_function(struct modbus_test *t, char *word, struct err *e)
{
    uint64_t number;
    if (word_to_u64(word, &number) && number <= UINT8_MAX) {
        t->has_function = true;
        t->function = (uint16_t)number;
        return 0;
    }
    if (*word == '!') {
        t->category_not = true;
        word = word_trim(word + 1);
    }
    for (size_t i = 0; i < ARRAY_COUNT(category_row); i++)
        if (strcasecmp(category_row[i].name, word) == 0) {
            t->category = category_row[i].bits;
            return 0;
        }
    return err_set(e, -EINVAL, "unknown function \"%s\"", word);
}

static int parse_modbus(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct modbus_test *t = parser_take(p, sizeof *t);
    (void)k;
    for (char *word; (word = word_next(&value, ','));) {
        char *arg = word + strcspn(word, " ");
        uint64_t number;
        int rc = 0;
        if (*arg) {
            *arg = '\0';
            arg = word_trim(arg + 1);
        }
        if (strcmp(word, "unit") == 0) {
            t->has_unit = true;
            rc = number_range_parse(&t->unit, arg, p->dialect, UINT16_MAX, NULL, e);
        } else if (strcmp(word, "function") == 0) {
            rc = read_modbus_function(t, arg, e);
        } else if (strcmp(word, "subfunction") == 0 && word_to_u64(arg, &number) && number < 128) {
            t->has_sub = true;
            t->sub = (uint16_t)number;
        } else if (strcmp(word, "access") == 0) {
            rc = read_modbus_access(p, t, arg, e);
        } else if (strcmp(word, "address") == 0 && t->has_access) {
            t->has_address = true;
            rc = number_range_parse(&t->address, arg, p->dialect, UINT16_MAX, NULL, e);
        } else if (strcmp(word, "value") == 0 && t->has_access) {
            t->has_value = true;
            rc = number_range_parse(&t->value, arg, p->dialect, UINT16_MAX, NULL, e);
        } else {
            rc = err_set(e, -EINVAL, "unknown word \"%s\"", word);
        }
        if (rc < 0)
            return rc;
    }
    if (parser_proto(p, INSPECT_MODBUS, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_MODBUS_FUNCTION], modbus_holds, t);
    return 0;
}

/* dnp3_obj:GROUP,VARIATION; in Snort 3 "group G,var V" */
struct object_test {
    uint64_t want;
};

static bool object_holds(const void *state, const struct look *look)
{
    const struct object_test *t = state;
    uint64_t value;
    for (unsigned i = 0;
         look->tx && inspect_number(look->flow, look->tx, look->side, NUMBER_DNP3_OBJ, i, &value);
         i++)
        if (value == t->want)
            return true;
    return false;
}

static int parse_object(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct object_test *t = parser_take(p, sizeof *t);
    char *rest = value, *group = word_next(&rest, ','), *var = word_next(&rest, ',');
    uint64_t g, v;
    (void)k;
    if (strncmp(group, "group ", 6) == 0)
        group = word_trim(group + 6);
    if (var && strncmp(var, "var ", 4) == 0)
        var = word_trim(var + 4);
    if (!var || !word_to_u64(group, &g) || !word_to_u64(var, &v) || g > 255 || v > 255)
        return err_set(e, -EINVAL, "it is GROUP,VARIATION");
    t->want = g << 8 | v;
    if (parser_proto(p, INSPECT_DNP3, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_DNP3_OBJ], object_holds, t);
    return 0;
}

/* krb5.ticket_encryption:weak|strong|[!]NAME|NUMBER[,...] */
struct encryption_test {
    bool weak, strong, negated;
    uint8_t count;
    int32_t kind[16];
};

static const struct {
    const char *name;
    int32_t kind;
    bool weak;
} encryption_row[] = {
    {"des-cbc-crc", 1, true},
    {"des-cbc-md4", 2, true},
    {"des-cbc-md5", 3, true},
    {"des-cbc-raw", 4, true},
    {"des3-cbc-md5", 5, true},
    {"des3-cbc-raw", 6, true},
    {"des3-cbc-sha1", 7, true},
    {"des-hmac-sha1", 8, true},
    {"dsa-sha1-cms", 9, true},
    {"md5-rsa-cms", 10, true},
    {"sha1-rsa-cms", 11, true},
    {"rc2-cbc-env", 12, true},
    {"rsa-env", 13, true},
    {"rsa-es-oaep-env", 14, true},
    {"des-ede3-cbc-env", 15, true},
    {"des3-cbc-sha1-kd", 16, true},
    {"aes128-cts-hmac-sha1-96", 17, false},
    {"aes256-cts-hmac-sha1-96", 18, false},
    {"aes128-cts-hmac-sha256-128", 19, false},
    {"aes256-cts-hmac-sha384-192", 20, false},
    {"rc4-hmac", 23, true},
    {"rc4-hmac-exp", 24, true},
    {"camellia128-cts-cmac", 25, false},
    {"camellia256-cts-cmac", 26, false},
    {"subkey-keymaterial", 65, false},
    {"rc4-md4", -128, true},
};

static bool encryption_holds(const void *state, const struct look *look)
{
    const struct encryption_test *t = state;
    uint64_t value;
    if (!look->tx ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_KRB5_TICKET_ENCRYPTION, 0, &value))
        return false;
    bool found = false, weak = true;
    for (size_t i = 0; i < ARRAY_COUNT(encryption_row); i++)
        if (encryption_row[i].kind == (int32_t)value)
            weak = encryption_row[i].weak;
    for (uint8_t i = 0; i < t->count; i++)
        found |= t->kind[i] == (int32_t)value;
    return ((t->weak && weak) || (t->strong && !weak) || found) != t->negated;
}

static int parse_encryption(struct rule_parser *p, const struct ids_keyword *k, char *value,
                            struct err *e)
{
    struct encryption_test *t = parser_take(p, sizeof *t);
    (void)k;
    if (*value == '!') {
        t->negated = true;
        value = word_trim(value + 1);
    }
    for (char *word; (word = word_next(&value, ','));) {
        int64_t number;
        size_t i = 0;
        if (strcmp(word, "weak") == 0)
            t->weak = true;
        else if (strcmp(word, "strong") == 0)
            t->strong = true;
        else {
            while (i < ARRAY_COUNT(encryption_row) && strcasecmp(encryption_row[i].name, word) != 0)
                i++;
            if (i < ARRAY_COUNT(encryption_row))
                number = encryption_row[i].kind;
            else if (!word_to_i64(word, &number))
                return err_set(e, -EINVAL, "unknown encryption \"%s\"", word);
            if (t->count == ARRAY_COUNT(t->kind))
                return err_set(e, -EINVAL, "more than %zu kinds", ARRAY_COUNT(t->kind));
            t->kind[t->count++] = (int32_t)number;
        }
    }
    if (parser_proto(p, INSPECT_KRB5, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[NUMBER_KRB5_TICKET_ENCRYPTION], encryption_holds, t);
    return 0;
}

#define S        RULE_SURICATA
#define DATE(v)  ((const void *)(uintptr_t)(v))
#define TX(name) (&sticky_tx[BUFFER_##name])

static const struct ids_keyword keyword[] = {
    {"dcerpc.iface", S, KEYWORD_NEEDS_VALUE, parse_iface, NULL,
     "dcerpc.iface:UUID[,VERSION][,any_frag]; interface of the call"},
    {"dce_iface", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_iface, NULL, "as dcerpc.iface"},
    {"ssl_version", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_versions, NULL,
     "ssl_version:[!]sslv2|sslv3|tls1.0|...[,...]; version of TLS"},
    {"tls_cert_notbefore", S, KEYWORD_NEEDS_VALUE, parse_date, DATE(DATE_BEFORE),
     "tls_cert_notbefore:[<|>]DATE; first day of the certificate"},
    {"tls_cert_notafter", S, KEYWORD_NEEDS_VALUE, parse_date, DATE(DATE_AFTER),
     "tls_cert_notafter:[<|>]DATE; last day of the certificate"},
    {"tls_cert_expired", S, KEYWORD_NO_VALUE, parse_date, DATE(DATE_EXPIRED),
     "tls_cert_expired; the certificate is over"},
    {"tls_cert_valid", S, KEYWORD_NO_VALUE, parse_date, DATE(DATE_VALID),
     "tls_cert_valid; the certificate is in its time"},
    {"tls.subject", S, KEYWORD_NEEDS_VALUE, parse_text, TX(TLS_CERT_SUBJECT),
     "tls.subject:[!]\"TEXT\"; in the certificate's subject"},
    {"tls.issuerdn", S, KEYWORD_NEEDS_VALUE, parse_text, TX(TLS_CERT_ISSUER),
     "tls.issuerdn:[!]\"TEXT\"; in the certificate's issuer"},
    {"tls.fingerprint", S, KEYWORD_NEEDS_VALUE, parse_text, TX(TLS_CERT_FINGERPRINT),
     "tls.fingerprint:[!]\"HEX\"; SHA-1 of the certificate"},
    {"ssh.protoversion", S, KEYWORD_NEEDS_VALUE, parse_text, TX(SSH_PROTO),
     "ssh.protoversion:VERSION; version of the protocol"},
    {"ssh.softwareversion", S, KEYWORD_NEEDS_VALUE, parse_text, TX(SSH_SOFTWARE),
     "ssh.softwareversion:\"TEXT\"; name of the program"},
    {"modbus", S, KEYWORD_NEEDS_VALUE, parse_modbus, NULL,
     "modbus:[unit R,]function N|access read|write [TABLE[,address R[,value R]]]"},
    {"dnp3_obj", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_object, NULL,
     "dnp3_obj:GROUP,VARIATION; an object of the message"},
    {"krb5.ticket_encryption", S, KEYWORD_NEEDS_VALUE, parse_encryption, NULL,
     "krb5.ticket_encryption:[!]weak|strong|NAME[,...]; of the ticket"},
};

const struct ids_keyword_family ids_keyword_tx = {"tx", "conditions on transactions", keyword,
                                                  ARRAY_COUNT(keyword)};
