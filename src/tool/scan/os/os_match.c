/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- expressions ---- */

/* All of [pos, end) as a hexadecimal number; false: it is none, or over 32 bits. */
static bool read_hex(const char *pos, const char *end, uint64_t *out)
{
    *out = 0;
    if (pos == end || end - pos > 8)
        return false;
    for (; pos < end; pos++) {
        if (!isxdigit((unsigned char)*pos))
            return false;
        int c = toupper((unsigned char)*pos);
        *out = *out << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'A' + 10);
    }
    return true;
}

/* "<A", ">5", "3B-45" or a plain text, against the value [v, v_end). */
static bool fits_term(const char *v, const char *v_end, const char *term, const char *end)
{
    uint64_t value, low, high;
    size_t len = (size_t)(end - term);
    bool is_number = read_hex(v, v_end, &value);
    if (len && (*term == '<' || *term == '>'))
        return is_number && read_hex(term + 1, end, &low) &&
               (*term == '<' ? value < low : value > low);
    const char *dash = len ? memchr(term, '-', len) : NULL;
    if (dash && is_number && read_hex(term, dash, &low) && read_hex(dash + 1, end, &high))
        return value >= low && value <= high;
    return len == (size_t)(v_end - v) && memcmp(v, term, len) == 0;
}

/* The end of the alternative that begins at `pos`: a bar outside brackets. */
static const char *alternative_end(const char *pos, const char *end)
{
    for (int depth = 0; pos < end; pos++) {
        depth += *pos == '[' ? 1 : *pos == ']' ? -1 : 0;
        if (*pos == '|' && depth <= 0)
            break;
    }
    return pos;
}

static bool fits_any(const char *v, const char *v_end, const char *pos, const char *end)
{
    for (;;) {
        const char *stop = alternative_end(pos, end);
        if (fits_term(v, v_end, pos, stop))
            return true;
        if (stop == end)
            return false;
        pos = stop + 1;
    }
}

/* A text with expressions in brackets: each stands for the longest run of hex digits there. */
static bool fits_nested(const char *v, const char *v_end, const char *pos, const char *end)
{
    while (pos < end) {
        if (*pos != '[') {
            if (v == v_end || *v != *pos)
                return false;
            v++, pos++;
            continue;
        }
        const char *close = memchr(pos, ']', (size_t)(end - pos)), *digits = v;
        if (!close)
            return false;
        while (v < v_end && isxdigit((unsigned char)*v))
            v++;
        if (!fits_any(digits, v, pos + 1, close))
            return false;
        pos = close + 1;
    }
    return v == v_end;
}

bool os_match_fits(const char *value, const char *expr, size_t len)
{
    const char *v_end = value + strlen(value), *end = expr + len;
    for (const char *pos = expr;;) {
        const char *stop = alternative_end(pos, end);
        bool nested = pos < stop && memchr(pos, '[', (size_t)(stop - pos));
        if (nested ? fits_nested(value, v_end, pos, stop) : fits_term(value, v_end, pos, stop))
            return true;
        if (stop == end)
            return false;
        pos = stop + 1;
    }
}

/* ---- fingerprints ---- */

struct score {
    unsigned all, fit;
};

/* Values that both have: "R=Y%DF=N)" against the print. */
static void compare_test(const struct os_db *db, enum os_test test, const char *pos,
                         const struct os_print *p, struct score *s)
{
    while (*pos && *pos != ')' && *pos != '\n') {
        size_t name_len = strcspn(pos, "=%)\n");
        if (pos[name_len] != '=')
            return;
        const char *expr = pos + name_len + 1;
        size_t len = strcspn(expr, "%)\n"), v = os_value_find(test, pos, name_len);
        if (v < OS_VALUES_MAX && p->has_value[test][v]) {
            s->all += db->points[test][v];
            if (os_match_fits(p->value[test][v], expr, len))
                s->fit += db->points[test][v];
        }
        pos = expr + len + (expr[len] == '%');
    }
}

double os_match_accuracy(const struct os_db *db, const struct os_db_entry *entry,
                         const struct os_print *p)
{
    struct score s = {0};
    const char *text = str_text(&db->text);
    for (enum os_test t = 0; t < OS_TESTS; t++)
        if (entry->test[t] && p->has_test[t])
            compare_test(db, t, text + entry->test[t], p, &s);
    return s.all ? (double)s.fit / s.all : 0;
}

static void insert(struct os_matches *out, struct os_match m)
{
    size_t at = out->count;
    while (at > 0 && out->match[at - 1].accuracy < m.accuracy)
        at--;
    if (at == OS_MATCHES_MAX)
        return;
    size_t moved = out->count - at - (out->count == OS_MATCHES_MAX);
    memmove(&out->match[at + 1], &out->match[at], moved * sizeof m);
    out->match[at] = m;
    out->count += out->count < OS_MATCHES_MAX;
}

void os_match_find(const struct os_db *db, const struct os_print *p, double least,
                   struct os_matches *out)
{
    *out = (struct os_matches){0};
    for (size_t i = 0; i < db->count; i++) {
        double accuracy = os_match_accuracy(db, &db->entry[i], p);
        out->perfect += accuracy == 1;
        if (accuracy >= least)
            insert(out, (struct os_match){&db->entry[i], accuracy});
    }
}
