/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sT: ask the kernel to connect.  What it says afterwards, and what ICMP message it says it for,
 * is turned into a port state here; opening and waiting is the socket transport's business. */
#include <errno.h>

#include "core/base/attr.h"
#include "tool/scan/icmp_reason.h"

static const struct {
    int error; /* positive errno */
    enum scan_state state;
    enum scan_reason reason;
} errors[] = {
    {0, SCAN_OPEN, SCAN_REASON_SYN_ACK},
    {ECONNREFUSED, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED},
    {ECONNRESET, SCAN_CLOSED, SCAN_REASON_RESET},
    {ENETUNREACH, SCAN_FILTERED, SCAN_REASON_NET_UNREACH},
    {ENETDOWN, SCAN_FILTERED, SCAN_REASON_NET_UNREACH},
    {EHOSTUNREACH, SCAN_FILTERED, SCAN_REASON_HOST_UNREACH},
    {EHOSTDOWN, SCAN_FILTERED, SCAN_REASON_HOST_UNREACH},
    {ENOPROTOOPT, SCAN_FILTERED, SCAN_REASON_PROTO_UNREACH},
    {EACCES, SCAN_FILTERED, SCAN_REASON_PERM_DENIED},
    {EPERM, SCAN_FILTERED, SCAN_REASON_PERM_DENIED},
    {ETIMEDOUT, SCAN_FILTERED, SCAN_REASON_NO_RESPONSE},
    {EADDRNOTAVAIL, SCAN_FILTERED, SCAN_REASON_NET_UNREACH},
};

static struct scan_verdict judge(int error, bool ip6, int icmp_type, int icmp_code)
{
    struct scan_verdict v = {SCAN_FILTERED, {.reason = SCAN_REASON_UNKNOWN}};
    for (size_t i = 0; i < ARRAY_COUNT(errors); i++)
        if (errors[i].error == -error) {
            v.state = errors[i].state;
            v.because.reason = errors[i].reason;
        }
    enum scan_reason by_icmp;
    if (error && icmp_reason_of(ip6, icmp_type, icmp_code, &by_icmp)) {
        /* "port unreachable" from the host itself means what a reset means: nobody listens */
        bool is_port = by_icmp == SCAN_REASON_PORT_UNREACH;
        v.state = is_port ? SCAN_CLOSED : SCAN_FILTERED;
        v.because.reason = is_port ? SCAN_REASON_CONN_REFUSED : by_icmp;
    }
    return v;
}

const struct scan_technique scan_technique_connect = {
    .name = "connect",
    .option = "sT",
    .type = "connect",
    .title = "Connect Scan",
    .doc = "TCP connect() scan",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_SOCKET,
    .silent = SCAN_FILTERED,
    .judge_socket = judge,
};
