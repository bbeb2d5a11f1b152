/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PHP's version_compare(), which Composer orders by: runs of digits and of letters, all else
 * separates; words have ranks around the number, unknown ones are lowest. */
#include <string.h>

#include "core/base/attr.h"
#include "core/text/version.h"

static const struct {
    const char *name;
    int rank;
} words[] = {
    {"dev", 0}, {"alpha", 1}, {"a", 1},  {"beta", 2}, {"b", 2},
    {"RC", 3},  {"rc", 3},    {"pl", 5}, {"p", 5},
};

enum { RANK_UNKNOWN = -1, RANK_NUMBER = 4 };

struct run {
    const char *text;
    size_t len;
    bool number;
};

static struct run next(const char **at)
{
    while (**at && !version_digit_run(*at, 1) && !version_letter_run(*at, 1))
        (*at)++;
    struct run r = {.text = *at, .number = version_digit_run(*at, 1) == 1};
    size_t left = strlen(*at);
    r.len = r.number ? version_digit_run(*at, left) : version_letter_run(*at, left);
    *at += r.len;
    return r;
}

static int rank(const struct run *r)
{
    if (r->number)
        return RANK_NUMBER;
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (r->len >= strlen(words[i].name) &&
            strncmp(r->text, words[i].name, strlen(words[i].name)) == 0)
            return words[i].rank;
    return RANK_UNKNOWN;
}

/* What goes on by a number is newer, by a word as its rank says. */
static int rank_of_rest(const struct run *r)
{
    return r->number ? 1 : rank(r) - RANK_NUMBER;
}

static int compare(const char *a, const char *b)
{
    a += *a == 'v' || *a == 'V';
    b += *b == 'v' || *b == 'V';
    for (;;) {
        struct run of_a = next(&a), of_b = next(&b);
        if (!of_a.len || !of_b.len)
            return of_a.len ? rank_of_rest(&of_a) : of_b.len ? -rank_of_rest(&of_b) : 0;
        int order = of_a.number && of_b.number
                        ? version_compare_digits(of_a.text, of_a.len, of_b.text, of_b.len)
                        : rank(&of_a) - rank(&of_b);
        if (order)
            return order;
    }
}

const struct version_scheme version_scheme_packagist = {
    .name = "packagist", .doc = "Packagist: PHP's version_compare()", .compare = compare};
