/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of a packet's heads, compared: ttl, id, itype, window and their kin.  One row says where
 * the number lies and how large it can be. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

/* Get the number; false: this packet has none. */
typedef bool field_get_fn(const struct packet *p, uint64_t *out);

struct field {
    field_get_fn *get;
    uint64_t limit;
    const struct number_name *name;
};

struct field_test {
    const struct field *field;
    struct number_range range;
};

static bool head4(const struct packet *p, struct ip4_head *out)
{
    struct bytes_in in = packet_net(p);
    return p->net == PACKET_IP4 && ip4_decode(&in, out);
}

static bool head6(const struct packet *p, struct ip6_head *out)
{
    struct bytes_in in = packet_net(p);
    return p->net == PACKET_IP6 && ip6_decode(&in, out);
}

static bool head_tcp(const struct packet *p, struct tcp_head *out)
{
    struct bytes_in in = packet_transport(p);
    return p->transport == PACKET_TCP && tcp_decode(&in, out);
}

static bool get_ttl(const struct packet *p, uint64_t *out)
{
    struct ip4_head four;
    struct ip6_head six;
    if (head4(p, &four))
        *out = four.ttl;
    else if (head6(p, &six))
        *out = six.hop_limit;
    else
        return false;
    return true;
}

static bool get_tos(const struct packet *p, uint64_t *out)
{
    struct ip4_head four;
    struct ip6_head six;
    if (head4(p, &four))
        *out = four.tos;
    else if (head6(p, &six))
        *out = six.traffic_class;
    else
        return false;
    return true;
}

/* Of an IPv6 packet: of its fragment header. */
static bool fragment6(const struct packet *p, struct ip6_ext *out)
{
    struct ip6_head h;
    struct bytes_in in = packet_net(p);
    if (p->net != PACKET_IP6 || !ip6_decode(&in, &h))
        return false;
    ip6_skip_ext(&in, h.next, out);
    return true;
}

static bool get_id(const struct packet *p, uint64_t *out)
{
    struct ip4_head four;
    struct ip6_ext x = {0};
    if (head4(p, &four))
        *out = four.id;
    else if (fragment6(p, &x))
        *out = x.id;
    else
        return false;
    return true;
}

static bool get_fragoffset(const struct packet *p, uint64_t *out)
{
    struct ip4_head four;
    struct ip6_ext x = {0};
    if (head4(p, &four))
        *out = four.fragment_at / 8;
    else if (fragment6(p, &x))
        *out = x.fragment_at / 8;
    else
        return false;
    return true;
}

/* Snort counts bytes, and knows IPv4's field only. */
static bool get_fragoffset_snort(const struct packet *p, uint64_t *out)
{
    struct ip4_head four;
    *out = head4(p, &four) ? four.fragment_at : 0;
    return p->net == PACKET_IP4 || p->net == PACKET_IP6;
}

static bool get_ip_proto(const struct packet *p, uint64_t *out)
{
    *out = p->ip_proto;
    return p->net == PACKET_IP4 || p->net == PACKET_IP6;
}

static bool get_dsize(const struct packet *p, uint64_t *out)
{
    *out = p->payload_len;
    return true;
}

static bool get_seq(const struct packet *p, uint64_t *out)
{
    struct tcp_head h;
    if (!head_tcp(p, &h))
        return false;
    *out = h.seq;
    return true;
}

static bool get_ack(const struct packet *p, uint64_t *out)
{
    struct tcp_head h;
    if (!head_tcp(p, &h))
        return false;
    *out = h.ack;
    return true;
}

static bool get_window(const struct packet *p, uint64_t *out)
{
    struct tcp_head h;
    if (!head_tcp(p, &h))
        return false;
    *out = h.window;
    return true;
}

static bool get_mss(const struct packet *p, uint64_t *out)
{
    struct tcp_head h;
    if (!head_tcp(p, &h))
        return false;
    struct tcp_options o = tcp_options_of(&h);
    *out = o.mss;
    return o.has_mss;
}

static bool get_wscale(const struct packet *p, uint64_t *out)
{
    struct tcp_head h;
    if (!head_tcp(p, &h))
        return false;
    struct tcp_options o = tcp_options_of(&h);
    *out = o.window_scale;
    return o.has_window_scale;
}

static bool is_icmp(const struct packet *p)
{
    return p->transport == PACKET_ICMP4 || p->transport == PACKET_ICMP6;
}

static bool get_itype(const struct packet *p, uint64_t *out)
{
    *out = p->icmp_type;
    return is_icmp(p);
}

static bool get_icode(const struct packet *p, uint64_t *out)
{
    *out = p->icmp_code;
    return is_icmp(p);
}

/* Does the type have identifier and sequence number in bytes 4-7? */
static bool has_echo_fields(const struct packet *p)
{
    if (p->transport == PACKET_ICMP6)
        return p->icmp_type == 128 || p->icmp_type == 129;
    switch (p->icmp_type) {
    case ICMP4_TYPE_ECHO:
    case ICMP4_TYPE_ECHO_REPLY:
    case ICMP4_TYPE_TIMESTAMP:
    case ICMP4_TYPE_TIMESTAMP_REPLY:
    case ICMP4_TYPE_MASK:
    case ICMP4_TYPE_MASK_REPLY:
    case 15: /* information request and reply, RFC 792 */
    case 16:
        return p->transport == PACKET_ICMP4;
    default:
        return false;
    }
}

static bool icmp_word(const struct packet *p, unsigned at, uint64_t *out)
{
    struct bytes_in in = packet_transport(p);
    if (!has_echo_fields(p))
        return false;
    bytes_skip(&in, at);
    *out = bytes_u16be(&in);
    return !in.bad;
}

static bool get_icmp_id(const struct packet *p, uint64_t *out)
{
    return icmp_word(p, 4, out);
}

static bool get_icmp_seq(const struct packet *p, uint64_t *out)
{
    return icmp_word(p, 6, out);
}

static bool get_mtu(const struct packet *p, uint64_t *out)
{
    struct bytes_in in = packet_transport(p);
    if (p->transport != PACKET_ICMP6 || p->icmp_type != 2)
        return false;
    bytes_skip(&in, 4);
    *out = bytes_u32be(&in);
    return !in.bad;
}

static bool get_vlan_layers(const struct packet *p, uint64_t *out)
{
    *out = p->vlan_count;
    return true;
}

static const struct field field_dsize;

static const struct number_name protocol_name[] = {
    {"ip", 0},      {"icmp", 1},   {"igmp", 2},       {"ipip", 4},     {"tcp", 6},
    {"egp", 8},     {"igp", 9},    {"udp", 17},       {"ipv6", 41},    {"gre", 47},
    {"esp", 50},    {"ah", 51},    {"ipv6-icmp", 58}, {"icmpv6", 58},  {"ospf", 89},
    {"pim", 103},   {"vrrp", 112}, {"l2tp", 115},     {"sctp", 132},   {"udplite", 136},
    {"ipencap", 4}, {"rsvp", 46},  {"eigrp", 88},     {"ipcomp", 108}, {NULL, 0},
};

static bool field_holds(const void *state, const struct look *look)
{
    const struct field_test *t = state;
    uint64_t value;
    return t->field->get(look->packet->packet, &value) && number_range_has(&t->range, value);
}

/* "x10" is Suricata's way to write 0x10 in tos. */
static char *hex_form(struct rule_parser *p, char *value)
{
    char *digits = value + (*value == '!');
    if (*digits != 'x' && *digits != 'X')
        return value;
    return arena_print(p->arena, "%s0%s", *value == '!' ? "!" : "", digits);
}

static int parse_field(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    struct field_test *t = parser_take(p, sizeof *t);
    t->field = k->detail;
    char *text = word_unquote(value);
    text = hex_form(p, text ? text : value);
    if (number_range_parse(&t->range, text, p->dialect, t->field->limit, t->field->name, e) < 0)
        return e->code;
    if (t->field == &field_dsize && !t->range.negated && t->range.high < UINT16_MAX)
        p->dsize_max = t->range.high;
    parser_add_test(p, field_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

/* Addresses and values that a comparison does not cover. */

static bool same_ip_holds(const void *state, const struct look *look)
{
    (void)state;
    return addr_equal(&look->packet->src, &look->packet->dst);
}

static int parse_same_ip(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    (void)k;
    (void)value;
    (void)e;
    parser_add_test(p, same_ip_holds, NULL);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

struct vlan_test {
    struct number_range range;
    int8_t layer;
    bool any, all;
};

static bool vlan_holds(const void *state, const struct look *look)
{
    const struct vlan_test *t = state;
    const struct ids_packet *p = look->packet;
    if (p->vlan_count == 0)
        return false;
    if (t->any || t->all) {
        for (unsigned i = 0; i < p->vlan_count; i++)
            if (number_range_has(&t->range, p->vlan[i]) != t->all)
                return t->any;
        return t->all;
    }
    int at = t->layer < 0 ? p->vlan_count + t->layer : t->layer;
    return at >= 0 && at < p->vlan_count && number_range_has(&t->range, p->vlan[at]);
}

/* vlan.id:RANGE[,LAYER|any|all] */
static int parse_vlan(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct vlan_test *t = parser_take(p, sizeof *t);
    char *rest = value, *range = word_next(&rest, ','), *layer = word_next(&rest, ',');
    int64_t number = 0;
    (void)k;
    if (number_range_parse(&t->range, range, p->dialect, 4095, NULL, e) < 0)
        return e->code;
    t->any = !layer || strcmp(layer, "any") == 0;
    t->all = layer && strcmp(layer, "all") == 0;
    if (!t->any && !t->all &&
        (!word_to_i64(layer, &number) || number < -FLOW_VLAN_MAX || number >= FLOW_VLAN_MAX))
        return err_set(e, -EINVAL, "\"%s\" is no layer", layer);
    t->layer = (int8_t)number;
    parser_add_test(p, vlan_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

#define FIELD(name, limit, names)                                                                  \
    static const struct field field_##name = {get_##name, limit, names}
FIELD(ttl, UINT8_MAX, NULL);
FIELD(tos, UINT8_MAX, NULL);
FIELD(id, UINT32_MAX, NULL);
FIELD(fragoffset, 8191, NULL);
FIELD(fragoffset_snort, UINT16_MAX, NULL);
FIELD(ip_proto, UINT8_MAX, protocol_name);
FIELD(dsize, UINT16_MAX, NULL);
FIELD(seq, UINT32_MAX, NULL);
FIELD(ack, UINT32_MAX, NULL);
FIELD(window, UINT16_MAX, NULL);
FIELD(mss, UINT16_MAX, NULL);
FIELD(wscale, UINT8_MAX, NULL);
FIELD(itype, UINT8_MAX, NULL);
FIELD(icode, UINT8_MAX, NULL);
FIELD(icmp_id, UINT16_MAX, NULL);
FIELD(icmp_seq, UINT16_MAX, NULL);
FIELD(mtu, UINT32_MAX, NULL);
FIELD(vlan_layers, FLOW_VLAN_MAX, NULL);

#define ANY RULE_ANY_DIALECT
#define ROW(word, dialects, field, doc)                                                            \
    {                                                                                              \
        word, dialects, KEYWORD_NEEDS_VALUE, parse_field, &field_##field, word ":RANGE; " doc      \
    }

static const struct ids_keyword keyword[] = {
    ROW("ttl", ANY, ttl, "time to live, hop limit"),
    ROW("tos", ANY, tos, "type of service, traffic class"),
    ROW("id", ANY, id, "identification"),
    ROW("fragoffset", RULE_SURICATA, fragoffset, "offset of the fragment in units of 8 bytes"),
    ROW("fragoffset", RULE_SNORT2 | RULE_SNORT3, fragoffset_snort, "offset of the fragment"),
    ROW("ip_proto", ANY, ip_proto, "protocol behind IP, by number or name"),
    ROW("dsize", ANY, dsize, "payload of the packet in bytes"),
    ROW("seq", ANY, seq, "TCP sequence number"),
    ROW("tcp.seq", RULE_SURICATA, seq, "TCP sequence number"),
    ROW("ack", ANY, ack, "TCP acknowledgment"),
    ROW("tcp.ack", RULE_SURICATA, ack, "TCP acknowledgment"),
    ROW("window", ANY, window, "TCP window"),
    ROW("tcp.window", RULE_SURICATA, window, "TCP window"),
    ROW("tcp.mss", RULE_SURICATA, mss, "TCP's maximum segment size option"),
    ROW("tcp.wscale", RULE_SURICATA, wscale, "TCP's window scale option"),
    ROW("itype", ANY, itype, "ICMP type"),
    ROW("icode", ANY, icode, "ICMP code"),
    ROW("icmp_id", ANY, icmp_id, "ICMP identifier"),
    ROW("icmp_seq", ANY, icmp_seq, "ICMP sequence number"),
    ROW("icmpv6.mtu", RULE_SURICATA, mtu, "MTU of a packet-too-big message"),
    ROW("vlan.layers", RULE_SURICATA, vlan_layers, "number of VLAN tags"),
    {"vlan.id", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_vlan, NULL,
     "vlan.id:RANGE[,LAYER|any|all]; VLAN number"},
    {"sameip", ANY, KEYWORD_NO_VALUE, parse_same_ip, NULL, "sameip; source equals destination"},
};

const struct ids_keyword_family ids_keyword_field = {"field", "numbers of a packet's heads",
                                                     keyword, ARRAY_COUNT(keyword)};
