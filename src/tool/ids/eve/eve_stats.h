/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record "stats": counters under dotted names, written as nested objects. */
#pragma once

#include "core/base/arena.h"
#include "tool/ids/eve/eve_head.h"

struct stat_row {
    const char *name;
    uint64_t value;
};

struct stat_list {
    struct stat_row *row;
    size_t count, capacity;
    struct arena arena; /* of names that were put together */
};

void stat_add(struct stat_list *list, const char *name, uint64_t value); /* keeps the pointer */
void stat_addf(struct stat_list *list, uint64_t value, const char *format, ...) PRINTF_LIKE(3, 4);
void stat_done(struct stat_list *list);

/* Sorts the list.  `more` may add members of its own to "stats" (NULL: none). */
void eve_stats(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
               struct stat_list *list, uint64_t wall_ns, uint64_t uptime_s,
               void (*more)(void *ctx, struct json_out *json), void *ctx);
