/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "check.h"
#include "core/base/map.h"

int base_map_test(void)
{
    int failed = 0;
    struct map m = {0};
    static char mark[3];
    CHECK(map_find_text(&m, "none") == NULL && map_remove(&m, "none", 4) == NULL);
    CHECK(map_put_text(&m, "a", &mark[0]) == NULL);
    CHECK(map_put_text(&m, "a", &mark[1]) == &mark[0]);
    CHECK(map_find_text(&m, "a") == &mark[1] && m.count == 1);
    CHECK(map_put(&m, "a\0b", 3, &mark[2]) == NULL); /* NUL is a byte like others */
    CHECK(map_find_text(&m, "a") == &mark[1]);

    enum { MANY = 5000 };
    static uint32_t number[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        number[i] = i;
        map_put(&m, &i, sizeof i, &number[i]);
    }
    for (uint32_t i = 0; i < MANY; i += 2)
        CHECK_ROW(i, map_remove(&m, &i, sizeof i) == &number[i]);
    for (uint32_t i = 0; i < MANY; i++)
        CHECK_ROW(i, map_find(&m, &i, sizeof i) == (i % 2 ? &number[i] : NULL));
    CHECK(m.count == MANY / 2 + 2);
    size_t seen = 0;
    for (size_t at = 0; map_next(&m, &at);)
        seen++;
    CHECK(seen == m.count);
    map_done(&m);
    return failed;
}
