/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS over UDP and TCP: each message is a transaction of its own. */
#include "wire/proto/dns.h"

#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/inspect/dns_tx.h"
#include "wire/packet/layer/number.h"

enum { DNS_PORT = 53, OPCODE_MAX = 6 };

static struct dns_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct dns_tx, head);
}

void dns_tx_odd_events(struct inspect_flow *f, struct inspect_tx *tx, const struct dns_message *m)
{
    if (m->flags & DNS_FLAG_Z)
        inspect_event(f, tx, INSPECT_EVENT_DNS_Z_FLAG_SET);
    if ((m->flags >> 11 & 0xf) > OPCODE_MAX)
        inspect_event(f, tx, INSPECT_EVENT_DNS_INVALID_OPCODE);
    if (m->odd & DNS_ODD_LONG_NAME)
        inspect_event(f, tx, INSPECT_EVENT_DNS_NAME_TOO_LONG);
    if (m->odd & DNS_ODD_LOOP)
        inspect_event(f, tx, INSPECT_EVENT_DNS_INFINITE_LOOP);
    if (m->odd & DNS_ODD_LABELS)
        inspect_event(f, tx, INSPECT_EVENT_DNS_TOO_MANY_LABELS);
}

static void event_on_last(struct inspect_flow *f, enum inspect_event event)
{
    if (f->last)
        inspect_event(f, f->last, event);
}

/* False: what was sent is no DNS. */
static bool take_message(struct inspect_flow *f, enum flow_side side, const uint8_t *data,
                         size_t len)
{
    struct arena memory = {0};
    struct dns_message m;
    bool udp = f->flow->proto == IP_PROTO_UDP;
    if (!dns_head_is_plausible(data, len, len))
        return udp;
    const uint8_t *copy = (uint8_t *)arena_copy(&memory, data, len);
    bool good = dns_parse(&m, copy, len, &memory);
    bool answer = m.flags & DNS_FLAG_RESPONSE;
    if (!good || (side == FLOW_TO_SERVER && answer)) {
        event_on_last(f, good ? INSPECT_EVENT_DNS_NOT_REQUEST : INSPECT_EVENT_DNS_MALFORMED_DATA);
        arena_done(&memory);
        return false;
    }
    struct dns_tx *tx = inspect_tx_new(f, sizeof *tx);
    if (!tx) {
        arena_done(&memory);
        return false;
    }
    tx->memory = memory;
    tx->message = m;
    tx->side = side;
    if (f->thread->settings->dns.version >= 3)
        tx->head.log_side = (uint8_t)side;
    if (side == FLOW_TO_CLIENT && !answer)
        inspect_event(f, &tx->head, INSPECT_EVENT_DNS_NOT_RESPONSE);
    dns_tx_odd_events(f, &tx->head, &m);
    inspect_tx_done(f, &tx->head);
    tx->head.inspected[!side] = true; /* the other side has no part in it */
    return true;
}

static struct stream_used take_tcp(struct inspect_flow *f, enum flow_side side,
                                   const struct stream_chunk *c)
{
    struct bytes_in in = bytes_in_of(c->data, c->len);
    while (bytes_left(&in) >= 2) {
        struct bytes_in ahead = in;
        uint16_t len = bytes_u16be(&ahead);
        if (bytes_left(&ahead) < len) {
            uint32_t used = (uint32_t)(in.pos - c->data);
            return (struct stream_used){used, len + 2u};
        }
        const uint8_t *message = bytes_take(&ahead, len);
        in = ahead;
        inspect_raw_trigger(f, side);
        (void)inspect_frame_new(f, side, "pdu", c->at + (uint64_t)(message - c->data), len);
        if (len && !take_message(f, side, message, len))
            return inspect_fail(f, INSPECT_ERROR_PARSER);
    }
    return (struct stream_used){(uint32_t)(in.pos - c->data), 0};
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct dns_state *s = state;
    if (c->gap) {
        s->gap[side] = true;
        return inspect_all(c);
    }
    if (f->flow->proto == IP_PROTO_UDP) {
        (void)inspect_frame_new(f, side, "pdu", 0, c->len);
        if (!take_message(f, side, c->data, c->len))
            counter_add(&f->thread->errors[INSPECT_DNS][1][INSPECT_ERROR_PARSER], 1);
        return inspect_all(c);
    }
    if (s->gap[side]) { /* does a message begin here? */
        if (c->len < 2 + DNS_HEAD_LEN ||
            !dns_head_is_plausible(c->data + 2, c->len - 2, (size_t)(c->data[0] << 8 | c->data[1])))
            return inspect_all(c);
        s->gap[side] = false;
    }
    return take_tcp(f, side, c);
}

static void *open_flow(struct inspect_flow *f)
{
    (void)f;
    return mem_zero(sizeof(struct dns_state));
}

static void close_flow(struct inspect_flow *f, void *state)
{
    (void)f;
    mem_free(state);
}

void dns_tx_free(struct inspect_flow *f, struct inspect_tx *tx)
{
    (void)f;
    arena_done(&tx_of(tx)->memory);
}

/* ---- buffers ---- */

static bool give_name(struct dns_tx *tx, size_t at, struct span *out)
{
    struct dns_name name;
    (void)dns_name_at(&tx->message, at, &name);
    const char *copy = arena_copy(&tx->memory, name.text, name.len);
    return inspect_span(out, copy, name.len);
}

static bool give_section(struct dns_tx *tx, int section, unsigned index, struct span *out)
{
    return index < tx->message.count[section] &&
           give_name(tx, tx->message.record[section][index].name_at, out);
}

/* Names in the data of a record, where its type has one. */
static size_t data_name(const struct dns_record *r)
{
    switch (r->type) {
    case DNS_TYPE_CNAME:
    case DNS_TYPE_NS:
    case DNS_TYPE_PTR:
    case DNS_TYPE_SOA:
        return r->data_at;
    case DNS_TYPE_MX:
        return r->data_at + 2u;
    case DNS_TYPE_SRV:
        return r->data_at + 6u;
    default:
        return 0;
    }
}

/* All names of a response, one after the other: of queries, and of the other sections with the
 * names and texts in their data. */
static bool give_response_name(struct dns_tx *tx, unsigned index, struct span *out)
{
    const struct dns_message *m = &tx->message;
    for (int section = 0; section < DNS_SECTIONS; section++)
        for (uint16_t i = 0; i < m->count[section]; i++) {
            const struct dns_record *r = &m->record[section][i];
            if (index-- == 0)
                return give_name(tx, r->name_at, out);
            if (section == DNS_QUERIES)
                continue;
            size_t at = data_name(r);
            if (at && index-- == 0)
                return give_name(tx, at, out);
            if (r->type == DNS_TYPE_SOA) {
                struct dns_name name;
                size_t second = dns_name_at(m, r->data_at, &name);
                if (second && index-- == 0)
                    return give_name(tx, second, out);
            }
            if (r->type == DNS_TYPE_TXT) {
                struct bytes_in in = bytes_in_of(m->data + r->data_at, r->data_len);
                while (bytes_left(&in)) {
                    uint8_t len = bytes_u8(&in);
                    const uint8_t *text = bytes_take(&in, len);
                    if (!text)
                        break;
                    if (index-- == 0)
                        return inspect_span(out, text, len);
                }
            }
        }
    return false;
}

bool dns_tx_buffer(struct dns_tx *tx, enum buffer_id id, unsigned index, struct span *out)
{
    switch (id) {
    case BUFFER_DNS_QUERY:
    case BUFFER_DNS_QUERIES_RRNAME:
    case BUFFER_DNS_QUERY_NAME:
    case BUFFER_MDNS_QUERIES_RRNAME:
        return give_section(tx, DNS_QUERIES, index, out);
    case BUFFER_DNS_ANSWERS_RRNAME:
    case BUFFER_DNS_ANSWER_NAME:
    case BUFFER_MDNS_ANSWERS_RRNAME:
        return give_section(tx, DNS_ANSWERS, index, out);
    case BUFFER_DNS_AUTHORITIES_RRNAME:
    case BUFFER_MDNS_AUTHORITIES_RRNAME:
        return give_section(tx, DNS_AUTHORITIES, index, out);
    case BUFFER_DNS_ADDITIONALS_RRNAME:
    case BUFFER_MDNS_ADDITIONALS_RRNAME:
        return give_section(tx, DNS_ADDITIONALS, index, out);
    case BUFFER_DNS_RESPONSE_RRNAME:
    case BUFFER_MDNS_RESPONSE_RRNAME:
        return give_response_name(tx, index, out);
    default:
        return false;
    }
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    struct dns_tx *tx = tx_of(head);
    (void)f;
    return tx->side == side && dns_tx_buffer(tx, id, index, out);
}

bool dns_tx_number(const struct dns_tx *tx, enum number_id id, unsigned index, uint64_t *out)
{
    const struct dns_message *m = &tx->message;
    switch (id) {
    case NUMBER_DNS_OPCODE:
        *out = m->flags >> 11 & 0xf;
        return index == 0;
    case NUMBER_DNS_RCODE:
        *out = m->flags & 0xf;
        return index == 0;
    case NUMBER_DNS_RRTYPE:
        for (int section = 0; section <= DNS_ANSWERS; section++) {
            if (index < m->count[section]) {
                *out = m->record[section][index].type;
                return true;
            }
            index -= m->count[section];
        }
        return false;
    default:
        return false;
    }
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    const struct dns_tx *tx = tx_of(head);
    (void)f;
    return tx->side == side && dns_tx_number(tx, id, index, out);
}

/* ---- records ---- */

static struct dns_eve how_of(const struct inspect_flow *f, const struct inspect_tx *tx)
{
    const struct inspect_settings *s = f->thread->settings;
    return (struct dns_eve){.version = s->dns.version,
                            .detailed = s->dns.detailed,
                            .grouped = s->dns.grouped,
                            .tx_id = tx->id,
                            .type = s->dns.type,
                            .type_count = s->dns.type_count};
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *tx, struct json_out *json)
{
    struct dns_eve how = how_of(f, tx);
    json_object(json, "dns");
    dns_eve_members(json, &tx_of(tx)->message, &how);
    json_end(json);
}

static bool wants_log(const struct inspect_flow *f, const struct inspect_tx *tx)
{
    const struct inspect_settings *s = f->thread->settings;
    struct dns_eve how = how_of(f, tx);
    const struct dns_message *m = &tx_of(tx)->message;
    bool response = tx_of(tx)->side == FLOW_TO_CLIENT;
    return (response ? s->dns.responses : s->dns.requests) && dns_eve_wants(m, &how);
}

/* ---- recognition ---- */

static enum inspect_answer probe(const struct inspect_probe *p)
{
    const uint8_t *data = p->data;
    size_t len = p->len, have = p->len;
    bool tcp = p->flow->proto == IP_PROTO_TCP;
    if (p->port != DNS_PORT && p->src_port != DNS_PORT)
        return INSPECT_NO;
    if (tcp) {
        if (have < 2)
            return INSPECT_MORE;
        len = (size_t)(data[0] << 8 | data[1]);
        data += 2;
        have -= 2;
        if (have < DNS_HEAD_LEN)
            return INSPECT_MORE;
    }
    have = have < len ? have : len;
    if (have < DNS_HEAD_LEN || !dns_head_is_plausible(data, have, len))
        return INSPECT_NO;
    if (have == len) {
        struct arena memory = {0};
        struct dns_message m;
        bool good = dns_parse(&m, data, len, &memory);
        arena_done(&memory);
        if (!good)
            return INSPECT_NO;
    }
    bool answer = data[2] & 0x80;
    if (answer == (p->side == FLOW_TO_SERVER))
        *p->reversed = true;
    return INSPECT_YES;
}

const struct inspect_proto inspect_proto_dns = {
    .id = INSPECT_DNS,
    .transports = INSPECT_TCP | INSPECT_UDP,
    .first_side = FLOW_SIDES,
    .one_sided = true,
    .event_type = "dns",
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = dns_tx_free,
    .buffer = buffer,
    .number = number,
    .eve = eve,
    .wants_log = wants_log,
};
