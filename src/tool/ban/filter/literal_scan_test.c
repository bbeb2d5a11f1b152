/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a plain search, in lines of every length around the width of a step. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "core/base/rng.h"
#include "tool/ban/filter/literal_scan.h"

enum { COUNT = 12, LINE_MAX_LEN = 140 };

static const char *const texts[COUNT] = {"fail", "Failed ", "from",         "aaaa",
                                         "aaab", "user ",   "abcabcabcabc", " invalid",
                                         "root", "OOTS",    "a-b_",         "ssh2"};

static void on_hit(void *ctx, size_t index)
{
    *(uint64_t *)ctx |= UINT64_C(1) << index;
}

static uint64_t search_plainly(const char *line, size_t len)
{
    uint64_t found = 0;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t at = 0; at + strlen(texts[i]) <= len; at++)
            if (strncasecmp(line + at, texts[i], strlen(texts[i])) == 0)
                found |= UINT64_C(1) << i;
    return found;
}

int filter_literal_scan_test(void)
{
    int failed = 0;
    struct literal_scan *s = literal_scan_new(texts, COUNT);
    struct rng rng = rng_of(1);
    static const char letters[] = "aaabcfFiluersoOtT -_m2h";
    if (!s)
        return 0; /* this processor cannot do it; the other way is taken */
    for (long i = 0; i < 20000; i++) {
        char line[LINE_MAX_LEN];
        size_t len = rng_below(&rng, LINE_MAX_LEN);
        for (size_t k = 0; k < len; k++)
            line[k] = letters[rng_below(&rng, sizeof letters - 1)];
        const char *put = texts[rng_below(&rng, COUNT)];
        if (len > strlen(put))
            memcpy(line + rng_below(&rng, (uint32_t)(len - strlen(put) + 1)), put, strlen(put));
        uint64_t found = 0;
        literal_scan(s, line, len, on_hit, &found);
        if (!CHECK_ROW(i, found == search_plainly(line, len)))
            break;
    }
    literal_scan_free(s);
    CHECK(literal_scan_new((const char *const[]){"abc"}, 1) == NULL);
    CHECK(literal_scan_new(texts, 0) == NULL);
    return failed;
}
