/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/open_ports.h"

#include <unistd.h>

#include "check.h"
#include "sys/io/sock.h"
#include "wire/packet/layer/number.h"

static const struct endpoint stranger = {{.family = ADDR_IP4, .byte = {127, 0, 0, 9}}, 4000};
static const uint64_t later_ns = (OPEN_PORTS_AGE_MS + 1) * UINT64_C(1000000);

/* A port that is open for a while: seen while it is, and no longer. */
static int test_window(void)
{
    int failed = 0;
    struct err e = {0};
    struct open_ports *o = open_ports_new("/proc/net");
    struct endpoint at = {.addr = addr_ip4(0x7f000001)}, elsewhere;
    struct port_set used;
    int fd;
    CHECK(sock_listen(&at, 1, &fd, &e) == 0 && sock_local(fd, &at, &e) == 0);
    elsewhere = (struct endpoint){addr_ip4(0x7f000002), at.port};
    CHECK(open_ports_has(o, IP_PROTO_TCP, &at, &stranger, 1));
    CHECK(!open_ports_has(o, IP_PROTO_UDP, &at, &stranger, 1));
    CHECK(!open_ports_has(o, IP_PROTO_TCP, &elsewhere, &stranger, 1));
    open_ports_list(o, IP_PROTO_TCP, 1, &used);
    CHECK(port_set_has(&used, at.port));
    close(fd);
    CHECK(!open_ports_has(o, IP_PROTO_TCP, &at, &stranger, 1 + later_ns));
    open_ports_free(o);
    return failed;
}

static int test_udp(void)
{
    int failed = 0;
    struct err e = {0};
    struct open_ports *o = open_ports_new("/proc/net");
    struct endpoint at = {.addr = addr_ip4(0x7f000001)}, local;
    int fd = sock_new(ADDR_IP4, SOCK_DGRAM);
    CHECK(fd >= 0 && sock_bind(fd, &at, &e) == 0 && sock_local(fd, &local, &e) == 0);
    CHECK(open_ports_has(o, IP_PROTO_UDP, &local, &stranger, 1));
    struct endpoint peer = {addr_ip4(0x7f000001), 9};
    CHECK(sock_connect(fd, &peer) == 0); /* it takes one peer now */
    CHECK(open_ports_has(o, IP_PROTO_UDP, &local, &peer, 1 + later_ns));
    CHECK(!open_ports_has(o, IP_PROTO_UDP, &local, &stranger, 1 + later_ns));
    close(fd);
    open_ports_free(o);
    return failed;
}

int trap_open_ports_test(void)
{
    return test_window() + test_udp();
}
