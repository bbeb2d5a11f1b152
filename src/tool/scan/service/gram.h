/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A quick No to "can this regular expression match these bytes?".  A pattern's literals are cut
 * into grams of three bytes; where one of them is missing in the answer, the pattern cannot match.
 * With it a database of 12,000 patterns is asked without compiling more than a handful. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GRAM_LEN = 3, GRAM_BITS = 16, GRAM_KEY_MAX = 6 };

/* Grams that every match of a pattern contains; none: anything may match. */
struct gram_key {
    uint16_t gram[GRAM_KEY_MAX];
    uint8_t count;
};

/* The grams of an answer, without regard to the case of letters. */
struct gram_set {
    uint64_t word[(1 << GRAM_BITS) / 64];
};

/* The key of a Perl-compatible pattern.  What is not understood makes the key smaller, not wrong.
 */
struct gram_key gram_key_of(const char *pattern, size_t len);

void gram_set_clear(struct gram_set *set);
void gram_set_add(struct gram_set *set, const void *data, size_t len);

static inline bool gram_set_may_match(const struct gram_set *set, const struct gram_key *key)
{
    for (unsigned i = 0; i < key->count; i++)
        if (!(set->word[key->gram[i] / 64] & 1ULL << key->gram[i] % 64))
            return false;
    return true;
}
