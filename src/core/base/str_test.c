/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/str.h"

int base_str_test(void)
{
    int failed = 0;
    struct str s = str_of(5);
    CHECK(strcmp(str_text(&s), "") == 0);
    str_add(&s, "abc");
    str_addf(&s, "%d", 45); /* the limit exactly */
    CHECK(strcmp(str_text(&s), "abc45") == 0 && !s.full);
    str_add_char(&s, 'x'); /* one above: left out, and nothing after it slips in */
    CHECK(s.full && s.len == 5);
    str_cut(&s, 1);
    str_add(&s, "y");
    CHECK(s.full && strcmp(str_text(&s), "a") == 0);
    str_reset(&s);
    str_add_u64(&s, 0);
    CHECK(!s.full && strcmp(str_text(&s), "0") == 0);
    str_done(&s);
    struct str big = str_of(0);
    for (int i = 0; i < 1000; i++)
        str_add_u64(&big, UINT64_MAX);
    CHECK(big.len == 20000 && memcmp(big.text + 19980, "18446744073709551615", 21) == 0);
    char *taken = str_take(&big);
    CHECK(strlen(taken) == 20000 && big.text == NULL);
    mem_free(taken);
    return failed;
}
