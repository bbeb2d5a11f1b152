/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/load.h"

#include <string.h>

#include "check.h"
#include "core/base/mem.h"

struct told {
    unsigned count, line;
};

static void tell(void *ctx, const char *file, unsigned line, const char *text)
{
    struct told *told = ctx;
    (void)file;
    (void)text;
    told->count++;
    told->line = line;
}

static int counts_test(void)
{
    static const struct {
        const char *text;
        size_t loaded, failed;
    } row[] = {
        {"", 0, 0},
        {"# nothing\n\n", 0, 0},
        {"alert tcp any any -> any 80 (msg:\"a\"; content:\"x\"; sid:1;)\n", 1, 0},
        {"alert tcp any any -> any 80 (msg:\"a\"; \\\n content:\"x\"; sid:1;)\n", 1, 0},
        {"alert tcp any any -> any 80 (msg:\"a\"; bogus_word; sid:1;)\n", 0, 1},
        {"alert tcp any any -> any 70000 (msg:\"a\"; sid:1;)\n", 0, 1},
        {"alert tcp any any <- any 80 (msg:\"a\"; sid:1;)\n", 0, 1},
        {"alert tcp any any -> any 80 (msg:\"a\"; content:\"|4|\"; sid:1;)\n", 0, 1},
        {"alert http any any -> any any (msg:\"a\"; http.uri; content:\"/x\"; sid:1;)\n", 1, 0},
        {"alert tcp any any -> any 80 (msg:\"a\"; distance:1; sid:1;)\n", 0, 1},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct rule_set set;
        struct told told = {0};
        rule_set_init(&set, RULE_ENGINE_SURICATA);
        set.fault = tell;
        set.fault_ctx = &told;
        rule_load(&set, mem_copy_text(row[i].text), strlen(row[i].text), "t.rules");
        rule_set_seal(&set);
        CHECK_ROW(i, set.loaded == row[i].loaded && set.failed == row[i].failed);
        CHECK_ROW(i, told.count == row[i].failed);
        rule_set_done(&set);
    }
    return failed;
}

static int revision_test(void)
{
    static const char text[] = "alert ip any any -> any any (msg:\"old\"; sid:7; rev:1;)\n"
                               "alert ip any any -> any any (msg:\"new\"; sid:7; rev:2;)\n";
    int failed = 0;
    struct rule_set set;
    rule_set_init(&set, RULE_ENGINE_SURICATA);
    rule_load(&set, mem_copy_text(text), sizeof text - 1, "t.rules");
    rule_set_seal(&set);
    const struct rule *rule = rule_set_find(&set, 1, 7);
    CHECK(rule != NULL);
    CHECK(rule && strcmp(rule->msg, "new") == 0 && rule->rev == 2);
    rule_set_done(&set);
    return failed;
}

int rule_load_test(void)
{
    return counts_test() + revision_test();
}
