/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The templates of all detectors of a process: the default ones, and those made on demand, each
 * compiled once. */
#pragma once

#include "core/base/map.h"
#include "tool/ban/filter/date_template.h"

struct date_book {
    struct arena arena;
    struct date_rules rules;
    struct map templates; /* by pattern */
    struct date_template **plain,
        **all; /* the default ones; with those at the line's begin first */
    size_t plain_count, all_count;
};

/* `rules`: which years there can be. */
void date_book_init(struct date_book *b, const struct date_rules *rules);
void date_book_done(struct date_book *b);

/* The years that logs may speak of now: of this century up to three years ahead. */
struct date_rules date_rules_of(double first_s, double now_s);

/* 0 or -EINVAL. */
int date_book_template(struct date_book *b, const char *pattern, struct date_template **out,
                       struct err *e) MUST_CHECK;

/* The default templates that are `all_count` (each with its form at the line's begin) or
 * `plain_count`. */
int date_book_load_defaults(struct date_book *b, struct err *e) MUST_CHECK;
