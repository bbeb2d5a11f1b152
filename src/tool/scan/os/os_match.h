/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which known systems does a fingerprint fit?  The accuracy of one is the weight of the values that
 * fit by the weight of all that both have. */
#pragma once

#include "tool/scan/os/os_db.h"

enum { OS_MATCHES_MAX = 36 };

struct os_match {
    const struct os_db_entry *entry;
    double accuracy; /* 0 .. 1 */
};

struct os_matches {
    struct os_match
        match[OS_MATCHES_MAX]; /* best first; of the same accuracy in the file's order */
    size_t count;
    size_t perfect; /* with accuracy 1, also those beyond the list */
};

double os_match_accuracy(const struct os_db *db, const struct os_db_entry *entry,
                         const struct os_print *p);
/* What fits worse than `least` is no guess. */
void os_match_find(const struct os_db *db, const struct os_print *p, double least,
                   struct os_matches *out);

/* Does a value fit an expression of the file: alternatives ("A|B"), hexadecimal ranges ("3B-45"),
 * bounds (">5", "<A"), and these in brackets inside a text ("M[>500]ST11")? */
bool os_match_fits(const char *value, const char *expr, size_t len);
