/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is translated must compile, unless PCRE2 finds it too large or too deep; and the literals
 * that it needs must stand in whatever it matches. */
#include <assert.h>
#include <string.h>

#include "core/match/regex.h"
#include "tool/ban/filter/pattern.h"

/* The first line is the expression, the rest a subject. */
static void try_pattern(const struct pattern *p, const char *subject, size_t len)
{
    struct err e = {0};
    struct regex *r;
    if (regex_compile(&r, p->text, p->len, REGEX_NO_JIT, &e) < 0)
        return;
    struct regex_match *m = regex_match_new(REGEX_GROUPS_MAX, 10000);
    if (regex_find(r, m, subject, len, 0) == REGEX_YES && p->needed.count) {
        bool there = false;
        for (unsigned i = 0; i < p->needed.count && !there; i++)
            for (size_t at = 0; at + strlen(p->needed.text[i]) <= len && !there; at++)
                there =
                    strncasecmp(subject + at, p->needed.text[i], strlen(p->needed.text[i])) == 0;
        for (size_t i = 0; i < len; i++) /* only of ASCII is anything promised */
            there |= (uint8_t)subject[i] >= 0x80 || !subject[i];
        assert(there);
    }
    regex_match_free(m);
    regex_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct pattern p;
    const char *newline = size ? memchr(data, 10, size) : NULL;
    size_t len = newline ? (size_t)(newline - (const char *)data) : size;
    const char *text = arena_copy(&arena, data, size);
    if (pattern_translate(&p, text, len, &arena, &e) == 0)
        try_pattern(&p, text + len, size - len);
    arena_done(&arena);
    return 0;
}
