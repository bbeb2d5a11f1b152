/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/text/ini.h"

static const struct {
    const char *text;
    const char *want; /* "section.key=value@line" with '|' between, or the message */
    int rc;
} row[] = {
    {"", "", 0},
    {"\n\n# a\n; b\n  # c\n", "", 0},
    {"a = 1", ".a=1@1", 0},
    {"a=1\nb = 2 3 \n", ".a=1@1|.b=2 3@2", 0},
    {"[s]\na=1\n[ t u ]\na=2", "s.a=1@2|t u.a=2@4", 0},
    {"a=", ".a=@1", 0},
    {"a = b = c # d ; e", ".a=b = c # d ; e@1", 0}, /* no comments behind a value */
    {"a key = 1", ".a key=1@1", 0},
    {"a=1\r\n[s]\r\nb=2\r\n", ".a=1@1|s.b=2@3", 0},
    {"\xef\xbb\xbf"
     "a=1",
     ".a=1@1", 0},
    {"a=1\n  2\n\t3\nb=4", ".a=1 2 3@1|.b=4@4", 0}, /* values go on */
    {"a=\n  2\n", ".a=2@1", 0},
    {"a=1\n # note\n 2\n# note\n 3", ".a=1 2 3@1", 0}, /* comments between do not end it */
    {"a=1\n b = 2\n", ".a=1 b = 2@1", 0},
    {"a=1\n [s]\n", ".a=1 [s]@1", 0},
    {"a=1\na=2", ".a=1@1|.a=2@2", 0},
    {"a=1\n\n 2", "f:3:2: the line begins with a blank, but no value goes on here", -EINVAL},
    {" a=1", "f:1:2: the line begins with a blank, but no value goes on here", -EINVAL},
    {"a=1\n[s]\n 2", "f:3:2: the line begins with a blank, but no value goes on here", -EINVAL},
    {"a", "f:1:1: neither \"[section]\" nor \"key = value\"", -EINVAL},
    {"x=1\n=1", "f:2:1: the key before the '=' is missing", -EINVAL},
    {"[s", "f:1:1: the heading has no ']'", -EINVAL},
    {"[]", "f:1:1: the heading is empty", -EINVAL},
    {"[ \t]", "f:1:1: the heading is empty", -EINVAL},
    {"[s] x", "f:1:4: nothing may follow the ']' of a heading", -EINVAL},
    {"[s]]", "f:1:4: nothing may follow the ']' of a heading", -EINVAL},
};

static void add_items(struct str *out, const struct ini *ini)
{
    for (size_t i = 0; i < ini->count; i++) {
        const struct ini_item *item = &ini->item[i];
        str_addf(out, "%s%s.%s=%s@%u", i ? "|" : "", item->section, item->key, item->value,
                 item->line);
    }
}

static int check_rows(void)
{
    int failed = 0;
    struct str got = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct ini ini = {0};
        struct arena arena = {0};
        struct err e = {0};
        str_reset(&got);
        int rc = ini_parse(&ini, row[i].text, strlen(row[i].text), "f", &arena, &e);
        if (rc == 0)
            add_items(&got, &ini);
        else
            str_add(&got, e.text);
        CHECK_ROW(i, rc == row[i].rc && strcmp(str_text(&got), row[i].want) == 0);
        ini_done(&ini);
        arena_done(&arena);
    }
    str_done(&got);
    return failed;
}

/* A text of `len` bytes: "a=" and one long value, cut into lines of `line_len` bytes. */
static char *long_value(size_t len, size_t line_len)
{
    char *text = mem_zero(len + 1);
    memset(text, 'x', len);
    for (size_t at = line_len; at + 2 < len; at += line_len)
        memcpy(text + at, "\n x", 3);
    memcpy(text, "a=", 2);
    return text;
}

static const struct {
    size_t len, line_len;
    int rc;
} limit_row[] = {
    {INI_LINE_MAX, INI_FILE_MAX, 0}, {INI_LINE_MAX + 1, INI_FILE_MAX, -EINVAL}, /* one above */
    {INI_VALUE_MAX - 100, 64, 0},    {INI_VALUE_MAX + 10000, 64, -EINVAL},
    {INI_FILE_MAX + 1, 64, -EFBIG},
};

static int check_limits(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(limit_row); i++) {
        struct ini ini = {0};
        struct arena arena = {0};
        struct err e = {0};
        char *text = long_value(limit_row[i].len, limit_row[i].line_len);
        int rc = ini_parse(&ini, text, limit_row[i].len, "f", &arena, &e);
        CHECK_ROW(i, rc == limit_row[i].rc && ini.count == (rc == 0));
        CHECK_ROW(i, rc == 0 || strncmp(e.text, "f:", 2) == 0);
        CHECK_ROW(i, arena.used < (size_t)2 * INI_VALUE_MAX); /* no copy for each line */
        ini_done(&ini);
        arena_done(&arena);
        mem_free(text);
    }
    return failed;
}

int text_ini_test(void)
{
    static const char text[] = "k=0\n[s]\nk=1\nK=2\n[t]\nk=3\n[s]\nk=4\n", zero[] = "a=\0b";
    int failed = check_rows() + check_limits();
    struct ini ini = {0};
    struct arena arena = {0};
    struct err e = {0};
    CHECK(ini_parse(&ini, text, strlen(text), "f", &arena, &e) == 0);
    const struct ini_item *first = ini_find(&ini, "", "k"), *last = ini_find(&ini, "s", "k");
    CHECK(first && strcmp(first->value, "0") == 0);
    CHECK(last && strcmp(last->value, "4") == 0 && last->line == 8); /* the last one wins */
    CHECK(!ini_find(&ini, "t", "K") && !ini_find(&ini, "none", "k"));
    ini_done(&ini);
    CHECK(ini_parse(&ini, zero, sizeof zero - 1, "f", &arena, &e) == -EINVAL);
    CHECK(strcmp(e.text, "f:1:3: a zero byte: this is no text") == 0);
    arena_done(&arena);
    return failed;
}
