/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/sll.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"
#include "wire/packet/packet.h"

static const struct addr a4 = {.family = ADDR_IP4, .byte = {192, 0, 2, 1}},
                         b4 = {.family = ADDR_IP4, .byte = {192, 0, 2, 2}},
                         a6 = {.family = ADDR_IP6, .byte = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
                         b6 = {.family = ADDR_IP6, .byte = {0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

struct frame {
    uint8_t byte[512];
    struct bytes_out out;
};

static struct frame *frame_new(struct frame *f)
{
    memset(f, 0, sizeof *f);
    f->out = bytes_out_of(f->byte, sizeof f->byte);
    return f;
}

static void put_eth(struct frame *f, uint8_t tags, uint16_t type)
{
    struct eth_head h = {.type = type, .vlan_count = tags};
    for (uint8_t i = 0; i < tags; i++)
        h.vlan[i] = (struct eth_vlan){ETH_TYPE_VLAN, i};
    eth_encode(&f->out, &h);
}

static void put_tcp(struct frame *f, const struct addr *src, const struct addr *dst)
{
    struct tcp_head h = {.src = 1025, .dst = 80, .flags = TCP_SYN | TCP_ACK, .window = 1};
    tcp_encode(&f->out, &h, src, dst, bytes_in_of("abcde", 5));
}

enum { TCP_LEN = TCP_HEAD_LEN + 5 };

static void put_ip4(struct frame *f, uint8_t proto, size_t payload_len)
{
    ip4_encode(&f->out, &(struct ip4_head){.src = a4, .dst = b4, .proto = proto, .ttl = 64},
               payload_len);
}

static void put_ip6(struct frame *f, uint8_t next, size_t payload_len)
{
    ip6_encode(&f->out, &(struct ip6_head){.src = a6, .dst = b6, .next = next, .hop_limit = 64},
               payload_len);
}

/* Frames that decode, cut at each byte.  A frame that ends inside a head of ours must be told so;
 * one that ends inside the payload is whole but for PACKET_FLAG_CUT. */
static int cut(const struct frame *f, enum packet_link link, const struct packet *whole)
{
    int failed = 0;
    for (size_t len = 0; len < whole->payload_at + whole->payload_len; len++) {
        uint8_t exact[512]; /* poisoned behind `len` by nothing, but ASan sees packet_src's reads */
        memcpy(exact, f->byte, len);
        struct packet p;
        enum packet_verdict v = packet_decode(&p, exact, len, link);
        if (len < whole->payload_at) {
            CHECK_ROW(len, v != PACKET_OK && v != PACKET_OTHER_LINK);
        } else {
            CHECK_ROW(len, v == PACKET_OK && p.flag & PACKET_FLAG_CUT);
            CHECK_ROW(len, p.payload_len == len - whole->payload_at);
            CHECK_ROW(len, p.dst_port == whole->dst_port);
        }
        CHECK_ROW(len, (size_t)p.payload_at + p.payload_len <= len);
        CHECK_ROW(len, packet_sum_check(&p) != PACKET_SUM_BAD_TRANSPORT);
        (void)packet_src(&p);
    }
    return failed;
}

/* A TCP segment below each way to carry it. */
static const struct {
    enum packet_link link;
    uint8_t tags, version;
    uint16_t net_at;
} carrier[] = {
    {PACKET_LINK_ETHERNET, 0, 4, 14}, {PACKET_LINK_ETHERNET, 2, 4, 22},
    {PACKET_LINK_ETHERNET, 4, 6, 30}, {PACKET_LINK_ETHERNET, 0, 6, 14},
    {PACKET_LINK_RAW_IP, 0, 4, 0},    {PACKET_LINK_RAW_IP, 0, 6, 0},
    {PACKET_LINK_SLL, 0, 4, 16},      {PACKET_LINK_SLL, 1, 6, 20},
    {PACKET_LINK_SLL2, 0, 4, 20},     {PACKET_LINK_SLL2, 2, 6, 28},
};

static void put_link(struct frame *f, enum packet_link link, uint8_t tags, uint16_t type)
{
    uint16_t first = tags ? ETH_TYPE_VLAN : type;
    if (link == PACKET_LINK_ETHERNET)
        put_eth(f, tags, type);
    else if (link == PACKET_LINK_SLL)
        sll_encode(&f->out, &(struct sll_head){.type = first});
    else if (link == PACKET_LINK_SLL2)
        sll2_encode(&f->out, &(struct sll_head){.type = first});
    for (uint8_t i = 0; i < tags && link != PACKET_LINK_ETHERNET; i++) {
        bytes_put_u16be(&f->out, i);
        bytes_put_u16be(&f->out, i + 1 < tags ? ETH_TYPE_VLAN : type);
    }
}

static int carriers(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(carrier); i++) {
        bool v4 = carrier[i].version == 4;
        struct frame f;
        frame_new(&f);
        put_link(&f, carrier[i].link, carrier[i].tags, v4 ? ETH_TYPE_IP4 : ETH_TYPE_IP6);
        v4 ? put_ip4(&f, IP_PROTO_TCP, TCP_LEN) : put_ip6(&f, IP_PROTO_TCP, TCP_LEN);
        put_tcp(&f, v4 ? &a4 : &a6, v4 ? &b4 : &b6);
        bytes_put_zero(&f.out, 7); /* padding of the link is no payload */
        struct packet p;
        CHECK_ROW(i, packet_decode(&p, f.byte, bytes_out_len(&f.out), carrier[i].link) == 0);
        CHECK_ROW(i, p.net == (v4 ? PACKET_IP4 : PACKET_IP6) && p.net_at == carrier[i].net_at);
        CHECK_ROW(i, p.transport == PACKET_TCP && p.ip_proto == IP_PROTO_TCP);
        CHECK_ROW(i, p.src_port == 1025 && p.dst_port == 80 && p.tcp_flags == (TCP_SYN | TCP_ACK));
        CHECK_ROW(i, p.payload_len == 5 && memcmp(f.byte + p.payload_at, "abcde", 5) == 0);
        CHECK_ROW(i, p.flag == (carrier[i].tags ? PACKET_FLAG_VLAN : 0));
        uint8_t own_tags = carrier[i].link == PACKET_LINK_ETHERNET ? 0 : carrier[i].tags;
        CHECK_ROW(i, p.layer_count == (carrier[i].link == PACKET_LINK_RAW_IP ? 2 : 3) + own_tags);
        CHECK_ROW(i, p.vlan_count == (carrier[i].tags < 3 ? carrier[i].tags : 3));
        struct addr src = packet_src(&p), dst = packet_dst(&p);
        CHECK_ROW(i, src.family == carrier[i].version && dst.family == carrier[i].version);
        CHECK_ROW(i, memcmp(src.byte, v4 ? a4.byte : a6.byte, 16) == 0);
        CHECK_ROW(i, memcmp(dst.byte, v4 ? b4.byte : b6.byte, 16) == 0);
        CHECK_ROW(i, packet_sum_check(&p) == PACKET_SUM_GOOD);
        failed += cut(&f, carrier[i].link, &p);
        f.byte[p.payload_at] ^= 1;
        CHECK_ROW(i, packet_sum_check(&p) == PACKET_SUM_BAD_TRANSPORT);
        f.byte[p.net_at + 8] ^= 2; /* TTL (IPv4); an address (IPv6), which the sum covers too */
        CHECK_ROW(i, packet_sum_check(&p) == (v4 ? PACKET_SUM_BAD_NET : PACKET_SUM_BAD_TRANSPORT));
    }
    return failed;
}

/* One change of one byte of a good frame, and what it is called. */
static const struct {
    uint8_t version, proto;
    uint16_t at;
    uint8_t value;
    enum packet_verdict verdict;
} fault[] = {
    {4, 17, 12, 0x12, PACKET_OTHER_LINK},
    {4, 17, 14, 0x65, PACKET_IP4_VERSION},
    {4, 17, 14, 0x44, PACKET_IP4_HEAD_LEN},
    {4, 17, 17, 19, PACKET_IP4_TOTAL_LEN},
    {4, 17, 14, 0x4f, PACKET_IP4_SHORT},
    {4, 17, 39, 7, PACKET_UDP_LEN},
    {4, 17, 39, 14, PACKET_UDP_LEN}, /* one more than the datagram has */
    {4, 17, 39, 13, PACKET_OK},
    {4, 17, 39, 8, PACKET_OK},
    {4, 17, 17, 27, PACKET_UDP_SHORT},
    {4, 6, 46, 0x40, PACKET_TCP_HEAD_LEN},
    {4, 6, 46, 0x70, PACKET_TCP_HEAD_LEN}, /* 28, the segment has 25 */
    {4, 6, 46, 0x60, PACKET_OK},
    {4, 6, 17, 39, PACKET_TCP_SHORT},
    {4, 1, 17, 27, PACKET_ICMP4_SHORT},
    {6, 17, 14, 0x45, PACKET_IP6_VERSION},
    {6, 17, 19, 7, PACKET_UDP_SHORT},
    {6, 6, 19, 19, PACKET_TCP_SHORT},
    {6, 58, 19, 7, PACKET_ICMP6_SHORT},
    {6, 17, 20, 60, PACKET_IP6_EXT_SHORT}, /* the ports read as an extension of 33 units */
    {6, 17, 20, 59, PACKET_OK},            /* no next header */
    {6, 17, 20, 50, PACKET_OK},            /* ESP */
};

static void put_transport(struct frame *f, uint8_t proto, const struct addr *src,
                          const struct addr *dst)
{
    struct bytes_in data = bytes_in_of("abcde", 5);
    if (proto == IP_PROTO_TCP)
        put_tcp(f, src, dst);
    else if (proto == IP_PROTO_UDP)
        udp_encode(&f->out, &(struct udp_head){.src = 0x0621, .dst = 53}, src, dst, data);
    else if (proto == IP_PROTO_ICMP)
        icmp4_encode(&f->out, &(struct icmp4_head){.type = ICMP4_TYPE_ECHO}, data);
    else if (proto == IP_PROTO_ICMP6)
        icmp6_encode(&f->out, &(struct icmp6_head){.type = ICMP6_TYPE_ECHO}, src, dst, data);
}

static size_t whole_frame(struct frame *f, uint8_t version, uint8_t proto)
{
    struct frame body;
    const struct addr *src = version == 4 ? &a4 : &a6, *dst = version == 4 ? &b4 : &b6;
    put_transport(frame_new(&body), proto, src, dst);
    size_t len = bytes_out_len(&body.out);
    frame_new(f);
    put_eth(f, 0, version == 4 ? ETH_TYPE_IP4 : ETH_TYPE_IP6);
    version == 4 ? put_ip4(f, proto, len) : put_ip6(f, proto, len);
    bytes_put(&f->out, body.byte, len);
    return bytes_out_len(&f->out);
}

static int faults(void)
{
    int failed = 0;
    uint64_t count[PACKET_VERDICT_COUNT] = {0};
    for (size_t i = 0; i < ARRAY_LEN(fault); i++) {
        struct frame f;
        struct packet p;
        size_t len = whole_frame(&f, fault[i].version, fault[i].proto);
        CHECK_ROW(i, packet_decode(&p, f.byte, len, PACKET_LINK_ETHERNET) == PACKET_OK);
        CHECK_ROW(i, packet_sum_check(&p) == PACKET_SUM_GOOD);
        f.byte[fault[i].at] = fault[i].value;
        enum packet_verdict v = packet_decode(&p, f.byte, len, PACKET_LINK_ETHERNET);
        CHECK_ROW(i, v == fault[i].verdict);
        packet_count(count, v);
        bool has_ip = v != PACKET_OTHER_LINK;
        CHECK_ROW(i, (packet_src(&p).family != ADDR_NONE) == has_ip);
        (void)packet_sum_check(&p);
    }
    struct counter_set set = {packet_counter, PACKET_VERDICT_COUNT, count};
    CHECK(counter_sum(&set, 1, "decode.udp_len") == 2);
    CHECK(counter_sum(&set, 1, "decode.tcp_head_len") == 2);
    CHECK(counter_sum(&set, 1, "decode.ok") == 5);
    return failed;
}

static int fragments(void)
{
    int failed = 0;
    struct frame f;
    struct packet p;
    struct ip4_head piece = {.src = a4, .dst = b4, .proto = IP_PROTO_TCP, .more_fragments = true};
    for (int later = 0; later < 2; later++) {
        piece.fragment_at = later ? 8 : 0;
        ip4_encode(&frame_new(&f)->out, &piece, 16);
        bytes_put_zero(&f.out, 16);
        CHECK(packet_decode(&p, f.byte, 36, PACKET_LINK_RAW_IP) == PACKET_OK);
        CHECK(p.flag == PACKET_FLAG_FRAGMENT && p.transport == PACKET_NONE && p.payload_len == 16);
        CHECK(p.ip_proto == IP_PROTO_TCP && packet_sum_check(&p) == PACKET_SUM_UNKNOWN);
    }
    for (int whole = 0; whole < 2; whole++) {
        struct ip6_ext x = {.kind = IP_PROTO_FRAGMENT, .next = 6, .more_fragments = !whole};
        put_ip6(frame_new(&f), IP_PROTO_FRAGMENT, IP6_FRAGMENT_LEN + TCP_LEN);
        ip6_ext_encode(&f.out, &x);
        put_tcp(&f, &a6, &b6);
        size_t len = bytes_out_len(&f.out);
        CHECK(packet_decode(&p, f.byte, len, PACKET_LINK_RAW_IP) == PACKET_OK);
        CHECK(p.ip_proto == IP_PROTO_TCP && p.flag & PACKET_FLAG_IP_OPTIONS);
        CHECK((p.flag & PACKET_FLAG_FRAGMENT) == (whole ? 0 : PACKET_FLAG_FRAGMENT));
        CHECK(p.transport == (whole ? PACKET_TCP : PACKET_NONE));
        CHECK(p.payload_len == (whole ? 5 : TCP_LEN));
    }
    return failed;
}

/* IP in IP until the limit, one level at a time. */
static int depth(void)
{
    int failed = 0;
    for (size_t levels = 1; levels <= PACKET_LAYER_MAX + 1; levels++) {
        struct frame f;
        struct packet p;
        frame_new(&f);
        for (size_t i = 0; i < levels; i++) {
            bool last = i == levels - 1;
            put_ip4(&f, last ? 253 : IP_PROTO_IP4, (levels - 1 - i) * IP4_HEAD_LEN);
        }
        size_t len = bytes_out_len(&f.out);
        enum packet_verdict v = packet_decode(&p, f.byte, len, PACKET_LINK_RAW_IP);
        CHECK_ROW(levels, v == (levels <= PACKET_LAYER_MAX ? PACKET_OK : PACKET_DEPTH));
        CHECK_ROW(levels, (p.flag & PACKET_FLAG_TUNNEL) == (levels > 1 ? PACKET_FLAG_TUNNEL : 0));
        if (v == PACKET_OK)
            CHECK_ROW(levels, p.net_at == (levels - 1) * IP4_HEAD_LEN);
    }
    /* a head that begins beyond 64 KiB has no offset: padding options of IPv6, 2048 bytes each */
    static uint8_t big[84 * 1024];
    struct bytes_out out = bytes_out_of(big, sizeof big);
    static const uint8_t zeros[2046] = {0};
    for (int i = 0; i < 5; i++) {
        struct ip6_head h = {.src = a6, .dst = b6, .next = IP_PROTO_HOP_BY_HOP};
        ip6_encode(&out, &h, 0); /* 0: a jumbogram, the length is that of the frame */
        for (int k = 0; k < IP6_EXT_MAX; k++) {
            struct ip6_ext x = {.kind = IP_PROTO_DST_OPTIONS,
                                .next = k == IP6_EXT_MAX - 1 ? IP_PROTO_IP6 : IP_PROTO_DST_OPTIONS,
                                .data = zeros,
                                .data_len = sizeof zeros};
            ip6_ext_encode(&out, &x);
        }
    }
    struct packet p;
    CHECK(!out.full);
    CHECK(packet_decode(&p, big, bytes_out_len(&out), PACKET_LINK_RAW_IP) == PACKET_DEPTH);
    CHECK(p.layer_count == 4 && packet_sum_check(&p) == PACKET_SUM_UNKNOWN);
    return failed;
}

/* An error about `quoted_len` bytes of a datagram of ours. */
static size_t icmp_error(struct frame *f, uint8_t version, const struct frame *quoted,
                         size_t quoted_len)
{
    struct bytes_in data = bytes_in_of(quoted->byte + ETH_HEAD_LEN, quoted_len);
    put_eth(frame_new(f), 0, version == 4 ? ETH_TYPE_IP4 : ETH_TYPE_IP6);
    if (version == 4) {
        put_ip4(f, IP_PROTO_ICMP, ICMP4_HEAD_LEN + quoted_len);
        icmp4_encode(&f->out, &(struct icmp4_head){.type = ICMP4_TYPE_UNREACHABLE, .code = 3},
                     data);
    } else {
        put_ip6(f, IP_PROTO_ICMP6, ICMP6_HEAD_LEN + quoted_len);
        icmp6_encode(&f->out, &(struct icmp6_head){.type = ICMP6_TYPE_UNREACHABLE, .code = 4}, &a6,
                     &b6, data);
    }
    return bytes_out_len(&f->out);
}

static int quoted(void)
{
    int failed = 0;
    static const struct {
        uint8_t version, proto;
        size_t quoted_len; /* of the datagram of ours */
        enum packet_verdict verdict;
        uint8_t flag;
        uint16_t dst_port;
    } row[] = {
        {4, 6, 20 + 8, PACKET_OK, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 80},
        {4, 6, 20 + 7, PACKET_TCP_SHORT, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 0},
        {4, 6, 20 + 25, PACKET_OK, PACKET_FLAG_QUOTED, 80},
        {4, 6, 20 + 22, PACKET_OK, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 80},
        {4, 17, 20 + 8, PACKET_OK, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 53},
        {4, 17, 19, PACKET_IP4_SHORT, PACKET_FLAG_QUOTED, 0},
        {4, 1, 20 + 8, PACKET_OK, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 0},
        {6, 17, 40 + 13, PACKET_OK, PACKET_FLAG_QUOTED, 53},
        {6, 6, 40 + 8, PACKET_OK, PACKET_FLAG_QUOTED | PACKET_FLAG_CUT, 80},
        {6, 6, 39, PACKET_IP6_SHORT, PACKET_FLAG_QUOTED, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct frame ours, error;
        struct packet p, q;
        whole_frame(&ours, row[i].version, row[i].proto);
        size_t len = icmp_error(&error, row[i].version, &ours, row[i].quoted_len);
        CHECK_ROW(i, packet_decode(&p, error.byte, len, PACKET_LINK_ETHERNET) == PACKET_OK);
        CHECK_ROW(i, packet_is_icmp_error(&p) && packet_sum_check(&p) == PACKET_SUM_GOOD);
        CHECK_ROW(i, packet_decode_quoted(&q, &p) == row[i].verdict);
        CHECK_ROW(i, q.flag == row[i].flag && q.dst_port == row[i].dst_port);
        CHECK_ROW(i, (size_t)q.payload_at + q.payload_len <= len);
        if (row[i].verdict == PACKET_OK) {
            CHECK_ROW(i, q.net_at == p.payload_at && q.ip_proto == row[i].proto);
            CHECK_ROW(i, packet_src(&q).family == row[i].version);
        }
        CHECK_ROW(i, !packet_is_icmp_error(&q));
        CHECK_ROW(i, packet_decode_quoted(&q, &q) == PACKET_NOT_QUOTED);
    }
    struct frame ours, error;
    struct packet p, q;
    /* of a datagram in a datagram the stump may hold nothing: then the outer one is known */
    put_eth(frame_new(&ours), 0, ETH_TYPE_IP4);
    put_ip4(&ours, IP_PROTO_IP4, 0);
    size_t stump_len = icmp_error(&error, 4, &ours, 20);
    CHECK(packet_decode(&p, error.byte, stump_len, PACKET_LINK_ETHERNET) == PACKET_OK);
    CHECK(packet_decode_quoted(&q, &p) == PACKET_IP4_SHORT && q.net_at == p.payload_at);
    struct addr quoted_dst = packet_dst(&q);
    CHECK(q.ip_proto == IP_PROTO_IP4 && addr_equal(&quoted_dst, &b4));
    /* a stack that quotes our head with the length already made smaller */
    whole_frame(&ours, 4, 17);
    ours.byte[ETH_HEAD_LEN + 2] = 0;
    ours.byte[ETH_HEAD_LEN + 3] = 13;
    size_t len = icmp_error(&error, 4, &ours, 28);
    CHECK(packet_decode(&p, error.byte, len, PACKET_LINK_ETHERNET) == PACKET_OK);
    CHECK(packet_decode_quoted(&q, &p) == PACKET_OK && q.dst_port == 53);
    return failed;
}

static int arp_and_others(void)
{
    int failed = 0;
    struct frame f;
    struct packet p;
    put_eth(frame_new(&f), 1, ETH_TYPE_ARP);
    arp_encode(&f.out, &(struct arp_head){.operation = 1, .sender = a4, .target = b4});
    size_t len = bytes_out_len(&f.out);
    CHECK(packet_decode(&p, f.byte, len, PACKET_LINK_ETHERNET) == PACKET_OK);
    CHECK(p.net == PACKET_ARP && p.net_at == 18 && p.transport == PACKET_NONE);
    struct addr src = packet_src(&p), dst = packet_dst(&p);
    CHECK(src.family == ADDR_IP4 && src.byte[3] == 1 && dst.byte[3] == 2);
    CHECK(packet_decode(&p, f.byte, len - 1, PACKET_LINK_ETHERNET) == PACKET_ARP_SHORT);
    f.byte[19] = 6; /* hardware type */
    CHECK(packet_decode(&p, f.byte, len, PACKET_LINK_ETHERNET) == PACKET_ARP_OTHER);
    CHECK(packet_src(&p).family == ADDR_NONE);

    CHECK(packet_decode(&p, NULL, 0, PACKET_LINK_RAW_IP) == PACKET_IP_VERSION);
    CHECK(packet_decode(&p, NULL, 0, PACKET_LINK_ETHERNET) == PACKET_ETH_SHORT);
    CHECK(packet_decode(&p, "\x50", 1, PACKET_LINK_RAW_IP) == PACKET_IP_VERSION);
    for (uint8_t i = 0; i < 2; i++) { /* more tags than are read */
        enum packet_link link = i ? PACKET_LINK_SLL : PACKET_LINK_ETHERNET;
        frame_new(&f);
        i ? sll_encode(&f.out, &(struct sll_head){.type = ETH_TYPE_VLAN})
          : put_eth(&f, 0, ETH_TYPE_VLAN);
        for (int tags = 0; tags < ETH_VLAN_MAX + 1; tags++)
            bytes_put(&f.out, "\0\1\x81\0", 4);
        len = bytes_out_len(&f.out);
        CHECK_ROW(i, packet_decode(&p, f.byte, len, link) == PACKET_ETH_VLAN_DEPTH);
    }
    /* UDP over IPv4 may go without a sum, over IPv6 it may not (RFC 8200 8.1) */
    for (uint8_t version = 4; version <= 6; version += 2) {
        len = whole_frame(&f, version, IP_PROTO_UDP);
        CHECK(packet_decode(&p, f.byte, len, PACKET_LINK_ETHERNET) == PACKET_OK);
        memset(f.byte + p.transport_at + 6, 0, 2);
        CHECK(packet_sum_check(&p) ==
              (version == 4 ? PACKET_SUM_UNKNOWN : PACKET_SUM_BAD_TRANSPORT));
    }
    return failed;
}

/* A segment on its way along a routing header: the sum is over a destination that stands there. */
static int source_routed(void)
{
    int failed = 0;
    for (uint8_t left = 0; left < 2; left++) {
        uint8_t body[22] = {4, left};
        memcpy(body + 6, b6.byte, 16);
        struct ip6_ext routing = {
            .kind = IP_PROTO_ROUTING, .next = 6, .data = body, .data_len = sizeof body};
        struct frame f;
        struct packet p;
        put_ip6(frame_new(&f), IP_PROTO_ROUTING, sizeof body + 2 + TCP_LEN);
        ip6_ext_encode(&f.out, &routing);
        put_tcp(&f, &a6, left ? &a6 : &b6);
        size_t len = bytes_out_len(&f.out);
        CHECK_ROW(left, packet_decode(&p, f.byte, len, PACKET_LINK_RAW_IP) == PACKET_OK);
        CHECK_ROW(left, packet_sum_check(&p) == (left ? PACKET_SUM_UNKNOWN : PACKET_SUM_GOOD));
    }
    return failed;
}

int packet_packet_test(void)
{
    int failed = carriers() + faults() + fragments() + depth() + quoted() + arp_and_others() +
                 source_routed();
    for (size_t i = 0; i < PACKET_VERDICT_COUNT; i++)
        CHECK_ROW(i, strncmp(packet_counter[i].name, "decode.", 7) == 0 && *packet_counter[i].doc);
    return failed;
}
