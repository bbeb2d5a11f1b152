/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/eve/eve_head.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/pcap_file.h"

enum { COMMUNITY_MAX = 48 };

const struct eve_settings eve_settings_default = {
    .kinds = EVE_ALERT | EVE_ANOMALY | EVE_FLOW | EVE_STATS | EVE_FILES,
    .anomaly_applayer = true,
};

static void put_digits(char *to, unsigned value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void eve_time(struct json_out *json, const char *key, uint64_t wall_ns)
{
    char text[] = "0000-00-00T00:00:00.000000+0000";
    struct civil c = clock_civil(wall_ns);
    put_digits(text, (unsigned)c.year, 4);
    put_digits(text + 5, c.month, 2);
    put_digits(text + 8, c.day, 2);
    put_digits(text + 11, c.hour, 2);
    put_digits(text + 14, c.minute, 2);
    put_digits(text + 17, c.second, 2);
    put_digits(text + 20, (unsigned)(c.ns / NS_PER_US), 6);
    json_text_len(json, key, text, sizeof text - 1);
}

const char *eve_link_name(uint32_t link)
{
    return pcap_link_name(link);
}

void eve_hex(struct json_out *json, const char *key, const void *data, size_t len)
{
    struct str hex = str_of(0);
    digest_print(&hex, data, len);
    json_text_len(json, key, str_text(&hex), hex.len);
    str_done(&hex);
}

static bool is_utf8(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint8_t c = p[i];
        size_t more = c < 0x80 ? 0 : c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : 1;
        if ((c >= 0x80 && c < 0xc2) || c >= 0xf5 || i + more >= len + (more == 0))
            return false;
        for (size_t k = 1; k <= more; k++)
            if (i + k >= len || (p[i + k] & 0xc0) != 0x80)
                return false;
        i += more + 1;
    }
    return true;
}

void eve_bytes(struct json_out *json, const char *key, const void *data, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *p = data;
    if (len == 0 || is_utf8(p, len)) {
        json_text_len(json, key, len ? data : "", len);
        return;
    }
    struct str text = str_of(0);
    for (size_t i = 0; i < len; i++) {
        if (p[i] < 0x80) {
            str_add_len(&text, &p[i], 1);
        } else {
            const char escaped[] = {'\\', 'x', hex[p[i] >> 4], hex[p[i] & 0xf]};
            str_add_len(&text, escaped, sizeof escaped);
        }
    }
    json_text_len(json, key, text.text, text.len);
    str_done(&text);
}

static const struct {
    uint8_t number;
    const char *name;
} proto_name[] = {
    {IP_PROTO_TCP, "TCP"},
    {IP_PROTO_UDP, "UDP"},
    {IP_PROTO_ICMP, "ICMP"},
    {IP_PROTO_ICMP6, "IPv6-ICMP"},
    {IP_PROTO_SCTP, "SCTP"},
    {IP_PROTO_ESP, "ESP"},
    {8, "EGP"},
    {46, "RSVP"},
    {47, "GRE"},
    {88, "EIGRP"},
    {94, "IPIP"},
    {97, "EtherIP"},
    {108, "IPComp"},
    {112, "VRRP"},
    {115, "L2TP"},
    {136, "UDPLite"},
    {137, "MPLS-in-IP"},
    {IP_PROTO_IGMP, "IGMP"},
    {IP_PROTO_IP4, "IP-in-IP"},
    {IP_PROTO_IP6, "IPv6"},
    {IP_PROTO_AH, "AH"},
    {89, "OSPF"},
    {IP_PROTO_NONE, "IPv6-NoNxt"},
    {103, "PIM"},
    {IP_PROTO_FRAGMENT, "IPv6-Frag"},
    {IP_PROTO_HOP_BY_HOP, "HOPOPT"},
    {IP_PROTO_ROUTING, "IPv6-Route"},
    {IP_PROTO_DST_OPTIONS, "IPv6-Opts"},
};

void eve_proto(struct json_out *json, uint8_t proto)
{
    char digits[4] = "000";
    for (size_t i = 0; i < ARRAY_COUNT(proto_name); i++)
        if (proto_name[i].number == proto) {
            json_text(json, "proto", proto_name[i].name);
            return;
        }
    put_digits(digits, proto, 3);
    json_text(json, "proto", digits);
}

const char *eve_addr_text(const struct addr *a, char to[ADDR_TEXT_MAX])
{
    static const char hex[] = "0123456789abcdef";
    if (a->family != ADDR_IP6)
        return addr_format(a, to);
    char *out = to;
    for (int i = 0; i < 16; i++) {
        *out++ = hex[a->byte[i] >> 4];
        *out++ = hex[a->byte[i] & 0xf];
        if (i & 1)
            *out++ = ':';
    }
    out[-1] = '\0';
    return to;
}

void eve_addr(struct json_out *json, const char *key, const struct addr *a)
{
    char text[ADDR_TEXT_MAX];
    json_text(json, key, eve_addr_text(a, text));
}

/* Who is source and who is destination in this record. */
struct ends {
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint8_t proto;
};

static struct ends ends_of(const struct ids_packet *p, const struct flow *f,
                           enum eve_direction direction)
{
    bool by_packet = p && (direction == EVE_AS_PACKET || !f);
    struct ends e = {0};
    if (by_packet && !(p->flag & IDS_PSEUDO)) {
        e = (struct ends){p->src, p->dst, p->src_port, p->dst_port, p->proto};
        return e;
    }
    if (!f)
        return e;
    enum flow_side from = by_packet                    ? (enum flow_side)p->side
                          : direction == EVE_TO_CLIENT ? FLOW_TO_CLIENT
                                                       : FLOW_TO_SERVER;
    e = (struct ends){flow_addr(f, from), flow_addr(f, (enum flow_side) !from), f->port[from],
                      f->port[!from], f->proto};
    return e;
}

static bool has_ports(uint8_t proto)
{
    return proto == IP_PROTO_TCP || proto == IP_PROTO_UDP || proto == IP_PROTO_SCTP;
}

static void put_ends(struct json_out *json, const struct ends *e)
{
    if (e->src.family == ADDR_NONE)
        return;
    eve_addr(json, "src_ip", &e->src);
    if (has_ports(e->proto))
        json_u64(json, "src_port", e->src_port);
    eve_addr(json, "dest_ip", &e->dst);
    if (has_ports(e->proto))
        json_u64(json, "dest_port", e->dst_port);
    eve_proto(json, e->proto);
    json_u64(json, "ip_v", e->src.family);
}

static void put_vlan(struct json_out *json, const uint16_t *vlan, uint8_t count)
{
    if (!count)
        return;
    json_array(json, "vlan");
    for (uint8_t i = 0; i < count; i++)
        json_u64(json, NULL, vlan[i]);
    json_end(json);
}

static void put_mac(struct json_out *json, const char *key, const uint8_t mac[6])
{
    static const char hex[] = "0123456789abcdef";
    char text[17];
    for (int i = 0; i < 6; i++) {
        text[3 * i] = hex[mac[i] >> 4];
        text[3 * i + 1] = hex[mac[i] & 0xf];
        if (i < 5)
            text[3 * i + 2] = ':';
    }
    json_text_len(json, key, text, sizeof text);
}

static void put_macs(struct json_out *json, const char *key, const uint8_t mac[6])
{
    json_array(json, key);
    put_mac(json, NULL, mac);
    json_end(json);
}

static void put_ether(struct json_out *json, const struct ids_packet *p, const struct flow *f,
                      enum eve_direction direction)
{
    bool frame = p && p->packet && p->packet->layer_count && p->packet->layer[0].kind == PACKET_ETH;
    if (frame && direction != EVE_AS_FLOW) {
        const uint8_t *head = p->packet->frame + p->packet->layer[0].at;
        bool turned = f && ((direction == EVE_TO_SERVER && p->side == FLOW_TO_CLIENT) ||
                            (direction == EVE_TO_CLIENT && p->side == FLOW_TO_SERVER));
        json_object(json, "ether");
        put_mac(json, "src_mac", turned ? head : head + 6);
        put_mac(json, "dest_mac", turned ? head + 6 : head);
        json_end(json);
    } else if (f && f->has_mac && direction == EVE_AS_FLOW) {
        json_object(json, "ether");
        put_macs(json, "dest_macs", f->mac[FLOW_TO_CLIENT]);
        put_macs(json, "src_macs", f->mac[FLOW_TO_SERVER]);
        json_end(json);
    }
}

/* ---- community id (github.com/corelight/community-id-spec, version 1) ---- */

static uint16_t icmp_partner(uint8_t proto, uint16_t type, bool *out_one_way)
{
    static const struct {
        uint8_t a, b;
    } pair4[] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}, {10, 9}},
      pair6[] = {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {144, 145}, {139, 140}};
    bool v4 = proto == IP_PROTO_ICMP;
    size_t count = v4 ? ARRAY_COUNT(pair4) : ARRAY_COUNT(pair6);
    *out_one_way = false;
    for (size_t i = 0; i < count; i++) {
        uint8_t a = v4 ? pair4[i].a : pair6[i].a, b = v4 ? pair4[i].b : pair6[i].b;
        if (type == a)
            return b;
        if (type == b)
            return a;
    }
    *out_one_way = true;
    return 0;
}

static void base64(const uint8_t *in, size_t len, char *out)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0) |
                     (i + 2 < len ? in[i + 2] : 0);
        out[n++] = digit[v >> 18];
        out[n++] = digit[v >> 12 & 63];
        out[n++] = i + 1 < len ? digit[v >> 6 & 63] : '=';
        out[n++] = i + 2 < len ? digit[v & 63] : '=';
    }
    out[n] = 0;
}

static void put_community(struct json_out *json, const struct eve_settings *s, const struct flow *f)
{
    uint8_t input[2 + 32 + 2 + 4], sum[DIGEST_MAX];
    char text[COMMUNITY_MAX] = "1:";
    size_t len = f->family == ADDR_IP4 ? 4 : 16;
    uint16_t port[2] = {f->port[0], f->port[1]};
    bool icmp = f->proto == IP_PROTO_ICMP || f->proto == IP_PROTO_ICMP6, one_way = false;
    if (icmp) {
        port[0] = f->icmp_type[0];
        port[1] = icmp_partner(f->proto, port[0], &one_way);
        if (one_way)
            port[1] = f->icmp_code[0];
    }
    int order = memcmp(f->ip[0], f->ip[1], len);
    bool turned = !one_way && (order > 0 || (order == 0 && port[0] > port[1]));
    struct bytes_out out = bytes_out_of(input, sizeof input);
    bytes_put_u16be(&out, s->community_seed);
    bytes_put(&out, f->ip[turned], len);
    bytes_put(&out, f->ip[!turned], len);
    bytes_put_u8(&out, f->proto);
    bytes_put_u8(&out, 0);
    if (icmp || has_ports(f->proto)) {
        bytes_put_u16be(&out, port[turned]);
        bytes_put_u16be(&out, port[!turned]);
    }
    digest_of(DIGEST_SHA1, input, bytes_out_len(&out), sum);
    base64(sum, digest_size(DIGEST_SHA1), text + 2);
    json_text(json, "community_id", text);
}

/* Where the packet comes from, in EVE's words. */
static const char *packet_source(const struct ids_packet *p)
{
    if (p->flag & IDS_PSEUDO)
        return "stream (flow timeout)";
    if (p->flag & IDS_REBUILT)
        return "defrag";
    return p->source ? p->source : "wire/pcap";
}

void eve_begin(struct eve_record *r, const struct eve_settings *s, const char *event_type,
               const struct ids_packet *p, const struct flow *f, enum eve_direction direction,
               uint64_t wall_ns)
{
    str_reset(&r->text);
    r->json = json_out_of(&r->text);
    struct json_out *json = &r->json;
    json_object(json, NULL);
    eve_time(json, "timestamp", wall_ns);
    if (f)
        json_u64(json, "flow_id", f->id);
    if (s->sensor)
        json_text(json, "host", s->sensor);
    if (p && p->number)
        json_u64(json, "pcap_cnt", p->number);
    json_text(json, "event_type", event_type);
    if (p)
        put_vlan(json, p->vlan, p->vlan_count);
    else if (f)
        put_vlan(json, f->vlan, f->vlan_count);
    struct ends e = ends_of(p, f, direction);
    put_ends(json, &e);
    if (f && f->spi)
        json_u64(json, "spi", f->spi);
    if (f && (e.proto == IP_PROTO_ICMP || e.proto == IP_PROTO_ICMP6)) {
        json_u64(json, "icmp_type", f->icmp_type[0]);
        json_u64(json, "icmp_code", f->icmp_code[0]);
        if (f->flag & FLOW_SEEN_CLIENT) {
            json_u64(json, "response_icmp_type", f->icmp_type[1]);
            json_u64(json, "response_icmp_code", f->icmp_code[1]);
        }
    }
    if (p)
        json_text(json, "pkt_src", packet_source(p));
    if (s->ether)
        put_ether(json, p, f, direction);
    if (s->community_id && f)
        put_community(json, s, f);
}

void eve_end(struct eve_record *r, const struct eve_sink *sink)
{
    json_end(&r->json);
    sink->line(sink->ctx, r->text.text, r->text.len);
}

void eve_app_proto(struct json_out *json, const struct flow *f)
{
    if (f->app)
        json_text(json, "app_proto", inspect_proto_name((enum inspect_proto_id)f->app));
    for (int side = 0; side < FLOW_SIDES; side++)
        if (f->app_side[side] && f->app && f->app_side[side] != f->app)
            json_text(json, side == FLOW_TO_SERVER ? "app_proto_ts" : "app_proto_tc",
                      inspect_proto_name((enum inspect_proto_id)f->app_side[side]));
    if (f->app_before)
        json_text(json, "app_proto_orig", inspect_proto_name((enum inspect_proto_id)f->app_before));
}

void eve_flow_brief(struct json_out *json, const struct flow *f)
{
    struct addr client = flow_client(f), server = flow_server(f);
    json_object(json, "flow");
    json_u64(json, "pkts_toserver", f->packets[FLOW_TO_SERVER]);
    json_u64(json, "pkts_toclient", f->packets[FLOW_TO_CLIENT]);
    json_u64(json, "bytes_toserver", f->bytes[FLOW_TO_SERVER]);
    json_u64(json, "bytes_toclient", f->bytes[FLOW_TO_CLIENT]);
    eve_time(json, "start", f->first_ns);
    eve_addr(json, "src_ip", &client);
    eve_addr(json, "dest_ip", &server);
    if (has_ports(f->proto)) {
        json_u64(json, "src_port", f->port[FLOW_TO_SERVER]);
        json_u64(json, "dest_port", f->port[FLOW_TO_CLIENT]);
    }
    json_end(json);
}
