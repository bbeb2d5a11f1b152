/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/semver.h"

#include <string.h>

#include "core/text/version.h"

struct semver semver_split(const char *text)
{
    struct semver s = {0};
    if (*text == 'v' || *text == 'V')
        text++;
    s.numbers = text;
    s.numbers_len = strspn(text, "0123456789.");
    text += s.numbers_len;
    if (*text && *text != '+') { /* "1.2.3rc1" too: what is no number begins a pre-release */
        s.pre = *text == '-' ? text + 1 : text;
        s.pre_len = strcspn(s.pre, "+");
        text = s.pre + s.pre_len;
    }
    if (*text == '+') {
        s.build = text + 1;
        s.build_len = strlen(s.build);
    }
    return s;
}

static size_t next_number(const char **at, size_t *left, const char **out)
{
    size_t len = version_digit_run(*at, *left);
    *out = *at;
    size_t skip = len + (len < *left); /* with its dot */
    *at += skip;
    *left -= skip;
    return len;
}

int semver_compare_numbers(const struct semver *a, const struct semver *b)
{
    const char *a_at = a->numbers, *b_at = b->numbers, *a_number, *b_number;
    size_t a_left = a->numbers_len, b_left = b->numbers_len;
    while (a_left || b_left) {
        size_t a_len = next_number(&a_at, &a_left, &a_number);
        size_t b_len = next_number(&b_at, &b_left, &b_number);
        int order = version_compare_digits(a_number, a_len, b_number, b_len);
        if (order)
            return order;
    }
    return 0;
}
