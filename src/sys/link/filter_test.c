/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row is one wish and one frame; the program is run here and by the kernel, on a socket pair,
 * and both must say what the row says. */
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "sys/link/filter.h"
#include "sys/link/filter_run.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

static const struct {
    const char *src;
    const char *to[3]; /* own addresses */
    uint8_t proto[3];
    uint16_t port_first, port_last;
    bool arp, not_own, no_ack;
    /* the frame */
    const char *dst; /* NULL: ARP */
    uint8_t ip_proto, packet_type, tcp_flags;
    uint16_t port;
    bool raw, later_fragment;
    bool passes;
} row[] = {
    {.dst = "192.0.2.1", .ip_proto = 6, .passes = true}, /* no wish at all */
    {.dst = "2001:db8::1", .ip_proto = 17, .passes = true},
    {.dst = NULL, .passes = false},
    {.arp = true, .dst = NULL, .passes = true},
    {.arp = true, .dst = "192.0.2.1", .ip_proto = 6, .passes = true},
    {.to = {"192.0.2.1"}, .dst = "192.0.2.1", .ip_proto = 6, .passes = true},
    {.to = {"192.0.2.1"}, .dst = "192.0.2.2", .ip_proto = 6, .passes = false},
    {.to = {"192.0.2.1"}, .dst = "2001:db8::1", .ip_proto = 6, .passes = false},
    {.to = {"192.0.2.1", "192.0.2.7"}, .dst = "192.0.2.7", .ip_proto = 6, .passes = true},
    {.to = {"2001:db8::1"}, .dst = "192.0.2.1", .ip_proto = 6, .passes = false},
    {.to = {"2001:db8::1"}, .dst = "2001:db8::1", .ip_proto = 6, .passes = true},
    {.to = {"2001:db8::1"}, .dst = "2001:db8::2", .ip_proto = 6, .passes = false},
    {.to = {"2001:db8::1"}, .dst = "2001:db9::1", .ip_proto = 6, .passes = false},
    {.to = {"2001:db8::1", "192.0.2.1", "fe80::1"},
     .dst = "fe80::1",
     .ip_proto = 58,
     .passes = true},
    {.to = {"2001:db8::1", "fe80::1"}, .dst = "fe80::2", .ip_proto = 58, .passes = false},
    {.proto = {6, 1}, .dst = "192.0.2.1", .ip_proto = 1, .passes = true},
    {.proto = {6, 1}, .dst = "192.0.2.1", .ip_proto = 17, .passes = false},
    {.proto = {6, 58}, .dst = "2001:db8::1", .ip_proto = 58, .passes = true},
    {.proto = {6, 58}, .dst = "2001:db8::1", .ip_proto = 17, .passes = false},
    {.proto = {6}, .dst = "2001:db8::1", .ip_proto = 43, .passes = true}, /* an extension */
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .port = 40000,
     .passes = true},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "192.0.2.1",
     .ip_proto = 17,
     .port = 40010,
     .passes = true},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .port = 39999,
     .passes = false},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .port = 40011,
     .passes = false},
    {.port_first = 40000, .port_last = 40010, .dst = "192.0.2.1", .ip_proto = 1, .passes = true},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .port = 1,
     .later_fragment = true,
     .passes = true},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "2001:db8::1",
     .ip_proto = 6,
     .port = 40005,
     .passes = true},
    {.port_first = 40000,
     .port_last = 40010,
     .dst = "2001:db8::1",
     .ip_proto = 6,
     .port = 5,
     .passes = false},
    {.not_own = true,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .packet_type = PACKET_OUTGOING,
     .passes = false},
    {.not_own = true,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .packet_type = PACKET_HOST,
     .passes = true},
    {.no_ack = true, .dst = "192.0.2.1", .ip_proto = 6, .tcp_flags = TCP_SYN, .passes = true},
    {.no_ack = true, .dst = "192.0.2.1", .ip_proto = 6, .tcp_flags = TCP_ACK, .passes = false},
    {.no_ack = true, .dst = "192.0.2.1", .ip_proto = 17, .tcp_flags = TCP_ACK, .passes = true},
    {.no_ack = true,
     .dst = "2001:db8::1",
     .ip_proto = 6,
     .tcp_flags = TCP_FIN | TCP_ACK,
     .passes = false},
    {.no_ack = true, .dst = "2001:db8::1", .ip_proto = 6, .tcp_flags = TCP_FIN, .passes = true},
    {.no_ack = true,
     .port_first = 1,
     .port_last = 9,
     .dst = "192.0.2.1",
     .ip_proto = 6,
     .tcp_flags = TCP_ACK,
     .port = 5,
     .passes = false},
    {.no_ack = true,
     .port_first = 1,
     .port_last = 9,
     .dst = "2001:db8::1",
     .ip_proto = 6,
     .tcp_flags = TCP_SYN,
     .port = 5,
     .passes = true},
    {.raw = true, .to = {"192.0.2.1"}, .dst = "192.0.2.1", .ip_proto = 6, .passes = true},
    {.raw = true, .to = {"192.0.2.1"}, .dst = "192.0.2.2", .ip_proto = 6, .passes = false},
    {.raw = true,
     .proto = {17},
     .port_first = 9,
     .port_last = 9,
     .dst = "2001:db8::1",
     .ip_proto = 17,
     .port = 9,
     .passes = true},
};

static size_t build_frame(size_t i, uint8_t *frame, size_t size)
{
    struct err e = {0};
    struct addr dst = {0}, src = {0};
    struct bytes_out out = bytes_out_of(frame, size);
    if (row[i].dst && addr_parse(&dst, row[i].dst, &e))
        return 0;
    src.family = dst.family;
    uint16_t type = dst.family == ADDR_IP4   ? ETH_TYPE_IP4
                    : dst.family == ADDR_IP6 ? ETH_TYPE_IP6
                                             : ETH_TYPE_ARP;
    if (!row[i].raw)
        eth_encode(&out, &(struct eth_head){.type = type});
    if (type == ETH_TYPE_IP4)
        ip4_encode(&out,
                   &(struct ip4_head){.src = src,
                                      .dst = dst,
                                      .proto = row[i].ip_proto,
                                      .fragment_at = row[i].later_fragment ? 8 : 0,
                                      .option = (const uint8_t *)"\1\1\1\1",
                                      .option_len = 4},
                   24);
    else if (type == ETH_TYPE_IP6)
        ip6_encode(&out, &(struct ip6_head){.src = src, .dst = dst, .next = row[i].ip_proto}, 24);
    else
        arp_encode(&out, &(struct arp_head){.operation = ARP_REQUEST});
    bytes_put_u16be(&out, 7);
    bytes_put_u16be(&out, row[i].port);
    bytes_put_zero(&out, 9);
    bytes_put_u8(&out, row[i].tcp_flags);
    bytes_put_zero(&out, 10);
    return bytes_out_len(&out);
}

static int wish_of(size_t i, struct addr *to, struct filter_want *want)
{
    struct err e = {0};
    *want = (struct filter_want){.link = row[i].raw ? PACKET_LINK_RAW_IP : PACKET_LINK_ETHERNET,
                                 .to = to,
                                 .port_first = row[i].port_first,
                                 .port_last = row[i].port_last,
                                 .arp = row[i].arp,
                                 .no_ack = row[i].no_ack,
                                 .not_own = row[i].not_own,
                                 .snap_len = 50};
    for (size_t k = 0; k < 3 && row[i].to[k]; k++)
        if (addr_parse(&to[want->to_count++], row[i].to[k], &e))
            return -1;
    for (size_t k = 0; k < 3 && row[i].proto[k]; k++)
        want->proto[want->proto_count++] = row[i].proto[k];
    return 0;
}

/* What the kernel makes of the program: bytes that arrive on a datagram socket with it. */
static ssize_t kernel_run(const struct filter *f, const uint8_t *frame, size_t len)
{
    struct err e = {0};
    int pair[2];
    uint8_t back[256];
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) < 0)
        return -1;
    ssize_t got = -1;
    if (filter_attach(pair[1], f, &e) == 0) {
        (void)!write(pair[0], frame, len);
        got = read(pair[1], back, sizeof back);
        got = got < 0 ? 0 : got;
    }
    close(pair[0]);
    close(pair[1]);
    return got;
}

static int limits(void)
{
    int failed = 0;
    struct err e = {0};
    struct filter f;
    struct addr to[2 * FILTER_ADDR_MAX + 1];
    for (size_t i = 0; i < ARRAY_LEN(to); i++) {
        to[i] = (struct addr){.family = i % 2 ? ADDR_IP4 : ADDR_IP6, .byte = {1, 2, 3, (uint8_t)i}};
        to[i].byte[15] = to[i].family == ADDR_IP6;
    }
    struct filter_want want = {.to = to,
                               .to_count = 2 * FILTER_ADDR_MAX,
                               .proto = {1, 2, 3, 4, 5, 6, 7, 8},
                               .proto_count = FILTER_PROTO_MAX,
                               .port_last = 1,
                               .arp = true,
                               .no_ack = true,
                               .not_own = true};
    uint8_t frame[ETH_HEAD_LEN + IP6_HEAD_LEN + 24];
    CHECK(filter_build(&f, &want, &e) == 0); /* the longest program there is: the kernel takes it */
    struct bytes_out out = bytes_out_of(frame, sizeof frame);
    eth_encode(&out, &(struct eth_head){.type = ETH_TYPE_IP6});
    ip6_encode(&out, &(struct ip6_head){.dst = to[2 * FILTER_ADDR_MAX - 2], .next = 8}, 24);
    bytes_put_zero(&out, 24);
    CHECK(filter_run(&f, frame, sizeof frame, PACKET_HOST) == UINT32_MAX);
    CHECK(kernel_run(&f, frame, sizeof frame) == sizeof frame);
    want.to_count++;
    CHECK(filter_build(&f, &want, &e) == -E2BIG && e.text[0]);
    want.to_count = 0;
    want.proto_count++;
    CHECK(filter_build(&f, &want, &e) == -E2BIG);
    return failed;
}

int link_filter_test(void)
{
    int failed = limits();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        struct addr to[3];
        struct filter_want want;
        struct filter f;
        uint8_t frame[128];
        size_t len = build_frame(i, frame, sizeof frame);
        CHECK_ROW(i, len && wish_of(i, to, &want) == 0);
        CHECK_ROW(i, filter_build(&f, &want, &e) == 0);
        uint32_t keep = row[i].passes ? 50 : 0;
        CHECK_ROW(i, filter_run(&f, frame, len, row[i].packet_type) == keep);
        if (!want.not_own) /* a socket pair has no packet type */
            CHECK_ROW(i, kernel_run(&f, frame, len) == (ssize_t)(keep < len ? keep : len));
        for (size_t cut = 0; cut < len; cut++) /* a frame cut short passes less, never more */
            CHECK_ROW(i, filter_run(&f, frame, cut, row[i].packet_type) <= keep);
    }
    return failed;
}
