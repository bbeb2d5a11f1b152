/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rpm-version(7): [EPOCH:]VERSION[-RELEASE]; runs of digits and of letters, all else separates; '~'
 * sorts before the end, '^' behind it and before anything that goes on otherwise. */
#include <string.h>

#include "core/text/version.h"

static size_t skip_separators(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] != '~' && text[n] != '^' && !version_digit_run(text + n, 1) &&
           !version_letter_run(text + n, 1))
        n++;
    return n;
}

/* The sign at the front of either side decides, or is taken off both.  2: neither has it. */
static int compare_sign(char sign, const char *a, size_t a_len, const char *b, size_t b_len)
{
    bool in_a = a_len && *a == sign, in_b = b_len && *b == sign;
    if (!in_a && !in_b)
        return 2;
    if (in_a && in_b)
        return 0;
    if (sign == '~')
        return in_a ? -1 : 1;
    if (in_a)
        return b_len ? -1 : 1; /* 1.0^git > 1.0, but < 1.0.1 */
    return a_len ? 1 : -1;
}

static int compare_run(const char *a, size_t a_run, const char *b, size_t b_run, bool number)
{
    if (b_run == 0)
        return number ? 1 : -1; /* numbers are newer than letters */
    return number ? version_compare_digits(a, a_run, b, b_run)
                  : version_compare_bytes(a, a_run, b, b_run);
}

static int compare_part(const char *a, size_t a_len, const char *b, size_t b_len)
{
    while (a_len || b_len) {
        size_t a_skip = skip_separators(a, a_len), b_skip = skip_separators(b, b_len);
        a += a_skip, a_len -= a_skip;
        b += b_skip, b_len -= b_skip;
        int order = compare_sign('~', a, a_len, b, b_len);
        if (order == 2)
            order = compare_sign('^', a, a_len, b, b_len);
        if (order == 0) {
            a++, a_len--;
            b++, b_len--;
            continue;
        }
        if (order != 2)
            return order;
        if (!a_len || !b_len)
            break;
        bool number = version_digit_run(a, 1) == 1;
        size_t a_run = number ? version_digit_run(a, a_len) : version_letter_run(a, a_len);
        size_t b_run = number ? version_digit_run(b, b_len) : version_letter_run(b, b_len);
        order = compare_run(a, a_run, b, b_run, number);
        if (order)
            return order;
        a += a_run, a_len -= a_run;
        b += b_run, b_len -= b_run;
    }
    return (a_len > 0) - (b_len > 0);
}

struct rpm {
    const char *epoch, *version, *release;
    size_t epoch_len, version_len;
};

static struct rpm split(const char *text)
{
    struct rpm r = {0};
    size_t digits = version_digit_run(text, strlen(text));
    if (text[digits] == ':') {
        r.epoch = text;
        r.epoch_len = digits;
        text += digits + 1;
    }
    r.release = strrchr(text, '-');
    r.version = text;
    r.version_len = r.release ? (size_t)(r.release - text) : strlen(text);
    r.release = r.release ? r.release + 1 : NULL;
    return r;
}

static int compare(const char *a_text, const char *b_text)
{
    struct rpm a = split(a_text), b = split(b_text);
    int order = version_compare_digits(a.epoch, a.epoch_len, b.epoch, b.epoch_len);
    if (!order)
        order = compare_part(a.version, a.version_len, b.version, b.version_len);
    if (order)
        return order;
    if (!a.release || !b.release)
        return (a.release != NULL) - (b.release != NULL);
    return compare_part(a.release, strlen(a.release), b.release, strlen(b.release));
}

const struct version_scheme version_scheme_rpm = {
    .name = "rpm", .doc = "Red Hat, SUSE, Fedora: rpm-version(7)", .compare = compare};
