/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shell wildcards over bytes.  A '/' and a dot at the beginning are bytes like others here, and
 * there are no classes such as [:alpha:]: patterns of names, not of paths. */
#include "core/text/glob.h"

#include <stddef.h>

/* One byte of a set, where a backslash takes the next as it is. */
static unsigned char set_byte(const char **at)
{
    if (**at == '\\' && (*at)[1])
        ++*at;
    return (unsigned char)*(*at)++;
}

/* The set that begins at `at` with '[': does it hold `c`?  Returns what stands behind it; NULL: the
 * set has no end, so the '[' is a byte like others. */
static const char *read_set(const char *at, unsigned char c, bool *out_has)
{
    bool has = false, inverted = *++at == '!' || *at == '^';
    at += inverted;
    for (const char *start = at; *at != ']' || at == start;) { /* a ']' at the start is a member */
        if (*at == '\0')
            return NULL;
        unsigned char first = set_byte(&at), last = first;
        if (*at == '-' && at[1] != ']' && at[1] != '\0') {
            at++;
            last = set_byte(&at);
        }
        has |= first <= c && c <= last;
    }
    *out_has = has != inverted;
    return at + 1;
}

/* Match the one pattern element at `pattern`, which is no star, with the byte `c`.  Returns what
 * stands behind the element, NULL when it does not match. */
static const char *match_one(const char *pattern, char c)
{
    bool has;
    const char *behind;
    switch (*pattern) {
    case '\0':
        return NULL;
    case '?':
        return pattern + 1;
    case '[':
        behind = read_set(pattern, (unsigned char)c, &has);
        if (behind)
            return has ? behind : NULL;
        break;
    case '\\':
        pattern += pattern[1] != '\0';
        break;
    default:
        break;
    }
    return *pattern == c ? pattern + 1 : NULL;
}

/* Only the last star ever needs to take more: what the earlier ones took was the least that fits,
 * and more could not help.  So one place to go back to is enough, and nothing recurs. */
bool glob_match(const char *pattern, const char *text)
{
    const char *behind_star = NULL, *star_text = NULL;
    while (true) {
        if (*pattern == '*') {
            behind_star = ++pattern;
            star_text = text;
            continue;
        }
        if (*text == '\0' && *pattern == '\0')
            return true;
        const char *next = *text ? match_one(pattern, *text) : NULL;
        if (next) {
            pattern = next;
            text++;
        } else if (behind_star && *star_text) {
            pattern = behind_star;
            text = ++star_text;
        } else {
            return false;
        }
    }
}

bool glob_has_wildcard(const char *pattern)
{
    bool has;
    for (; *pattern; pattern++) {
        if (*pattern == '*' || *pattern == '?' || (*pattern == '[' && read_set(pattern, 0, &has)))
            return true;
        if (*pattern == '\\' && pattern[1])
            pattern++;
    }
    return false;
}
