/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket's own checks: each says what it is, can be scored, and calls nothing that is not there. */
#include <string.h>

#include "check.h"
#include "core/text/cvss.h"
#include "tool/assess/calls.h"
#include "tool/assess/collection.h"

static void count_call(void *ctx, enum assess_call_fault fault, const char *name, uint32_t line)
{
    (void)fault, (void)name, (void)line;
    ++*(int *)ctx;
}

static int test_check(const struct assess_collection *c, size_t i)
{
    int failed = 0, calls = 0;
    const struct assess_check *check = &c->check[i];
    struct nasl_meta meta;
    struct nasl_unit *u;
    struct err e = {0};
    nasl_meta_init(&meta);
    CHECK_ROW(i, assess_check_describe(c, check, &meta, &e) == 0);
    const char *vector = nasl_meta_tag(&meta, "severity_vector");
    struct cvss cvss;
    CHECK_ROW(i, vector && cvss_parse(&cvss, vector, &e) == 0 && cvss.base > 0);
    CHECK_ROW(i, nasl_meta_tag(&meta, "solution") && nasl_meta_tag(&meta, "qod_type"));
    CHECK_ROW(i, strncmp(check->oid, "picket.", 7) == 0 && *check->name);
    CHECK_ROW(i, assess_collection_find_oid(c, check->oid) == check);
    nasl_meta_done(&meta);
    if (assess_check_compile(c, check, &u, &e) < 0)
        return failed + 1;
    assess_find_calls(u, count_call, &calls);
    for (uint32_t n = 0; n < u->include_count; n++)
        assess_find_calls(u->include[n], count_call, &calls);
    CHECK_ROW(i, calls == 0);
    nasl_unit_free(u);
    return failed;
}

int assess_collection_test(void)
{
    int failed = 0;
    struct assess_collection c;
    assess_collection_init(&c, NULL, NULL);
    assess_collection_add_own(&c);
    CHECK(c.count >= 60 && c.left_out == 0);
    for (size_t i = 0; i < c.count; i++)
        failed += test_check(&c, i);
    assess_collection_done(&c);
    return failed;
}
