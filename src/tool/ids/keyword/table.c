/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "core/base/attr.h"
#include "tool/ids/keyword/keyword.h"

#define MODULE(name, doc) extern const struct ids_keyword_family ids_keyword_##name;
#include "modules.def"
#undef MODULE

const struct ids_keyword_family *const ids_keyword_families[] = {
#define MODULE(name, doc) &ids_keyword_##name,
#include "modules.def"
#undef MODULE
    NULL,
};

static void index_family(struct map *by_name, const struct ids_keyword_family *f, unsigned dialect)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->keyword[i].dialects & dialect)
            map_put_text(by_name, f->keyword[i].name, (void *)(uintptr_t)&f->keyword[i]);
}

/* A later row of a name wins.  `number` holds every number of inspect, and comes first: families
 * that know more of one of them win over it. */
void ids_keyword_index(struct map *by_name, unsigned dialect)
{
    index_family(by_name, &ids_keyword_number, dialect);
    for (size_t i = 0; ids_keyword_families[i]; i++)
        if (ids_keyword_families[i] != &ids_keyword_number)
            index_family(by_name, ids_keyword_families[i], dialect);
}

const struct ids_keyword *ids_keyword_find(const struct rule_set *set, const char *name,
                                           enum rule_dialect dialect)
{
    const struct ids_keyword *own = map_find_text(&set->keyword[__builtin_ctz(dialect)], name);
    for (int i = 2; !own && i >= 0; i--)
        own = map_find_text(&set->keyword[i], name);
    return own;
}
