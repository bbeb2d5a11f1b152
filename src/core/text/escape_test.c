/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/text/escape.h"

/* Names what it was asked about; keeps U+00E9 and '&'. */
static const char *name_rule(uint32_t code, const uint8_t *byte, size_t len,
                             char room[ESCAPE_TEXT_MAX])
{
    if (code == 0xe9 || (code == '&' && len == 1))
        return NULL;
    snprintf(room, ESCAPE_TEXT_MAX, "(%zu:%x:%02x)", len, code, byte[0]);
    return room;
}

static const struct {
    const char *text;
    size_t len;
    const char *want;
} row[] = {
    {"", 0, ""},
    {"plain text, with marks (1+1)!", 29, "plain text, with marks (1+1)!"},
    {"<", 1, "(1:3c:3c)"},
    {"a<b>c", 5, "a(1:3c:3c)b(1:3e:3e)c"},
    {"<>", 2, "(1:3c:3c)(1:3e:3e)"},
    {"'\"\\", 3, "(1:27:27)(1:22:22)(1:5c:5c)"},
    {"a&b", 3, "a&b"},                     /* asked about and kept */
    {"caf\xc3\xa9!", 6, "caf\xc3\xa9!"},   /* kept whole */
    {"x\xe2\x82\xac", 4, "x(3:20ac:e2)"},  /* replaced whole */
    {"x\xe2\x82", 3, "x(0:0:e2)(0:0:82)"}, /* cut: byte by byte */
    {"\xffz", 2, "(0:0:ff)z"},
    {"a\0b", 3, "a(1:0:00)b"},
    {"\x1f\x7f", 2, "(1:1f:1f)(1:7f:7f)"},
};

int text_escape_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str out = str_of(0);
        escape_add(&out, row[i].text, row[i].len, name_rule);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].want) == 0);
        str_done(&out);
    }
    return failed;
}
