/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/inspect/dns_eve.h"

#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/net/addr.h"
#include "tool/ids/eve/eve_head.h"

void dns_eve_name(struct json_out *json, const char *key, const struct dns_message *m, size_t at)
{
    struct dns_name name;
    if (dns_name_at(m, at, &name) || name.len)
        eve_bytes(json, key, name.text, name.len);
}

static void put_name(struct json_out *json, const char *key, const char *cut_key,
                     const struct dns_message *m, size_t at)
{
    struct dns_name name;
    (void)dns_name_at(m, at, &name);
    eve_bytes(json, key, name.text, name.len);
    if (name.odd & DNS_ODD_LONG_NAME)
        json_bool(json, cut_key, true);
}

static struct bytes_in data_of(const struct dns_message *m, const struct dns_record *r)
{
    return bytes_in_of(m->data + r->data_at, r->data_len);
}

static bool is_name_type(uint16_t type)
{
    return type == DNS_TYPE_CNAME || type == DNS_TYPE_NS || type == DNS_TYPE_PTR ||
           type == DNS_TYPE_MX;
}

/* Where the name in the data begins: behind the preference of MX. */
static size_t name_place(const struct dns_record *r)
{
    return r->data_at + (r->type == DNS_TYPE_MX ? 2 : 0);
}

static bool address_text(const struct dns_message *m, const struct dns_record *r,
                         char to[ADDR_TEXT_MAX])
{
    struct bytes_in in = data_of(m, r);
    struct addr a = {.family = r->type == DNS_TYPE_A ? ADDR_IP4 : ADDR_IP6};
    size_t len = r->type == DNS_TYPE_A ? 4 : 16;
    if (r->data_len != len)
        return false;
    bytes_copy(&in, a.byte, len);
    (void)eve_addr_text(&a, to);
    return true;
}

static void put_soa(struct json_out *json, const char *key, const struct dns_message *m,
                    const struct dns_record *r)
{
    struct dns_name name;
    size_t second = dns_name_at(m, r->data_at, &name);
    size_t rest = second ? dns_name_at(m, second, &name) : 0;
    if (!rest || rest > m->len)
        return;
    struct bytes_in in = bytes_in_of(m->data + rest, m->len - rest);
    json_object(json, key);
    put_name(json, "mname", "mname_truncated", m, r->data_at);
    put_name(json, "rname", "rname_truncated", m, second);
    static const char *const field[] = {"serial", "refresh", "retry", "expire", "minimum"};
    for (size_t i = 0; i < 5; i++)
        json_u64(json, field[i], bytes_u32be(&in));
    json_end(json);
}

static void put_sshfp(struct json_out *json, const char *key, const struct dns_message *m,
                      const struct dns_record *r)
{
    struct bytes_in in = data_of(m, r);
    uint8_t algorithm = bytes_u8(&in);
    uint8_t kind = bytes_u8(&in);
    struct str text = str_of(0);
    while (bytes_left(&in))
        str_addf(&text, "%s%02x", text.len ? ":" : "", bytes_u8(&in));
    json_object(json, key);
    json_text(json, "fingerprint", str_text(&text));
    json_u64(json, "algo", algorithm);
    json_u64(json, "type", kind);
    json_end(json);
    str_done(&text);
}

static void put_srv(struct json_out *json, const char *key, const struct dns_message *m,
                    const struct dns_record *r)
{
    struct bytes_in in = data_of(m, r);
    json_object(json, key);
    json_u64(json, "priority", bytes_u16be(&in));
    json_u64(json, "weight", bytes_u16be(&in));
    json_u64(json, "port", bytes_u16be(&in));
    dns_eve_name(json, "name", m, r->data_at + 6u);
    json_end(json);
}

static void put_opt(struct json_out *json, const struct dns_message *m, const struct dns_record *r)
{
    struct bytes_in in = data_of(m, r);
    json_array(json, "opt");
    while (bytes_left(&in)) {
        uint16_t code = bytes_u16be(&in);
        uint16_t len = bytes_u16be(&in);
        const uint8_t *data = bytes_take(&in, len);
        if (!data)
            break;
        json_object(json, NULL);
        json_u64(json, "code", code);
        eve_hex(json, "data", data, len);
        json_end(json);
    }
    json_end(json);
}

static void put_record_head(struct json_out *json, const struct dns_message *m,
                            const struct dns_record *r)
{
    char room[16];
    json_object(json, NULL);
    put_name(json, "rrname", "rrname_truncated", m, r->name_at);
    json_text(json, "rrtype", dns_type_name(r->type, room));
    json_u64(json, "ttl", r->ttl);
}

/* Each text of a TXT record is shown as a record of its own. */
static void put_txt_records(struct json_out *json, const struct dns_message *m,
                            const struct dns_record *r)
{
    struct bytes_in in = data_of(m, r);
    while (bytes_left(&in)) {
        uint8_t len = bytes_u8(&in);
        const uint8_t *text = bytes_take(&in, len);
        if (!text)
            break;
        put_record_head(json, m, r);
        eve_bytes(json, "rdata", text, len);
        json_end(json);
    }
}

static void put_record(struct json_out *json, const struct dns_message *m,
                       const struct dns_record *r)
{
    char text[ADDR_TEXT_MAX];
    if (r->type == DNS_TYPE_TXT) {
        put_txt_records(json, m, r);
        return;
    }
    put_record_head(json, m, r);
    switch (r->type) {
    case DNS_TYPE_A:
    case DNS_TYPE_AAAA:
        json_text(json, "rdata", address_text(m, r, text) ? text : "");
        break;
    case DNS_TYPE_SOA:
        put_soa(json, "soa", m, r);
        break;
    case DNS_TYPE_SSHFP:
        put_sshfp(json, "sshfp", m, r);
        break;
    case DNS_TYPE_SRV:
        put_srv(json, "srv", m, r);
        break;
    case DNS_TYPE_OPT:
        put_opt(json, m, r);
        break;
    case DNS_TYPE_NULL:
        eve_bytes(json, "rdata", m->data + r->data_at, r->data_len);
        break;
    default:
        if (is_name_type(r->type))
            put_name(json, "rdata", "rdata_truncated", m, name_place(r));
        break;
    }
    json_end(json);
}

static void put_section(struct json_out *json, const char *key, const struct dns_message *m,
                        int section)
{
    bool open = false;
    for (uint16_t i = 0; i < m->count[section]; i++) {
        const struct dns_record *r = &m->record[section][i];
        if (section == DNS_ADDITIONALS && r->type == DNS_TYPE_OPT && r->data_len == 0)
            continue;
        if (!open)
            json_array(json, key);
        open = true;
        put_record(json, m, r);
    }
    if (open)
        json_end(json);
}

static void put_grouped_value(struct json_out *json, const struct dns_message *m,
                              const struct dns_record *r)
{
    char text[ADDR_TEXT_MAX];
    struct bytes_in in = data_of(m, r);
    switch (r->type) {
    case DNS_TYPE_A:
    case DNS_TYPE_AAAA:
        json_text(json, NULL, address_text(m, r, text) ? text : "");
        break;
    case DNS_TYPE_TXT:
        while (bytes_left(&in)) {
            uint8_t len = bytes_u8(&in);
            const uint8_t *data = bytes_take(&in, len);
            if (!data)
                break;
            eve_bytes(json, NULL, data, len);
        }
        break;
    case DNS_TYPE_NULL:
        eve_bytes(json, NULL, m->data + r->data_at, r->data_len);
        break;
    case DNS_TYPE_SOA:
        put_soa(json, NULL, m, r);
        break;
    case DNS_TYPE_SSHFP:
        put_sshfp(json, NULL, m, r);
        break;
    case DNS_TYPE_SRV:
        put_srv(json, NULL, m, r);
        break;
    default:
        dns_eve_name(json, NULL, m, name_place(r));
        break;
    }
}

static bool can_group(uint16_t type)
{
    return is_name_type(type) || type == DNS_TYPE_A || type == DNS_TYPE_AAAA ||
           type == DNS_TYPE_TXT || type == DNS_TYPE_NULL || type == DNS_TYPE_SOA ||
           type == DNS_TYPE_SSHFP || type == DNS_TYPE_SRV;
}

static void put_grouped(struct json_out *json, const struct dns_message *m)
{
    const struct dns_record *record = m->record[DNS_ANSWERS];
    char room[16];
    json_object(json, "grouped");
    for (uint16_t i = 0; i < m->count[DNS_ANSWERS]; i++) {
        bool first = can_group(record[i].type);
        for (uint16_t k = 0; k < i && first; k++)
            first = record[k].type != record[i].type;
        if (!first)
            continue;
        json_array(json, dns_type_name(record[i].type, room));
        for (uint16_t k = i; k < m->count[DNS_ANSWERS]; k++)
            if (record[k].type == record[i].type)
                put_grouped_value(json, m, &record[k]);
        json_end(json);
    }
    json_end(json);
}

static bool wants_type(const struct dns_eve *how, uint16_t type)
{
    for (uint8_t i = 0; i < how->type_count; i++)
        if (how->type[i] == type)
            return true;
    return how->type_count == 0;
}

bool dns_eve_wants(const struct dns_message *m, const struct dns_eve *how)
{
    for (uint16_t i = 0; i < m->count[DNS_QUERIES]; i++)
        if (wants_type(how, m->record[DNS_QUERIES][i].type))
            return true;
    return false;
}

static void put_flags(struct json_out *json, uint16_t flags)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } flag[] = {
        {DNS_FLAG_RESPONSE, "qr"},
        {DNS_FLAG_AUTHORITATIVE, "aa"},
        {DNS_FLAG_TRUNCATED, "tc"},
        {DNS_FLAG_RECURSION, "rd"},
        {DNS_FLAG_RECURSION_AVAILABLE, "ra"},
        {DNS_FLAG_Z, "z"},
    };
    char text[8];
    snprintf(text, sizeof text, "%x", flags);
    json_text(json, "flags", text);
    for (size_t i = 0; i < ARRAY_COUNT(flag); i++)
        if (flags & flag[i].bit)
            json_bool(json, flag[i].name, true);
}

static void put_queries(struct json_out *json, const struct dns_message *m,
                        const struct dns_eve *how)
{
    char room[16];
    if (!m->count[DNS_QUERIES])
        return;
    json_array(json, "queries");
    for (uint16_t i = 0; i < m->count[DNS_QUERIES]; i++) {
        const struct dns_record *r = &m->record[DNS_QUERIES][i];
        if (!wants_type(how, r->type))
            continue;
        json_object(json, NULL);
        struct dns_name name;
        (void)dns_name_at(m, r->name_at, &name);
        eve_bytes(json, "rrname", name.text, name.len);
        json_text(json, "rrtype", dns_type_name(r->type, room));
        if (name.odd & DNS_ODD_LONG_NAME)
            json_bool(json, "rrname_truncated", true);
        json_end(json);
    }
    json_end(json);
}

static void put_answers(struct json_out *json, const struct dns_message *m,
                        const struct dns_eve *how)
{
    if (m->count[DNS_ANSWERS] && how->detailed)
        put_section(json, "answers", m, DNS_ANSWERS);
    if (m->count[DNS_ANSWERS] && how->grouped)
        put_grouped(json, m);
    put_section(json, "authorities", m, DNS_AUTHORITIES);
    put_section(json, "additionals", m, DNS_ADDITIONALS);
}

/* The form of EVE before Suricata 8: the first query beside the rest. */
static void members_2(struct json_out *json, const struct dns_message *m, const struct dns_eve *how)
{
    bool response = m->flags & DNS_FLAG_RESPONSE;
    char room[16];
    if (response)
        json_u64(json, "version", 2);
    json_text(json, "type", response ? "answer" : "query");
    json_u64(json, "id", m->id);
    if (response)
        put_flags(json, m->flags);
    if (m->count[DNS_QUERIES]) {
        put_name(json, "rrname", "rrname_truncated", m, m->record[DNS_QUERIES][0].name_at);
        json_text(json, "rrtype", dns_type_name(m->record[DNS_QUERIES][0].type, room));
    }
    if (!response)
        json_u64(json, "tx_id", how->tx_id);
    json_u64(json, "opcode", m->flags >> 11 & 0xf);
    if (!response)
        return;
    json_text(json, "rcode", dns_rcode_name(m->flags & 0xf, room));
    put_answers(json, m, how);
}

void dns_eve_members(struct json_out *json, const struct dns_message *m, const struct dns_eve *how)
{
    char room[16];
    if (how->version == 2) {
        members_2(json, m, how);
        return;
    }
    json_u64(json, "version", 3);
    json_text(json, "type", m->flags & DNS_FLAG_RESPONSE ? "response" : "request");
    json_u64(json, "tx_id", how->tx_id);
    json_u64(json, "id", m->id);
    put_flags(json, m->flags);
    json_u64(json, "opcode", m->flags >> 11 & 0xf);
    json_text(json, "rcode", dns_rcode_name(m->flags & 0xf, room));
    put_queries(json, m, how);
    put_answers(json, m, how);
}
