/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/rng.h"
#include "core/net/port_set.h"

static const struct {
    const char *text;
    int rc;
    const char *out; /* canonical text, or the offset named in the message */
} row[] = {
    {"0", 0, "0"},
    {"65535", 0, "65535"},
    {"0-65535", 0, "0-65535"},
    {"22,80,8000-8100", 0, "22,80,8000-8100"},
    {"80,22,80,81", 0, "22,80-81"},
    {"63-64", 0, "63-64"}, /* across two words */
    {"60-200", 0, "60-200"},
    {"5-5", 0, "5"},
    {"0080", 0, "80"},
    {"65536", -EINVAL, "byte 0 "}, /* one above the last */
    {"99999999999999999999", -EINVAL, "byte 0 "},
    {"1,9-1", -EINVAL, "byte 2 "}, /* backwards */
    {"", -EINVAL, "byte 0 "},
    {",", -EINVAL, "byte 0 "},
    {"1,", -EINVAL, "byte 2 "},
    {"1,,2", -EINVAL, "byte 2 "},
    {"1-", -EINVAL, "byte 2 "},
    {"-1", -EINVAL, "byte 0 "},
    {"1-2-3", -EINVAL, "byte 3 "},
    {"1 ,2", -EINVAL, "byte 1 "},
    {"http", -EINVAL, "byte 0 "},
    {"1-65536", -EINVAL, "byte 2 "},
};

static int check_text(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct port_set set = {0};
        struct err e = {0};
        struct str text = str_of(0);
        CHECK_ROW(i, port_set_parse(&set, row[i].text, &e) == row[i].rc);
        port_set_format(&set, &text);
        CHECK_ROW(i, strcmp(str_text(&text), row[i].rc == 0 ? row[i].out : "") == 0);
        CHECK_ROW(i, row[i].rc == 0 || strncmp(e.text, row[i].out, strlen(row[i].out)) == 0);
        str_done(&text);
    }
    struct port_set set = {0}, before;
    struct err e = {0};
    port_set_add(&set, 7);
    before = set;
    CHECK(port_set_parse(&set, "1-100,x", &e) != 0 && memcmp(&set, &before, sizeof set) == 0);
    return failed;
}

/* Against one flag a port. */
static int check_against_flags(void)
{
    static bool flag[PORT_COUNT];
    int failed = 0;
    struct rng r = rng_of(3);
    struct port_set set = {0};
    for (int round = 0; round < 40; round++) {
        uint16_t a = (uint16_t)rng_u64(&r), b = (uint16_t)rng_u64(&r);
        uint16_t first = a < b ? a : b, last = a < b ? b : a;
        if (round % 4 == 3) /* short ones too, inside one word */
            last = (uint16_t)(first | 5);
        bool add = rng_below(&r, 2) == 0;
        (add ? port_set_add_range : port_set_remove_range)(&set, first, last);
        for (unsigned p = first; p <= last; p++)
            flag[p] = add;
        size_t count = 0;
        int next = port_set_next(&set, 0);
        for (int p = 0; p < PORT_COUNT; p++) {
            if (!flag[p])
                continue;
            count++;
            failed += next != p;
            next = port_set_next(&set, p + 1);
        }
        CHECK_ROW(round, next == -1 && count == port_set_count(&set) && failed == 0);
    }
    return failed;
}

int net_port_set_test(void)
{
    int failed = check_text() + check_against_flags();
    struct port_set set = {0}, some = {0};
    CHECK(port_set_next(&set, 0) == -1 && port_set_count(&set) == 0);
    port_set_add_range(&set, 9, 1); /* backwards: nothing */
    CHECK(port_set_count(&set) == 0);
    port_set_add_range(&set, 0, 65535);
    CHECK(port_set_count(&set) == PORT_COUNT && port_set_has(&set, 0) && port_set_has(&set, 65535));
    port_set_add_range(&some, 1, 65534);
    port_set_remove(&set, &some);
    CHECK(port_set_count(&set) == 2 && port_set_next(&set, 1) == 65535);
    CHECK(port_set_next(&set, 65536) == -1 && port_set_next(&set, -5) == 0);
    return failed;
}
