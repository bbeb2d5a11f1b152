/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/scan/service/match.h"
#include "tool/scan/service/own_probes.h"

static const char sample[] = "Probe TCP NULL q||\n"
                             "match late m|^late banner|\n"
                             "Probe TCP Get q|GET|\n"
                             "fallback Other\n"
                             "softmatch http m|^HTTP|\n"
                             "softmatch never m|^HTTP|\n"
                             "match http m|^HTTP.*Server: (\\w+)/([\\d.]+)?|s p/$1/ v/$2/ "
                             "i/$P(1) , / cpe:/a:$1:$1:$2/\n"
                             "match broken m|(|\n"
                             "Probe TCP Other q|o|\n"
                             "match other m|^only there$|\n";

static const struct {
    const char *answer, *service, *product, *version, *info;
    bool soft;
} row[] = {
    {"HTTP Server: X/1.2", "http", "X", "1.2", "X", false},
    {"HTTP Server: X/", "http", "X", NULL, "X", false}, /* an empty version is none */
    {"HTTP nothing", "http", NULL, NULL, NULL, true},   /* the first softmatch counts */
    {"only there", "other", NULL, NULL, NULL, false},   /* by fallback */
    {"late banner", "late", NULL, NULL, NULL, false},   /* by the NULL probe's lines */
    {"whatever", NULL, NULL, NULL, NULL, false},
    {"", NULL, NULL, NULL, NULL, false},
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

struct faults {
    unsigned line;
    size_t count;
};

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    (void)file, (void)why;
    *(struct faults *)ctx = (struct faults){line, ((struct faults *)ctx)->count + 1};
}

static void check_rows(int *failures)
{
    int failed = 0;
    struct probe_db db;
    struct faults faults = {0};
    struct arena arena = {0};
    probe_db_parse(&db, sample, sizeof sample - 1, "sample", on_fault, &faults);
    struct service_matcher *m = service_matcher_new(&db);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct service_hit hit = {0};
        bool found =
            service_match(m, db.probe[1], row[i].answer, strlen(row[i].answer), &arena, &hit);
        CHECK_ROW(i, found == (row[i].service != NULL) && same(hit.service, row[i].service));
        CHECK_ROW(i, same(hit.field[PROBE_PRODUCT], row[i].product));
        CHECK_ROW(i, same(hit.field[PROBE_VERSION], row[i].version));
        CHECK_ROW(i, same(hit.field[PROBE_INFO], row[i].info) && hit.soft == row[i].soft);
    }
    struct service_hit hit;
    CHECK(service_match(m, db.probe[1], "HTTP Server: Ab/1", 17, &arena, &hit));
    CHECK(hit.cpe_count == 1 && strcmp(hit.cpe[0], "cpe:/a:ab:ab:1") == 0);
    CHECK(faults.count == 1 && faults.line == 8); /* told once, when it was first needed */
    CHECK(service_matcher_check(m) == 1);
    service_matcher_free(m);
    arena_done(&arena);
    probe_db_done(&db);
    *failures += failed;
}

/* Every line of the probes that are built in is read and compiles. */
static void check_own(int *failures)
{
    int failed = 0;
    struct probe_db db;
    struct faults faults = {0};
    struct err e = {0};
    if (own_probes_open(&db, NULL, NULL, on_fault, &faults, &e) == 0) {
        struct service_matcher *m = service_matcher_new(&db);
        CHECK(faults.count == 0);
        CHECK(service_matcher_check(m) == 0);
        service_matcher_free(m);
        probe_db_done(&db);
    }
    CHECK(e.code == 0);
    own_probes_builtin(&db, on_fault, &faults);
    struct service_matcher *m = service_matcher_new(&db);
    CHECK(db.count > 40 && db.null_probe && service_matcher_check(m) == 0 && faults.count == 0);
    service_matcher_free(m);
    probe_db_done(&db);
    *failures += failed;
}

int service_match_test(void)
{
    int failed = 0;
    check_rows(&failed);
    check_own(&failed);
    return failed;
}
