/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEP 440, with its normal forms ("1.0-Alpha.1" is "1.0a1").  What is no version of PEP 440 sorts
 * before all that are, by its bytes. */
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/text/version.h"

struct number {
    const char *text; /* NULL: the part is missing */
    size_t len;
};

struct pep440 {
    struct number epoch, post, dev, pre, local;
    int pre_rank; /* 1 a, 2 b, 3 rc */
    const char *release;
    size_t release_len; /* "1.2.3", without zeros at the end */
};

static const struct {
    const char *name;
    int rank;
} pre_words[] = {{"alpha", 1}, {"beta", 2}, {"preview", 3}, {"pre", 3},
                 {"rc", 3},    {"a", 1},    {"b", 2},       {"c", 3}},
  post_words[] = {{"post", 1}, {"rev", 1}, {"r", 1}}, dev_words[] = {{"dev", 1}};

static bool is_separator(char c)
{
    return c == '-' || c == '_' || c == '.';
}

static struct number take_number(const char **at)
{
    struct number n = {*at, version_digit_run(*at, strlen(*at))};
    *at += n.len;
    return n;
}

/* "[-_.]WORD[-_.]NUMBER", the number may be missing.  Returns the rank of the word, 0: not here. */
#define TAKE_WORD(at, words, out) take_word(at, words, ARRAY_COUNT(words), out)
static int take_word(const char **at, const void *table, size_t count, struct number *out)
{
    const __typeof__(pre_words[0]) *words = table;
    const char *c = *at + is_separator(**at);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(words[i].name);
        if (strncasecmp(c, words[i].name, len) != 0)
            continue;
        c += len;
        const char *number = c + is_separator(*c);
        if (version_digit_run(number, strlen(number)))
            c = number;
        *out = take_number(&c);
        *at = c;
        return words[i].rank;
    }
    return 0;
}

static void take_release(const char **at, struct pep440 *out)
{
    out->release = *at;
    const char *end = *at; /* behind the last number that is not 0 */
    for (;;) {
        struct number n = take_number(at);
        if (version_compare_digits(n.text, n.len, "", 0) != 0)
            end = *at;
        if (**at != '.' || !version_digit_run(*at + 1, strlen(*at + 1)))
            break;
        (*at)++;
    }
    out->release_len = (size_t)(end - out->release);
}

static bool take_local(const char **at, struct number *out)
{
    out->text = *at;
    for (;;) {
        size_t run = 0;
        while (version_digit_run(*at + run, 1) || version_letter_run(*at + run, 1))
            run++;
        if (run == 0)
            return false;
        *at += run;
        if (!is_separator(**at))
            break;
        (*at)++;
    }
    out->len = (size_t)(*at - out->text);
    return true;
}

static bool parse(const char *at, struct pep440 *out)
{
    *out = (struct pep440){0};
    at += strspn(at, " \t\r\n");
    at += *at == 'v' || *at == 'V';
    size_t digits = version_digit_run(at, strlen(at));
    if (digits && at[digits] == '!') {
        out->epoch = take_number(&at);
        at++;
    }
    if (!version_digit_run(at, strlen(at)))
        return false;
    take_release(&at, out);
    out->pre_rank = TAKE_WORD(&at, pre_words, &out->pre);
    if (*at == '-' && version_digit_run(at + 1, strlen(at + 1))) {
        at++;
        out->post = take_number(&at);
    } else {
        (void)TAKE_WORD(&at, post_words, &out->post);
    }
    (void)TAKE_WORD(&at, dev_words, &out->dev);
    if (*at == '+') {
        at++;
        if (!take_local(&at, &out->local))
            return false;
    }
    return at[strspn(at, " \t\r\n")] == '\0';
}

static int compare_number(const struct number *a, const struct number *b)
{
    return version_compare_digits(a->text, a->len, b->text, b->len);
}

static int compare_release(const struct pep440 *a, const struct pep440 *b)
{
    const char *x = a->release, *y = b->release;
    size_t x_left = a->release_len, y_left = b->release_len;
    while (x_left && y_left) {
        size_t x_run = version_digit_run(x, x_left), y_run = version_digit_run(y, y_left);
        int order = version_compare_digits(x, x_run, y, y_run);
        if (order)
            return order;
        x_run += x_run < x_left; /* the dot */
        y_run += y_run < y_left;
        x += x_run, x_left -= x_run;
        y += y_run, y_left -= y_run;
    }
    return (x_left > 0) - (y_left > 0);
}

/* 1.0.dev1 < 1.0a1 < 1.0 */
static int pre_rank(const struct pep440 *v)
{
    if (v->pre_rank)
        return v->pre_rank;
    return !v->post.text && v->dev.text ? 0 : 4;
}

/* Where a part may be missing: `missing` is how that compares with one that is there. */
static int compare_optional(const struct number *a, const struct number *b, int missing)
{
    if (!a->text || !b->text)
        return a->text ? -missing : b->text ? missing : 0;
    return compare_number(a, b);
}

static size_t local_run(const struct number *n)
{
    size_t len = 0;
    while (len < n->len && !is_separator(n->text[len]))
        len++;
    return len;
}

/* Numbers are above words; more parts above fewer. */
static int compare_local(struct number a, struct number b)
{
    if (!a.text || !b.text)
        return (a.text != NULL) - (b.text != NULL);
    while (a.len && b.len) {
        size_t a_run = local_run(&a), b_run = local_run(&b);
        bool a_number = version_digit_run(a.text, a_run) == a_run;
        bool b_number = version_digit_run(b.text, b_run) == b_run;
        int order = a_number - b_number;
        if (!order && a_number)
            order = version_compare_digits(a.text, a_run, b.text, b_run);
        else if (!order) {
            order = strncasecmp(a.text, b.text, a_run < b_run ? a_run : b_run);
            order = order ? order : (a_run > b_run) - (a_run < b_run);
        }
        if (order)
            return order;
        a_run += a_run < a.len;
        b_run += b_run < b.len;
        a = (struct number){a.text + a_run, a.len - a_run};
        b = (struct number){b.text + b_run, b.len - b_run};
    }
    return (a.len > 0) - (b.len > 0);
}

static int compare(const char *a_text, const char *b_text)
{
    struct pep440 a, b;
    bool a_valid = parse(a_text, &a), b_valid = parse(b_text, &b);
    if (!a_valid || !b_valid)
        return a_valid != b_valid ? a_valid - b_valid : strcasecmp(a_text, b_text);
    int order = compare_number(&a.epoch, &b.epoch);
    if (!order)
        order = compare_release(&a, &b);
    if (!order)
        order = pre_rank(&a) - pre_rank(&b);
    if (!order && a.pre_rank)
        order = compare_number(&a.pre, &b.pre);
    if (!order)
        order = compare_optional(&a.post, &b.post, -1);
    if (!order)
        order = compare_optional(&a.dev, &b.dev, 1);
    return order ? order : compare_local(a.local, b.local);
}

const struct version_scheme version_scheme_pypi = {
    .name = "pypi", .doc = "PyPI: PEP 440", .compare = compare};
