/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests only: a small world of namespaces to scan.
 *
 *     here  192.0.2.1, 2001:db8:1::1          listens on 127.0.0.1:80 and [::1]:80
 *     peer  192.0.2.2, 2001:db8:1::2          listens on port 80; routes on:
 *     far   198.51.100.2, 2001:db8:2::2       listens on port 80, behind peer
 *
 * Peer answers for 10.1.0.0/16 and 2001:db8:a1::/48 with "host unreachable", for 10.2 and a2 with
 * "administratively prohibited", swallows what goes to 10.3 and a3, and has no route to the rest of
 * 10.0.0.0/12.  192.0.2.9 and 2001:db8:1::9 are on the link, and nobody has them. */
#pragma once

#include <signal.h>
#include <stdio.h>

#include "sys/io/sock.h"
#include "sys/link/netns_test.h"

enum { WORLD_OPEN_PORT = 80 };

struct world {
    pid_t peer, far;
    int here4, here6; /* our listeners */
};

__attribute__((unused)) static struct addr world_addr(const char *text)
{
    struct addr a = {0};
    struct err ignored = {0};
    if (addr_parse(&a, text, &ignored) < 0)
        printf("world: no address: %s\n", text);
    return a;
}

__attribute__((unused)) static int world_listen(const char *at, uint16_t port)
{
    struct endpoint where = {world_addr(at), port};
    struct err e = {0};
    int fd = -1;
    if (sock_listen(&where, 64, &fd, &e) < 0)
        printf("world: %s\n", e.text);
    return fd;
}

/* A process in the network of `pid` that listens there until it is ended. */
__attribute__((unused)) static bool world_listen_in(pid_t pid)
{
    int ready[2];
    char answer = 'n';
    if (pipe(ready) < 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        bool good = netns_go(pid) && world_listen("0.0.0.0", WORLD_OPEN_PORT) >= 0 &&
                    world_listen("::", WORLD_OPEN_PORT) >= 0;
        if (write(ready[1], good ? "y" : "n", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    bool good = child > 0 && read(ready[0], &answer, 1) == 1 && answer == 'y';
    close(ready[0]);
    return good;
}

/* Routers ask for neighbours from their link-local address, so that one must be usable at once. */
__attribute__((unused)) static bool world_route(const struct world *w)
{
    char line[512];
    snprintf(line, sizeof line,
             "ip link add veth2 index 13 type veth peer name veth3 index 14 netns %d && "
             "ip addr add 198.51.100.1/24 dev veth2 && "
             "ip addr add 2001:db8:2::1/64 dev veth2 nodad && "
             "echo 0 > /proc/sys/net/ipv6/conf/veth2/accept_dad && ip link set veth2 up",
             (int)w->far);
    return netns_sh("ip route add 10.0.0.0/12 via 192.0.2.2 && "
                    "ip route add 198.51.100.0/24 via 192.0.2.2 && "
                    "ip route add 2001:db8:a0::/44 via 2001:db8:1::2 && "
                    "ip route add 2001:db8:2::/64 via 2001:db8:1::2") &&
           netns_sh_in(w->peer, line) &&
           netns_sh_in(w->peer, "echo 1 > /proc/sys/net/ipv4/ip_forward && "
                                "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit && "
                                "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding && "
                                "echo 0 > /proc/sys/net/ipv6/icmp/ratelimit && "
                                "ip route add unreachable 10.1.0.0/16 && "
                                "ip route add prohibit 10.2.0.0/16 && "
                                "ip route add blackhole 10.3.0.0/16 && "
                                "ip route add unreachable 2001:db8:a1::/48 && "
                                "ip route add prohibit 2001:db8:a2::/48 && "
                                "ip route add blackhole 2001:db8:a3::/48") &&
           netns_sh_in(w->far,
                       "ip addr add 198.51.100.2/24 dev veth3 && "
                       "ip addr add 2001:db8:2::2/64 dev veth3 nodad && ip link set veth3 up && "
                       "ip route add default via 198.51.100.1 && "
                       "ip route add default via 2001:db8:2::1");
}

/* False: not possible here (said so), or something failed, which *failed tells. */
__attribute__((unused)) static bool world_enter(struct world *w, int *failed)
{
    *w = (struct world){-1, -1, -1, -1};
    signal(SIGPIPE, SIG_IGN);
    if (!netns_enter())
        return false;
    w->peer = netns_pair();
    w->far = netns_child();
    bool good = w->peer > 0 && w->far > 0 && world_route(w) && world_listen_in(w->peer) &&
                world_listen_in(w->far);
    w->here4 = world_listen("127.0.0.1", WORLD_OPEN_PORT);
    w->here6 = world_listen("::1", WORLD_OPEN_PORT);
    good &= w->here4 >= 0 && w->here6 >= 0;
    *failed += !good;
    return good;
}

__attribute__((unused)) static void world_leave(struct world *w)
{
    netns_end(w->far);
    netns_end(w->peer);
    if (w->here4 >= 0)
        close(w->here4);
    if (w->here6 >= 0)
        close(w->here6);
}
