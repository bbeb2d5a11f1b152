/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of transactions, compared: every row of inspect/number.def is a word of Suricata.  Some
 * have names for their values, some are sets of bits; where a transaction has several, one of them
 * is enough, or ",all", ",N" (from the front), ",-N" (from the back) says which. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_names.h"
#include "tool/ids/look/number_range.h"

enum which { WHICH_ANY, WHICH_ALL, WHICH_INDEX };

struct number_test {
    struct number_range range;
    uint64_t bits_on, bits_off; /* of names of bits: these must be set, those must not */
    uint16_t number;            /* enum number_id */
    uint8_t which, side;        /* side: BUFFER_TO_SERVER ... of the rule */
    int16_t index;
    bool by_bits;
    const uint64_t *list; /* any of these values, `list_count` of them */
    uint16_t list_count;
};

static bool value_holds(const struct number_test *t, uint64_t value)
{
    if (t->by_bits)
        return (value & t->bits_on) == t->bits_on && (value & t->bits_off) == 0;
    if (t->list_count == 0)
        return number_range_has(&t->range, value);
    for (uint16_t i = 0; i < t->list_count; i++)
        if (t->list[i] == value)
            return !t->range.negated;
    return t->range.negated;
}

static bool get(const struct number_test *t, const struct look *look, unsigned index, uint64_t *out)
{
    return inspect_number(look->flow, look->tx, look->side, (enum number_id)t->number, index, out);
}

static unsigned count(const struct number_test *t, const struct look *look)
{
    uint64_t value;
    unsigned n = 0;
    while (n < UINT16_MAX && get(t, look, n, &value))
        n++;
    return n;
}

static bool number_holds(const void *state, const struct look *look)
{
    const struct number_test *t = state;
    uint64_t value;
    if (!look->tx)
        return false;
    if (t->which == WHICH_INDEX) {
        int at = t->index < 0 ? (int)count(t, look) + t->index : t->index;
        return at >= 0 && get(t, look, (unsigned)at, &value) && value_holds(t, value);
    }
    bool many = number_row[t->number].kind != BUFFER_SINGLE;
    for (unsigned i = 0; (i == 0 || many) && get(t, look, i, &value); i++)
        if (value_holds(t, value) != (t->which == WHICH_ALL))
            return t->which == WHICH_ANY;
    return t->which == WHICH_ALL && get(t, look, 0, &value);
}

/* What a row of number.def adds to the general form. */
struct number_kind {
    uint16_t number;
    uint64_t limit;
    const struct number_name *name;
    bool bits;                        /* the names are bits, several may be given */
    bool list;                        /* "15,17-20" is a list of values */
    const struct number_name *second; /* names of the value behind "NAME=" */
};

static int read_which(struct number_test *t, char *value, struct err *e)
{
    char *comma = strrchr(value, ',');
    int64_t index;
    if (!comma)
        return 0;
    const char *word = word_trim(comma + 1);
    if (strcmp(word, "all") == 0)
        t->which = WHICH_ALL;
    else if (strcmp(word, "any") == 0)
        t->which = WHICH_ANY;
    else if (word_to_i64(word, &index) && index > -1024 && index < 1024) {
        t->which = WHICH_INDEX;
        t->index = (int16_t)index;
    } else {
        return err_set(e, -EINVAL, "\"%s\" is none of all, any, a number", word);
    }
    *comma = '\0';
    return 0;
}

static int read_bits(struct number_test *t, const struct number_name *name, char *value,
                     struct err *e)
{
    t->by_bits = true;
    for (char *word; (word = word_next(&value, ','));) {
        bool off = *word == '!';
        const struct number_name *n = name;
        if (off)
            word = word_trim(word + 1);
        while (n->name && strcasecmp(n->name, word) != 0)
            n++;
        if (!n->name)
            return err_set(e, -EINVAL, "unknown flag \"%s\"", word);
        *(off ? &t->bits_off : &t->bits_on) |= n->value;
    }
    return 0;
}

/* "15,17-20", in Snort 3 "15 17-20" in quotes: values and ranges as one list. */
static int read_list(struct rule_parser *p, struct number_test *t, const struct number_kind *kind,
                     char *value, struct err *e)
{
    enum { LIST_MAX = 4096 };
    uint64_t *list = arena_array(p->arena, LIST_MAX, sizeof *list);
    for (char *c = value; *c; c++)
        if (*c == ' ' || *c == '"')
            *c = *c == '"' ? ' ' : ',';
    for (char *word; (word = word_next(&value, ','));) {
        char *dash = strchr(word, '-');
        uint64_t low, high;
        if (!*word)
            continue;
        if (dash)
            *dash = '\0';
        if (!word_to_u64(word_trim(word), &low) ||
            (dash && !word_to_u64(word_trim(dash + 1), &high)))
            return err_set(e, -EINVAL, "\"%s\" is no number", word);
        if (!dash)
            high = low;
        if (low > high || high > kind->limit || high - low >= (uint64_t)(LIST_MAX - t->list_count))
            return err_set(e, -EINVAL, "\"%s\" is no range in it", word);
        for (uint64_t v = low; v <= high; v++)
            list[t->list_count++] = v;
        t->list = list;
    }
    t->list = list;
    return t->list_count ? 0 : err_set(e, -EINVAL, "an empty list");
}

static int parse_number(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    const struct number_kind *kind = k->detail;
    const struct buffer_row *row = &number_row[kind->number];
    struct number_test *t = parser_take(p, sizeof *t);
    int rc;
    t->number = kind->number;
    char *text = word_unquote(value);
    value = text ? text : value;
    if (kind->bits && (*value < '0' || *value > '9') && !strpbrk(value, "<>&="))
        rc = read_bits(t, kind->name, value, e);
    else if (kind->list && strpbrk(value, ",-") && !strpbrk(value, "<>"))
        rc = read_list(p, t, kind, value, e);
    else if (row->kind != BUFFER_SINGLE && read_which(t, value, e) < 0)
        rc = e->code;
    else
        rc = number_range_parse(&t->range, value, p->dialect, kind->limit, kind->name, e);
    if (rc < 0 || parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    for (const struct rule_list *l = p->rule->list; l && kind->number == NUMBER_SMB_VERSION;
         l = l->next)
        if (l->sticky == &sticky_number[kind->number])
            return err_set(e, -EINVAL, "given twice");
    struct rule_list *list = parser_add_tx_test(p, &sticky_number[kind->number], number_holds, t);
    list->progress = row->progress;
    return 0;
}

/* Numbers of 64 bits made of a kind and a value: "NAME=VALUE", "NAME>VALUE", "NAME". */
static int parse_pair(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    const struct number_kind *kind = k->detail;
    const struct buffer_row *row = &number_row[kind->number];
    struct number_test *t = parser_take(p, sizeof *t);
    size_t len = strcspn(value, "=<> ");
    const struct number_name *n = kind->name;
    const char *range = arena_text(p->arena, value + len);
    uint64_t key = 0;
    value[len] = '\0';
    while (n->name && strcasecmp(n->name, value) != 0)
        n++;
    if (n->name)
        key = n->value;
    else if (!word_to_u64(value, &key) || key > UINT32_MAX)
        return err_set(e, -EINVAL, "unknown name \"%s\"", value);
    t->number = kind->number;
    t->range.high = UINT32_MAX;
    if (*range && number_range_parse(&t->range, arena_text(p->arena, range), p->dialect, UINT32_MAX,
                                     kind->second, e) < 0)
        return e->code;
    if (t->range.high > UINT32_MAX)
        t->range.high = UINT32_MAX;
    t->range.low |= key << 32;
    t->range.high |= key << 32;
    if (parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    parser_add_tx_test(p, &sticky_number[kind->number], number_holds, t);
    return 0;
}

/* Rows of number.def that need no more than a limit, and those that have names. */
#define PLAIN(upper, limit)                                                                        \
    {                                                                                              \
        NUMBER_##upper, limit, NULL, false, false, NULL                                            \
    }
#define NAMED(upper, limit, names)                                                                 \
    {                                                                                              \
        NUMBER_##upper, limit, names, false, false, NULL                                           \
    }
#define BITS(upper, limit, names)                                                                  \
    {                                                                                              \
        NUMBER_##upper, limit, names, true, false, NULL                                            \
    }

static const struct number_kind kind[NUMBER_COUNT] = {
#define NUMBER(upper, name, proto, side, progress, many, doc)                                      \
    [NUMBER_##upper] = PLAIN(upper, UINT32_MAX),
#include "tool/ids/inspect/number.def"
#undef NUMBER
};

static const struct number_kind
    rcode = NAMED(DNS_RCODE, UINT16_MAX, number_names_rcode),
    rrtype = NAMED(DNS_RRTYPE, UINT16_MAX, number_names_rrtype), opcode = PLAIN(DNS_OPCODE, 15),
    frametype = NAMED(HTTP2_FRAMETYPE, UINT8_MAX, number_names_frametype),
    errorcode = NAMED(HTTP2_ERRORCODE, UINT32_MAX, number_names_errorcode),
    settings = {NUMBER_HTTP2_SETTINGS, UINT64_MAX, number_names_settings, false, false, NULL},
    chosen_sa = {NUMBER_IKE_CHOSEN_SA, UINT64_MAX, number_names_sa, false, false, NULL},
    tls_version = NAMED(TLS_VERSION, UINT16_MAX, number_names_tls),
    dcerpc_opnum = {NUMBER_DCERPC_OPNUM, UINT16_MAX, NULL, false, true, NULL},
    mqtt_type = NAMED(MQTT_TYPE, 15, number_names_mqtt_type),
    mqtt_flags = BITS(MQTT_FLAGS, 15, number_names_mqtt_flags), mqtt_qos = PLAIN(MQTT_QOS, 2),
    mqtt_connect = BITS(MQTT_CONNECT_FLAGS, UINT8_MAX, number_names_mqtt_connect),
    mqtt_session = NAMED(MQTT_CONNACK_SESSION_PRESENT, 1, number_names_bool),
    rfb_result = NAMED(RFB_SECRESULT, UINT32_MAX, number_names_rfb),
    nfs_procedure = {NUMBER_NFS_PROCEDURE, UINT32_MAX, number_names_nfs, false, false, NULL},
    nfs_version = PLAIN(NFS_VERSION, UINT32_MAX),
    ws_opcode = NAMED(WEBSOCKET_OPCODE, UINT8_MAX, number_names_ws_opcode),
    ws_flags = BITS(WEBSOCKET_FLAGS, UINT8_MAX, number_names_ws_flags),
    ldap_request = NAMED(LDAP_REQUEST_OPERATION, UINT8_MAX, number_names_ldap),
    ldap_responses = NAMED(LDAP_RESPONSES_OPERATION, UINT8_MAX, number_names_ldap),
    ldap_result = NAMED(LDAP_RESPONSES_RESULT_CODE, UINT32_MAX, number_names_ldap_result),
    enip_command = NAMED(ENIP_COMMAND, UINT16_MAX, number_names_enip),
    ftp_mode = NAMED(FTP_MODE, 1, number_names_ftp_mode),
    ftp_received = NAMED(FTP_REPLY_RECEIVED, 1, number_names_bool),
    ftpdata = NAMED(FTPDATA_COMMAND, 1, number_names_ftpdata),
    ntp_mode = NAMED(NTP_MODE, 7, number_names_ntp_mode),
    dnp3_func = NAMED(DNP3_FUNC, UINT8_MAX, number_names_dnp3),
    dnp3_ind = BITS(DNP3_IND, UINT16_MAX, number_names_dnp3_ind),
    ssl_state = BITS(SSL_STATE, UINT32_MAX, number_names_ssl_state),
    modbus_unit = PLAIN(MODBUS_UNIT, UINT8_MAX);

#define S RULE_SURICATA
#define ROW(word, dialects, kind, doc)                                                             \
    {                                                                                              \
        word, dialects, KEYWORD_NEEDS_VALUE, parse_number, &kind, word ":RANGE; " doc              \
    }

/* The first rows are all of number.def; later ones of the same name win. */
static const struct ids_keyword keyword[] = {
#define NUMBER(upper, name, proto, side, progress, many, doc)                                      \
    {name, S, KEYWORD_NEEDS_VALUE, parse_number, &kind[NUMBER_##upper], name ":RANGE; " doc},
#include "tool/ids/inspect/number.def"
#undef NUMBER
    ROW("dns.opcode", S, opcode, "opcode"),
    ROW("dns.rcode", S, rcode, "response code"),
    ROW("dns.rrtype", S, rrtype, "type of the record"),
    ROW("http2.frametype", S, frametype, "type of a frame"),
    ROW("http2.errorcode", S, errorcode, "error of a frame"),
    {"http2.settings", S, KEYWORD_NEEDS_VALUE, parse_pair, &settings,
     "http2.settings:NAME[=|<|>VALUE]; a setting"},
    {"ike.chosen_sa_attribute", S, KEYWORD_NEEDS_VALUE, parse_pair, &chosen_sa,
     "ike.chosen_sa_attribute:NAME=VALUE; an attribute of the chosen proposal"},
    ROW("tls.version", S, tls_version, "version"),
    ROW("dcerpc.opnum", S, dcerpc_opnum, "operation, a list"),
    ROW("dce_opnum", RULE_ANY_DIALECT, dcerpc_opnum, "operation, a list"),
    ROW("mqtt.type", S, mqtt_type, "message type"),
    ROW("mqtt.flags", S, mqtt_flags, "dup, retain"),
    ROW("mqtt.qos", S, mqtt_qos, "quality of service"),
    ROW("mqtt.connect.flags", S, mqtt_connect, "username, password, will, clean_session ..."),
    ROW("mqtt.connack.session_present", S, mqtt_session, "true or false"),
    ROW("rfb.secresult", S, rfb_result, "result of authentication"),
    ROW("nfs_procedure", S, nfs_procedure, "procedure"),
    ROW("nfs_version", S, nfs_version, "version"),
    ROW("websocket.opcode", S, ws_opcode, "opcode"),
    ROW("websocket.flags", S, ws_flags, "fin, comp"),
    ROW("ldap.request.operation", S, ldap_request, "operation"),
    ROW("ldap.responses.operation", S, ldap_responses, "operation"),
    ROW("ldap.responses.result_code", S, ldap_result, "result"),
    ROW("enip.command", S, enip_command, "command"),
    ROW("enip_command", RULE_ANY_DIALECT, enip_command, "command"),
    ROW("ftp.mode", S, ftp_mode, "active or passive"),
    ROW("ftp.reply_received", S, ftp_received, "yes or no"),
    ROW("ftpdata_command", S, ftpdata, "stor or retr"),
    ROW("ntp.mode", S, ntp_mode, "mode"),
    ROW("dnp3_func", RULE_ANY_DIALECT, dnp3_func, "function"),
    ROW("dnp3_ind", RULE_ANY_DIALECT, dnp3_ind, "internal indications"),
    ROW("ssl_state", RULE_ANY_DIALECT, ssl_state, "client_hello, server_hello, client_keyx ..."),
    ROW("modbus_unit", RULE_SNORT2 | RULE_SNORT3, modbus_unit, "unit"),
};

const struct ids_keyword_family ids_keyword_number = {"number", "numbers of transactions", keyword,
                                                      ARRAY_COUNT(keyword)};
