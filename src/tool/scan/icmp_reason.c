/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/icmp_reason.h"

#include "core/base/attr.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"

enum { ANY_CODE = -1 };

/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1; RFC 4443 3.  The first row that fits counts. */
static const struct {
    bool ip6;
    int type, code;
    enum scan_reason reason;
} rows[] = {
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_NET, SCAN_REASON_NET_UNREACH},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_HOST, SCAN_REASON_HOST_UNREACH},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_PROTOCOL, SCAN_REASON_PROTO_UNREACH},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_PORT, SCAN_REASON_PORT_UNREACH},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_NET_PROHIBITED, SCAN_REASON_NET_PROHIBITED},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_HOST_PROHIBITED, SCAN_REASON_HOST_PROHIBITED},
    {false, ICMP4_TYPE_UNREACHABLE, ICMP4_CODE_PROHIBITED, SCAN_REASON_ADMIN_PROHIBITED},
    {false, ICMP4_TYPE_UNREACHABLE, ANY_CODE, SCAN_REASON_DEST_UNREACH},
    {false, ICMP4_TYPE_SOURCE_QUENCH, ANY_CODE, SCAN_REASON_SOURCE_QUENCH},
    {false, ICMP4_TYPE_TIME_EXCEEDED, ANY_CODE, SCAN_REASON_TIME_EXCEEDED},
    {false, ICMP4_TYPE_PARAMETER, ANY_CODE, SCAN_REASON_PARAM_PROBLEM},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_NO_ROUTE, SCAN_REASON_NO_ROUTE},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_PROHIBITED, SCAN_REASON_ADMIN_PROHIBITED},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_SCOPE, SCAN_REASON_BEYOND_SCOPE},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_ADDR, SCAN_REASON_HOST_UNREACH},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_PORT, SCAN_REASON_PORT_UNREACH},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_POLICY, SCAN_REASON_ADMIN_PROHIBITED},
    {true, ICMP6_TYPE_UNREACHABLE, ICMP6_CODE_REJECT_ROUTE, SCAN_REASON_REJECT_ROUTE},
    {true, ICMP6_TYPE_UNREACHABLE, ANY_CODE, SCAN_REASON_DEST_UNREACH},
    {true, ICMP6_TYPE_TIME_EXCEEDED, ANY_CODE, SCAN_REASON_TIME_EXCEEDED},
    {true, ICMP6_TYPE_PARAMETER, ANY_CODE, SCAN_REASON_PARAM_PROBLEM},
};

bool icmp_reason_of(bool ip6, int type, int code, enum scan_reason *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (rows[i].ip6 == ip6 && rows[i].type == type &&
            (rows[i].code == ANY_CODE || rows[i].code == code)) {
            *out = rows[i].reason;
            return true;
        }
    return false;
}

uint8_t icmp_reason_ttl(const struct packet *packet)
{
    struct bytes_in in = packet_net(packet);
    struct ip4_head ip4;
    struct ip6_head ip6;
    if (packet->net == PACKET_IP4)
        return ip4_decode(&in, &ip4) ? ip4.ttl : 0;
    if (packet->net == PACKET_IP6)
        return ip6_decode(&in, &ip6) ? ip6.hop_limit : 0;
    return 0;
}

bool icmp_reason_judge(const struct frame_answer *answer, enum scan_state state,
                       struct scan_verdict *out)
{
    const struct packet *p = answer->packet;
    if (!answer->quoted ||
        !icmp_reason_of(p->net == PACKET_IP6, p->icmp_type, p->icmp_code, &out->because.reason))
        return false;
    out->state = state;
    out->because.ttl = icmp_reason_ttl(p);
    struct addr from = packet_src(p), target = packet_dst(answer->quoted);
    if (!addr_equal(&from, &target))
        out->because.from = from;
    return true;
}
