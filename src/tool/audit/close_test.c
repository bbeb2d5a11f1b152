/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to ports, and in a namespace of its own what nft then has. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "sys/link/netns_test.h"
#include "tool/audit/close.h"

static int check_words(void)
{
    int failed = 0;
    static const struct {
        const char *text;
        int rc;
        uint8_t proto;
        uint16_t port;
    } row[] = {
        {"tcp/22", 0, 6, 22},          {"53/udp", 0, 17, 53},      {"udp/65535", 0, 17, 65535},
        {"tcp/65536", -EINVAL, 0, 0},  {"tcp/0", -EINVAL, 0, 0},   {"tcp/", -EINVAL, 0, 0},
        {"/22", -EINVAL, 0, 0},        {"22", -EINVAL, 0, 0},      {"tcp/tcp", -EINVAL, 0, 0},
        {"22/22", -EINVAL, 0, 0},      {"sctp/22", -EINVAL, 0, 0}, {"tcp/22x", -EINVAL, 0, 0},
        {"tcp/000022", -EINVAL, 0, 0}, {"tcp/22;", -EINVAL, 0, 0}, {"", -EINVAL, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct close_port p = {0};
        struct err e = {0};
        CHECK_ROW(i, close_port_parse(&p, row[i].text, &e) == row[i].rc);
        CHECK_ROW(i, row[i].rc || (p.ip_proto == row[i].proto && p.port == row[i].port));
    }
    struct arena arena = {0};
    struct close_port p = {17, 53};
    CHECK(strcmp(close_port_command(&arena, "picket", &p), "picket audit --close udp/53") == 0);
    arena_done(&arena);
    return failed;
}

int audit_close_test(void)
{
    int failed = check_words();
    struct err e = {0};
    struct close_port ssh = {6, 22}, dns = {17, 53};
    if (!netns_enter())
        return failed;
    CHECK(close_port_undo(&ssh, &e) == -ENOENT); /* there is no table yet */
    for (int times = 0; times < 2; times++)
        CHECK_ROW(times, close_port_apply(&ssh, &e) == 0 && close_port_apply(&dns, &e) == 0);
    CHECK(netns_sh("test \"$(nft list table inet picket | grep -c 'drop$')\" = 1"));
    CHECK(netns_sh("nft list set inet picket closed_ports | grep -q 'tcp . 22'"));
    CHECK(close_port_undo(&ssh, &e) == 0);
    CHECK(netns_sh("! nft list set inet picket closed_ports | grep -q 'tcp . 22'"));
    CHECK(netns_sh("nft list set inet picket closed_ports | grep -q 'udp . 53'"));
    CHECK(close_port_undo(&ssh, &e) == -ENOENT);
    return failed;
}
