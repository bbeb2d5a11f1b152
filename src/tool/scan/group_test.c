/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/group.h"

#include <string.h>

#include "check.h"
#include "core/base/attr.h"

static const struct {
    size_t items;
    unsigned min, max;
    size_t size;
} sizes[] = {
    {1, 0, 0, 4096},       /* hosts are the bound */
    {256, 0, 0, 4096},     /* 2^20 positions in all .. */
    {257, 0, 0, 4080},     /* .. and from here on they are the bound */
    {1000, 0, 0, 1048},    /* the default */
    {65535, 0, 0, 16},     /* -p- */
    {0, 0, 0, 4096},       /* nothing to send counts as one */
    {1000, 0, 64, 64},     /* --max-hostgroup */
    {65535, 64, 0, 64},    /* --min-hostgroup */
    {65535, 4096, 0, 256}, /* but memory has the last word */
    {1, 5000, 0, 5000},    /* it may also pass the usual bound of hosts */
    {1000, 0, 5000, 1048}, /* a maximum raises nothing */
    {PROBER_POSITIONS_MAX, 0, 0, 1},
    {PROBER_POSITIONS_MAX + 1, 8, 0, 1}, /* one host at least, always */
};

static void check_sizes(int *failures)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct scan_options o = {
            .timing = {.hostgroup_min = sizes[i].min, .hostgroup_max = sizes[i].max}};
        CHECK_ROW(i, group_size(&o, sizes[i].items) == sizes[i].size);
    }
    *failures += failed;
}

int scan_group_test(void)
{
    int failed = 0;
    struct group g = {0};
    char name[] = "a.example";
    struct addr other[1] = {addr_ip4(9)};
    struct target_addr first = {addr_ip4(1), name, other, 1}, second = {.addr = addr_ip4(2)};
    struct target_addr here = {.addr = {.family = ADDR_IP6, .byte = {0xfe, 0x80}, .scope = 1}};
    struct target_addr there = here;
    there.addr.scope = 2;
    check_sizes(&failed);
    CHECK(group_add(&g, &first) && group_add(&g, &second) && g.count == 2);
    memset(name, 'x', sizeof name - 1); /* what was handed in may change */
    other[0] = addr_ip4(8);
    CHECK(strcmp(g.host[0].user_name, "a.example") == 0 && !g.host[1].user_name);
    CHECK(g.host[0].other_count == 1 && addr_ip4_value(&g.host[0].other[0]) == 9);
    CHECK(!group_add(&g, &first) && g.count == 2);        /* the same address again */
    CHECK(group_add(&g, &here) && group_add(&g, &there)); /* on two links they are two hosts */
    CHECK(!group_add(&g, &here));
    group_reset(&g);
    CHECK(g.count == 0 && group_add(&g, &second)); /* in the next group it may come again */
    group_done(&g);
    CHECK(g.count == 0 && !g.host);
    return failed;
}
