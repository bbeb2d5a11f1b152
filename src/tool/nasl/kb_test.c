/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/nasl/kb.h"

static bool count_key(void *ctx, const char *key)
{
    (void)key;
    ++*(int *)ctx;
    return true;
}

int nasl_kb_test(void)
{
    int failed = 0, count = 0;
    struct clock clock = clock_fake(NS_PER_S, 0);
    struct nasl_kb *kb = nasl_kb_new(4000, &clock);
    struct nasl_kb_value v;
    CHECK(!nasl_kb_get(kb, "k", 0, &v) && nasl_kb_count(kb, "k") == 0);
    CHECK(nasl_kb_add_text(kb, "k", "a") && nasl_kb_add_text(kb, "k", "b"));
    CHECK(nasl_kb_add_text(kb, "k", "a")); /* one that is there moves to the end */
    CHECK(nasl_kb_count(kb, "k") == 2 && nasl_kb_get(kb, "k", 1, &v) && strcmp(v.text, "a") == 0);
    CHECK(nasl_kb_replace(kb, "k", &(struct nasl_kb_value){.is_number = true, .number = 7}));
    CHECK(nasl_kb_count(kb, "k") == 1 && nasl_kb_has_number(kb, "k", 7));
    CHECK(nasl_kb_add_text(kb, "n", "80") && nasl_kb_has_number(kb, "n", 80));
    struct nasl_kb_value soon = {.text = "x", .len = 1};
    CHECK(nasl_kb_add(kb, "soon", &soon, 5));
    CHECK(nasl_kb_count(kb, "soon") == 1);
    clock_advance(&clock, 5 * NS_PER_S);
    CHECK(nasl_kb_count(kb, "soon") == 0);
    nasl_kb_add_number(kb, "Ports/tcp/80", 1);
    nasl_kb_add_number(kb, "Ports/udp/53", 1);
    nasl_kb_each(kb, "Ports/*", count_key, &count);
    CHECK(count == 2);
    char large[2500];
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = '\0';
    CHECK(nasl_kb_add_text(kb, "large", large));
    CHECK(!nasl_kb_add_text(kb, "larger", large)); /* full: refused, the rest stays */
    CHECK(nasl_kb_has_number(kb, "n", 80));
    nasl_kb_free(kb);
    return failed;
}
