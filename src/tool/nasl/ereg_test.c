/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The C library is the judge: what regexec(3) finds, with which groups, must be found here. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "tool/nasl/ereg.h"

static const char *const patterns[] = {
    "a",
    "^a",
    "a$",
    "^$",
    ".",
    "a.c",
    "[a-c]+",
    "[^a-c]",
    "[]a]",
    "[^]a]",
    "[a\\]b]",
    "[[:digit:]]+",
    "[[:alpha:]_]",
    "a*",
    "a+",
    "a?",
    "a{2}",
    "a{1,2}",
    "a{,2}",
    "(a|b)+",
    "(a|ab)(c|bcd)(d*)",
    "(ab)?(abc)?",
    "a?(ab)?",
    "(a*)(b|ab)*",
    "x|xy|xyz",
    "(x|xy)z?",
    "\\.",
    "a\\|b",
    "\\<bar\\>",
    "\\bfoo",
    "()",
    "(|a)b",
    "a)b",
    "a+?",
    "a**",
    "(a)(b)(c)",
    "\\w+@\\w+",
    "[0-9]+\\.[0-9]+",
    "Apache/([0-9]+)\\.([0-9]+)",
    "^(.*)=(.*)$",
    "(foo|foobar)baz",
    "((a)|b)*",
    "\\n",
    "[\\n]",
    "a|b|",
    "$",
    "^",
    "b$a",
    "(^a|b)c",
    "a{0}b",
    "[.x]",
    "\\(x\\)",
};

static const char *const broken[] = {
    "(",    "[",    "[a", "a{",         "a{1",   "a{2,1}", "*a", "+",        "?",
    "(*a)", "a|*b", "\\", "[[:nope:]]", "[b-a]", "a{1a}",  "^*", "a{99999}", "\\1",
};

static const char *const texts[] = {
    "",
    "a",
    "ab",
    "abc",
    "abcd",
    "aab",
    "xyz",
    "xyzz",
    "foo bar",
    "foobarbaz",
    "1.25",
    "a]b",
    "Apache/2.4.57 (Debian)",
    "k=v=w",
    "a|b",
    "me@here",
    "a\nb",
    "bca",
    "aaa",
    "a)b",
    "(x)",
    "n",
};

static int check_pair(const char *pattern, const char *text, const regex_t *judge,
                      const struct nasl_ereg *r, struct regex_match *m)
{
    int failed = 0;
    regmatch_t want[NASL_EREG_GROUPS];
    struct nasl_span got[NASL_EREG_GROUPS];
    bool found = regexec(judge, text, NASL_EREG_GROUPS, want, 0) == 0;
    bool same = found == (nasl_ereg_find(r, m, text, strlen(text), false, got) == REGEX_YES);
    for (int i = 0; found && same && i < NASL_EREG_GROUPS; i++)
        same = got[i].there == (want[i].rm_so >= 0) &&
               (!got[i].there ||
                ((regoff_t)got[i].from == want[i].rm_so && (regoff_t)got[i].to == want[i].rm_eo));
    if (!CHECK(same))
        fprintf(stderr, "    /%s/ on \"%s\"\n", pattern, text);
    return failed;
}

static int check_pattern(const char *pattern, struct regex_match *m)
{
    int failed = 0;
    struct nasl_ereg *r = NULL;
    regex_t judge;
    struct err e = {0};
    if (!CHECK(regcomp(&judge, pattern, REG_EXTENDED) == 0))
        return failed;
    if (CHECK(nasl_ereg_compile(&r, pattern, strlen(pattern), false, &e) == 0))
        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
            failed += check_pair(pattern, texts[i], &judge, r, m);
    else
        fprintf(stderr, "    /%s/: %s\n", pattern, e.text);
    nasl_ereg_free(r);
    regfree(&judge);
    return failed;
}

int nasl_ereg_test(void)
{
    int failed = 0;
    struct regex_match *m = regex_match_new(REGEX_GROUPS_MAX, 0);
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        failed += check_pattern(patterns[i], m);
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct nasl_ereg *r = NULL;
        struct err e = {0};
        regex_t judge;
        bool refused = regcomp(&judge, broken[i], REG_EXTENDED) != 0;
        if (!refused)
            regfree(&judge);
        CHECK_ROW(i, refused);
        if (!CHECK_ROW(i, nasl_ereg_compile(&r, broken[i], strlen(broken[i]), false, &e) < 0))
            fprintf(stderr, "    /%s/\n", broken[i]);
        nasl_ereg_free(r);
    }
    /* what needs no second look is not sent to the slow matcher */
    struct str out = str_of(0);
    bool ambiguous;
    struct err e = {0};
    CHECK(nasl_ereg_translate("([0-9]+)\\.([0-9]+)", 18, &out, &ambiguous, &e) == 0 && !ambiguous);
    CHECK(nasl_ereg_translate("(foo|bar)x", 10, &out, &ambiguous, &e) == 0 && !ambiguous);
    CHECK(nasl_ereg_translate("a|ab", 4, &out, &ambiguous, &e) == 0 && ambiguous);
    str_done(&out);
    regex_match_free(m);
    return failed;
}
