/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Python's regular expressions (re, of 3.11, for str) in the words of PCRE2.  What Python refuses
 * is refused here, and what both accept but understand differently is rewritten:
 *
 *   {,n}            {0,n}; other braces that are no count are literal
 *   \Z              \z
 *   \v              the vertical tab, in PCRE2 a class
 *   \s \S           with 0x1c-0x1f, which Python takes for blanks (not \S inside of a class)
 *   [[:alpha:]]     a set of these characters, no class
 *   (?P<name>..)    a group without a name, see `name` below: PCRE2 bounds the length of names
 *   (?x)            blanks and comments are left out here
 *   (?a)            the classes spelt out
 *
 * Not done: \N{..}, \S \D \W inside of a class under (?a), counts above 65,535, (?L) (refused by
 * Python too, for str). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "tool/ban/filter/pattern_literal.h"

enum { PATTERN_GROUPS_MAX = 200, PATTERN_DEPTH_MAX = 100, PATTERN_BYTES_MAX = 32768 };

struct pattern_name {
    const char *name;
    unsigned group;
};

struct pattern {
    const char *text; /* for regex_compile */
    size_t len;
    unsigned group_count;
    struct pattern_name *name; /* in the order in which they open */
    size_t name_count;
    /* One of these must stand in what it matches, in any case of ASCII letters; count 0: none. */
    struct literal_set needed;
};

/* All of *out lives in `arena`.  0, or -EINVAL with the offset of the fault. */
int pattern_translate(struct pattern *out, const char *python, size_t len, struct arena *arena,
                      struct err *e) MUST_CHECK;

int pattern_group(const struct pattern *p, const char *name); /* -1: no such name */
