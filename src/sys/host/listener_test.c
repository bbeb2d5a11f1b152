/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets opened in a namespace of the test's own, listed in both ways. */
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "check.h"
#include "sys/host/listener.h"
#include "sys/host/tree_test.h"
#include "sys/io/sock.h"
#include "sys/link/netns_test.h"

static const struct {
    const char *addr;
    uint16_t port;
    bool udp, v6_only, to_loopback, connected;
    const char *shown; /* NULL: not a listener */
} row[] = {
    {"0.0.0.0", 80, false, false, false, false, "0.0.0.0"},
    {"127.0.0.1", 25, false, false, false, false, "127.0.0.1"},
    {"::", 22, false, true, false, false, "::"},
    {"::", 443, false, false, false, false, "::"},
    {"::1", 631, false, false, false, false, "::1"},
    {"::ffff:127.0.0.1", 90, false, false, false, false, "127.0.0.1"},
    {"0.0.0.0", 53, true, false, false, false, "0.0.0.0"},
    {"::", 5353, true, true, false, false, "::"},
    {"127.0.0.1", 70, true, false, false, true, NULL}, /* connected: hears its peer only */
    {"0.0.0.0", 81, false, false, true, false, "0.0.0.0"},
    {"192.0.2.1", 123, true, false, false, false, "192.0.2.1"},
    {"2001:db8:1::1", 123, true, false, false, false, "2001:db8:1::1"},
};

static int open_socket(size_t i)
{
    struct err e = {0};
    struct endpoint at = {.port = row[i].port};
    struct sockaddr_storage to;
    int one = row[i].v6_only;
    if (addr_parse(&at.addr, row[i].addr, &e))
        return -1;
    socklen_t len = sock_addr_from(&to, &at);
    int fd = socket(to.ss_family, row[i].udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (to.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (row[i].to_loopback && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)&to, len) < 0)
        return -1;
    if (row[i].connected)
        return connect(fd, (struct sockaddr *)&to, len) < 0 ? -1 : fd;
    return row[i].udp || listen(fd, 1) == 0 ? fd : -1;
}

static int compare(const struct listener_list *l, const int *fd, bool by_netlink)
{
    int failed = 0;
    size_t expected = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct stat st;
        char text[ADDR_TEXT_MAX];
        const struct listener *found = NULL;
        CHECK_ROW(i, fstat(fd[i], &st) == 0);
        for (size_t k = 0; k < l->count; k++)
            if (l->item[k].inode == st.st_ino)
                found = &l->item[k];
        expected += row[i].shown != NULL;
        if (!CHECK_ROW(i, !found == !row[i].shown) || !found)
            continue;
        CHECK_ROW(i, strcmp(addr_format(&found->at.addr, text), row[i].shown) == 0);
        CHECK_ROW(i, found->at.port == row[i].port);
        CHECK_ROW(i, found->ip_proto == (row[i].udp ? IPPROTO_UDP : IPPROTO_TCP));
        /* the kernel sets it by itself on a socket with an IPv6 address of its own */
        CHECK_ROW(i, found->v6_only == (by_netlink && row[i].v6_only) ||
                         !addr_is_unspecified(&found->at.addr));
        CHECK_ROW(i, found->interface == (by_netlink && row[i].to_loopback ? 1 : 0));
        CHECK_ROW(i, found->uid == getuid());
    }
    CHECK(l->count == expected);
    for (size_t k = 1; k < l->count; k++)
        CHECK_ROW(k, l->item[k - 1].ip_proto < l->item[k].ip_proto ||
                         (l->item[k - 1].ip_proto == l->item[k].ip_proto &&
                          l->item[k - 1].at.port <= l->item[k].at.port));
    return failed;
}

/* Files as other kernels write them, with lines that are none. */
static int made_files(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct tree t;
    struct listener_list l;
    CHECK(tree_new(&t));
    CHECK(tree_file(&t, "tcp",
                    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   "
                    "uid  timeout inode\n"
                    "   0: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000   "
                    "  0        0 4711 1 0000000000000000 100 0 0 10 0\n"
                    "   1: 0100007F:0019 0200007F:8000 01 00000000:00000000 00:00000000 00000000   "
                    "  0        0 4712 1 0000000000000000 100 0 0 10 0\n"
                    "   2: XX00007F:0019\n   3: 00:0019 00000000:0000 0A 0:0 0:0 0 0 0 4713\n"));
    CHECK(tree_file(&t, "udp6",
                    "  sl\n 100: 00000000000000000000000000000000:14E9 "
                    "00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 "
                    "00000000   104        0 99999 2 0000000000000000 0"));
    CHECK(listener_read_proc(&arena, t.root, &l, &e) == 0 && l.count == 2);
    if (l.count == 2) {
        CHECK(l.item[0].ip_proto == 6 && l.item[0].at.port == 25 && l.item[0].inode == 4711);
        CHECK(addr_is_loopback(&l.item[0].at.addr));
        CHECK(l.item[1].ip_proto == 17 && l.item[1].at.port == 5353 && l.item[1].uid == 104);
        CHECK(addr_is_unspecified(&l.item[1].at.addr) && l.item[1].inode == 99999);
    }
    tree_done(&t);
    CHECK(listener_read_proc(&arena, t.root, &l, &e) == 0 && l.count == 0);
    arena_done(&arena);
    return failed;
}

int host_listener_test(void)
{
    int failed = made_files();
    struct arena arena = {0};
    struct err e = {0};
    struct listener_list l;
    int fd[ARRAY_LEN(row)];
    if (!netns_enter())
        return failed;
    CHECK(
        netns_sh("ip addr add 192.0.2.1/32 dev lo && ip addr add 2001:db8:1::1/128 dev lo nodad"));
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, (fd[i] = open_socket(i)) >= 0);
    CHECK(listener_read(&arena, "/proc/self/net", &l, &e) == 0);
    failed += compare(&l, fd, true);
    CHECK(listener_read_proc(&arena, "/proc/self/net", &l, &e) == 0);
    failed += compare(&l, fd, false);
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        close(fd[i]);
    CHECK(listener_read(&arena, "/proc/self/net", &l, &e) == 0 && l.count == 0);
    arena_done(&arena);
    return failed;
}
