/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/taker.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/link/netlink.h"

struct taker {
    struct netlink *netlink;
};

int taker_open(struct taker **out, struct err *e)
{
    struct netlink *n;
    if (netlink_open(&n, NETLINK_SOCK_DIAG, e) < 0)
        return e->code;
    *out = mem_zero(sizeof **out);
    (*out)->netlink = n;
    return 0;
}

void taker_close(struct taker *t)
{
    if (t) {
        netlink_close(t->netlink);
        mem_free(t);
    }
}

static int note(void *ctx, const struct nlmsghdr *message)
{
    (void)message;
    *(int *)ctx = 1;
    return 0;
}

int taker_find(struct taker *t, uint8_t ip_proto, const struct endpoint *local,
               const struct endpoint *remote)
{
    /* What the two modules call source: tcp_diag our end, udp_diag the other one. */
    const struct endpoint *src = ip_proto == IPPROTO_UDP ? remote : local;
    const struct endpoint *dst = ip_proto == IPPROTO_UDP ? local : remote;
    struct inet_diag_req_v2 request = {
        .sdiag_family = local->addr.family == ADDR_IP4 ? AF_INET : AF_INET6,
        .sdiag_protocol = ip_proto,
        .idiag_states = UINT32_MAX,
        .id = {.idiag_sport = htons(src->port),
               .idiag_dport = htons(dst->port),
               .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}};
    memcpy(request.id.idiag_src, src->addr.byte, sizeof request.id.idiag_src);
    memcpy(request.id.idiag_dst, dst->addr.byte, sizeof request.id.idiag_dst);
    int found = 0;
    netlink_begin(t->netlink, SOCK_DIAG_BY_FAMILY, NLM_F_ACK, &request, sizeof request);
    int rc = netlink_ask(t->netlink, note, &found);
    return rc == 0 ? found : rc == -ENOENT ? 0 : rc;
}
