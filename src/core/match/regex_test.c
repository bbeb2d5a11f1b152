/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/match/regex.h"

static const struct {
    const char *pattern;
    unsigned flags;
    const char *subject;
    size_t from;
    int at, to; /* of the match; at -1: none */
} find_row[] = {
    {"", 0, "", 0, 0, 0},
    {"", 0, "abc", 3, 3, 3},
    {"", 0, "abc", 4, -1, 0}, /* behind the end */
    {"b+", 0, "abbc", 0, 1, 3},
    {"b+", 0, "abbc", 2, 2, 3},
    {"B", 0, "abc", 0, -1, 0},
    {"B", REGEX_CASELESS, "abc", 0, 1, 2},
    {"a.b", 0, "a\nb", 0, -1, 0},
    {"a.b", REGEX_DOTALL, "a\nb", 0, 0, 3},
    {"^b", 0, "a\nb", 0, -1, 0},
    {"^b", REGEX_MULTILINE, "a\nb", 0, 2, 3},
    {"a b # c", REGEX_EXTENDED, "ab", 0, 0, 2},
    {"b", REGEX_ANCHORED, "ab", 0, -1, 0},
    {"b", REGEX_ANCHORED, "ab", 1, 1, 2},
    {"a+", REGEX_UNGREEDY, "aa", 0, 0, 1},
    {"a$", 0, "a\n", 0, 0, 1},
    {"a$", REGEX_DOLLAR_ENDONLY, "a\n", 0, -1, 0},
    {"(?<=a)b", 0, "ab", 1, 1, 2}, /* what stands before is seen */
    {"^b", 0, "ab", 1, -1, 0},
    {"\\Gb", 0, "ab", 1, 1, 2},
    {"\\xff.", 0, "\xff\xfe", 0, 0, 2}, /* bytes */
    {".", REGEX_UTF, "\xc3\xa9", 0, 0, 2},
    {"\\x{e9}$", REGEX_UTF | REGEX_CASELESS, "\xc3\x89", 0, 0, 2},
    {"b", REGEX_UTF,
     "\xff\xfe"
     "b",
     0, 2, 3}, /* bytes that are no UTF-8 never match, never fail */
    {".", REGEX_UTF, "\xff", 0, -1, 0},
    {"b", REGEX_UTF,
     "\xc3\xa9"
     "b",
     1, 2, 3}, /* from inside a code point */
    {"b", REGEX_UTF | REGEX_ANCHORED,
     "\xff"
     "b",
     0, -1, 0},
    {"a\\Kb", 0, "ab", 0, 1, 2},
    {"a\\Kb", REGEX_ANCHORED, "ab", 0, 1, 2},
};

static int check_finds(unsigned more_flags)
{
    int failed = 0;
    struct regex_match *m = regex_match_new(4, 0);
    for (size_t i = 0; i < ARRAY_LEN(find_row); i++) {
        struct regex *r = NULL;
        struct err e = {0};
        const char *pattern = find_row[i].pattern, *subject = find_row[i].subject;
        size_t from = 99, to = 99;
        CHECK_ROW(i, regex_compile(&r, pattern, strlen(pattern), find_row[i].flags | more_flags,
                                   &e) == 0);
        if (!r)
            continue;
        enum regex_verdict v = regex_find(r, m, subject, strlen(subject), find_row[i].from);
        CHECK_ROW(i, v == (find_row[i].at < 0 ? REGEX_NO : REGEX_YES));
        CHECK_ROW(i, regex_group(m, 0, &from, &to) == (find_row[i].at >= 0));
        CHECK_ROW(i, find_row[i].at < 0 ||
                         (from == (size_t)find_row[i].at && to == (size_t)find_row[i].to));
        regex_free(r);
    }
    regex_match_free(m);
    return failed;
}

static const struct {
    const char *pattern;
    unsigned flags;
    int rc;
    const char *words; /* in the message */
} fault_row[] = {
    {"(", 0, -EINVAL, "byte 1 of the pattern: "},
    {"ab[", 0, -EINVAL, "byte 3 "},
    {"a**b(?", 0, -EINVAL, "byte "},
    {"(*UTF)a", 0, -EINVAL, "byte "},     /* UTF is for the flag to ask for */
    {"\\C", REGEX_UTF, -EINVAL, "byte "}, /* would look into code points */
    {"\xff", REGEX_UTF, -EINVAL, "byte 0 "},
    {"(?:(?:(?:a{1,999}){1,999}){1,999}){1,999}", 0, -EFBIG, "byte "},
};

static int check_faults(void)
{
    int failed = 0;
    struct regex *r = NULL;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(fault_row); i++) {
        const char *pattern = fault_row[i].pattern;
        int rc = regex_compile(&r, pattern, strlen(pattern), fault_row[i].flags, &e);
        CHECK_ROW(i, rc == fault_row[i].rc && !r && strstr(e.text, fault_row[i].words));
    }
    char *big = mem_zero(REGEX_PATTERN_MAX + 1); /* zero bytes are pattern, too */
    CHECK(regex_compile(&r, big, REGEX_PATTERN_MAX + 1, 0, &e) == -EFBIG);
    memset(big, 'a', REGEX_PATTERN_MAX);
    CHECK(regex_compile(&r, big, 10000, 0, &e) == 0);
    regex_free(r);
    for (int groups = REGEX_GROUPS_MAX; groups <= REGEX_GROUPS_MAX + 1; groups++) {
        for (int i = 0; i < groups; i++)
            memcpy(big + 3 * i, "(a)", 3);
        int rc = regex_compile(&r, big, 3 * (size_t)groups, 0, &e);
        CHECK_ROW(groups, rc == (groups > REGEX_GROUPS_MAX ? -EFBIG : 0));
        if (rc == 0)
            regex_free(r);
    }
    mem_free(big);
    regex_free(NULL);
    regex_match_free(NULL);
    return failed;
}

static int check_groups(void)
{
    static const char pattern[] = "(?<year>\\d+)-(?<month>\\d+)|(x)";
    int failed = 0;
    size_t from = 0, to = 0;
    struct regex *r = NULL;
    struct err e = {0};
    struct regex_match *m = regex_match_new(3, 0), *small = regex_match_new(0, 0);
    CHECK(regex_compile(&r, pattern, strlen(pattern), 0, &e) == 0);
    CHECK(regex_group_count(r) == 3 && regex_group_number(r, "month") == 2);
    CHECK(regex_group_number(r, "day") == -1 && regex_group_number(r, "") == -1);
    CHECK(regex_find(r, m, "on 2024-05", 10, 0) == REGEX_YES);
    CHECK(regex_group(m, 2, &from, &to) && from == 8 && to == 10);
    CHECK(!regex_group(m, 3, &from, &to) && !regex_group(m, 4, &from, &to));
    CHECK(regex_find(r, m, "x", 1, 0) == REGEX_YES);
    CHECK(!regex_group(m, 1, &from, &to) && regex_group(m, 3, &from, &to) && to == 1);
    CHECK(regex_find(r, m, "y", 1, 0) == REGEX_NO && !regex_group(m, 0, &from, &to));
    CHECK(regex_find(r, small, "2024-05", 7, 0) == REGEX_YES); /* less room than groups */
    CHECK(regex_group(small, 0, &from, &to) && to == 7 && !regex_group(small, 1, &from, &to));
    CHECK(regex_find(r, m, NULL, 0, 0) == REGEX_NO);
    regex_free(r);
    regex_match_free(m);
    regex_match_free(small);
    return failed;
}

/* Patterns that would take seconds and more on these subjects, and honest ones that take some. */
static const struct {
    const char *pattern;
    unsigned flags;
    const char *fill;
    size_t len;
    enum regex_verdict jit, no_jit;
} cost_row[] = {
    {"(a+)+[bc]", 0, "a", 100, REGEX_LIMIT, REGEX_LIMIT},      /* exponential at one start */
    {"(?:a|x)+[bc]", 0, "a", 20000, REGEX_LIMIT, REGEX_LIMIT}, /* quadratic over all of them */
    {"(?:\\w+\\s?)+[:;]", 0, "ab ", 30000, REGEX_LIMIT, REGEX_LIMIT},
    {"(a|b|ab)*[cd]", 0, "ab", 4000, REGEX_LIMIT, REGEX_LIMIT},
    {"(a+)+[bc]", REGEX_ANCHORED, "a", 100, REGEX_LIMIT, REGEX_LIMIT},
    {"\\Gx|(a+)+[bc]", 0, "a", 100, REGEX_LIMIT, REGEX_LIMIT},
    {"(?s)start.*[xy]", 0, "start of it ", 36, REGEX_NO, REGEX_NO},
    {"(?s)^.*[xy]", 0, "z", 20000, REGEX_NO, REGEX_NO},
    {"(?:zz)+[xy]", 0, "zzz.", 40000, REGEX_NO, REGEX_NO}, /* each start is cheap */
    {"\\d+\\.\\d+[a-z]", 0, "12.34 ", 60000, REGEX_NO, REGEX_NO},
    {"(?s).*z", 0, "z", 60000, REGEX_YES, REGEX_YES},
};

static int check_costs(void)
{
    int failed = 0;
    static char subject[64000];
    for (size_t i = 0; i < ARRAY_LEN(cost_row); i++) {
        const char *pattern = cost_row[i].pattern, *fill = cost_row[i].fill;
        for (size_t at = 0; at < cost_row[i].len; at++)
            subject[at] = fill[at % strlen(fill)];
        for (int jit = 0; jit < 2; jit++) {
            struct regex *r = NULL;
            struct err e = {0};
            struct regex_match *m = regex_match_new(4, 0);
            CHECK_ROW(i, regex_compile(&r, pattern, strlen(pattern),
                                       cost_row[i].flags | (jit ? 0 : REGEX_NO_JIT), &e) == 0);
            enum regex_verdict v = regex_find(r, m, subject, cost_row[i].len, 0);
            CHECK_ROW(i, v == (jit ? cost_row[i].jit : cost_row[i].no_jit));
            regex_free(r);
            regex_match_free(m);
        }
    }
    return failed;
}

static const char *const split_pattern[] = {
    "(?:a|x)+[bc]", "(a+)+b",    "(?<=a)(a|b)+c", "(?:ab|a)*?c",   "b(a|aa)+$",
    "(a|b|ab)*c",   "^(a|aa)+b", "(?m)^(a|b)+$",  "\\b(\\w|aa)+c",
};

/* However small the limit, a search cut into parts finds what a whole one finds, or gives up. */
static int check_parts(unsigned flags)
{
    int failed = 0, limits = 0, finds = 0;
    struct rng rng = rng_of(17);
    struct regex_match *whole = regex_match_new(2, 100000), *parts = regex_match_new(2, 200);
    for (long i = 0; i < 3000; i++) {
        const char *pattern = split_pattern[rng_below(&rng, ARRAY_LEN(split_pattern))];
        char subject[600];
        size_t len = rng_below(&rng, 40), at[4] = {0};
        for (size_t k = 0; k < len; k++)
            subject[k] = "aaaab\nx c\xc3\xa9"[rng_below(&rng, i % 2 ? 5 : 11)];
        for (; i % 16 == 0 && len + 16 <= sizeof subject; len++) /* longer than one chunk */
            subject[len] = 'a';
        memcpy(subject + len, "aaaaaaaaaaac", 12);
        len += rng_below(&rng, 13);
        struct regex *r = NULL;
        struct err e = {0};
        CHECK_ROW(i, regex_compile(&r, pattern, strlen(pattern), flags, &e) == 0);
        enum regex_verdict want = regex_find(r, whole, subject, len, 0);
        enum regex_verdict got = regex_find(r, parts, subject, len, 0);
        CHECK_ROW(i, got == want || got == REGEX_LIMIT || want == REGEX_LIMIT);
        if (got == REGEX_YES && want == REGEX_YES) {
            regex_group(whole, 0, &at[0], &at[1]);
            regex_group(parts, 0, &at[2], &at[3]);
            CHECK_ROW(i, at[0] == at[2] && at[1] == at[3]);
        }
        limits += got == REGEX_LIMIT;
        finds += got == REGEX_YES;
        regex_free(r);
    }
    CHECK(limits > 20 && finds > 500);
    regex_match_free(whole);
    regex_match_free(parts);
    return failed;
}

/* A compiled pattern is shared; each thread has its own scratch. */
static void *find_often(void *shared)
{
    struct regex_match *m = regex_match_new(1, 0);
    long wrong = 0;
    for (int i = 0; i < 20000; i++) {
        char subject[32];
        size_t from, to;
        int len = snprintf(subject, sizeof subject, "number %d.", i);
        wrong += regex_find(shared, m, subject, (size_t)len, 0) != REGEX_YES ||
                 !regex_group(m, 1, &from, &to) || from != 7 || to != (size_t)len - 1;
    }
    regex_match_free(m);
    return (void *)wrong;
}

static int check_threads(void)
{
    int failed = 0;
    struct regex *r = NULL;
    struct err e = {0};
    pthread_t thread[2];
    CHECK(regex_compile(&r, "(\\d+)\\.", 7, 0, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        CHECK_ROW(i, pthread_create(&thread[i], NULL, find_often, r) == 0);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        void *wrong = NULL;
        CHECK_ROW(i, pthread_join(thread[i], &wrong) == 0 && wrong == NULL);
    }
    regex_free(r);
    return failed;
}

int match_regex_test(void)
{
    return check_finds(0) + check_finds(REGEX_NO_JIT) + check_faults() + check_groups() +
           check_costs() + check_parts(0) + check_parts(REGEX_UTF) + check_parts(REGEX_NO_JIT) +
           check_threads();
}
