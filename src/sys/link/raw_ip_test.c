/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a namespace of its own: a UDP datagram of our making arrives at a socket on loopback. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/bytes.h"
#include "sys/io/sock.h"
#include "sys/link/netns_test.h"
#include "sys/link/raw_ip.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/udp.h"

enum { PORT = 7777 };

static size_t build(uint8_t *to, size_t size, const struct addr *loopback)
{
    struct bytes_out body, out = bytes_out_of(to, size);
    uint8_t room[64];
    body = bytes_out_of(room, sizeof room);
    struct udp_head udp = {.src = 1234, .dst = PORT};
    udp_encode(&body, &udp, loopback, loopback, bytes_in_of("hello", 5));
    struct ip4_head ip = {.src = *loopback, .dst = *loopback, .ttl = 64, .proto = IP_PROTO_UDP};
    ip4_encode(&out, &ip, bytes_out_len(&body));
    bytes_put(&out, room, bytes_out_len(&body));
    return bytes_out_len(&out);
}

int link_raw_ip_test(void)
{
    int failed = 0, raw, udp;
    struct err e = {0};
    if (!netns_enter())
        return 0;
    struct endpoint at = {addr_ip4(0x7f000001), PORT};
    CHECK((udp = sock_new(ADDR_IP4, SOCK_DGRAM)) >= 0 && sock_bind(udp, &at, &e) == 0);
    uint8_t datagram[128];
    size_t len = build(datagram, sizeof datagram, &at.addr);
    CHECK(raw_ip_open(ADDR_IP4, &raw, &e) == 0);
    CHECK(raw_ip_send(raw, &at.addr, datagram, len) == 0);
    char got[16] = "";
    CHECK(recv(udp, got, sizeof got - 1, 0) == 5 && strcmp(got, "hello") == 0);
    CHECK(raw_ip_send(raw, &at.addr, datagram, 10) == -EINVAL); /* no whole head */
    close(raw);
    CHECK(raw_ip_open(ADDR_IP6, &raw, &e) == 0);
    close(raw);
    close(udp);
    return failed;
}
