/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ereg() and its kin.  Subjects are texts of C: by default each NUL in them becomes the four
 * letters
 * "\x00" first (rnul), without that they end at it. */
#include <string.h>

#include "core/base/attr.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/ereg.h"
#include "tool/nasl/vm.h"

enum { STRING, PATTERN, ICASE, RNUL, EXTRA, REPLACE = EXTRA };

enum { MATCHES_MAX = 1 << 20 };

/* What the four share. */
struct search {
    const struct nasl_ereg *regex;
    const char *text;
    size_t len;
    struct str room, escaped;
};

/* The bytes of a code point whose first byte is this. */
static size_t step_of(unsigned char byte)
{
    if (byte < 0xc0 || byte >= 0xfe)
        return 1;
    return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : byte < 0xfc ? 5 : 6;
}

/* Each NUL outside a code point becomes \x00, or x00 behind an odd number of backslashes. */
static void escape_nul(struct str *out, const char *text, size_t len)
{
    bool odd = false;
    for (size_t i = 0; i < len;) {
        if (text[i] == '\0') {
            str_add(out, odd ? "x00" : "\\x00");
            odd = false;
            i++;
            continue;
        }
        odd = text[i] == '\\' && !odd;
        size_t step = step_of((unsigned char)text[i]);
        step = step < len - i ? step : len - i;
        str_add_len(out, text + i, step);
        i += step;
    }
}

static void search_done(struct search *s)
{
    str_done(&s->room);
    str_done(&s->escaped);
}

/* False: an argument is missing or the pattern is none. */
static bool search_begin(struct nasl_call *c, struct search *s)
{
    struct str room = str_of(0);
    struct err e = {0};
    size_t pattern_len;
    *s = (struct search){.room = str_of(0), .escaped = str_of(NASL_STRING_MAX)};
    const char *pattern = nasl_arg_text(nasl_named(c, PATTERN), &room, &pattern_len);
    s->text = nasl_arg_text(nasl_named(c, STRING), &s->room, NULL);
    s->len = nasl_arg_size(nasl_named(c, STRING)); /* a number is an empty text here */
    if (pattern && s->text) {
        s->regex = nasl_library_regex_for_now(nasl_vm_library(c->vm), pattern, pattern_len,
                                              nasl_arg_int(nasl_named(c, ICASE), 0) != 0, &e);
        if (!s->regex)
            nasl_complain(c, "bad pattern '%.80s': %s", pattern, e.text);
    }
    str_done(&room);
    if (!s->regex)
        return false;
    if (nasl_arg_int(nasl_named(c, RNUL), 1) == 0) {
        s->len = strlen(s->text);
    } else if (memchr(s->text, '\0', s->len)) {
        escape_nul(&s->escaped, s->text, s->len);
        s->text = str_text(&s->escaped);
        s->len = s->escaped.len;
    } else if (!s->len) {
        s->text = "";
    }
    return true;
}

static bool find(struct nasl_call *c, const struct search *s, const char *text, size_t len,
                 bool not_begin, struct nasl_span *span)
{
    enum regex_verdict verdict =
        nasl_ereg_find(s->regex, nasl_vm_match(c->vm), text, len, not_begin, span);
    if (verdict == REGEX_LIMIT)
        nasl_complain(c, "the pattern took too long on %zu bytes", len);
    return verdict == REGEX_YES;
}

/* Looks at the first line only, unless asked for all. */
static struct nasl_value do_ereg(struct nasl_call *c)
{
    struct search s;
    struct nasl_value v = nasl_undef();
    if (search_begin(c, &s)) {
        const char *newline = memchr(s.text, '\n', s.len);
        if (newline && !nasl_arg_int(nasl_named(c, EXTRA), 0))
            s.len = (size_t)(newline - s.text);
        bool nothing = newline == s.text && s.len == 0;
        v = nasl_int(!nothing && find(c, &s, s.text, s.len, false, NULL));
    }
    search_done(&s);
    return v;
}

/* All lines that match, each with a newline. */
static struct nasl_value do_egrep(struct nasl_call *c)
{
    struct search s;
    struct nasl_value v = nasl_undef();
    if (search_begin(c, &s)) {
        struct str out = str_of(NASL_STRING_MAX);
        const char *p = s.text, *end = s.text + s.len;
        while (p < end) {
            const char *newline = memchr(p, '\n', (size_t)(end - p));
            size_t len = (size_t)((newline ? newline : end) - p);
            if (len && find(c, &s, p, len, false, NULL)) {
                str_add_len(&out, p, len);
                str_add_char(&out, '\n');
            }
            p += len + 1;
        }
        v = nasl_data_str(c, &out);
    }
    search_done(&s);
    return v;
}

static bool put_span(struct nasl_call *c, struct nasl_value *list, int64_t at, const char *text,
                     const struct nasl_span *span)
{
    struct nasl_value piece = nasl_data(c, text + span->from, span->to - span->from);
    return piece.type == NASL_DATA && nasl_array_put(list, at, piece);
}

static void match_all(struct nasl_call *c, const struct search *s, struct nasl_value *list)
{
    struct nasl_span span[NASL_EREG_GROUPS];
    int64_t count = 0;
    for (size_t at = 0; at < s->len && count < MATCHES_MAX;) {
        if (nasl_vm_should_stop(c->vm) || !find(c, s, s->text + at, s->len - at, false, span))
            return;
        for (int i = 0; i < NASL_EREG_GROUPS && span[i].there; i++)
            if (!put_span(c, list, count++, s->text + at, &span[i]))
                return;
        at += span[0].to ? span[0].to : 1;
    }
}

static struct nasl_value do_eregmatch(struct nasl_call *c)
{
    struct search s;
    struct nasl_span span[NASL_EREG_GROUPS];
    struct nasl_value list = nasl_undef();
    if (search_begin(c, &s)) {
        if (nasl_arg_int(nasl_named(c, EXTRA), 0)) {
            list = nasl_array_new(nasl_call_heap(c));
            if (list.type == NASL_ARRAY)
                match_all(c, &s, &list);
        } else if (find(c, &s, s.text, s.len, false, span)) {
            list = nasl_array_new(nasl_call_heap(c));
            for (int i = 0; list.type == NASL_ARRAY && i < NASL_EREG_GROUPS; i++)
                if (span[i].there && !put_span(c, &list, i, s.text, &span[i]))
                    break;
        }
    }
    search_done(&s);
    return list;
}

/* \0 .. \9 stand for groups that took part; any other backslash for itself. */
static void add_replacement(struct str *out, const char *replace, const char *text,
                            const struct nasl_span span[NASL_EREG_GROUPS])
{
    for (const char *p = replace; *p; p++) {
        int group = p[0] == '\\' && p[1] >= '0' && p[1] <= '9' ? p[1] - '0' : -1;
        if (group >= 0 && span[group].there) {
            str_add_len(out, text + span[group].from, span[group].to - span[group].from);
            p++;
        } else {
            str_add_char(out, *p);
        }
    }
}

static void replace_all(struct nasl_call *c, const struct search *s, const char *replace,
                        struct str *out)
{
    struct nasl_span span[NASL_EREG_GROUPS];
    size_t at = 0;
    while (!nasl_vm_should_stop(c->vm) && find(c, s, s->text + at, s->len - at, at > 0, span)) {
        const char *text = s->text + at;
        str_add_len(out, text, span[0].from);
        add_replacement(out, replace, text, span);
        at += span[0].to;
        if (span[0].from == span[0].to) {
            if (at >= s->len)
                return;
            str_add_char(out, s->text[at++]);
        }
    }
    str_add_len(out, s->text + at, s->len - at);
}

static struct nasl_value do_ereg_replace(struct nasl_call *c)
{
    struct search s;
    struct str room = str_of(0);
    const char *replace = nasl_arg_text(nasl_named(c, REPLACE), &room, NULL);
    struct nasl_value v = nasl_undef();
    if (search_begin(c, &s) && replace) {
        struct str out = str_of(NASL_STRING_MAX);
        replace_all(c, &s, replace, &out);
        v = nasl_data_str(c, &out);
    } else {
        nasl_complain(c, "string, pattern and replace are needed");
    }
    search_done(&s);
    str_done(&room);
    return v;
}

static const struct nasl_builtin rows[] = {
    {"egrep", do_egrep, {"string", "pattern", "icase", "rnul"}, 0},
    {"ereg", do_ereg, {"string", "pattern", "icase", "rnul", "multiline"}, 0},
    {"ereg_replace", do_ereg_replace, {"string", "pattern", "icase", "rnul", "replace"}, 0},
    {"eregmatch", do_eregmatch, {"string", "pattern", "icase", "rnul", "find_all"}, 0},
};

const struct nasl_family nasl_family_regex = {"regex", rows, ARRAY_COUNT(rows)};
