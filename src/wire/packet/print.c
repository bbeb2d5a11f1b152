/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/print.h"

#include "core/base/clock.h"
#include "core/net/mac.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"
#include "wire/packet/print_icmp.h"

enum { HEX_LINE = 16, CHAR_LINE = 64, LINE_SIGNS = 37 };

void packet_print_time(const struct packet_print *how, uint64_t wall_ns, struct str *out)
{
    int64_t local_ns = (int64_t)wall_ns + (int64_t)how->utc_offset_s * 1000000000;
    struct civil c = clock_civil(local_ns < 0 ? 0 : (uint64_t)local_ns);
    str_addf(out, "%02u/%02u", c.month, c.day);
    if (how->year)
        str_addf(out, "/%02d", c.year % 100);
    str_addf(out, "-%02u:%02u:%02u.%06u", c.hour, c.minute, c.second, c.ns / 1000);
}

void packet_print_end(const struct packet_print *how, const struct addr *a, bool has_port,
                      uint16_t port, struct str *out)
{
    char text[ADDR_TEXT_MAX];
    if (how->obfuscate)
        str_add(out, a->family == ADDR_IP4 ? "xxx.xxx.xxx.xxx" : "x:x:x:x::x:x");
    else
        str_add(out, addr_format(a, text));
    if (has_port)
        str_addf(out, ":%u", port);
}

bool packet_print_has_ports(const struct packet *p)
{
    return p->transport == PACKET_TCP || p->transport == PACKET_UDP;
}

void packet_print_proto(uint8_t ip_proto, struct str *out)
{
    switch (ip_proto) {
    case IP_PROTO_TCP:
        str_add(out, "TCP");
        break;
    case IP_PROTO_UDP:
        str_add(out, "UDP");
        break;
    case IP_PROTO_ICMP:
        str_add(out, "ICMP");
        break;
    case IP_PROTO_ICMP6:
        str_add(out, "IPV6-ICMP");
        break;
    default:
        str_addf(out, "PROTO:%03u", ip_proto);
    }
}

/* ---- the link ---- */

static bool read_eth(const struct packet *p, struct eth_head *out)
{
    struct bytes_in in = bytes_in_of(p->frame, p->len);
    return p->layer_count && p->layer[0].kind == PACKET_ETH && eth_decode(&in, out);
}

static void print_mac(const struct mac *m, struct str *out)
{
    for (size_t i = 0; i < sizeof m->byte; i++)
        str_addf(out, "%s%02X", i ? ":" : "", m->byte[i]);
}

void packet_print_link(const struct packet_print *how, const struct packet *p, struct str *out)
{
    struct eth_head eth;
    if (!read_eth(p, &eth))
        return;
    print_mac(&eth.src, out);
    str_add(out, " -> ");
    print_mac(&eth.dst, out);
    str_addf(out, " type:0x%X len:0x%X\n", eth.type, how->wire_len ? how->wire_len : p->len);
}

/* ---- the network ---- */

static const char *ip4_option_name(uint8_t kind)
{
    switch (kind) {
    case IP4_OPTION_END:
        return "EOL";
    case IP4_OPTION_NOP:
        return "NOP";
    case IP4_OPTION_RECORD_ROUTE:
        return "RR";
    case IP4_OPTION_TIMESTAMP:
        return "TS";
    case IP4_OPTION_SECURITY:
        return "SEC";
    case IP4_OPTION_LOOSE_ROUTE:
        return "LSRR";
    case IP4_OPTION_STRICT_ROUTE:
        return "SSRR";
    case IP4_OPTION_STREAM_ID:
        return "SATID";
    case IP4_OPTION_ROUTER_ALERT:
        return "RTRALT";
    default:
        return NULL;
    }
}

static void print_ip4_options(const struct ip4_head *h, struct str *out)
{
    struct bytes_in in = bytes_in_of(h->option, h->option_len);
    struct str names = str_of(1024);
    struct ip4_option o;
    unsigned count = 0;
    while (ip4_option_next(&in, &o)) {
        const char *name = ip4_option_name(o.kind);
        count++;
        if (name)
            str_addf(&names, "%s ", name);
        else
            str_addf(&names, "Opt %u: ", o.kind);
    }
    if (count)
        str_addf(out, "IP Options (%u) => %s\n", count, str_text(&names));
    str_done(&names);
}

static void print_ip4(const struct packet *p, struct str *out)
{
    struct bytes_in in = packet_net(p);
    struct ip4_head h;
    if (!ip4_decode(&in, &h))
        return;
    packet_print_proto(h.proto, out);
    str_addf(out, " TTL:%u TOS:0x%X ID:%u IpLen:%u DgmLen:%u%s%s%s\n", h.ttl, h.tos, h.id,
             h.head_len, h.total_len, h.reserved ? " RB" : "", h.dont_fragment ? " DF" : "",
             h.more_fragments ? " MF" : "");
    print_ip4_options(&h, out);
    if (p->flag & PACKET_FLAG_FRAGMENT)
        str_addf(out, "Frag Offset: 0x%04X   Frag Size: 0x%04X\n", h.fragment_at / 8u,
                 (unsigned)(h.total_len - h.head_len));
}

static void print_ip6(const struct packet *p, struct str *out)
{
    struct bytes_in in = packet_net(p);
    struct ip6_head h;
    if (!ip6_decode(&in, &h))
        return;
    packet_print_proto(p->ip_proto, out);
    str_addf(out, " TTL:%u TOS:0x%X ID:%u IpLen:%u DgmLen:%u\n", h.hop_limit, h.traffic_class, 0u,
             IP6_HEAD_LEN, h.payload_len + (unsigned)IP6_HEAD_LEN);
}

/* ---- the transport ---- */

static void print_tcp_option(const struct tcp_option *o, struct str *out)
{
    struct bytes_in in = bytes_in_of(o->data, o->len);
    switch (o->kind) {
    case TCP_OPTION_END:
        str_add(out, "EOL ");
        break;
    case TCP_OPTION_NOP:
        str_add(out, "NOP ");
        break;
    case TCP_OPTION_MSS:
        str_addf(out, "MSS: %u ", bytes_u16be(&in));
        break;
    case TCP_OPTION_WINDOW_SCALE:
        str_addf(out, "WS: %u ", bytes_u8(&in));
        break;
    case TCP_OPTION_SACK_PERMITTED:
        str_add(out, "SackOK ");
        break;
    case TCP_OPTION_SACK: {
        uint32_t left = bytes_u32be(&in);
        str_addf(out, "Sack: %u@%u ", left, bytes_u32be(&in));
        break;
    }
    case TCP_OPTION_TIMESTAMP: {
        uint32_t value = bytes_u32be(&in);
        str_addf(out, "TS: %u %u ", value, bytes_u32be(&in));
        break;
    }
    default:
        str_addf(out, "Opt %u (%u): ", o->kind, o->len + 2u);
        for (size_t i = 0; i < o->len; i++)
            str_addf(out, "%02X%s", o->data[i], i % 2 ? " " : "");
        str_add(out, o->len % 2 ? " " : "");
    }
}

static void print_tcp_options(const struct tcp_head *h, struct str *out)
{
    struct bytes_in in = bytes_in_of(h->option, h->option_len);
    struct str list = str_of(2048);
    struct tcp_option o;
    unsigned count = 0;
    while (tcp_option_next(&in, &o)) {
        print_tcp_option(&o, &list);
        count++;
    }
    if (count)
        str_addf(out, "TCP Options (%u) => %s\n", count, str_text(&list));
    str_done(&list);
}

static void print_tcp(const struct packet *p, struct str *out)
{
    static const struct {
        uint8_t bit;
        char letter;
    } flags[] = {{TCP_CWR, '1'}, {TCP_ECE, '2'}, {TCP_URG, 'U'}, {TCP_ACK, 'A'},
                 {TCP_PSH, 'P'}, {TCP_RST, 'R'}, {TCP_SYN, 'S'}, {TCP_FIN, 'F'}};
    struct bytes_in in = packet_transport(p);
    struct tcp_head h;
    if (!tcp_decode(&in, &h))
        return;
    for (size_t i = 0; i < ARRAY_COUNT(flags); i++)
        str_add_char(out, h.flags & flags[i].bit ? flags[i].letter : '*');
    str_addf(out, " Seq: 0x%X  Ack: 0x%X  Win: 0x%X  TcpLen: %u", h.seq, h.ack, h.window,
             h.head_len);
    if (h.flags & TCP_URG)
        str_addf(out, "  UrgPtr: 0x%X", h.urgent);
    str_add_char(out, '\n');
    print_tcp_options(&h, out);
}

static void print_udp(const struct packet *p, struct str *out)
{
    struct bytes_in in = packet_transport(p);
    struct udp_head h;
    if (udp_decode(&in, &h))
        str_addf(out, "Len: %u\n", h.len - (unsigned)UDP_HEAD_LEN);
}

void packet_print_heads(const struct packet_print *how, const struct packet *p, struct str *out)
{
    if (p->net == PACKET_IP4)
        print_ip4(p, out);
    else if (p->net == PACKET_IP6)
        print_ip6(p, out);
    if (p->transport == PACKET_TCP)
        print_tcp(p, out);
    else if (p->transport == PACKET_UDP)
        print_udp(p, out);
    else if (p->transport == PACKET_ICMP4)
        packet_print_icmp4(how, p, out);
    else if (p->transport == PACKET_ICMP6)
        packet_print_icmp6(p, out);
}

/* ---- the payload ---- */

static char shown(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7e ? (char)byte : '.';
}

static void print_hex(const uint8_t *data, size_t len, bool has_offsets, struct str *out)
{
    for (size_t at = 0; at < len; at += HEX_LINE) {
        size_t here = len - at < HEX_LINE ? len - at : HEX_LINE;
        if (has_offsets)
            str_addf(out, "0x%04zX: ", at);
        for (size_t i = 0; i < HEX_LINE; i++)
            if (i < here)
                str_addf(out, "%02X ", data[at + i]);
            else
                str_add(out, "   ");
        str_add_char(out, ' ');
        for (size_t i = 0; i < here; i++)
            str_add_char(out, shown(data[at + i]));
        str_add_char(out, '\n');
    }
}

static void print_chars(const uint8_t *data, size_t len, struct str *out)
{
    for (size_t i = 0; i < len; i++) {
        str_add_char(out, shown(data[i]));
        if (i % CHAR_LINE == CHAR_LINE - 1 || i + 1 == len)
            str_add_char(out, '\n');
    }
}

void packet_print_body(const struct packet_print *how, const struct packet *p, struct str *out)
{
    const uint8_t *data = p->frame + p->payload_at;
    if (how->payload == PACKET_PRINT_HEX)
        print_hex(data, p->payload_len, false, out);
    else if (how->payload == PACKET_PRINT_CHARS)
        print_chars(data, p->payload_len, out);
    else if (how->payload == PACKET_PRINT_ALL)
        print_hex(p->frame, p->len, true, out);
}

/* ---- the whole ---- */

static void print_arp(const struct packet_print *how, const struct packet *p, struct str *out)
{
    struct bytes_in in = packet_net(p);
    struct arp_head h;
    if (!arp_decode(&in, &h) || !arp_is_ip4_ethernet(&h)) {
        str_add(out, "ARP\n");
    } else if (h.operation == ARP_REQUEST) {
        str_add(out, "ARP who-has ");
        packet_print_end(how, &h.target, false, 0, out);
        str_add(out, " tell ");
        packet_print_end(how, &h.sender, false, 0, out);
        str_add_char(out, '\n');
    } else {
        str_add(out, h.operation == ARP_REPLY ? "ARP reply " : "RARP ");
        packet_print_end(how, &h.sender, false, 0, out);
        str_add(out, " is-at ");
        print_mac(&h.sender_mac, out);
        str_add_char(out, '\n');
    }
}

void packet_print(const struct packet_print *how, const struct packet *p, uint64_t wall_ns,
                  struct str *out)
{
    struct addr src = packet_src(p), dst = packet_dst(p);
    bool ports = packet_print_has_ports(p);
    packet_print_time(how, wall_ns, out);
    str_add_char(out, ' ');
    if (how->link_head)
        packet_print_link(how, p, out);
    if (p->net == PACKET_ARP) {
        print_arp(how, p, out);
    } else if (p->net != PACKET_NONE) {
        packet_print_end(how, &src, ports, p->src_port, out);
        str_add(out, " -> ");
        packet_print_end(how, &dst, ports, p->dst_port, out);
        str_add_char(out, how->link_head ? ' ' : '\n');
        packet_print_heads(how, p, out);
    }
    packet_print_body(how, p, out);
    for (int i = 0; i < LINE_SIGNS; i++)
        str_add(out, "=+");
    str_add(out, "\n\n");
}
