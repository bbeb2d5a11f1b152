/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of rules.  Of the first byte the lowest bit chooses the engine, the two above it how the
 * rest is read: as the loader guesses, or as the rules of one dialect. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/rule/lexer.h"
#include "tool/ids/rule/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, const char *file, unsigned line, const char *text)
{
    (void)file, (void)line, (void)text;
    ++*(size_t *)ctx;
}

static void load_as(struct rule_set *set, enum rule_dialect dialect, char *text, size_t len)
{
    struct rule_lexer lexer = lexer_of(rule_set_keep(set, text), len);
    for (struct rule_text one; lexer_next(&lexer, &one);)
        (void)rule_load_one(set, &one, dialect, "fuzz");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum rule_dialect dialect[] = {0, RULE_SNORT2, RULE_SNORT3, RULE_SURICATA};
    if (size == 0)
        return 0;
    struct rule_set set;
    size_t refused = 0;
    enum rule_dialect as = dialect[data[0] >> 1 & 3];
    char *text = mem_zero(size);
    memcpy(text, data + 1, size - 1);
    rule_set_init(&set, data[0] & 1 ? RULE_ENGINE_SNORT : RULE_ENGINE_SURICATA);
    set.never_write = true;
    set.fault = count;
    set.fault_ctx = &refused;
    if (as)
        load_as(&set, as, text, size - 1);
    else
        rule_load(&set, text, size - 1, "fuzz");
    rule_set_seal(&set);
    rule_set_done(&set);
    return 0;
}
