/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pattern.c and pattern_class.c share: the state of one walk over an expression. */
#pragma once

#include <stdint.h>

#include "core/base/str.h"
#include "tool/ban/filter/pattern.h"
#include "tool/ban/filter/pattern_literal.h"

enum pattern_flag { /* in the order of the letters "imsxau" */
                    PATTERN_CASELESS = 1,
                    PATTERN_MULTILINE = 2,
                    PATTERN_DOTALL = 4,
                    PATTERN_VERBOSE = 8,
                    PATTERN_ASCII = 16,
                    PATTERN_UNICODE = 32,
};

static const unsigned PATTERN_WIDTH_MAX = 1u << 30; /* and more */

struct pattern_width {
    unsigned least, most; /* characters */
    struct literal_part *lit;
};

struct pattern_walk {
    const char *at, *start, *end;
    struct arena *arena;
    struct arena scratch; /* of what is known of literals */
    struct str out;
    struct err *e;
    unsigned flags, depth;
    unsigned choice_count, last_choices; /* of the group being read, of the one just closed */
    bool has_item;                       /* something stands before, flags aside */
    bool is_flag;                        /* the last part was flags or a comment */
    unsigned group_count, condition_max;
    struct {
        bool is_open;
        struct pattern_width width;
    } group[PATTERN_GROUPS_MAX + 1];
    struct pattern_name name[PATTERN_GROUPS_MAX];
    size_t name_count;
};

int pattern_fault(struct pattern_walk *w, const char *why); /* -EINVAL */
int pattern_refer(struct pattern_walk *w, unsigned number, struct pattern_width *out);
