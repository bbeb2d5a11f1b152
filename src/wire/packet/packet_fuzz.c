/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte chooses the link, the rest is the frame.  What packet_decode says must hold: its
 * offsets lie in the frame, and every reader of a head or option may be let loose on them. */
#include <assert.h>
#include <stdint.h>

#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_heads(const struct packet *p)
{
    struct bytes_in in = packet_transport(p);
    struct tcp_head tcp;
    if (p->transport == PACKET_TCP && tcp_decode(&in, &tcp))
        (void)tcp_options_of(&tcp);
    struct icmp6_head icmp;
    struct icmp6_nd nd;
    if (p->transport == PACKET_ICMP6 && icmp6_decode(&in, &icmp))
        (void)icmp6_nd_decode(&in, &icmp, &nd);
    struct ip4_head ip;
    struct ip4_option option;
    in = packet_net(p);
    if (p->net == PACKET_IP4 && ip4_decode(&in, &ip)) {
        struct bytes_in list = bytes_in_of(ip.option, ip.option_len);
        while (ip4_option_next(&list, &option))
            assert(option.data == NULL || option.data + option.len <= list.end);
    }
}

static void hold(const struct packet *p, enum packet_verdict verdict, size_t size)
{
    assert(p->len == size && p->layer_count <= PACKET_LAYER_MAX && verdict < PACKET_VERDICT_COUNT);
    assert((size_t)p->payload_at + p->payload_len <= size || p->payload_len == 0);
    for (uint8_t i = 0; i < p->layer_count; i++) {
        assert(p->layer[i].at <= size && p->layer[i].at <= p->payload_at);
        assert(i == 0 || p->layer[i].at > p->layer[i - 1].at);
    }
    (void)packet_src(p);
    (void)packet_dst(p);
    if (verdict != PACKET_OK)
        return;
    (void)packet_sum_check(p);
    read_heads(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct packet p, quoted;
    enum packet_link link = data[0] % PACKET_LINK_COUNT;
    enum packet_verdict verdict = packet_decode(&p, data + 1, size - 1, link);
    hold(&p, verdict, size - 1);
    verdict = packet_decode_quoted(&quoted, &p);
    hold(&quoted, verdict, size - 1);
    return 0;
}
