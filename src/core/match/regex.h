/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regular expressions: the door to PCRE2, with just-in-time code and a bound on what a match may
 * cost.  Subjects are bytes; UTF is asked for by a flag. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum regex_flag {
    REGEX_CASELESS = 1,
    REGEX_DOTALL = 2,
    REGEX_MULTILINE = 4,
    REGEX_EXTENDED = 8,
    REGEX_ANCHORED = 16,
    REGEX_UNGREEDY = 32,
    REGEX_DOLLAR_ENDONLY = 64,
    REGEX_UTF = 128, /* with MATCH_INVALID_UTF: bytes that are no UTF-8 never match, never fail */
    REGEX_NO_JIT = 256,
    REGEX_UCP = 512,             /* \w, \d, \s, \b know all of Unicode; with REGEX_UTF */
    REGEX_ALT_CIRCUMFLEX = 1024, /* with REGEX_MULTILINE: '^' behind the last newline, too */
};

enum { REGEX_PATTERN_MAX = 65536, REGEX_GROUPS_MAX = 200 };

struct regex;       /* a compiled pattern: frozen, shared by threads */
struct regex_match; /* one thread's scratch memory and the offsets of its last match */

/* 0, -EINVAL (the text names the offset in the pattern) or -EFBIG. */
int regex_compile(struct regex **out, const char *pattern, size_t len, unsigned flags,
                  struct err *e) MUST_CHECK;
void regex_free(struct regex *r);
unsigned regex_group_count(const struct regex *r);               /* without group 0 */
int regex_group_number(const struct regex *r, const char *name); /* -1: no such name */

/* Scratch for patterns with up to `groups` groups; a search may take a small multiple of
 * `cost_limit` backtracking steps in all, or some 100 for each byte of a long subject (0: a default
 * that stays under about 10 ms). */
struct regex_match *regex_match_new(unsigned groups, uint32_t cost_limit);
void regex_match_free(struct regex_match *m);

enum regex_verdict { REGEX_NO, REGEX_YES, REGEX_LIMIT /* too costly: report, treat as no match */ };

/* Look for `r` in subject[from..len).  What stands before `from` is seen by assertions. */
enum regex_verdict regex_find(const struct regex *r, struct regex_match *m, const void *subject,
                              size_t len, size_t from);

/* Byte range of group `n` in the last match that was REGEX_YES; false when it took no part. */
bool regex_group(const struct regex_match *m, unsigned n, size_t *out_from, size_t *out_to);
