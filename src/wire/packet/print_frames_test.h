/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that the tests of packet_print and of the alert formats share. */
#pragma once

#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"
#include "wire/packet/packet.h"

enum print_frame {
    FRAME_UDP,
    FRAME_TCP, /* SYN with options and URG */
    FRAME_ECHO,
    FRAME_UNREACHABLE, /* quotes FRAME_UDP's heads */
    FRAME_FRAGMENT,
    FRAME_ARP,
    FRAME_ARP_REPLY,
    FRAME_UDP6,
    FRAME_OTHER, /* an ethertype that nobody reads */
    FRAME_COUNT,
};

enum { PRINT_FRAME_MAX = 256 };

static const struct addr frame_src = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}};
static const struct addr frame_dst = {.family = ADDR_IP4, .byte = {198, 51, 100, 20}};
static const char frame_payload[] = "zero\0embedded|pipe";

static inline void put_frame_udp(struct bytes_out *out)
{
    struct bytes_in data = bytes_in_of(frame_payload, sizeof frame_payload - 1);
    ip4_encode(out,
               &(struct ip4_head){.src = frame_src,
                                  .dst = frame_dst,
                                  .ttl = 64,
                                  .id = 1,
                                  .proto = IP_PROTO_UDP,
                                  .dont_fragment = true},
               UDP_HEAD_LEN + bytes_left(&data));
    udp_encode(out, &(struct udp_head){.src = 5000, .dst = 6003}, &frame_src, &frame_dst, data);
}

static inline void put_frame_tcp(struct bytes_out *out)
{
    uint8_t list[TCP_OPTION_LEN_MAX];
    struct bytes_out options = bytes_out_of(list, sizeof list);
    tcp_put_mss(&options, 1460);
    tcp_put_sack_permitted(&options);
    tcp_put_timestamp(&options, 7, 0);
    tcp_put_nop(&options);
    tcp_put_window_scale(&options, 7);
    ip4_encode(out,
               &(struct ip4_head){
                   .src = frame_src, .dst = frame_dst, .ttl = 64, .id = 1, .proto = IP_PROTO_TCP},
               TCP_HEAD_LEN + bytes_out_len(&options));
    tcp_encode(out,
               &(struct tcp_head){.src = 40000,
                                  .dst = 80,
                                  .seq = 1000,
                                  .flags = TCP_SYN | TCP_URG,
                                  .window = 0x2000,
                                  .urgent = 9,
                                  .option = list,
                                  .option_len = (uint8_t)bytes_out_len(&options)},
               &frame_src, &frame_dst, bytes_in_of(NULL, 0));
}

static inline void put_frame_icmp(struct bytes_out *out, const struct icmp4_head *head,
                                  struct bytes_in data)
{
    ip4_encode(out,
               &(struct ip4_head){
                   .src = frame_src, .dst = frame_dst, .ttl = 64, .id = 1, .proto = IP_PROTO_ICMP},
               ICMP4_HEAD_LEN + bytes_left(&data));
    icmp4_encode(out, head, data);
}

static inline void put_frame_arp(struct bytes_out *out, uint16_t operation)
{
    arp_encode(out, &(struct arp_head){.operation = operation,
                                       .sender_mac = {{2, 0, 0, 0, 0, 1}},
                                       .sender = frame_src,
                                       .target = frame_dst});
}

static inline void put_frame_body(struct bytes_out *out, enum print_frame which)
{
    uint8_t quoted[64];
    struct bytes_out quote = bytes_out_of(quoted, sizeof quoted);
    struct addr src6 = addr_ip6((const uint8_t[16]){0x20, 1, 0xd, 0xb8, [15] = 1});
    put_frame_udp(&quote);
    switch (which) {
    case FRAME_UDP:
        put_frame_udp(out);
        break;
    case FRAME_TCP:
        put_frame_tcp(out);
        break;
    case FRAME_ECHO:
        put_frame_icmp(out,
                       &(struct icmp4_head){.type = ICMP4_TYPE_ECHO, .rest = icmp4_rest(77, 1)},
                       bytes_in_of("abcd", 4));
        break;
    case FRAME_UNREACHABLE:
        put_frame_icmp(
            out, &(struct icmp4_head){.type = ICMP4_TYPE_UNREACHABLE, .code = ICMP4_CODE_PORT},
            bytes_in_of(quoted, 28));
        break;
    case FRAME_FRAGMENT:
        ip4_encode(out,
                   &(struct ip4_head){.src = frame_src,
                                      .dst = frame_dst,
                                      .ttl = 64,
                                      .id = 1,
                                      .proto = IP_PROTO_UDP,
                                      .fragment_at = 24,
                                      .more_fragments = true},
                   24);
        bytes_put_zero(out, 24);
        break;
    case FRAME_ARP:
        put_frame_arp(out, ARP_REQUEST);
        break;
    case FRAME_ARP_REPLY:
        put_frame_arp(out, ARP_REPLY);
        break;
    case FRAME_UDP6:
        ip6_encode(
            out, &(struct ip6_head){.src = src6, .dst = src6, .next = IP_PROTO_UDP, .hop_limit = 3},
            UDP_HEAD_LEN + 1);
        udp_encode(out, &(struct udp_head){.src = 7, .dst = 9}, &src6, &src6, bytes_in_of("x", 1));
        break;
    default:
        bytes_put_zero(out, 4);
    }
}

/* The frame decoded; its bytes are in `bytes`. */
static inline struct packet make_print_frame(enum print_frame which, uint8_t bytes[PRINT_FRAME_MAX])
{
    struct bytes_out out = bytes_out_of(bytes, PRINT_FRAME_MAX);
    struct packet p;
    uint16_t type = which == FRAME_ARP || which == FRAME_ARP_REPLY ? ETH_TYPE_ARP
                    : which == FRAME_UDP6                          ? ETH_TYPE_IP6
                    : which == FRAME_OTHER                         ? 0x88b5
                                                                   : ETH_TYPE_IP4;
    eth_encode(&out, &(struct eth_head){
                         .src = {{2, 0, 0, 0, 0, 1}}, .dst = {{2, 0, 0, 0, 0, 2}}, .type = type});
    put_frame_body(&out, which);
    (void)packet_decode(&p, bytes, bytes_out_len(&out), PACKET_LINK_ETHERNET);
    return p;
}
