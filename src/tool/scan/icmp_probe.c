/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/icmp_probe.h"

#include "tool/scan/icmp_reason.h"
#include "wire/packet/layer/icmp4.h"

enum { DATA_MAX = 64 };

void icmp_probe_build4(const struct frame_probe *probe, uint8_t type, size_t data_len,
                       struct bytes_out *out)
{
    static const uint8_t zero[DATA_MAX];
    struct icmp4_head h = {.type = type,
                           .rest = icmp4_rest(probe->src_port, (uint16_t)probe->cookie)};
    struct bytes_in data = bytes_in_of(zero, data_len < DATA_MAX ? data_len : DATA_MAX);
    if (probe->data_len)
        data = bytes_in_of(probe->data, probe->data_len);
    icmp4_encode(out, &h, data);
}

bool icmp_probe_judge(const struct frame_answer *answer, uint8_t type4, uint8_t type6,
                      enum scan_reason reason, struct scan_verdict *out)
{
    const struct packet *p = answer->packet;
    if (icmp_reason_judge(answer, SCAN_FILTERED, out))
        return true;
    bool is_reply = (p->transport == PACKET_ICMP4 && p->icmp_type == type4) ||
                    (p->transport == PACKET_ICMP6 && p->icmp_type == type6);
    struct bytes_in in = packet_transport(p);
    struct icmp4_head h; /* identifier and sequence number lie in the same place in both families */
    if (answer->quoted || !is_reply || !icmp4_decode(&in, &h) ||
        icmp4_seq(&h) != (uint16_t)answer->cookie)
        return false;
    *out = (struct scan_verdict){SCAN_OPEN, {.reason = reason, .ttl = icmp_reason_ttl(p)}};
    return true;
}
