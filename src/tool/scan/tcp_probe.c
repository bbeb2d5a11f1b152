/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/tcp_probe.h"

#include "tool/scan/icmp_reason.h"

enum { MSS_ETHERNET = 1460, WINDOW_UNIT = 1024 };

void tcp_probe_build(const struct frame_probe *probe, struct bytes_out *out)
{
    uint8_t option[4];
    struct bytes_out options = bytes_out_of(option, sizeof option);
    if (probe->tcp_flags & TCP_SYN)
        tcp_put_mss(&options, MSS_ETHERNET);
    struct tcp_head h = {
        .src = probe->src_port,
        .dst = probe->dst_port,
        .seq = probe->cookie,
        .ack = probe->tcp_flags & TCP_ACK ? probe->cookie : 0,
        .flags = probe->tcp_flags,
        .window = (uint16_t)(WINDOW_UNIT * (1 + probe->cookie % 4)),
        .option = option,
        .option_len = (uint8_t)bytes_out_len(&options),
    };
    tcp_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

bool tcp_probe_answer(const struct frame_answer *answer, struct tcp_head *out)
{
    if (answer->quoted || answer->packet->transport != PACKET_TCP)
        return false;
    struct bytes_in in = packet_transport(answer->packet);
    if (!tcp_decode(&in, out))
        return false;
    if (answer->tcp_flags & TCP_ACK)
        return out->seq == answer->cookie;
    if (!(out->flags & TCP_ACK))
        return true; /* a bare reset carries nothing of ours: addresses and ports have to do */
    uint32_t counted = out->ack - answer->cookie;
    enum { COUNTED_MAX = 2048 }; /* SYN, FIN and data that we sent along */
    return counted <= COUNTED_MAX;
}

bool tcp_probe_judge_reset(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct tcp_head tcp;
    if (icmp_reason_judge(answer, SCAN_FILTERED, out))
        return true;
    if (!tcp_probe_answer(answer, &tcp) || !(tcp.flags & TCP_RST))
        return false;
    *out = (struct scan_verdict){
        answer->on_reset, {.reason = SCAN_REASON_RESET, .ttl = icmp_reason_ttl(answer->packet)}};
    return true;
}
