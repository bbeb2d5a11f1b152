/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/counter.h"

#include <string.h>

uint64_t counter_sum(const struct counter_set *set, size_t set_count, const char *name)
{
    uint64_t sum = 0;
    for (size_t s = 0; s < set_count; s++)
        for (size_t i = 0; i < set[s].count; i++)
            if (strcmp(set[s].counter[i].name, name) == 0)
                sum += counter_read(&set[s].value[i]);
    return sum;
}
