/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of the test's own in a namespace of its own, before and after their cure. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "check.h"
#include "sys/io/sock.h"
#include "sys/link/netns_test.h"
#include "tool/audit/close.h"
#include "tool/audit/exposure.h"

static int listen_at(const char *addr, uint16_t port, bool udp)
{
    struct err e = {0};
    struct endpoint at = {.port = port};
    int fd = -1;
    if (addr_parse(&at.addr, addr, &e))
        return -1;
    if (!udp)
        return sock_listen(&at, 8, &fd, &e) ? -1 : fd;
    fd = sock_new(at.addr.family, SOCK_DGRAM);
    return sock_bind(fd, &at, &e) ? -1 : fd;
}

static const struct exposure *find(const struct exposure_list *l, uint8_t proto, uint16_t port)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->item[i].ip_proto == proto && l->item[i].at.port == port)
            return &l->item[i];
    return NULL;
}

/* After its cure a port is closed, and others are as they were. */
static int cures(struct arena *arena, const struct exposure_source *from,
                 const struct exposure_list *before)
{
    int failed = 0;
    struct err e = {0};
    struct exposure_list l;
    static const struct {
        struct close_port port;
        const char *cure;
    } row[] = {{{IPPROTO_TCP, 7001}, "picket audit --close tcp/7001"},
               {{IPPROTO_UDP, 7001}, "picket audit --close udp/7001"}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const struct exposure *x = find(before, row[i].port.ip_proto, row[i].port.port);
        CHECK_ROW(i, x && x->cure && strcmp(x->cure, row[i].cure) == 0);
        CHECK_ROW(i, close_port_apply(&row[i].port, &e) == 0);
    }
    CHECK(exposure_collect_from(arena, from, &l, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const struct exposure *x = find(&l, row[i].port.ip_proto, row[i].port.port);
        CHECK_ROW(i, x && x->reach == REACH_FIREWALLED && !x->cure);
        CHECK_ROW(i, x && strstr(x->reach_why, "table inet picket, chain closed"));
    }
    const struct exposure *other = find(&l, IPPROTO_TCP, 7002);
    CHECK(other && other->reach == REACH_NEIGHBOURS && other->cure);
    return failed;
}

int audit_exposure_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct exposure_list l;
    struct service_table services = {0};
    static const char table[] = "afs3-callback\t7001/tcp\t0.1\n";
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    int fd[] = {listen_at("0.0.0.0", 7001, false), listen_at("0.0.0.0", 7001, true),
                listen_at("::", 7002, false), listen_at("127.0.0.1", 7003, false)};
    CHECK(peer > 0);
    for (size_t i = 0; i < ARRAY_LEN(fd); i++)
        CHECK_ROW(i, fd[i] >= 0);
    CHECK(service_table_parse(&services, table, sizeof table - 1, "table", &e) == 0);
    struct exposure_source from = {.proc = "/proc", .root = "", .services = &services};
    CHECK(exposure_collect_from(&arena, &from, &l, &e) == 0 && l.count == ARRAY_LEN(fd));
    for (size_t i = 0; i < l.count; i++) {
        CHECK_ROW(i, l.item[i].pid == getpid() && l.item[i].process_count == 1);
        CHECK_ROW(i, strcmp(l.item[i].process, "unit") == 0 && !l.item[i].package);
        CHECK_ROW(i, l.item[i].path && l.item[i].user && l.item[i].uid == getuid());
        CHECK_ROW(i, l.item[i].reach_why && *l.item[i].reach_why);
    }
    const struct exposure *x = find(&l, IPPROTO_TCP, 7001);
    CHECK(x && x->reach == REACH_NEIGHBOURS && strcmp(x->service, "afs3-callback") == 0);
    x = find(&l, IPPROTO_TCP, 7003);
    CHECK(x && x->reach == REACH_LOOPBACK && !x->cure && !x->service);
    failed += cures(&arena, &from, &l);
    for (size_t i = 0; i < ARRAY_LEN(fd); i++)
        close(fd[i]);
    CHECK(exposure_collect(&arena, &l, &e) == 0 && l.count == 0);
    netns_end(peer);
    service_table_done(&services);
    arena_done(&arena);
    return failed;
}
