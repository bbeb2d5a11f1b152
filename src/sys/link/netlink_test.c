/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "check.h"
#include "sys/link/netlink.h"

struct seen {
    int links, restarts;
    bool loopback;
};

static int see(void *ctx, const struct nlmsghdr *message)
{
    struct seen *seen = ctx;
    const struct nlattr *attr[IFLA_IFNAME + 1];
    const struct ifinfomsg *head = netlink_head(message, sizeof *head);
    char name[16], cut[2];
    if (!head || message->nlmsg_type != RTM_NEWLINK)
        return -EPROTO;
    netlink_attrs(message, sizeof *head, attr, IFLA_IFNAME);
    netlink_text(attr[IFLA_IFNAME], name, sizeof name);
    netlink_text(attr[IFLA_IFNAME], cut, sizeof cut);
    seen->links++;
    if (strcmp(name, "lo") == 0)
        seen->loopback = strcmp(cut, "l") == 0 && head->ifi_index == 1;
    return 0;
}

static void restart(void *ctx)
{
    struct seen *seen = ctx;
    *seen = (struct seen){.restarts = seen->restarts + 1};
}

static int refuse(void *ctx, const struct nlmsghdr *message)
{
    (void)message;
    ++*(int *)ctx;
    return -ENOSPC;
}

int link_netlink_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct netlink *n;
    struct seen seen = {0};
    if (!CHECK(netlink_open(&n, NETLINK_ROUTE, &e) == 0))
        return failed;
    struct ifinfomsg all = {.ifi_family = AF_UNSPEC};
    netlink_begin(n, RTM_GETLINK, NLM_F_DUMP, &all, sizeof all);
    CHECK(netlink_dump(n, see, restart, &seen) == 0);
    CHECK(seen.loopback && seen.links >= 1 && seen.restarts >= 1);

    int calls = 0; /* an error of the callback is the result, and the socket is clean behind it */
    netlink_begin(n, RTM_GETLINK, NLM_F_DUMP, &all, sizeof all);
    CHECK(netlink_ask(n, refuse, &calls) == -ENOSPC && calls == 1);

    struct ifinfomsg one = {.ifi_family = AF_UNSPEC, .ifi_index = 1};
    netlink_begin(n, RTM_GETLINK, 0, &one, sizeof one);
    restart(&seen);
    CHECK(netlink_ask(n, see, &seen) == 0 && seen.links == 1 && seen.loopback);
    one.ifi_index = 0x7ffffff0;
    netlink_begin(n, RTM_GETLINK, 0, &one, sizeof one);
    CHECK(netlink_ask(n, NULL, NULL) == -ENODEV);
    netlink_close(n);
    netlink_close(NULL);
    CHECK(netlink_open(&n, 31, &e) < 0 && e.code < 0 && e.text[0]); /* no such bus */

    CHECK(netlink_u32(NULL, 7) == 7 && netlink_u8(NULL, 9) == 9);
    CHECK(netlink_addr(NULL).family == ADDR_NONE);
    return failed;
}
