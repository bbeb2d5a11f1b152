/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/suspects.h"

#include "check.h"

static const uint64_t second_ns = 1000000000;

static int test_slow_scan(void)
{
    int failed = 0;
    struct suspects *s = suspects_new();
    struct addr who = addr_ip4(0xc0000201);
    CHECK(!suspects_find(s, &who));
    for (uint32_t i = 0; i < 12; i++) { /* a port every half hour */
        const struct suspect *entry =
            suspects_hit(s, &who, (uint16_t)(i + 1), i * 1800 * second_ns);
        CHECK_ROW(i, entry->hits == i + 1);
        CHECK_ROW(i, entry->port_count == (i < SUSPECT_PORTS ? i + 1 : SUSPECT_PORTS));
    }
    CHECK(suspects_hit(s, &who, 12, 0)->hits == 13);
    suspects_free(s);
    return failed;
}

/* A million sources that are each seen once do not push out the one that comes back. */
static int test_flood(void)
{
    int failed = 0;
    struct suspects *s = suspects_new();
    struct addr real = addr_ip4(0xc0000201);
    uint64_t now = 1;
    suspects_hit(s, &real, 1, now);
    suspects_hit(s, &real, 2, ++now);
    for (uint32_t i = 0; i < 1000000; i++) {
        struct addr forged = addr_ip4(0x0a000000 + i);
        suspects_hit(s, &forged, 22, ++now);
    }
    CHECK(suspects_find(s, &real) && suspects_hit(s, &real, 3, ++now)->hits == 3);
    suspects_free(s);
    return failed;
}

static int test_crowd(void)
{
    int failed = 0;
    struct suspects *s = suspects_new();
    for (uint32_t i = 0; i < 50; i++) {
        struct addr who = addr_ip4(0xc6336400 + i);
        suspects_hit(s, &who, (uint16_t)(100 + i % 25), i * second_ns);
    }
    struct crowd now = suspects_crowd(s, 60 * second_ns);
    CHECK(now.sources == 50 && now.ports == 25);
    struct addr first = addr_ip4(0xc6336400);
    suspects_find(s, &first)->acted = true;
    CHECK(suspects_crowd(s, 60 * second_ns).sources == 49);
    CHECK(suspects_crowd(s, 7200 * second_ns).sources == 0);
    suspects_free(s);
    return failed;
}

int trap_suspects_test(void)
{
    return test_slow_scan() + test_flood() + test_crowd();
}
