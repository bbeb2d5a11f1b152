/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a script says of itself when it is run with `description` set. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/text_list.h"

enum nasl_category {
    NASL_INIT,
    NASL_SCANNER,
    NASL_SETTINGS,
    NASL_GATHER_INFO,
    NASL_ATTACK,
    NASL_MIXED_ATTACK,
    NASL_DESTRUCTIVE_ATTACK,
    NASL_DENIAL,
    NASL_KILL_HOST,
    NASL_FLOOD,
    NASL_END,
    NASL_CATEGORY_COUNT,
};

struct nasl_pair {
    const char *name, *value;
};

struct nasl_preference {
    int64_t id;
    const char *name, *type, *value;
};

struct nasl_pair_list {
    struct nasl_pair *pair;
    size_t count, capacity;
};

/* All texts lie in the arena; a zeroed one is empty. */
struct nasl_meta {
    struct arena arena;
    const char *oid, *name, *family; /* NULL: not said */
    int category;                    /* enum nasl_category; NASL_CATEGORY_COUNT: not said */
    struct text_list dependencies, required_keys, mandatory_keys, excluded_keys, required_ports,
        required_udp_ports;
    struct nasl_pair_list tags, references; /* of references the name is the class */
    struct nasl_preference *preference;
    size_t preference_count, preference_capacity;
};

void nasl_meta_init(struct nasl_meta *m);
void nasl_meta_done(struct nasl_meta *m);

void nasl_meta_add_pair(struct nasl_meta *m, struct nasl_pair_list *to, const char *name,
                        const char *value);
const char *nasl_meta_tag(const struct nasl_meta *m, const char *name); /* NULL: no such */

/* "gather_info"; NULL: no category. */
const char *nasl_category_name(int category);
