/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both engines against rows and against a search that is too simple to be wrong. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/str.h"
#include "core/match/multi.h"

static const enum multi_engine engine[] = {
    MULTI_AUTOMATON,
#ifdef HAVE_HYPERSCAN
    MULTI_HYPERSCAN,
#endif
};

/* Literals with '|' between; one that begins with '~' is without case.  Hits as "id@end ". */
static const struct {
    const char *literals, *data, *want;
} row[] = {
    {"a", "", ""},
    {"a", "a", "0@1 "},
    {"a", "b", ""},
    {"a", "aAa", "0@1 0@3 "},
    {"~a", "aAa", "0@1 0@2 0@3 "},
    {"~aB1", "xAb1AB1ab2", "0@4 0@7 "},
    {"~@[", "`{@[", "0@4 "}, /* only letters have a case */
    {"~\xc0", "\xe0\xc0", "0@2 "},
    {"abc", "ab", ""},
    {"abc", "ababcabc", "0@5 0@8 "},
    {"aa", "aaaa", "0@2 0@3 0@4 "},                /* they overlap */
    {"he|she|his|hers", "ushers", "1@4 0@4 3@6 "}, /* the longest first at one end */
    {"bc|abcd|c", "abcd", "0@3 2@3 1@4 "},         /* inside another */
    {"a|~a|a|~A", "a", "0@1 1@1 2@1 3@1 "},        /* equals as they were given */
    {"a|~a|A|~A", "A", "1@1 2@1 3@1 "},
    {"abd|~BC", "abcabd", "1@3 0@6 "},
    {"x~|~x|a~x", "x~", "1@1 0@2 "},
};

static size_t split(const char *text, struct multi_literal literal[16])
{
    size_t count = 0;
    while (true) {
        size_t len = strcspn(text, "|");
        bool caseless = *text == '~';
        literal[count] = (struct multi_literal){.bytes = text + caseless,
                                                .len = len - caseless,
                                                .caseless = caseless,
                                                .id = (uint32_t)count};
        count++;
        if (!text[len])
            return count;
        text += len + 1;
    }
}

static bool add_hit(void *ctx, uint32_t id, size_t end)
{
    str_addf(ctx, "%u@%zu ", id, end);
    return true;
}

/* Compile, scan, tell all hits. */
static int scan_all(const struct multi_literal *literal, size_t count, enum multi_engine which,
                    const void *data, size_t len, struct str *out)
{
    struct multi *m = NULL;
    struct err e = {0};
    int rc = multi_compile(&m, literal, count, which, &e);
    if (rc != 0)
        return rc;
    struct multi_scratch *s = multi_scratch_new(m);
    str_reset(out);
    multi_scan(m, s, data, len, add_hit, out);
    multi_scratch_free(s);
    multi_free(m);
    return 0;
}

static int check_rows(void)
{
    int failed = 0;
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct multi_literal literal[16];
        size_t count = split(row[i].literals, literal);
        for (size_t k = 0; k < ARRAY_LEN(engine); k++) {
            CHECK_ROW(i, scan_all(literal, count, engine[k], row[i].data, strlen(row[i].data),
                                  &out) == 0);
            CHECK_ROW(i, strcmp(str_text(&out), row[i].want) == 0);
        }
    }
    str_done(&out);
    return failed;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool ends_at(const struct multi_literal *l, const uint8_t *data, size_t end)
{
    const uint8_t *bytes = l->bytes;
    if (l->len > end)
        return false;
    for (size_t i = 0; i < l->len; i++) {
        uint8_t have = data[end - l->len + i];
        if (l->caseless ? lower(have) != lower(bytes[i]) : have != bytes[i])
            return false;
    }
    return true;
}

static void search_simply(const struct multi_literal *literal, size_t count, const uint8_t *data,
                          size_t len, struct str *out)
{
    str_reset(out);
    for (size_t end = 1; end <= len; end++)
        for (size_t want = 64; want > 0; want--) /* the longest first */
            for (size_t i = 0; i < count; i++)
                if (literal[i].len == want && ends_at(&literal[i], data, end))
                    add_hit(out, literal[i].id, end);
}

/* Few letters, so that literals overlap, repeat and hide in one another; zero bytes among them. */
static int check_random(void)
{
    static const uint8_t letter[] = {'a', 'A', 'b', 0};
    int failed = 0;
    struct rng r = rng_of(23);
    struct str want = str_of(0), got = str_of(0);
    for (int round = 0; round < 150; round++) {
        uint8_t text[24][64], data[400];
        struct multi_literal literal[24];
        size_t count = 1 + rng_below(&r, 24), len = rng_below(&r, sizeof data);
        uint32_t letters = 1 + rng_below(&r, 4), longest = 1 + rng_below(&r, round % 8 ? 6 : 64);
        for (size_t i = 0; i < count; i++) {
            literal[i] = (struct multi_literal){.bytes = text[i],
                                                .len = 1 + rng_below(&r, longest),
                                                .caseless = rng_below(&r, 2) == 0,
                                                .id = rng_below(&r, 30)};
            for (size_t k = 0; k < literal[i].len; k++)
                text[i][k] = letter[rng_below(&r, letters)];
        }
        for (size_t k = 0; k < len; k++)
            data[k] = letter[rng_below(&r, letters)];
        search_simply(literal, count, data, len, &want);
        for (size_t k = 0; k < ARRAY_LEN(engine); k++) {
            CHECK_ROW(round, scan_all(literal, count, engine[k], data, len, &got) == 0);
            CHECK_ROW(round, strcmp(str_text(&got), str_text(&want)) == 0);
        }
    }
    str_done(&want);
    str_done(&got);
    return failed;
}

/* Hits across the ends of the parts in which Hyperscan is given a large buffer. */
static int check_large(void)
{
    static uint8_t data[200000], longest[MULTI_LITERAL_MAX];
    static const size_t end[] = {6, 4096, 32768, 32775, 65533, 65539, 102400, 199999};
    int failed = 0;
    struct str want = str_of(0), got = str_of(0);
    memset(longest, 'x', sizeof longest);
    struct multi_literal literal[] = {{"needle", 6, true, 7}, {longest, sizeof longest, false, 8}};
    for (size_t i = 0; i < ARRAY_LEN(end); i++) {
        memcpy(data + end[i] - 6, "NeeDle", 6);
        str_addf(&want, "7@%zu ", end[i]);
    }
    memset(data + 120000, 'x', sizeof longest + 1);
    size_t at = (size_t)(strstr(want.text, "7@199999") - want.text);
    str_cut(&want, at);
    str_add(&want, "8@124096 8@124097 7@199999 ");
    for (size_t k = 0; k < ARRAY_LEN(engine); k++) {
        CHECK_ROW(k, scan_all(literal, 2, engine[k], data, sizeof data, &got) == 0);
        CHECK_ROW(k, strcmp(str_text(&got), str_text(&want)) == 0);
    }
    str_done(&want);
    str_done(&got);
    return failed;
}

static bool stop_at_third(void *ctx, uint32_t id, size_t end)
{
    (void)id, (void)end;
    return ++*(int *)ctx < 3;
}

static int check_stop(void)
{
    int failed = 0;
    struct multi_literal literal[] = {{"a", 1, false, 0}, {"aa", 2, false, 1}};
    for (size_t k = 0; k < ARRAY_LEN(engine); k++) {
        struct multi *m = NULL;
        struct err e = {0};
        int hits = 0;
        CHECK_ROW(k, multi_compile(&m, literal, 2, engine[k], &e) == 0);
        struct multi_scratch *s = multi_scratch_new(m);
        multi_scan(m, s, "aaaaaaaa", 8, stop_at_third, &hits);
        CHECK_ROW(k, hits == 3);
        multi_scan(m, s, "a", 1, stop_at_third, &hits); /* nothing of the last scan is left */
        CHECK_ROW(k, hits == 4);
        multi_scratch_free(s);
        multi_free(m);
    }
    return failed;
}

static int check_limits(void)
{
    int failed = 0;
    struct err e = {0};
    struct str out = str_of(0);
    char *big = mem_zero(MULTI_LITERAL_MAX + 1);
    struct multi_literal one = {big, 0, false, 0};
    size_t many = MULTI_BYTES_MAX / MULTI_LITERAL_MAX + 1;
    struct multi_literal *all = mem_zero((MULTI_COUNT_MAX + 1) * sizeof *all);
    struct multi *m = NULL;
    CHECK(multi_compile(&m, &one, 1, MULTI_ANY, &e) == -EINVAL);
    one.len = MULTI_LITERAL_MAX + 1;
    CHECK(multi_compile(&m, &one, 1, MULTI_ANY, &e) == -EFBIG);
    for (size_t i = 0; i < MULTI_COUNT_MAX + 1; i++)
        all[i] = (struct multi_literal){big, 1, false, 0};
    CHECK(multi_compile(&m, all, MULTI_COUNT_MAX + 1, MULTI_ANY, &e) == -EFBIG);
    for (size_t i = 0; i < many; i++)
        all[i].len = MULTI_LITERAL_MAX;
    CHECK(multi_compile(&m, all, many, MULTI_AUTOMATON, &e) == -EFBIG && !m);
    CHECK(scan_all(&(struct multi_literal){"b", 1, false, 3}, 1, MULTI_ANY, "abc", 3, &out) == 0);
    CHECK(strcmp(str_text(&out), "3@2 ") == 0);
    CHECK(scan_all(NULL, 0, MULTI_ANY, "abc", 3, &out) == 0 && out.len == 0);
    multi_free(NULL);
    multi_scratch_free(NULL);
    mem_free(all);
    mem_free(big);
    str_done(&out);
    return failed;
}

/* As many literals as a large rule set has; each is found where it stands. */
static int check_many(void)
{
    enum { COUNT = 20000 };
    int failed = 0;
    static char text[COUNT][12];
    static struct multi_literal literal[COUNT];
    struct str out = str_of(0), want = str_of(0), data = str_of(0);
    struct rng r = rng_of(9);
    for (uint32_t i = 0; i < COUNT; i++) {
        for (int k = 0; k < 11; k++)
            text[i][k] = (char)('a' + rng_below(&r, 26));
        literal[i] = (struct multi_literal){text[i], 11, i % 2 == 0, i};
    }
    for (uint32_t i = 0; i < COUNT; i += 100) {
        str_addf(&data, "-%s", text[i]);
        str_addf(&want, "%u@%zu ", i, data.len);
    }
    for (size_t k = 0; k < ARRAY_LEN(engine); k++) {
        CHECK_ROW(k, scan_all(literal, COUNT, engine[k], data.text, data.len, &out) == 0);
        CHECK_ROW(k, strcmp(str_text(&out), str_text(&want)) == 0);
    }
    str_done(&out);
    str_done(&want);
    str_done(&data);
    return failed;
}

int match_multi_test(void)
{
    int failed = check_rows() + check_random() + check_large() + check_stop() + check_limits() +
                 check_many();
#ifndef HAVE_HYPERSCAN
    struct multi *m = NULL;
    struct err e = {0};
    struct multi_literal literal = {"a", 1, false, 0};
    CHECK(multi_compile(&m, &literal, 1, MULTI_HYPERSCAN, &e) == -ENOTSUP && !m);
#endif
    return failed;
}
