/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/meta.h"

#include <string.h>

#include "core/base/mem.h"

void nasl_meta_init(struct nasl_meta *m)
{
    *m = (struct nasl_meta){.category = NASL_CATEGORY_COUNT};
}

void nasl_meta_done(struct nasl_meta *m)
{
    text_list_done(&m->dependencies);
    text_list_done(&m->required_keys);
    text_list_done(&m->mandatory_keys);
    text_list_done(&m->excluded_keys);
    text_list_done(&m->required_ports);
    text_list_done(&m->required_udp_ports);
    mem_free(m->tags.pair);
    mem_free(m->references.pair);
    mem_free(m->preference);
    arena_done(&m->arena);
    nasl_meta_init(m);
}

void nasl_meta_add_pair(struct nasl_meta *m, struct nasl_pair_list *to, const char *name,
                        const char *value)
{
    MEM_GROW(to->pair, to->count, to->capacity);
    to->pair[to->count++] =
        (struct nasl_pair){arena_text(&m->arena, name), arena_text(&m->arena, value)};
}

const char *nasl_meta_tag(const struct nasl_meta *m, const char *name)
{
    for (size_t i = 0; i < m->tags.count; i++)
        if (strcmp(m->tags.pair[i].name, name) == 0)
            return m->tags.pair[i].value;
    return NULL;
}

const char *nasl_category_name(int category)
{
    static const char *const names[NASL_CATEGORY_COUNT] = {"init",
                                                           "scanner",
                                                           "settings",
                                                           "gather_info",
                                                           "attack",
                                                           "mixed_attack",
                                                           "destructive_attack",
                                                           "denial",
                                                           "kill_host",
                                                           "flood",
                                                           "end"};
    return category >= 0 && category < NASL_CATEGORY_COUNT ? names[category] : NULL;
}
