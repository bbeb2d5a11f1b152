/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POSIX extended regular expressions as glibc's regcomp understands them in the C locale, over
 * core/match/regex: the pattern is rewritten into PCRE2's language.  Where alternatives may match
 * at one place with different lengths POSIX takes the longest; such patterns are marked, and the
 * rest run as they are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/match/regex.h"

enum { NASL_EREG_GROUPS = 16 }; /* group 0 and 15 others, as the peer's built-ins look at */

struct nasl_ereg;

/* 0 or -EINVAL.  The pattern ends at its first NUL, as with regcomp. */
int nasl_ereg_compile(struct nasl_ereg **out, const char *pattern, size_t len, bool any_case,
                      struct err *e) MUST_CHECK;
void nasl_ereg_free(struct nasl_ereg *r);

struct nasl_span {
    bool there;
    size_t from, to;
};

/* Match `text`, which ends at its first NUL or at `len`.  `not_begin`: ^ does not match at its
 * start (REG_NOTBOL).  `span` may be NULL.  REGEX_LIMIT: too costly. */
enum regex_verdict nasl_ereg_find(const struct nasl_ereg *r, struct regex_match *m,
                                  const char *text, size_t len, bool not_begin,
                                  struct nasl_span span[NASL_EREG_GROUPS]);

/* The rewriting alone, for its test: PCRE2's pattern into *out.  *out_ambiguous: see above. */
int nasl_ereg_translate(const char *pattern, size_t len, struct str *out, bool *out_ambiguous,
                        struct err *e) MUST_CHECK;
