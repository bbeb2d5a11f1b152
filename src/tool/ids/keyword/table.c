/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "core/base/attr.h"
#include "tool/ids/keyword/keyword.h"

#define MODULE(name, doc) extern const struct ids_keyword_family ids_keyword_##name;
#define KEYWORDS
#include "modules.def"
#undef MODULE

const struct ids_keyword_family *const ids_keyword_families[] = {
#define MODULE(name, doc) &ids_keyword_##name,
#include "modules.def"
#undef MODULE
    NULL,
};

void ids_keyword_index(struct map *by_name, unsigned dialect)
{
    for (size_t i = 0; ids_keyword_families[i]; i++)
        for (size_t j = 0; j < ids_keyword_families[i]->count; j++) {
            const struct ids_keyword *k = &ids_keyword_families[i]->keyword[j];
            if (k->dialects & dialect)
                map_put_text(by_name, k->name, (void *)(uintptr_t)k);
        }
}

const struct ids_keyword *ids_keyword_find(const struct rule_set *set, const char *name,
                                           enum rule_dialect dialect)
{
    const struct ids_keyword *own = map_find_text(&set->keyword[__builtin_ctz(dialect)], name);
    for (int i = 2; !own && i >= 0; i--)
        own = map_find_text(&set->keyword[i], name);
    return own;
}
