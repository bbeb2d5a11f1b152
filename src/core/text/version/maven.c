/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The version order of Maven's POM reference: tokens between '.', '-' and the borders of digits and
 * letters (which count as '-'), each with the separator before it; tokens that say nothing (0, "",
 * ga, final, release) fall away at the end and before each '-'. */
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/text/version.h"

struct token {
    const char *text;
    size_t len;
    char before; /* '.' or '-' */
    bool number;
    bool then_digit; /* "a1": the word goes over into a number */
};

struct token_list {
    struct token *item;
    size_t count, capacity;
};

enum { RANK_SNAPSHOT = 4, RANK_NOTHING, RANK_SP, RANK_OTHER };

static const struct {
    const char *name;
    int rank;
    bool needs_digit;
} words[] = {
    {"alpha", 0, false},
    {"a", 0, true},
    {"beta", 1, false},
    {"b", 1, true},
    {"milestone", 2, false},
    {"m", 2, true},
    {"rc", 3, false},
    {"cr", 3, false},
    {"snapshot", RANK_SNAPSHOT, false},
    {"", RANK_NOTHING, false},
    {"final", RANK_NOTHING, false},
    {"ga", RANK_NOTHING, false},
    {"release", RANK_NOTHING, false},
    {"sp", RANK_SP, false},
};

static int rank(const struct token *t)
{
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (strlen(words[i].name) == t->len && strncasecmp(words[i].name, t->text, t->len) == 0 &&
            (!words[i].needs_digit || t->then_digit))
            return words[i].rank;
    return RANK_OTHER;
}

static bool says_nothing(const struct token *t)
{
    return t->number ? version_compare_digits(t->text, t->len, "", 0) == 0
                     : rank(t) == RANK_NOTHING;
}

static void add(struct token_list *list, struct token t)
{
    MEM_GROW(list->item, list->count, list->capacity);
    if (t.len == 0)
        t = (struct token){"0", 1, t.before, true, false};
    list->item[list->count++] = t;
}

static void split(const char *text, struct token_list *list)
{
    char before = '.';
    for (;;) {
        size_t digits = version_digit_run(text, strlen(text));
        size_t len = digits;
        while (digits == 0 && text[len] && text[len] != '.' && text[len] != '-' &&
               !version_digit_run(text + len, 1))
            len++;
        bool then_digit = !digits && version_digit_run(text + len, 1);
        add(list, (struct token){text, len, before, digits > 0, then_digit});
        text += len;
        if (!*text)
            return;
        before = *text == '.' ? '.' : '-';
        text += *text == '.' || *text == '-';
    }
}

/* Keep what says something, and of each run of tokens from one '-' to the next the part up to the
 * last that does. */
static void trim(struct token_list *list)
{
    size_t kept = list->count;
    bool at_end = true; /* of the whole, or before a '-' that stays */
    for (size_t i = list->count; i-- > 0;) {
        struct token t = list->item[i];
        if (at_end && i > 0 && says_nothing(&t))
            continue;
        list->item[--kept] = t;
        at_end = t.before == '-';
    }
    memmove(list->item, list->item + kept, (list->count - kept) * sizeof *list->item);
    list->count -= kept;
}

/* ".qualifier" < "-qualifier" < "-number" < ".number" */
static int kind(const struct token *t)
{
    if (t->number)
        return t->before == '.' ? 3 : 2;
    return t->before == '.' ? 0 : 1;
}

static int compare_token(const struct token *a, const struct token *b)
{
    if (a->number && b->number && a->before == b->before)
        return version_compare_digits(a->text, a->len, b->text, b->len);
    if (a->number || b->number)
        return kind(a) - kind(b);
    int of_a = rank(a), of_b = rank(b);
    if (a->before != b->before)
        return kind(a) - kind(b);
    if (of_a != of_b || of_a != RANK_OTHER)
        return of_a - of_b;
    int order = strncasecmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Against the end of the other version: above 0 and above a release, or below them. */
static int compare_to_end(const struct token *t)
{
    if (t->number)
        return version_compare_digits(t->text, t->len, "", 0);
    return rank(t) - RANK_NOTHING;
}

static int compare(const char *a_text, const char *b_text)
{
    struct token_list a = {0}, b = {0};
    split(a_text, &a);
    split(b_text, &b);
    trim(&a);
    trim(&b);
    size_t most = a.count > b.count ? a.count : b.count;
    int order = 0;
    for (size_t i = 0; i < most && order == 0; i++)
        if (i >= a.count)
            order = -compare_to_end(&b.item[i]);
        else if (i >= b.count)
            order = compare_to_end(&a.item[i]);
        else
            order = compare_token(&a.item[i], &b.item[i]);
    mem_free(a.item);
    mem_free(b.item);
    return order;
}

const struct version_scheme version_scheme_maven = {
    .name = "maven", .doc = "Maven: ComparableVersion", .compare = compare};
