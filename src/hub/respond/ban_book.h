/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ban table's data: who is banned by which sources until when, found by prefix, by number and
 * by the next end.  It decides nothing and tells nobody; ban_table does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/hash.h"
#include "core/net/addr.h"
#include "hub/respond/ban_request.h"
#include "sys/loop/timer_heap.h"

struct ban_target;

/* One source's ban of one prefix. */
struct ban_entry {
    struct ban_target *target;
    struct ban_entry *next; /* of the same target */
    struct loop_timer ends; /* in the book's heap; not running: without end */
    uint64_t due_ns;        /* mono; UINT64_MAX: without end */
    struct ban_row row;     /* what a list shows */
};

/* A prefix that somebody has banned. */
struct ban_target {
    struct cidr who;
    struct ban_entry *entry;
};

struct ban_place { /* a removed entry leaves its number here, for the look-up */
    uint64_t number;
    struct ban_entry *entry; /* NULL: removed */
};

/* Zero is an empty book. */
struct ban_book {
    struct ban_target **slot; /* open addressing; NULL: free */
    size_t target_count, slot_count;
    struct hash_key secret;
    struct ban_place *place; /* by rising number */
    size_t place_count, place_capacity, entry_count;
    uint64_t number; /* of the last entry */
    struct timer_heap ends;
};

struct ban_target *ban_book_find(const struct ban_book *b, const struct cidr *who);
struct ban_entry *ban_target_find(const struct ban_target *t, const char *source);

/* The latest end of all its entries, leaving out those of `without` (NULL: none; "": all). */
uint64_t ban_target_due_ns(const struct ban_target *t, const char *without);

/* A new entry with the next number, without end; its row's who, source and number are set. */
struct ban_entry *ban_book_add(struct ban_book *b, const struct cidr *who, const char *source);
void ban_book_set_end(struct ban_book *b, struct ban_entry *entry, uint64_t due_ns);
void ban_book_remove(struct ban_book *b, struct ban_entry *entry); /* and a target left empty */

/* The entry that ends first, or NULL when none has an end. */
struct ban_entry *ban_book_first_end(const struct ban_book *b);

/* The entry with the lowest number above `number`, or NULL. */
struct ban_entry *ban_book_behind(const struct ban_book *b, uint64_t number);

/* Walk all targets, in no order, as map_next does.  Removing any ends the walk's sense. */
struct ban_target *ban_book_next(const struct ban_book *b, size_t *at);
void ban_book_done(struct ban_book *b);
