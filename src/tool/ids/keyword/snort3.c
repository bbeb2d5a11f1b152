/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of Snort for protocols: numbers of HTTP messages, SIP, GTP, CIP, IEC 104, S7comm+, SOCKS.
 * What no parser here reads is known by its form; a rule with it holds on nothing. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"

struct number_test {
    struct number_range range;
    uint16_t number;
};

static bool number_holds(const void *state, const struct look *look)
{
    const struct number_test *t = state;
    uint64_t value;
    return look->tx &&
           inspect_number_snort(look->flow, look->tx, look->side, (enum number_id)t->number,
                                &value) &&
           number_range_has(&t->range, value);
}

/* RANGE[,request][,with_header|with_body|with_trailer] */
static int parse_number(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct number_test *t = parser_take(p, sizeof *t);
    char *rest = value, *range = word_next(&rest, ',');
    t->number = (uint16_t)(uintptr_t)k->detail;
    for (char *word; (word = word_next(&rest, ','));)
        if (strcmp(word, "request") == 0)
            p->rule->trait |= RULE_LOOKS_BACK;
        else if (strncmp(word, "with_", 5) != 0)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    if (number_range_parse(&t->range, range, p->dialect, UINT32_MAX, NULL, e) < 0)
        return e->code;
    struct rule_list *list = parser_add_tx_test(p, &sticky_number[t->number], number_holds, t);
    list->progress = number_row[t->number].progress;
    return 0;
}

/* sip_stat_code:1,200,4: three digits are the status, one its class. */
struct status_test {
    uint8_t count;
    uint16_t value[32];
};

static bool status_holds(const void *state, const struct look *look)
{
    const struct status_test *t = state;
    uint64_t value;
    if (!look->tx ||
        !inspect_number(look->flow, look->tx, look->side, NUMBER_SNORT_SIP_STATUS, 0, &value))
        return false;
    for (uint8_t i = 0; i < t->count; i++)
        if (t->value[i] == (t->value[i] < 10 ? value / 100 : value))
            return true;
    return false;
}

static int parse_status(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct status_test *t = parser_take(p, sizeof *t);
    (void)k;
    for (char *c = value; *c; c++)
        if (*c == ' ' || *c == '"')
            *c = ',';
    for (char *word; (word = word_next(&value, ','));) {
        uint64_t number;
        if (!*word)
            continue;
        if (!word_to_u64(word, &number) || number == 0 || (number > 9 && number < 100) ||
            number > 999 || t->count == ARRAY_COUNT(t->value))
            return err_set(e, -EINVAL, "\"%s\" is no status", word);
        t->value[t->count++] = (uint16_t)number;
    }
    parser_add_tx_test(p, &sticky_number[NUMBER_SNORT_SIP_STATUS], status_holds, t);
    return 0;
}

/* sip_method:invite,!cancel: the method as it stands in the first line. */
struct method_test {
    uint8_t count;
    bool negated;
    const char *name[16];
};

static bool method_holds(const void *state, const struct look *look)
{
    const struct method_test *t = state;
    struct span s;
    if (!look->tx || !inspect_buffer(look->flow, look->tx, look->side, BUFFER_SIP_METHOD, 0, &s))
        return false;
    for (uint8_t i = 0; i < t->count; i++)
        if (strlen(t->name[i]) == s.len &&
            strncasecmp(t->name[i], (const char *)s.data, s.len) == 0)
            return !t->negated;
    return t->negated;
}

static int parse_method(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct method_test *t = parser_take(p, sizeof *t);
    (void)k;
    for (char *c = value; *c; c++)
        if (*c == ' ' || *c == '"')
            *c = ',';
    for (char *word; (word = word_next(&value, ','));) {
        if (!*word)
            continue;
        if (*word == '!') {
            t->negated = true;
            word = word_trim(word + 1);
        }
        if (t->count == ARRAY_COUNT(t->name))
            return err_set(e, -EINVAL, "more than %zu methods", ARRAY_COUNT(t->name));
        t->name[t->count++] = word;
    }
    parser_add_tx_test(p, &sticky_tx[BUFFER_SIP_METHOD], method_holds, t);
    return 0;
}

/* http_version_match:"1.0 1.1 other" */
struct version_test {
    uint8_t versions; /* bits in the order of version_row */
};

static const char *const version_row[] = {"malformed", "other", "1.0", "1.1", "2.0", "0.9"};
enum { VERSION_MALFORMED = 1, VERSION_OTHER = 2 };

static bool versions_hold(const void *state, const struct look *look)
{
    const struct version_test *t = state;
    struct span s;
    if (!look->tx || !inspect_buffer_named(look->flow, look->tx, look->side,
                                           BUFFER_SNORT_HTTP_VERSION, NULL, &s))
        return false;
    if (s.len < 5 || memcmp(s.data, "HTTP/", 5) != 0)
        return t->versions & VERSION_MALFORMED;
    for (size_t i = 2; i < ARRAY_COUNT(version_row); i++)
        if (s.len == 8 && memcmp(s.data + 5, version_row[i], 3) == 0)
            return t->versions >> i & 1;
    return t->versions & VERSION_OTHER;
}

static int parse_versions(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    struct version_test *t = parser_take(p, sizeof *t);
    char *rest = value, *text = word_unquote(word_next(&rest, ','));
    (void)k;
    if (!text)
        return err_set(e, -EINVAL, "not \"in quotes\"");
    for (char *word; (word = word_next(&text, ' '));) {
        size_t i = 0;
        if (!*word)
            continue;
        while (i < ARRAY_COUNT(version_row) && strcmp(version_row[i], word) != 0)
            i++;
        if (i == ARRAY_COUNT(version_row))
            return err_set(e, -EINVAL, "unknown version \"%s\"", word);
        t->versions |= (uint8_t)(1 << i);
    }
    struct rule_list *list =
        parser_add_tx_test(p, &sticky_tx[BUFFER_SNORT_HTTP_VERSION], versions_hold, t);
    list->progress = 1;
    return 0;
}

/* http_header_test:field NAME[,check RANGE|absent|numeric true|false][,request] */
struct header_test {
    const char *field;
    struct number_range range;
    uint16_t buffer;
    bool has_range, absent, has_numeric, numeric;
};

static bool read_number(const struct span *s, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s->len; i++) {
        if (s->data[i] < '0' || s->data[i] > '9' || value > UINT64_MAX / 16)
            return false;
        value = value * 10 + (s->data[i] - '0');
    }
    *out = value;
    return s->len > 0;
}

static bool header_holds(const void *state, const struct look *look)
{
    const struct header_test *t = state;
    struct span s;
    uint64_t value;
    if (!look->tx)
        return false;
    bool there = inspect_buffer_named(look->flow, look->tx, look->side, (enum buffer_id)t->buffer,
                                      t->field, &s);
    if (t->absent)
        return !there;
    if (!there)
        return false;
    bool numeric = read_number(&s, &value);
    return (!t->has_numeric || numeric == t->numeric) &&
           (!t->has_range || (numeric && number_range_has(&t->range, value)));
}

static int parse_header(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct header_test *t = parser_take(p, sizeof *t);
    t->buffer = (uint16_t)(uintptr_t)k->detail;
    for (char *word; (word = word_next(&value, ','));) {
        if (strncmp(word, "field ", 6) == 0)
            t->field = word_trim(word + 6);
        else if (strncmp(word, "check ", 6) == 0) {
            t->has_range = true;
            if (number_range_parse(&t->range, word + 6, p->dialect, UINT32_MAX, NULL, e) < 0)
                return e->code;
        } else if (strcmp(word, "absent") == 0)
            t->absent = true;
        else if (strncmp(word, "numeric ", 8) == 0) {
            t->has_numeric = true;
            t->numeric = strcmp(word_trim(word + 8), "true") == 0;
        } else if (strcmp(word, "request") == 0)
            p->rule->trait |= RULE_LOOKS_BACK;
        else if (strncmp(word, "with_", 5) != 0)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    }
    if (!t->field)
        return err_set(e, -EINVAL, "it wants a field");
    struct rule_list *list = parser_add_tx_test(p, &sticky_tx[t->buffer], header_holds, t);
    list->progress = buffer_row[t->buffer].progress;
    return 0;
}

/* Protocols that are not parsed: the form of the value is checked, nothing matches. */
static bool never_holds(const void *state, const struct look *look)
{
    (void)state;
    (void)look;
    return false;
}

struct form {
    bool numbers;            /* RANGE, or a list of numbers */
    const char *const *word; /* ends with NULL; NULL: any */
};

static bool is_word_of(const char *const *word, const char *text)
{
    while (*word && strcasecmp(*word, text) != 0)
        word++;
    return *word;
}

static int parse_form(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    const struct form *f = k->detail;
    char *text = value ? word_unquote(value) : NULL;
    text = text ? text : value;
    for (char *word; text && (word = word_next(&text, ','));) {
        struct number_range range;
        bool named = f->word && is_word_of(f->word, word);
        if (!named && f->numbers &&
            number_range_parse(&range, word, p->dialect, UINT32_MAX, NULL, e) < 0)
            return e->code;
        if (!named && !f->numbers && f->word)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    }
    parser_add_test(p, never_holds, NULL);
    return 0;
}

static const char *const iec_type[] = {"unnumbered_control_function",
                                       "numbered_supervisory_function",
                                       "information_transfer_format",
                                       "u",
                                       "s",
                                       "i",
                                       NULL};
static const char *const s7_func[] = {
    "explore",     "createobject",  "deleteobject", "setvariable", "getlink",      "setmultivar",
    "getmultivar", "beginsequence", "endsequence",  "invoke",      "getvarsubstr", "error",
    NULL};
static const char *const s7_opcode[] = {"request", "response", "notification", "response2", NULL};
static const char *const gtp_type[] = {"echo_request", "echo_response", NULL};
static const char *const modbus_func[] = {"read_coils",
                                          "read_discrete_inputs",
                                          "read_holding_registers",
                                          "read_input_registers",
                                          "write_single_coil",
                                          "write_single_register",
                                          "read_exception_status",
                                          "diagnostics",
                                          "get_comm_event_counter",
                                          "get_comm_event_log",
                                          "write_multiple_coils",
                                          "write_multiple_registers",
                                          "report_slave_id",
                                          "read_file_record",
                                          "write_file_record",
                                          "mask_write_register",
                                          "read_write_multiple_registers",
                                          "read_fifo_queue",
                                          "encapsulated_interface_transport",
                                          NULL};

static const struct form any_form = {false, NULL}, number_form = {true, NULL},
                         iec_form = {false, iec_type}, s7_func_form = {true, s7_func},
                         s7_opcode_form = {true, s7_opcode}, gtp_form = {true, gtp_type},
                         modbus_form = {true, modbus_func};

#define S23       (RULE_SNORT2 | RULE_SNORT3)
#define S3        RULE_SNORT3
#define NUMBER(n) ((const void *)(uintptr_t)NUMBER_SNORT_##n)
#define BUFFER(b) ((const void *)(uintptr_t)BUFFER_SNORT_##b)

static const struct ids_keyword keyword[] = {
    {"http_num_headers", S3, KEYWORD_NEEDS_VALUE, parse_number, NUMBER(HTTP_NUM_HEADERS),
     "http_num_headers:RANGE; fields of the header"},
    {"http_num_trailers", S3, KEYWORD_NEEDS_VALUE, parse_number, NUMBER(HTTP_NUM_TRAILERS),
     "http_num_trailers:RANGE; fields of the trailer"},
    {"http_num_cookies", S3, KEYWORD_NEEDS_VALUE, parse_number, NUMBER(HTTP_NUM_COOKIES),
     "http_num_cookies:RANGE; cookies"},
    {"http_max_header_line", S3, KEYWORD_NEEDS_VALUE, parse_number, NUMBER(HTTP_MAX_HEADER),
     "http_max_header_line:RANGE; longest field of the header"},
    {"http_max_trailer_line", S3, KEYWORD_NEEDS_VALUE, parse_number, NUMBER(HTTP_MAX_TRAILER),
     "http_max_trailer_line:RANGE; longest field of the trailer"},
    {"http_version_match", S3, KEYWORD_NEEDS_VALUE, parse_versions, NULL,
     "http_version_match:\"1.0 1.1 2.0 0.9 other malformed\"; version of the message"},
    {"http_header_test", S3, KEYWORD_NEEDS_VALUE, parse_header, BUFFER(HTTP_HEADER),
     "http_header_test:field NAME[,check RANGE|absent|numeric true]; a field of the header"},
    {"http_trailer_test", S3, KEYWORD_NEEDS_VALUE, parse_header, BUFFER(HTTP_TRAILER),
     "http_trailer_test:field NAME[,check RANGE|absent|numeric true]; a field of the trailer"},
    {"http_encode", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_form, &any_form,
     "http_encode:PART,[!]ENCODING[|...]; encodings that were undone"},
    {"sip_method", S23, KEYWORD_NEEDS_VALUE, parse_method, NULL, "sip_method:[!]NAME[,...]"},
    {"sip_stat_code", S23, KEYWORD_NEEDS_VALUE, parse_status, NULL,
     "sip_stat_code:N[,...]; status, or its first digit"},
    {"gtp_type", S23, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "gtp_type:N|NAME[,...]"},
    {"gtp_version", S23, KEYWORD_NEEDS_VALUE, parse_form, &gtp_form, "gtp_version:N"},
    {"gtp_info", S23, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "gtp_info:NAME; an element"},
    {"modbus_func", S23, KEYWORD_NEEDS_VALUE, parse_form, &modbus_form, "modbus_func:N|NAME"},
    {"appid", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "appid:NAME[,...]"},
    {"appids", S3, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "appids:\"NAME[,...]\""},
    {"cip_service", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "cip_service:RANGE"},
    {"cip_class", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "cip_class:RANGE"},
    {"cip_attribute", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "cip_attribute:RANGE"},
    {"cip_instance", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "cip_instance:RANGE"},
    {"cip_status", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "cip_status:RANGE"},
    {"cip_conn_path_class", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form,
     "cip_conn_path_class:RANGE"},
    {"cip_req", S3, KEYWORD_NO_VALUE, parse_form, &any_form, "cip_req; a request"},
    {"cip_rsp", S3, KEYWORD_NO_VALUE, parse_form, &any_form, "cip_rsp; an answer"},
    {"enip_req", S3, KEYWORD_NO_VALUE, parse_form, &any_form, "enip_req; a request"},
    {"enip_rsp", S3, KEYWORD_NO_VALUE, parse_form, &any_form, "enip_rsp; an answer"},
    {"iec104_apci_type", S3, KEYWORD_NEEDS_VALUE, parse_form, &iec_form, "iec104_apci_type:NAME"},
    {"iec104_asdu_func", S3, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "iec104_asdu_func:NAME"},
    {"mms_func", S3, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "mms_func:NAME"},
    {"opcua_msg_type", S3, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "opcua_msg_type:NAME"},
    {"opcua_msg_service", S3, KEYWORD_NEEDS_VALUE, parse_form, &any_form, "opcua_msg_service:NAME"},
    {"s7commplus_func", S3, KEYWORD_NEEDS_VALUE, parse_form, &s7_func_form, "s7commplus_func:NAME"},
    {"s7commplus_opcode", S3, KEYWORD_NEEDS_VALUE, parse_form, &s7_opcode_form,
     "s7commplus_opcode:NAME"},
    {"socks_version", S3, KEYWORD_NEEDS_VALUE, parse_form, &number_form, "socks_version:N"},
};

const struct ids_keyword_family ids_keyword_snort3 = {"snort3", "Snort's words for protocols",
                                                      keyword, ARRAY_COUNT(keyword)};
