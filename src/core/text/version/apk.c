/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apk-package(5): digits{.digits}[letter]{_suffix[number]}[~hash][-r#].  A component after the
 * first that begins with 0 is compared as a fraction, digit by digit.  Where the form is left, the
 * version is below one that ends there, as it is to apk 3. */
#include <string.h>

#include "core/base/attr.h"
#include "core/text/version.h"

enum kind {
    KIND_DIGITS,
    KIND_LETTER,
    KIND_SUFFIX,
    KIND_HASH,
    KIND_REVISION,
    KIND_END,
    KIND_INVALID
};

struct token {
    enum kind kind;
    const char *text;
    size_t len;
    int suffix; /* <0: before the release, >0: after it */
};

/* In the order of apk-package(5). */
static const struct {
    const char *name;
    int rank;
} suffixes[] = {
    {"alpha", -4}, {"beta", -3}, {"pre", -2}, {"rc", -1}, {"cvs", 1},
    {"svn", 2},    {"git", 3},   {"hg", 4},   {"p", 5},
};

static const struct token invalid = {.kind = KIND_INVALID};

static struct token take(const char **at, enum kind kind, size_t skip, size_t len)
{
    struct token t = {.kind = kind, .text = *at + skip, .len = len};
    *at += skip + len;
    return t;
}

static struct token next_suffix(const char **at)
{
    size_t len = version_letter_run(*at + 1, strlen(*at + 1));
    for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++)
        if (strlen(suffixes[i].name) == len && memcmp(suffixes[i].name, *at + 1, len) == 0) {
            *at += 1 + len;
            struct token t = take(at, KIND_SUFFIX, 0, version_digit_run(*at, strlen(*at)));
            t.suffix = suffixes[i].rank;
            return t;
        }
    return invalid;
}

static struct token next(const char **at, enum kind before)
{
    const char *c = *at;
    size_t left = strlen(c);
    if (!*c)
        return (struct token){.kind = KIND_END};
    if (before == KIND_DIGITS && *c == '.' && (c[1] == '.' || version_digit_run(c + 1, left - 1)))
        return take(at, KIND_DIGITS, 1, version_digit_run(c + 1, left - 1));
    if (before == KIND_DIGITS && *c >= 'a' && *c <= 'z')
        return take(at, KIND_LETTER, 0, 1);
    if (before == KIND_LETTER && version_digit_run(c, left)) /* "5.9.2p1" */
        return take(at, KIND_DIGITS, 0, version_digit_run(c, left));
    if (before <= KIND_SUFFIX && *c == '_')
        return next_suffix(at);
    if (before < KIND_HASH && *c == '~')
        return take(at, KIND_HASH, 1, strspn(c + 1, "0123456789abcdef"));
    if (before < KIND_REVISION && c[0] == '-' && c[1] == 'r' && !(c[2] >= 'a' && c[2] <= 'z'))
        return take(at, KIND_REVISION, 2, version_digit_run(c + 2, left - 2));
    return invalid;
}

static int compare_token(const struct token *a, const struct token *b, bool first)
{
    switch (a->kind) {
    case KIND_DIGITS:
        if (!first && a->len && b->len && (*a->text == '0' || *b->text == '0'))
            return version_compare_bytes(a->text, a->len, b->text, b->len);
        return version_compare_digits(a->text, a->len, b->text, b->len);
    case KIND_SUFFIX:
        if (a->suffix != b->suffix)
            return a->suffix - b->suffix;
        return version_compare_digits(a->text, a->len, b->text, b->len);
    case KIND_LETTER:
    case KIND_HASH:
        return version_compare_bytes(a->text, a->len, b->text, b->len);
    case KIND_REVISION:
        return version_compare_digits(a->text, a->len, b->text, b->len);
    case KIND_END:
    case KIND_INVALID:
        break;
    }
    return 0;
}

/* One goes on where the other ends or goes on otherwise: the longer is newer, unless what it goes
 * on with is the mark of a version before the release. */
static int compare_kind(const struct token *a, const struct token *b)
{
    if (a->kind == KIND_SUFFIX && a->suffix < 0)
        return -1;
    if (b->kind == KIND_SUFFIX && b->suffix < 0)
        return 1;
    return a->kind < b->kind ? 1 : -1;
}

static int compare(const char *a, const char *b)
{
    struct token of_a = take(&a, KIND_DIGITS, 0, version_digit_run(a, strlen(a)));
    struct token of_b = take(&b, KIND_DIGITS, 0, version_digit_run(b, strlen(b)));
    bool first = true;
    while (of_a.kind == of_b.kind && of_a.kind < KIND_END) {
        int order = compare_token(&of_a, &of_b, first);
        if (order)
            return order;
        first = false;
        of_a = next(&a, of_a.kind);
        of_b = next(&b, of_b.kind);
    }
    return of_a.kind == of_b.kind ? 0 : compare_kind(&of_a, &of_b);
}

const struct version_scheme version_scheme_apk = {
    .name = "apk", .doc = "Alpine, Wolfi: apk-package(5)", .compare = compare};
