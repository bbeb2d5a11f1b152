/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forging of packets: heads are made, read and changed by the tables of packet_field. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/net/addr.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/packet_field.h"
#include "tool/nasl/vm.h"
#include "wire/packet/checksum.h"

enum { PACKET_MAX = 65535 + 40, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58 };

/* The argument of this name; undef when the row has none. */
static const struct nasl_value *by_name(struct nasl_call *c, const char *name)
{
    static const struct nasl_value none = {.type = NASL_UNDEF};
    for (unsigned i = 0; i < NASL_NAMED_MAX && c->builtin->named[i]; i++)
        if (strcmp(c->builtin->named[i], name) == 0)
            return &c->named[i];
    return &none;
}

static int64_t number_by_name(struct nasl_call *c, const char *name, int64_t otherwise)
{
    return nasl_arg_int(by_name(c, name), otherwise);
}

static bool ends_in_ip6(struct nasl_call *c)
{
    return strstr(c->builtin->name, "v6") != NULL;
}

/* An address into its field; what is none leaves it as it is. */
static void put_address(struct nasl_call *c, const char *name, uint8_t *to, uint8_t family)
{
    struct str room = str_of(0);
    struct addr a;
    struct err e = {0};
    const char *text = nasl_arg_text(by_name(c, name), &room, NULL);
    if (text && addr_parse(&a, text, &e) == 0 && a.family == family)
        memcpy(to, a.byte, family == ADDR_IP6 ? 16 : 4);
    else if (text)
        nasl_complain(c, "%s: is no address", name);
    str_done(&room);
}

/* All fields that have an argument of their name. */
static void put_fields(struct nasl_call *c, enum nasl_head head, uint8_t *at)
{
    const struct nasl_head_layout *l = &nasl_head_layouts[head];
    for (size_t i = 0; i < l->count; i++) {
        const struct nasl_packet_field *f = &l->field[i];
        const struct nasl_value *v = by_name(c, f->name);
        if (v->type == NASL_UNDEF)
            continue;
        if (f->width)
            nasl_field_set(at, f, (uint32_t)nasl_arg_int(v, 0));
        else
            put_address(c, f->name, at + f->bit / 8, head == NASL_HEAD_IP6 ? ADDR_IP6 : ADDR_IP4);
    }
}

static size_t data_of(struct nasl_call *c, const char **out)
{
    const struct nasl_value *v = by_name(c, "data");
    *out = nasl_is_text(v) ? v->string->text : "";
    size_t len = nasl_arg_size(v);
    return len < PACKET_MAX / 2 ? len : PACKET_MAX / 2;
}

static struct nasl_value take_packet(struct nasl_call *c, uint8_t *packet, size_t len)
{
    struct nasl_value v = nasl_data(c, packet, len);
    mem_free(packet);
    return v;
}

static struct nasl_value do_forge_ip_packet(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    const char *data;
    size_t len = data_of(c, &data);
    if (h->addr.family != ADDR_IP4) {
        nasl_complain(c, "the target has no IPv4 address");
        return nasl_undef();
    }
    uint8_t *p = mem_zero(20 + len);
    p[0] = 0x45;
    nasl_head_set(NASL_HEAD_IP4, p, "ip_id", (uint32_t)rng_u64(h->rng) & 0xffff);
    nasl_head_set(NASL_HEAD_IP4, p, "ip_ttl", 64);
    memcpy(p + 16, h->addr.byte, 4);
    put_fields(c, NASL_HEAD_IP4, p);
    nasl_head_set(NASL_HEAD_IP4, p, "ip_len", (uint32_t)(20 + len));
    memcpy(p + 20, data, len);
    if (by_name(c, "ip_sum")->type == NASL_UNDEF)
        nasl_packet_sum_ip4(p, 20);
    return take_packet(c, p, 20 + len);
}

static struct nasl_value do_forge_ip6_packet(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    const char *data;
    size_t len = data_of(c, &data);
    if (h->addr.family != ADDR_IP6) {
        nasl_complain(c, "the target has no IPv6 address");
        return nasl_undef();
    }
    uint8_t *p = mem_zero(40 + len);
    p[0] = 0x60;
    nasl_head_set(NASL_HEAD_IP6, p, "ip6_hlim", 64);
    memcpy(p + 24, h->addr.byte, 16);
    put_fields(c, NASL_HEAD_IP6, p);
    nasl_head_set(NASL_HEAD_IP6, p, "ip6_nxt", (uint32_t)number_by_name(c, "ip6_p", 0));
    nasl_head_set(NASL_HEAD_IP6, p, "ip6_plen", (uint32_t)len);
    memcpy(p + 40, data, len);
    return take_packet(c, p, 40 + len);
}

/* A packet argument of at least `least` bytes; NULL otherwise. */
static const uint8_t *packet_arg(struct nasl_call *c, const char *name, size_t least,
                                 size_t *out_len)
{
    const struct nasl_value *v = by_name(c, name);
    *out_len = nasl_arg_size(v);
    if (nasl_is_text(v) && *out_len >= least && *out_len <= PACKET_MAX)
        return (const uint8_t *)v->string->text;
    nasl_complain(c, "%s: is no packet of %zu bytes or more", name, least);
    return NULL;
}

static struct nasl_value address_text(struct nasl_call *c, const uint8_t *at, bool ip6)
{
    char text[ADDR_TEXT_MAX];
    struct addr a = {.family = ip6 ? ADDR_IP6 : ADDR_IP4};
    memcpy(a.byte, at, ip6 ? 16 : 4);
    addr_format(&a, text);
    return nasl_data(c, text, strlen(text));
}

static struct nasl_value field_value(struct nasl_call *c, enum nasl_head head, const uint8_t *at,
                                     const char *name)
{
    const struct nasl_packet_field *f = nasl_packet_field(head, name);
    if (!f) {
        nasl_complain(c, "'%s' is no field of such a packet", name);
        return nasl_undef();
    }
    if (f->width)
        return nasl_int((int32_t)nasl_field_get(at, f));
    return address_text(c, at + f->bit / 8, head == NASL_HEAD_IP6);
}

static struct nasl_value do_get_ip_element(struct nasl_call *c)
{
    bool ip6 = ends_in_ip6(c);
    size_t len;
    struct str room = str_of(0);
    const char *name = nasl_arg_text(by_name(c, "element"), &room, NULL);
    bool alias = ip6 && by_name(c, "ip6")->type == NASL_UNDEF;
    const uint8_t *p = packet_arg(c, !ip6 ? "ip" : alias ? "ipv6" : "ip6", ip6 ? 40 : 20, &len);
    struct nasl_value v = nasl_undef();
    if (p && name)
        v = field_value(c, ip6 ? NASL_HEAD_IP6 : NASL_HEAD_IP4, p, name);
    str_done(&room);
    return v;
}

static struct nasl_value do_set_ip_elements(struct nasl_call *c)
{
    bool ip6 = ends_in_ip6(c);
    size_t len;
    const uint8_t *from = packet_arg(c, ip6 ? "ip6" : "ip", ip6 ? 40 : 20, &len);
    if (!from)
        return nasl_undef();
    uint8_t *p = mem_zero(len);
    memcpy(p, from, len);
    put_fields(c, ip6 ? NASL_HEAD_IP6 : NASL_HEAD_IP4, p);
    if (!ip6 && number_by_name(c, "ip_id", -1) < 0) { /* the peer turns the bytes it leaves alone */
        uint8_t kept = p[4];
        p[4] = p[5];
        p[5] = kept;
    }
    if (!ip6 && number_by_name(c, "ip_sum", 0) == 0)
        nasl_packet_sum_ip4(p, 20);
    return take_packet(c, p, len);
}

/* An option between the head and what follows, filled up to four bytes (IPv4) or eight (IPv6, where
 * it becomes a hop-by-hop head, RFC 8200 4.3). */
static struct nasl_value do_insert_ip_options(struct nasl_call *c)
{
    bool ip6 = ends_in_ip6(c);
    size_t len, value_len = nasl_arg_size(by_name(c, "value"));
    const uint8_t *from = packet_arg(c, ip6 ? "ip6" : "ip", ip6 ? 40 : 20, &len);
    size_t head = from ? nasl_packet_transport(from, len, ip6) : 0;
    size_t unit = ip6 ? 8 : 4, extra = ip6 ? 4 : 2;
    size_t option = (extra + value_len + unit - 1) / unit * unit;
    if (!head || !nasl_is_text(by_name(c, "value")) || (!ip6 && head + option > 60) ||
        option > 2048) {
        nasl_complain(c, "code:, length: and value: that fit behind the head are needed");
        return nasl_undef();
    }
    uint8_t *p = mem_zero(len + option), *at = p + head;
    memcpy(p, from, head);
    if (ip6) {
        *at++ = from[6];
        *at++ = (uint8_t)(option / 8 - 1);
        p[6] = 0;
    }
    *at++ = (uint8_t)number_by_name(c, "code", 0);
    *at++ = (uint8_t)number_by_name(c, "length", 0);
    memcpy(at, by_name(c, "value")->string->text, value_len);
    memcpy(p + head + option, from + head, len - head);
    if (!ip6)
        nasl_head_set(NASL_HEAD_IP4, p, "ip_hl", (uint32_t)((head + option) / 4));
    nasl_packet_set_length(p, len + option, ip6);
    return take_packet(c, p, len + option);
}

/* The IP head of argument ip: or ip6:, with room for `more` bytes behind it. */
static uint8_t *begin_transport(struct nasl_call *c, size_t more, size_t *out_head)
{
    bool ip6 = ends_in_ip6(c);
    size_t len;
    const uint8_t *from = packet_arg(c, ip6 ? "ip6" : "ip", ip6 ? 40 : 20, &len);
    *out_head = from ? nasl_packet_transport(from, len, ip6) : 0;
    if (!*out_head)
        return NULL;
    uint8_t *p = mem_zero(*out_head + more);
    memcpy(p, from, *out_head);
    return p;
}

/* The head's length is only set where it counted the head alone. */
static void update_length(struct nasl_call *c, uint8_t *p, size_t head, size_t len)
{
    bool ip6 = ends_in_ip6(c);
    size_t said = ip6 ? nasl_head_get(NASL_HEAD_IP6, p, "ip6_plen")
                      : nasl_head_get(NASL_HEAD_IP4, p, "ip_len");
    bool wanted = number_by_name(c, "update_ip_len", 1) && number_by_name(c, "update_ip6_len", 1);
    if (said <= head && wanted)
        nasl_packet_set_length(p, len, ip6);
}

static struct nasl_value forge_transport(struct nasl_call *c, enum nasl_head kind, uint8_t protocol,
                                         const char *sum_name, size_t sum_at)
{
    const char *data;
    size_t data_len = data_of(c, &data), size = nasl_head_layouts[kind].size, head;
    uint8_t *p = begin_transport(c, size + data_len, &head);
    if (!p)
        return nasl_undef();
    size_t len = head + size + data_len;
    if (kind == NASL_HEAD_TCP) {
        nasl_head_set(kind, p + head, "th_seq", (uint32_t)rng_u64(nasl_vm_host(c->vm)->rng) >> 1);
        nasl_head_set(kind, p + head, "th_off", 5);
    } else if (kind == NASL_HEAD_UDP) {
        nasl_head_set(kind, p + head, "uh_ulen", (uint32_t)(size + data_len));
    }
    put_fields(c, kind, p + head);
    memcpy(p + head + size, data, data_len);
    if (number_by_name(c, sum_name, 0) == 0)
        nasl_packet_sum_transport(p, len, head, protocol, sum_at, ends_in_ip6(c));
    update_length(c, p, head, len);
    return take_packet(c, p, len);
}

static struct nasl_value do_forge_tcp_packet(struct nasl_call *c)
{
    return forge_transport(c, NASL_HEAD_TCP, PROTO_TCP, "th_sum", 16);
}

static struct nasl_value do_forge_udp_packet(struct nasl_call *c)
{
    return forge_transport(c, NASL_HEAD_UDP, PROTO_UDP, "uh_sum", 6);
}

enum { NEIGHBOUR_SOLICIT = 135, NEIGHBOUR_ADVERT = 136, ROUTER_ADVERT = 134, TIMESTAMP = 13 };

/* ICMPv6 messages of neighbour discovery carry an address behind the head (RFC 4861 4.3, 4.4), a
 * router's two times (4.2). */
static size_t icmp6_extra(int64_t type)
{
    if (type == NEIGHBOUR_SOLICIT || type == NEIGHBOUR_ADVERT)
        return 16;
    return type == ROUTER_ADVERT ? 8 : 0;
}

static void put_icmp6_extra(struct nasl_call *c, int64_t type, const uint8_t *ip, uint8_t *head)
{
    if (type == NEIGHBOUR_SOLICIT) {
        memcpy(head + 8, ip + 24, 16);
    } else if (type == NEIGHBOUR_ADVERT) {
        head[4] = (uint8_t)number_by_name(c, "flags", 0);
        memcpy(head + 8, ip + 8, 16);
        put_address(c, "target", head + 8, ADDR_IP6);
    } else if (type == ROUTER_ADVERT) {
        head[4] = ip[7];
        head[5] = (uint8_t)number_by_name(c, "flags", 0);
        uint32_t times[2] = {(uint32_t)number_by_name(c, "reachable_time", 0),
                             (uint32_t)number_by_name(c, "retransmit_timer", 0)};
        for (int i = 0; i < 8; i++)
            head[8 + i] = (uint8_t)(times[i / 4] >> (24 - 8 * (i % 4)));
    }
}

static struct nasl_value do_forge_icmp_packet(struct nasl_call *c)
{
    bool ip6 = ends_in_ip6(c);
    const char *data;
    int64_t type = number_by_name(c, "icmp_type", 0);
    size_t data_len = data_of(c, &data), head, extra = ip6 ? icmp6_extra(type) : 0;
    bool stamps = !ip6 && (type == TIMESTAMP || type == TIMESTAMP + 1);
    if (stamps && data_len && data_len != 12) {
        nasl_complain(c, "a timestamp message has 12 bytes of data");
        return nasl_undef();
    }
    size_t room = stamps ? 12 : data_len;
    uint8_t *p = begin_transport(c, 8 + extra + room, &head);
    if (!p)
        return nasl_undef();
    size_t len = head + 8 + extra + room;
    put_fields(c, ip6 ? NASL_HEAD_ICMP6 : NASL_HEAD_ICMP, p + head);
    if (extra)
        put_icmp6_extra(c, type, p, p + head);
    memcpy(p + head + 8 + extra, data, data_len);
    if (number_by_name(c, "icmp_cksum", -1) == -1) {
        nasl_head_set(NASL_HEAD_ICMP, p + head, "icmp_cksum", 0);
        if (ip6)
            nasl_packet_sum_transport(p, len, head, PROTO_ICMP6, 2, true);
        else
            nasl_head_set(NASL_HEAD_ICMP, p + head, "icmp_cksum",
                          checksum_of(p + head, len - head));
    }
    update_length(c, p, head, len);
    return take_packet(c, p, len);
}

static struct nasl_value do_forge_igmp_packet(struct nasl_call *c)
{
    const char *data;
    size_t data_len = data_of(c, &data), head;
    uint8_t *p = begin_transport(c, 8 + data_len, &head);
    if (!p)
        return nasl_undef();
    put_fields(c, NASL_HEAD_IGMP, p + head);
    nasl_head_set(NASL_HEAD_IGMP, p + head, "cksum", checksum_of(p + head, 8));
    memcpy(p + head + 8, data, data_len);
    update_length(c, p, head, head + 8 + data_len);
    return take_packet(c, p, head + 8 + data_len);
}

/* The bytes behind the transport head, no more than the datagram says it has. */
static struct nasl_value payload(struct nasl_call *c, enum nasl_head kind, const uint8_t *p,
                                 size_t len, size_t head)
{
    size_t skip =
        kind == NASL_HEAD_TCP ? (size_t)(p[head + 12] >> 4) * 4 : nasl_head_layouts[kind].size;
    size_t end = len;
    if (kind == NASL_HEAD_UDP)
        end = head + nasl_head_get(kind, p + head, "uh_ulen");
    else if (kind == NASL_HEAD_TCP && (p[0] >> 4) == 4)
        end = nasl_head_get(NASL_HEAD_IP4, p, "ip_len");
    if (end > len)
        end = len;
    if (head + skip > end) {
        nasl_complain(c, "the packet says that it ends before its data begins");
        return nasl_undef();
    }
    return nasl_data(c, p + head + skip, end - head - skip);
}

static struct nasl_value get_transport(struct nasl_call *c, enum nasl_head kind, const char *arg)
{
    bool ip6 = ends_in_ip6(c);
    size_t len, head;
    struct str room = str_of(0);
    const char *name = nasl_arg_text(by_name(c, "element"), &room, NULL);
    const uint8_t *p = packet_arg(c, arg, ip6 ? 40 : 20, &len);
    struct nasl_value v = nasl_undef();
    head = p ? nasl_packet_transport(p, len, ip6) : 0;
    if (!name || !head || head + nasl_head_layouts[kind].size > len)
        nasl_complain(c, "element: and a whole packet are needed");
    else if (strcmp(name, "data") == 0)
        v = payload(c, kind, p, len, head);
    else if (strcmp(name, "th_dport") == 0)
        nasl_complain(c, "the peer knows this field by the name th_dsport only");
    else
        v = field_value(c, kind, p + head, strcmp(name, "th_dsport") == 0 ? "th_dport" : name);
    str_done(&room);
    return v;
}

static struct nasl_value do_get_tcp_element(struct nasl_call *c)
{
    return get_transport(c, NASL_HEAD_TCP, "tcp");
}

static struct nasl_value do_get_udp_element(struct nasl_call *c)
{
    return get_transport(c, NASL_HEAD_UDP, "udp");
}

static struct nasl_value do_get_icmp_element(struct nasl_call *c)
{
    return get_transport(c, NASL_HEAD_ICMP, "icmp");
}

/* The same packet with other fields or data, lengths and checksums anew. */
static struct nasl_value set_transport(struct nasl_call *c, enum nasl_head kind, const char *arg,
                                       uint8_t protocol, size_t sum_at)
{
    bool ip6 = ends_in_ip6(c), tcp = kind == NASL_HEAD_TCP;
    size_t len, head, data_len;
    const char *data;
    const uint8_t *from = packet_arg(c, arg, ip6 ? 40 : 20, &len);
    head = from ? nasl_packet_transport(from, len, ip6) : 0;
    size_t skip = head && head + 20 <= len && tcp ? (size_t)(from[head + 12] >> 4) * 4 : 8;
    if (!head || head + (tcp ? 20 : 8) > len || head + skip > len) {
        nasl_complain(c, "%s: is no whole packet", arg);
        return nasl_undef();
    }
    data_len = data_of(c, &data);
    bool other_data = nasl_is_text(by_name(c, "data")) && data_len;
    size_t size = other_data ? head + skip + data_len : len;
    uint8_t *p = mem_zero(size + 60);
    memcpy(p, from, other_data ? head + skip : len);
    memcpy(p + head + skip, data, other_data ? data_len : 0);
    put_fields(c, kind, p + head);
    if (!tcp && other_data)
        nasl_head_set(kind, p + head, "uh_ulen", (uint32_t)(8 + data_len));
    if (other_data && number_by_name(c, "update_ip_len", 1))
        nasl_packet_set_length(p, size, ip6);
    if (number_by_name(c, tcp ? "th_sum" : "uh_sum", 0) == 0)
        nasl_packet_sum_transport(p, size, head, protocol, sum_at, ip6);
    return take_packet(c, p, size);
}

static struct nasl_value do_set_tcp_elements(struct nasl_call *c)
{
    return set_transport(c, NASL_HEAD_TCP, "tcp", PROTO_TCP, 16);
}

static struct nasl_value do_set_udp_elements(struct nasl_call *c)
{
    return set_transport(c, NASL_HEAD_UDP, "udp", PROTO_UDP, 6);
}

static struct nasl_value dump(struct nasl_call *c, enum nasl_head kind, bool transport)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    bool ip6 = ends_in_ip6(c);
    struct str out = str_of(1 << 20);
    for (uint32_t i = 0; i < c->count; i++) {
        const struct nasl_value *v = &c->arg[i];
        size_t len = nasl_arg_size(v);
        const uint8_t *p = len ? (const uint8_t *)v->string->text : (const uint8_t *)"";
        size_t head = transport ? nasl_packet_transport(p, len, ip6) : 0;
        nasl_head_print(kind, p + head, len - head, &out);
    }
    if (h->display)
        h->display(h->ctx, str_text(&out), out.len);
    str_done(&out);
    return nasl_undef();
}

static struct nasl_value do_dump_ip_packet(struct nasl_call *c)
{
    return dump(c, ends_in_ip6(c) ? NASL_HEAD_IP6 : NASL_HEAD_IP4, false);
}

static struct nasl_value do_dump_tcp_packet(struct nasl_call *c)
{
    return dump(c, NASL_HEAD_TCP, true);
}

static struct nasl_value do_dump_udp_packet(struct nasl_call *c)
{
    return dump(c, NASL_HEAD_UDP, true);
}

static struct nasl_value do_dump_icmp_packet(struct nasl_call *c)
{
    return dump(c, ends_in_ip6(c) ? NASL_HEAD_ICMP6 : NASL_HEAD_ICMP, true);
}

#define NAMES(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define IP6_NAMES                                                                                  \
    NAMES("data", "ip6_dst", "ip6_fl", "ip6_hlim", "ip6_p", "ip6_src", "ip6_tc", "ip6_v")
#define TCP_NAMES(ip)                                                                              \
    NAMES("data", ip, "th_ack", "th_dport", "th_flags", "th_off", "th_seq", "th_sport", "th_sum",  \
          "th_urp", "th_win", "th_x2", "update_ip_len")
#define UDP_NAMES(ip, update) NAMES("data", ip, "uh_dport", "uh_sport", "uh_sum", "uh_ulen", update)

static const struct nasl_builtin rows[] = {
    {"dump_icmp_packet", do_dump_icmp_packet, {0}, 0},
    {"dump_icmp_v6_packet", do_dump_icmp_packet, {0}, 0},
    {"dump_ip_packet", do_dump_ip_packet, {0}, 0},
    {"dump_ip_v6_packet", do_dump_ip_packet, {0}, 0},
    {"dump_ipv6_packet", do_dump_ip_packet, {0}, 0},
    {"dump_tcp_packet", do_dump_tcp_packet, {0}, 0},
    {"dump_tcp_v6_packet", do_dump_tcp_packet, {0}, 0},
    {"dump_udp_packet", do_dump_udp_packet, {0}, 0},
    {"dump_udp_v6_packet", do_dump_udp_packet, {0}, 0},
    {"forge_icmp_packet", do_forge_icmp_packet,
     NAMES("data", "icmp_cksum", "icmp_code", "icmp_id", "icmp_seq", "icmp_type", "ip",
           "update_ip_len"),
     0},
    {"forge_icmp_v6_packet", do_forge_icmp_packet,
     NAMES("data", "flags", "icmp_cksum", "icmp_code", "icmp_id", "icmp_seq", "icmp_type", "ip6",
           "reachable_time", "retransmit_timer", "target", "update_ip_len"),
     0},
    {"forge_igmp_packet", do_forge_igmp_packet,
     NAMES("code", "data", "group", "ip", "type", "update_ip_len"), 0},
    {"forge_igmp_v6_packet", do_forge_igmp_packet,
     NAMES("code", "data", "group", "ip6", "type", "update_ip6_len"), 0},
    {"forge_ip_packet", do_forge_ip_packet,
     NAMES("data", "ip_dst", "ip_hl", "ip_id", "ip_off", "ip_p", "ip_src", "ip_sum", "ip_tos",
           "ip_ttl", "ip_v"),
     0},
    {"forge_ip_v6_packet", do_forge_ip6_packet, IP6_NAMES, 0},
    {"forge_ipv6_packet", do_forge_ip6_packet, IP6_NAMES, 0},
    {"forge_tcp_packet", do_forge_tcp_packet, TCP_NAMES("ip"), 0},
    {"forge_tcp_v6_packet", do_forge_tcp_packet, TCP_NAMES("ip6"), 0},
    {"forge_udp_packet", do_forge_udp_packet, UDP_NAMES("ip", "update_ip_len"), 0},
    {"forge_udp_v6_packet", do_forge_udp_packet, UDP_NAMES("ip6", "update_ip6_len"), 0},
    {"get_icmp_element", do_get_icmp_element, NAMES("element", "icmp"), 0},
    {"get_icmp_v6_element", do_get_icmp_element, NAMES("element", "icmp"), 0},
    {"get_ip_element", do_get_ip_element, NAMES("element", "ip"), 0},
    {"get_ip_v6_element", do_get_ip_element, NAMES("element", "ip6", "ipv6"), 0},
    {"get_ipv6_element", do_get_ip_element, NAMES("element", "ip6", "ipv6"), 0},
    {"get_tcp_element", do_get_tcp_element, NAMES("element", "tcp"), 0},
    {"get_tcp_v6_element", do_get_tcp_element, NAMES("element", "tcp"), 0},
    {"get_udp_element", do_get_udp_element, NAMES("element", "udp"), 0},
    {"get_udp_v6_element", do_get_udp_element, NAMES("element", "udp"), 0},
    {"insert_ip_options", do_insert_ip_options, NAMES("code", "ip", "length", "value"), 0},
    {"insert_ip_v6_options", do_insert_ip_options, NAMES("code", "ip6", "length", "value"), 0},
    {"insert_ipv6_options", do_insert_ip_options, NAMES("code", "ip6", "length", "value"), 0},
    {"set_ip_elements", do_set_ip_elements,
     NAMES("ip", "ip_hl", "ip_id", "ip_len", "ip_off", "ip_p", "ip_src", "ip_sum", "ip_tos",
           "ip_ttl", "ip_v"),
     0},
    {"set_ip_v6_elements", do_set_ip_elements,
     NAMES("ip6", "ip6_hlim", "ip6_nxt", "ip6_plen", "ip6_src"), 0},
    {"set_ipv6_elements", do_set_ip_elements,
     NAMES("ip6", "ip6_hlim", "ip6_nxt", "ip6_plen", "ip6_src"), 0},
    {"set_tcp_elements", do_set_tcp_elements, TCP_NAMES("tcp"), 0},
    {"set_tcp_v6_elements", do_set_tcp_elements, TCP_NAMES("tcp"), 0},
    {"set_udp_elements", do_set_udp_elements, UDP_NAMES("udp", "update_ip_len"), 0},
    {"set_udp_v6_elements", do_set_udp_elements, UDP_NAMES("udp", "update_ip_len"), 0},
};

const struct nasl_family nasl_family_packet = {"packet", rows, ARRAY_COUNT(rows)};
