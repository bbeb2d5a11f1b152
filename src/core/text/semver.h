/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a semantic version (SemVer 2.0.0), read with the leniency its users expect: a "v" in
 * front, and any count of numbers. */
#pragma once

#include <stddef.h>

struct semver {
    const char *numbers, *pre, *build; /* pre and build: NULL when there is none */
    size_t numbers_len, pre_len, build_len;
};

struct semver semver_split(const char *text);

/* The numbers alone, by value, a missing one is 0. */
int semver_compare_numbers(const struct semver *a, const struct semver *b);
