/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who failed, how often, by which lines; and, once banned, since when and for how long.  One form
 * for the failures in progress and the bans of a jail, kept in a table by id and in order of
 * arrival. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/hash.h"
#include "tool/ban/filter/ban_filter.h"

enum { TICKET_BANTIME_DEFAULT = -2, TICKET_BANTIME_FOREVER = -1 };

struct ticket_pair {
    char *name, *value; /* a captured group */
};

struct ticket {
    char *id, *ip;   /* ip NULL: the id is it */
    struct cidr net; /* of the id, or else of the ip; no family: a word */
    double time_s, first_s;
    int retry, failures;
    int64_t ban_s; /* or TICKET_BANTIME_* */
    unsigned ban_count;
    bool is_restored, is_banned;
    bool is_dirty;  /* not in the database as it is */
    unsigned epoch; /* of the bans in force, as the firewall was last set up */
    char **match;   /* lines */
    size_t match_count, match_capacity;
    struct ticket_pair *pair;
    size_t pair_count, pair_capacity;
    uint64_t hash;
    struct ticket *older, *newer;
};

struct ticket_table {
    struct ticket **slot;
    size_t count, slot_count;
    struct ticket *oldest, *newest;
    struct hash_key secret;
};

struct ticket *ticket_new(const char *id, double time_s);
void ticket_free(struct ticket *t);
void ticket_set_ip(struct ticket *t, const struct ban_id *ip);
void ticket_add_match(struct ticket *t, const char *text, size_t len);
void ticket_keep_matches(struct ticket *t, size_t count); /* the last ones */
void ticket_set_pair(struct ticket *t, const char *name, const char *value, size_t len);
const char *ticket_pair(const struct ticket *t, const char *name); /* NULL: none */
const char *ticket_ip(const struct ticket *t);

/* A ticket of what a filter found. */
struct ticket *ticket_of_found(const struct ban_filter *f, const struct ban_found *found,
                               double time_s);

/* The end of its ban; INFINITY: none.  `default_s`: the jail's time of ban. */
double ticket_end(const struct ticket *t, int64_t default_s);

struct ticket *ticket_table_find(const struct ticket_table *table, const char *id);
void ticket_table_add(struct ticket_table *table, struct ticket *t);    /* takes it over */
void ticket_table_remove(struct ticket_table *table, struct ticket *t); /* gives it back */
void ticket_table_done(struct ticket_table *table);                     /* frees all */
