/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/port_list.h"

#include <errno.h>
#include <string.h>

#include "check.h"

int nc_port_list_test(void)
{
    static const struct {
        const char *text;
        bool descending;
        int rc;
        size_t count;
        uint16_t first, last;
    } row[] = {
        {"80", false, 0, 1, 80, 80},
        {"0", false, 0, 1, 0, 0},
        {"65535", false, 0, 1, 65535, 65535},
        {"65536", false, -EINVAL, 0, 0, 0},
        {"1-65535", false, 0, 65535, 1, 65535},
        {"20-22", true, 0, 3, 22, 20},
        {"22-20", false, 0, 3, 20, 22},
        {"22-22", false, 0, 1, 22, 22},
        {"-", false, -EINVAL, 0, 0, 0},
        {"", false, -EINVAL, 0, 0, 0},
        {"1-", false, -EINVAL, 0, 0, 0},
        {"-5", false, -EINVAL, 0, 0, 0},
        {"no-such-name", false, -EINVAL, 0, 0, 0},
    };
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct port_list l = {0};
        CHECK_ROW(i, port_list_add(&l, row[i].text, "tcp", row[i].descending, &e) == row[i].rc);
        CHECK_ROW(i, l.count == row[i].count);
        if (l.count)
            CHECK_ROW(i, l.port[0] == row[i].first && l.port[l.count - 1] == row[i].last);
        else
            CHECK_ROW(i, strcmp(e.text, row[i].text) == 0);
        port_list_done(&l);
    }
    struct port_list l = {0};
    struct rng chance = rng_of(7);
    CHECK(port_list_add(&l, "1-100", "tcp", false, &e) == 0);
    port_list_shuffle(&l, &chance);
    unsigned sum = 0, in_place = 0;
    for (size_t i = 0; i < l.count; i++) {
        sum += l.port[i];
        in_place += l.port[i] == i + 1;
    }
    CHECK(l.count == 100 && sum == 5050 && in_place < 20);
    port_list_done(&l);
    return failed;
}
