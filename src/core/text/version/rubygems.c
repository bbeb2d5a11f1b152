/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gem::Version: runs of digits and of letters; letters are a pre-release and below any number; '-'
 * stands for ".pre."; zeros at the end of the numbers and of the whole do not count. */
#include <string.h>

#include "core/text/version.h"

static const char pre[] = "pre";

struct run {
    const char *text; /* NULL: none left */
    size_t len;
    bool number;
};

/* The version in two ranges: numbers, then all from the first word on, both without the zeros at
 * their ends. */
struct gem {
    const char *at, *numbers_end, *rest, *end;
};

static struct run next_run(const char **at, const char *end)
{
    for (; *at < end; (*at)++) {
        size_t left = (size_t)(end - *at);
        size_t digits = version_digit_run(*at, left), letters = version_letter_run(*at, left);
        struct run r = {*at, digits ? digits : letters, digits > 0};
        *at += r.len;
        if (r.len)
            return r;
        if (**at == '-') {
            (*at)++;
            return (struct run){pre, sizeof pre - 1, false};
        }
    }
    return (struct run){0};
}

static bool is_zero(const struct run *r)
{
    return r->number && version_compare_digits(r->text, r->len, "", 0) == 0;
}

static struct gem gem_of(const char *text)
{
    const char *end = text + strlen(text), *at = text;
    struct gem g = {.at = text, .numbers_end = text, .rest = end, .end = end};
    const char *before = at;
    for (struct run r; (r = next_run(&at, end)).text; before = at) {
        if (!r.number && g.rest == end)
            g.rest = g.end = before;
        if (is_zero(&r))
            continue;
        if (g.rest == end)
            g.numbers_end = at;
        else
            g.end = at;
    }
    return g;
}

static struct run next(struct gem *g)
{
    if (g->numbers_end) {
        struct run r = next_run(&g->at, g->numbers_end);
        if (r.text)
            return r;
        g->at = g->rest;
        g->numbers_end = NULL;
    }
    return next_run(&g->at, g->end);
}

static int compare(const char *a_text, const char *b_text)
{
    static const struct run zero = {"0", 1, true};
    struct gem a = gem_of(a_text), b = gem_of(b_text);
    for (;;) {
        struct run of_a = next(&a), of_b = next(&b);
        if (!of_a.text && !of_b.text)
            return 0;
        of_a = of_a.text ? of_a : zero;
        of_b = of_b.text ? of_b : zero;
        if (of_a.number != of_b.number)
            return of_a.number ? 1 : -1;
        int order = of_a.number ? version_compare_digits(of_a.text, of_a.len, of_b.text, of_b.len)
                                : version_compare_bytes(of_a.text, of_a.len, of_b.text, of_b.len);
        if (order)
            return order;
    }
}

const struct version_scheme version_scheme_rubygems = {
    .name = "rubygems", .doc = "RubyGems: Gem::Version", .compare = compare};
