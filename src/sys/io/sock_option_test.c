/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/sock_option.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/sock.h"

static int read_option(int fd, int level, int option)
{
    int value = -1;
    socklen_t len = sizeof value;
    return getsockopt(fd, level, option, &value, &len) ? -errno : value;
}

static int test_set(uint8_t family)
{
    int failed = 0;
    bool ip6 = family == ADDR_IP6;
    struct err e = {0};
    struct sock_options o = {.ttl = 7,
                             .has_tos = true,
                             .tos = 0xa0,
                             .keepalive = true,
                             .broadcast = true,
                             .receive_len = 8192,
                             .send_len = 16384};
    int fd = sock_new(family, SOCK_STREAM);
    CHECK(sock_options_apply(fd, &o, NULL, &e) == 0);
    int level = ip6 ? IPPROTO_IPV6 : IPPROTO_IP;
    CHECK(read_option(fd, level, ip6 ? IPV6_UNICAST_HOPS : IP_TTL) == 7);
    CHECK(read_option(fd, level, ip6 ? IPV6_TCLASS : IP_TOS) == 0xa0);
    CHECK(read_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(read_option(fd, SOL_SOCKET, SO_BROADCAST) == 1);
    CHECK(read_option(fd, SOL_SOCKET, SO_SNDBUF) == 2 * 16384); /* the kernel doubles it */
    o = (struct sock_options){.min_ttl = 254};
    CHECK(sock_options_apply(fd, &o, NULL, &e) == 0);
    close(fd);
    return failed;
}

static int test_route(void)
{
    int failed = 0;
    struct err e = {0};
    struct endpoint peer = {addr_ip4(0x7f000003), 9};
    struct sock_options o = {.hop = {addr_ip4(0x7f000002)}, .hop_count = 1};
    int fd = sock_new(ADDR_IP4, SOCK_STREAM);
    CHECK(sock_options_apply(fd, &o, &peer, &e) == 0);
    uint8_t got[40];
    socklen_t len = sizeof got;
    CHECK(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, got, &len) == 0 && len == 8);
    CHECK(got[1] == 0x83 && got[2] == 7);
    o.hop_pointer = 8; /* Linux wants to begin at the first hop */
    CHECK(sock_options_apply(fd, &o, &peer, &e) == -EINVAL && strstr(e.text, "pointer 8"));
    close(fd);
    fd = sock_new(ADDR_IP6, SOCK_STREAM);
    CHECK(sock_options_apply(fd, &o, &peer, &e) == -EAFNOSUPPORT);
    close(fd);
    return failed;
}

int io_sock_option_test(void)
{
    static const struct {
        const char *text;
        int value;
    } row[] = {
        {"lowdelay", 16},  {"Minimize-Delay", 16},
        {"critical", 160}, {"0x20", 32},
        {"255", 255},      {"256", -1},
        {"-1", -1},        {"bogus", -1},
        {"", -1},          {"cs1", 32},
        {"cs8", -1},       {"af11", 40},
        {"AF43", 152},     {"af44", -1},
        {"ef", 184},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, sock_tos_value(row[i].text) == row[i].value);
    char key[100];
    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = '\0';
    struct err e = {0};
    struct endpoint peer = {addr_ip4(0x7f000001), 9};
    struct sock_options o = {.md5_key = key};
    int fd = sock_new(ADDR_IP4, SOCK_STREAM);
    CHECK(sock_options_apply(fd, &o, &peer, &e) == -EINVAL && strstr(e.text, "80 bytes"));
    close(fd);
    return failed + test_set(ADDR_IP4) + test_set(ADDR_IP6) + test_route();
}
