/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of version numbers, which every packaging world defines for itself.  One row of
 * version/modules.def for each of these orders; all are total on any text, valid or not, and take
 * time proportional to its length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct version_scheme {
    const char *name;                             /* "deb" */
    const char *doc;                              /* whose order it is, and where that is written */
    int (*compare)(const char *a, const char *b); /* <0, 0 or >0 */
};

extern const struct version_scheme *const version_schemes[]; /* by name; ends with NULL */

const struct version_scheme *version_scheme_find(const char *name); /* NULL: unknown */

/* The order that an ecosystem of OSV goes by: "Debian:12", "npm", "crates.io".  NULL: unknown. */
const struct version_scheme *version_scheme_of_ecosystem(const char *ecosystem);

/* Two runs of decimal digits by value, however long; leading zeros do not count. */
int version_compare_digits(const char *a, size_t a_len, const char *b, size_t b_len);

/* The length of the run of digits (ASCII only) or letters that `text` begins with. */
size_t version_digit_run(const char *text, size_t len);
size_t version_letter_run(const char *text, size_t len);

/* Two byte strings as memcmp(3) has it, the shorter one first when it begins the other. */
int version_compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len);

/* Dotted identifiers of a pre-release or build (SemVer 2.0.0, 11.4): numbers by value and below
 * words, words by bytes (or letters without case), more identifiers above fewer. */
int version_compare_identifiers(const char *a, size_t a_len, const char *b, size_t b_len,
                                bool ignore_case);
