/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/neighbour.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "sys/link/netlink.h"

struct reading {
    struct neighbour *item;
    size_t count, capacity;
};

static void restart(void *ctx)
{
    ((struct reading *)ctx)->count = 0;
}

static int read_entry(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    const struct ndmsg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[NDA_LLADDR + 1];
    if (!head || message->nlmsg_type != RTM_NEWNEIGH)
        return 0;
    netlink_attrs(message, sizeof *head, attr, NDA_LLADDR);
    struct addr a = netlink_addr(attr[NDA_DST]);
    if (a.family == ADDR_NONE)
        return 0; /* bridges answer with entries of their own kind */
    MEM_GROW(r->item, r->count, r->capacity);
    struct neighbour *n = &r->item[r->count++];
    *n = (struct neighbour){.addr = a,
                            .interface = (uint32_t)head->ndm_ifindex,
                            .state = head->ndm_state,
                            .router = head->ndm_flags & NTF_ROUTER};
    if (a.family == ADDR_IP6 && addr_is_link_local(&a))
        n->addr.scope = n->interface;
    struct bytes_in mac = netlink_bytes(attr[NDA_LLADDR]);
    n->has_mac = bytes_left(&mac) == sizeof n->mac.byte;
    if (n->has_mac)
        bytes_copy(&mac, n->mac.byte, sizeof n->mac.byte);
    return 0;
}

bool neighbour_is_usable(const struct neighbour *n)
{
    return n->has_mac && n->state & (NEIGHBOUR_REACHABLE | NEIGHBOUR_STALE | NEIGHBOUR_DELAY |
                                     NEIGHBOUR_PROBE | NEIGHBOUR_NO_ARP | NEIGHBOUR_PERMANENT);
}

int neighbour_find(struct netlink *n, uint32_t interface, const struct addr *a,
                   struct neighbour *out, struct err *e)
{
    struct ndmsg head = {.ndm_family = a->family == ADDR_IP4 ? AF_INET : AF_INET6,
                         .ndm_ifindex = (int32_t)interface};
    struct reading r = {0};
    netlink_begin(n, RTM_GETNEIGH, 0, &head, sizeof head);
    netlink_put(n, NDA_DST, a->byte, addr_bits(a) / 8);
    int result = netlink_ask(n, read_entry, &r);
    if (result == 0 && r.count == 0)
        result = -ENOENT;
    if (result == 0)
        *out = r.item[0];
    mem_free(r.item);
    char text[ADDR_TEXT_MAX];
    return result ? err_set(e, result, "neighbour %s: %s", addr_format(a, text), strerror(-result))
                  : 0;
}

int neighbour_read(struct arena *arena, struct neighbour_list *out, struct err *e)
{
    struct netlink *n;
    struct reading r = {0};
    if (netlink_open(&n, NETLINK_ROUTE, e))
        return err_wrap(e, "neighbours");
    struct ndmsg all = {.ndm_family = AF_UNSPEC};
    netlink_begin(n, RTM_GETNEIGH, NLM_F_DUMP, &all, sizeof all);
    int result = netlink_dump(n, read_entry, restart, &r);
    netlink_close(n);
    if (result == 0) {
        out->count = r.count;
        out->item = arena_array(arena, r.count, sizeof *out->item);
        if (r.count)
            memcpy(out->item, r.item, r.count * sizeof *out->item);
    }
    mem_free(r.item);
    return result ? err_set(e, result, "neighbours: %s", strerror(-result)) : 0;
}
