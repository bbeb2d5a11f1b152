/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which literal texts must stand in whatever a part of an expression matches?  Learnt while it is
 * read: of each part, the few texts that it can match exactly (where that is known), and a set of
 * which at least one is needed.  A search for these, in all rules at once, leaves out nearly all
 * lines before an expression is tried. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"

enum { LITERAL_SET_MAX = 24, LITERAL_BYTES_MAX = 40 };

struct literal_set {
    const char *text[LITERAL_SET_MAX]; /* may hold any byte but NUL */
    unsigned count;
};

struct literal_part {
    struct literal_set exact; /* all that it can end with; count 0: not known */
    bool is_whole;            /* `exact` is all that it can match */
    struct literal_set best;  /* one of them is needed; count 0: none is */
};

struct literal_part *literal_empty(struct arena *a);   /* matches nothing but the empty text */
struct literal_part *literal_unknown(struct arena *a); /* can match anything */
struct literal_part *literal_text(struct arena *a, const char *bytes, size_t len);

/* One of these characters. */
struct literal_part *literal_choice(struct arena *a, const uint32_t *code, unsigned count);

/* `a` is owned and may be changed; NULL: nothing stood before. */
struct literal_part *literal_join(struct arena *arena, struct literal_part *a,
                                  const struct literal_part *b);
struct literal_part *literal_either(struct arena *arena, struct literal_part *a,
                                    const struct literal_part *b);
struct literal_part *literal_repeat(struct arena *arena, struct literal_part *a, unsigned least,
                                    unsigned most);

/* The end: the best set of the whole. */
const struct literal_set *literal_end(struct literal_part *whole);
