/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule files of any bytes, first as Suricata's, then as Snort's. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/rule/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load(const uint8_t *data, size_t size, enum rule_engine engine)
{
    struct rule_set set;
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    rule_set_init(&set, engine);
    rule_load(&set, text, size, "fuzz.rules");
    rule_set_seal(&set);
    rule_set_done(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load(data, size, RULE_ENGINE_SURICATA);
    load(data, size, RULE_ENGINE_SNORT);
    return 0;
}
