/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER as far as SNMP uses it (RFC 3417 8): definite lengths.  Writing goes from the inside out into
 * small buffers, so that each length is known when it is written. */
#include "wire/proto/snmp.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "wire/proto/snmp_ber.h"

enum {
    TYPE_ADDRESS = 0x40,
    TYPE_COUNTER = 0x41,
    TYPE_GAUGE = 0x42,
    TYPE_TICKS = 0x43,
    TYPE_OPAQUE = 0x44,
    TYPE_COUNTER64 = 0x46,
    NO_OBJECT = 0x80,
    NO_INSTANCE = 0x81,
    END_OF_VIEW = 0x82,
};

int snmp_oid_parse(struct snmp_oid *out, const char *text)
{
    struct snmp_oid oid = {.count = 0};
    if (*text == '.')
        text++;
    while (*text) {
        uint64_t value = 0;
        if (!isdigit((unsigned char)*text) || oid.count == SNMP_OID_MAX)
            return -EINVAL;
        for (; isdigit((unsigned char)*text); text++) {
            value = value * 10 + (uint64_t)(*text - '0');
            if (value > UINT32_MAX)
                return -EINVAL;
        }
        oid.number[oid.count++] = (uint32_t)value;
        if (*text == '.' && text[1])
            text++;
        else if (*text)
            return -EINVAL;
    }
    if (oid.count < 2 || oid.number[0] > 2 || (oid.number[0] < 2 && oid.number[1] > 39))
        return -EINVAL;
    *out = oid;
    return 0;
}

void snmp_oid_format(const struct snmp_oid *oid, struct str *out)
{
    for (size_t i = 0; i < oid->count; i++)
        str_addf(out, ".%u", oid->number[i]);
}

static void put_oid(struct bytes_out *out, const struct snmp_oid *oid)
{
    uint8_t bytes[SNMP_OID_MAX * 5];
    struct bytes_out inside = bytes_out_of(bytes, sizeof bytes);
    for (size_t i = 1; i < oid->count; i++) {
        uint64_t number = i == 1 ? (uint64_t)oid->number[0] * 40 + oid->number[1] : oid->number[i];
        for (int shift = 28; shift > 0; shift -= 7)
            if (number >> shift)
                bytes_put_u8(&inside, (uint8_t)(0x80 | (number >> shift & 0x7f)));
        bytes_put_u8(&inside, (uint8_t)(number & 0x7f));
    }
    snmp_ber_put_wrapped(out, BER_OID, &inside);
}

/* The PDU: RFC 1157 4.1.2. */
void snmp_ber_put_pdu(struct bytes_out *out, const struct snmp_request *r, bool variable)
{
    uint8_t room[3][PDU_ROOM];
    struct bytes_out binding = bytes_out_of(room[0], PDU_ROOM);
    struct bytes_out list = bytes_out_of(room[1], PDU_ROOM);
    struct bytes_out pdu = bytes_out_of(room[2], PDU_ROOM);
    if (variable) {
        put_oid(&binding, &r->oid);
        snmp_ber_put_head(&binding, BER_NULL, 0);
        snmp_ber_put_wrapped(&list, BER_SEQUENCE, &binding);
    }
    snmp_ber_put_integer(&pdu, r->id);
    snmp_ber_put_integer(&pdu, 0);
    snmp_ber_put_integer(&pdu, 0);
    snmp_ber_put_wrapped(&pdu, BER_SEQUENCE, &list);
    snmp_ber_put_wrapped(out, (uint8_t)r->kind, &pdu);
}

void snmp_write_request(const struct snmp_request *r, struct bytes_out *out)
{
    uint8_t room[2 * PDU_ROOM];
    struct bytes_out inside = bytes_out_of(room, sizeof room);
    size_t len = strlen(r->community);
    snmp_ber_put_integer(&inside, r->version);
    snmp_ber_put_value(&inside, BER_OCTETS, r->community, len < PDU_ROOM ? len : PDU_ROOM);
    snmp_ber_put_pdu(&inside, r, true);
    snmp_ber_put_wrapped(out, BER_SEQUENCE, &inside);
}

static void read_oid(struct bytes_in inside, struct snmp_oid *out)
{
    uint32_t number = 0;
    out->count = 0;
    while (bytes_left(&inside) && out->count < SNMP_OID_MAX) {
        uint8_t byte = bytes_u8(&inside);
        number = number << 7 | (byte & 0x7f);
        if (byte & 0x80)
            continue;
        if (out->count == 0) {
            uint32_t first = number < 80 ? number / 40 : 2;
            out->number[out->count++] = first;
            number -= first * 40;
        }
        out->number[out->count++] = number;
        number = 0;
    }
}

bool snmp_ber_read_pdu(struct bytes_in *in, struct snmp_answer *out)
{
    uint8_t tag;
    *out = (struct snmp_answer){.id = 0};
    struct bytes_in pdu = snmp_ber_take_tag(in, &tag);
    out->kind = (enum snmp_pdu_kind)tag;
    out->id = snmp_ber_take_integer(&pdu);
    out->error = snmp_ber_take_integer(&pdu);
    out->error_index = snmp_ber_take_integer(&pdu);
    struct bytes_in list = snmp_ber_take(&pdu, BER_SEQUENCE);
    if (in->bad || pdu.bad || list.bad)
        return false;
    if (bytes_left(&list)) {
        struct bytes_in binding = snmp_ber_take(&list, BER_SEQUENCE);
        read_oid(snmp_ber_take(&binding, BER_OID), &out->variable.oid);
        struct bytes_in value = snmp_ber_take_tag(&binding, &out->variable.type);
        out->variable.value = value.pos;
        out->variable.len = bytes_left(&value);
        out->has_variable = !list.bad && !binding.bad;
    }
    return !list.bad;
}

bool snmp_read_answer(struct bytes_in *in, struct snmp_answer *out)
{
    struct bytes_in message = snmp_ber_take(in, BER_SEQUENCE);
    (void)snmp_ber_take_integer(&message);
    (void)snmp_ber_take(&message, BER_OCTETS);
    return !in->bad && !message.bad && snmp_ber_read_pdu(&message, out);
}

static void print_octets(const struct snmp_variable *v, struct str *out)
{
    bool text = true;
    for (size_t i = 0; i < v->len; i++)
        text = text && (isprint(v->value[i]) || isspace(v->value[i]));
    str_add_char(out, '"');
    for (size_t i = 0; i < v->len; i++)
        if (!text)
            str_addf(out, "%02X ", v->value[i]);
        else {
            if (v->value[i] == '"' || v->value[i] == '\\')
                str_add_char(out, '\\');
            str_add_char(out, (char)v->value[i]);
        }
    str_add_char(out, '"');
}

/* Hundredths of a second as days:hours:minutes:seconds. */
static void print_ticks(uint64_t ticks, struct str *out)
{
    uint64_t s = ticks / 100;
    str_addf(out, "%llu:%llu:%02llu:%02llu.%02llu", (unsigned long long)(s / 86400),
             (unsigned long long)(s / 3600 % 24), (unsigned long long)(s / 60 % 60),
             (unsigned long long)(s % 60), (unsigned long long)(ticks % 100));
}

void snmp_print_value(const struct snmp_variable *v, struct str *out)
{
    struct snmp_oid oid;
    uint64_t number = (uint64_t)snmp_ber_integer_of(v->value, v->len);
    switch (v->type) {
    case BER_INTEGER:
        str_addf(out, "%lld", (long long)number);
        return;
    case TYPE_COUNTER:
    case TYPE_GAUGE:
    case TYPE_COUNTER64:
        str_addf(out, "%llu",
                 (unsigned long long)(v->type == TYPE_COUNTER64 ? number : (uint32_t)number));
        return;
    case TYPE_TICKS:
        print_ticks((uint32_t)number, out);
        return;
    case TYPE_ADDRESS:
        for (size_t i = 0; i < v->len; i++)
            str_addf(out, "%s%u", i ? "." : "", v->value[i]);
        return;
    case BER_OID:
        read_oid(bytes_in_of(v->value, v->len), &oid);
        snmp_oid_format(&oid, out);
        return;
    case BER_NULL:
        str_add(out, "NULL");
        return;
    case NO_OBJECT:
        str_add(out, "No Such Object available on this agent at this OID");
        return;
    case NO_INSTANCE:
        str_add(out, "No Such Instance currently exists at this OID");
        return;
    case END_OF_VIEW:
        str_add(out,
                "No more variables left in this MIB View (It is past the end of the MIB tree)");
        return;
    default:
        print_octets(v, out);
    }
}

const char *snmp_error_text(int32_t error)
{
    static const char *const words[] = {
        "noError",
        "(tooBig) Response message would have been too large.",
        "(noSuchName) There is no such variable name in this MIB.",
        "(badValue) The value given has the wrong type or length.",
        "(readOnly) The two parties used do not have access to use the specified SNMP PDU.",
        "(genError) A general failure occured"};
    bool known = error >= 0 && (size_t)error < sizeof words / sizeof words[0];
    return known ? words[error] : "the agent reports an error";
}
