/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "tool/ban/conf/ini_file.h"

static const struct {
    const char *text, *section, *option, *value; /* value NULL: no such option */
} good[] = {
    {"[a]\nx = 1\n", "a", "x", "1"},
    {"[a]\nX: 1\n", "a", "x", "1"},
    {"[a]\nx = 1 ; remark\n", "a", "x", "1"},
    {"[a]\nx = 1 # none\n", "a", "x", "1 # none"},
    {"[a]\nx = 1;2\n", "a", "x", "1;2"},
    {"[a]\nx = 1\n  2\n# no\n  3\n", "a", "x", "1\n2\n3"},
    {"[a]\nx = 1\n\n  2\n\n[b]\n", "a", "x", "1\n\n2"},
    {"[a]\nx =\n", "a", "x", ""},
    {"[a]\nx =\n y = z\n", "a", "x", "\ny = z"},
    {"# c\n; d\n[a] rest\nx=1\n", "a", "x", "1"},
    {"[Init?family=inet6]\nx=1\n", "Init?family=inet6", "x", "1"},
    {"[DEFAULT]\na=1\n[DEFAULT]\nb=2\n", "DEFAULT", "b", "2"},
    {"[a]\nx=1\n[b]\ny=1\n", "a", "y", NULL},
};

static const struct {
    const char *text, *words;
} bad[] = {
    {"x = 1\n", "f:1: text before"},          {"[a]\n[a]\n", "f:2: section [a]"},
    {"[a]\nx=1\nX=2\n", "f:3: option \"x\""}, {"[a]\nnothing\n", "f:2: neither"},
    {"[a\nx=1\n", "f:1: text before"},        {"[a]\n= 1\n", "f:2: neither"},
};

int conf_ini_file_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct ini_file f;
        CHECK_ROW(i, ini_file_parse(&f, good[i].text, strlen(good[i].text), "f", &arena, &e) == 0);
        const struct ini_section *s = ini_file_section(&f, good[i].section);
        const struct ini_option *o = s ? ini_section_option(s, good[i].option) : NULL;
        CHECK_ROW(i, !o == !good[i].value && (!o || strcmp(o->value, good[i].value) == 0));
        arena_done(&arena);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct ini_file f;
        CHECK_ROW(i,
                  ini_file_parse(&f, bad[i].text, strlen(bad[i].text), "f", &arena, &e) == -EINVAL);
        CHECK_ROW(i, strncmp(e.text, bad[i].words, strlen(bad[i].words)) == 0);
        arena_done(&arena);
    }
    return failed;
}
