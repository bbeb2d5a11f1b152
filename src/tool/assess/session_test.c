/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order, conditions, budgets and findings of a small feed on disk. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "tool/assess/condition.h"
#include "tool/assess/outcome.h"

#define HEAD(oid, category)                                                                        \
    "if (description) { script_oid(\"" oid "\"); script_name(\"N" oid "\"); "                      \
    "script_category(" category "); "

static const struct {
    const char *file, *text;
} feed[] = {
    {"a.nasl", HEAD("1", "ACT_ATTACK") "script_dependencies(\"sub/z.nasl\", \"b.nasl\"); exit(0); }"
                                       "log_message(port: 0, data: \"a\");"},
    {"b.nasl", HEAD("2", "ACT_ATTACK") "script_dependencies(\"a.nasl\"); exit(0); }"
                                       "log_message(port: 0, data: \"b\");"},
    {"denial.nasl", HEAD("3", "ACT_DENIAL") "exit(0); } log_message(port: 0);"},
    {"hog.nasl", HEAD("4", "ACT_END") "exit(0); } s = \"x\"; while (1) s += s;"},
    {"key.nasl",
     HEAD("5", "ACT_GATHER_INFO") "script_mandatory_keys(\"k=^v[0-9]$\");"
                                  "script_exclude_keys(\"not\"); exit(0); } log_message(port: 0);"},
    {"nothing.nasl", "x = 1;"},
    {"port.nasl",
     HEAD("6", "ACT_GATHER_INFO") "script_require_ports(\"Services/x\", 81); exit(0); }"
                                  "log_message(port: 81);"},
    {"sub/z.nasl", HEAD("7", "ACT_INIT") "script_tag(name: \"cvss_base_vector\", value: "
                                         "\"AV:N/AC:L/Au:N/C:C/I:C/A:C\"); script_tag(name: "
                                         "\"qod_type\", value: \"package\");"
                                         "script_tag(name: \"solution\", value: \"Update\n  it.\");"
                                         "script_cve_id(\"CVE-2020-0001\"); exit(0); }"
                                         "security_message(port: 80, data: 'seen\\r\\n');"},
};

struct seen {
    struct assess_collection c;
    struct nasl_host *host;
    struct arena arena;
    char order[64];
    struct finding finding;
    unsigned faults;
};

static void on_result(void *ctx, const struct assess_result *r)
{
    struct seen *s = ctx;
    size_t len = strlen(s->order);
    if (len + 2 < sizeof s->order)
        memcpy(s->order + len, r->check->oid, 2);
    if (r->report->kind == NASL_SECURITY)
        assess_outcome(&s->c, r, s->host, &s->arena, &s->finding);
}

static void on_fault(void *ctx, const struct assess_check *check, const char *words)
{
    struct seen *s = ctx;
    (void)check, (void)words;
    s->faults++;
}

static bool make_feed(char *folder)
{
    struct err e = {0};
    char path[256];
    snprintf(path, sizeof path, "%s/sub", folder);
    if (file_make_folders(path, 0755, &e) < 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(feed); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, feed[i].file);
        if (file_replace(path, feed[i].text, strlen(feed[i].text), 0644, &e) < 0)
            return false;
    }
    return true;
}

static void remove_feed(const char *folder)
{
    char path[256];
    for (size_t i = 0; i < ARRAY_LEN(feed); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, feed[i].file);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/sub", folder);
    rmdir(path);
    rmdir(folder);
}

static int test_run(struct seen *s)
{
    int failed = 0;
    struct rng rng = rng_system();
    struct nasl_host h = {.addr = addr_ip4(0x7f000001),
                          .ip = "127.0.0.1",
                          .kb = nasl_kb_new(1 << 20, &clock_system),
                          .safe_checks = true,
                          .clock = &clock_system,
                          .rng = &rng};
    struct assess_events events = {.ctx = s, .result = on_result, .fault = on_fault};
    struct assess_budget budget = {.check_bytes = 1 << 20};
    struct assess_order order;
    struct assess_counts counts;
    struct err e = {0};
    s->host = &h;
    nasl_kb_add_text(h.kb, "k", "no");
    nasl_kb_add_text(h.kb, "k", "V1");
    nasl_kb_add_number(h.kb, "Ports/tcp/81", 1);
    assess_make_order(&s->c, NULL, NULL, &s->arena, &order);
    CHECK(order.count == 7);
    CHECK(assess_run(&s->c, &order, &h, &budget, &events, &counts, &e) == 0);
    CHECK(strcmp(s->order, "75621") == 0); /* a cycle is cut where it closes */
    CHECK(counts.ran == 6 && counts.left_out == 1 && counts.failed == 1 && s->faults == 1);
    CHECK(s->finding.severity == SEVERITY_CRITICAL && s->finding.cvss == 10.0);
    CHECK(s->finding.quality == 97 && s->finding.port == 80 && s->finding.ip_proto == 6);
    CHECK(strcmp(s->finding.evidence, "seen\n") == 0 && strcmp(s->finding.cure, "Update it.") == 0);
    CHECK(s->finding.refs && strcmp(s->finding.refs, "CVE-2020-0001") == 0);
    nasl_kb_free(h.kb);
    return failed;
}

/* What the knowledge base says decides. */
static int test_conditions(struct seen *s)
{
    static const struct {
        const char *file, *key, *value;
        bool unsafe;
        enum assess_verdict verdict;
    } row[] = {
        {"denial.nasl", "x", "1", false, ASSESS_UNSAFE},
        {"denial.nasl", "x", "1", true, ASSESS_MAY_RUN},
        {"key.nasl", "x", "1", false, ASSESS_KEY_MISSING},
        {"key.nasl", "k", "w1", false, ASSESS_KEY_MISSING},
        {"key.nasl", "k", "V7", false, ASSESS_MAY_RUN},
        {"port.nasl", "Ports/tcp/80", "1", false, ASSESS_PORT_CLOSED},
        {"port.nasl", "Ports/tcp/81", "1", false, ASSESS_MAY_RUN},
        {"port.nasl", "Services/x", "99", false, ASSESS_MAY_RUN},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct nasl_host h = {.kb = nasl_kb_new(1 << 16, &clock_system),
                              .safe_checks = !row[i].unsafe};
        const struct assess_check *check = assess_collection_find_file(&s->c, row[i].file);
        nasl_kb_add_text(h.kb, row[i].key, row[i].value);
        CHECK_ROW(i, check && assess_condition(&s->c, check, &h) == row[i].verdict);
        if (strcmp(row[i].key, "k") == 0 && row[i].verdict == ASSESS_MAY_RUN) {
            nasl_kb_add_text(h.kb, "not", "1");
            CHECK_ROW(i, assess_condition(&s->c, check, &h) == ASSESS_KEY_EXCLUDES);
        }
        nasl_kb_free(h.kb);
    }
    return failed;
}

int assess_session_test(void)
{
    int failed = 0;
    char folder[] = "session-test-XXXXXX";
    struct seen s = {0};
    struct err e = {0};
    CHECK(mkdtemp(folder) && make_feed(folder));
    assess_collection_init(&s.c, NULL, NULL);
    CHECK(assess_collection_add_folder(&s.c, folder, &e) == 0);
    CHECK(s.c.count == 7 && s.c.left_out == 1);
    CHECK(assess_collection_find_file(&s.c, "z.nasl") == assess_collection_find_oid(&s.c, "7"));
    CHECK(!assess_collection_find_oid(&s.c, "8"));
    if (!failed)
        failed += test_run(&s) + test_conditions(&s);
    arena_done(&s.arena);
    assess_collection_done(&s.c);
    remove_feed(folder);
    return failed;
}
