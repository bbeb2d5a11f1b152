/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One walk over the expression that writes as it reads; pattern_class.c does sets and escapes.
 * Python measures how long a part can get, for look-behind; so does this. */
#include "tool/ban/filter/pattern.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/text/utf8.h"
#include "tool/ban/filter/pattern_class.h"
#include "tool/ban/filter/pattern_private.h"

static const unsigned COUNT_MAX = 65535; /* of PCRE2 */

int pattern_fault(struct pattern_walk *w, const char *why)
{
    if (w->e->code == 0)
        err_set(w->e, -EINVAL, "at %zu: %s", (size_t)(w->at - w->start), why);
    return -EINVAL;
}

static bool take(struct pattern_walk *w, char c)
{
    if (w->at == w->end || *w->at != c)
        return false;
    w->at++;
    return true;
}

static bool take_text(struct pattern_walk *w, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(w->end - w->at) < n || memcmp(w->at, text, n) != 0)
        return false;
    w->at += n;
    return true;
}

static unsigned add_up(unsigned a, unsigned b)
{
    return a > PATTERN_WIDTH_MAX - b ? PATTERN_WIDTH_MAX : a + b;
}

static unsigned times(unsigned a, unsigned b)
{
    return a && b > PATTERN_WIDTH_MAX / a ? PATTERN_WIDTH_MAX : a * b;
}

/* ---- groups ---- */

static int parse_choices(struct pattern_walk *w, struct pattern_width *out);

/* An identifier up to `close`; NULL: it is none. */
static const char *take_name(struct pattern_walk *w, char close)
{
    const char *from = w->at;
    while (w->at < w->end && *w->at != close)
        w->at++;
    size_t len = (size_t)(w->at - from);
    bool good = w->at < w->end && len && !isdigit((unsigned char)from[0]);
    for (size_t i = 0; i < len; i++)
        good &= isalnum((unsigned char)from[i]) || from[i] == '_' || (from[i] & 0x80);
    if (!good)
        return NULL;
    w->at++;
    return arena_copy(w->arena, from, len);
}

static int find_name(const struct pattern_walk *w, const char *name)
{
    for (size_t i = 0; i < w->name_count; i++)
        if (strcmp(w->name[i].name, name) == 0)
            return (int)w->name[i].group;
    return -1;
}

static int open_group(struct pattern_walk *w, const char *name, unsigned *out_number)
{
    if (w->group_count == PATTERN_GROUPS_MAX)
        return pattern_fault(w, "too many groups");
    if (name && find_name(w, name) >= 0)
        return pattern_fault(w, "two groups of one name");
    *out_number = ++w->group_count;
    w->group[*out_number].is_open = true;
    if (name)
        w->name[w->name_count++] = (struct pattern_name){name, *out_number};
    return 0;
}

/* The inside of a group, whose opening is written, and its end.  Flags set inside end with it. */
static int parse_inside(struct pattern_walk *w, struct pattern_width *out)
{
    unsigned flags = w->flags;
    if (++w->depth > PATTERN_DEPTH_MAX)
        return pattern_fault(w, "groups lie too deep in one another");
    int rc = parse_choices(w, out);
    w->depth--;
    w->flags = flags;
    if (rc < 0)
        return rc;
    if (!take(w, ')'))
        return pattern_fault(w, "a parenthesis is not closed");
    str_add_char(&w->out, ')');
    return 0;
}

static int parse_capture(struct pattern_walk *w, const char *name, struct pattern_width *out)
{
    unsigned number;
    int rc = open_group(w, name, &number);
    if (rc < 0)
        return rc;
    str_add_char(&w->out, '(');
    rc = parse_inside(w, out);
    w->group[number].is_open = false;
    w->group[number].width = *out;
    return rc;
}

int pattern_refer(struct pattern_walk *w, unsigned number, struct pattern_width *out)
{
    if (number == 0 || number > w->group_count)
        return pattern_fault(w, "refers to a group that is not there");
    if (w->group[number].is_open)
        return pattern_fault(w, "refers to a group that is still open");
    str_addf(&w->out, "\\g{%u}", number);
    *out = w->group[number].width;
    out->lit = literal_unknown(&w->scratch);
    return 0;
}

static int parse_look(struct pattern_walk *w, const char *opening, bool behind,
                      struct pattern_width *out)
{
    struct pattern_width inside;
    str_add(&w->out, opening);
    int rc = parse_inside(w, &inside);
    if (rc == 0 && behind && inside.least != inside.most)
        return pattern_fault(w, "look-behind needs a fixed width");
    *out = (struct pattern_width){0, 0, literal_empty(&w->scratch)};
    return rc;
}

/* "(?(1)yes|no)"; behind "(?(". */
static int parse_condition(struct pattern_walk *w, struct pattern_width *out)
{
    int number = 0;
    if (w->at < w->end && isdigit((unsigned char)*w->at)) {
        while (w->at < w->end && isdigit((unsigned char)*w->at) && number < 1000)
            number = number * 10 + (*w->at++ - '0');
        if (!take(w, ')'))
            return pattern_fault(w, "bad group number");
    } else {
        const char *name = take_name(w, ')');
        number = name ? find_name(w, name) : -1;
    }
    if (number <= 0 || number > PATTERN_GROUPS_MAX)
        return pattern_fault(w, "a condition on an unknown group");
    if ((unsigned)number > w->condition_max)
        w->condition_max = (unsigned)number;
    str_addf(&w->out, "(?(%d)", number);
    unsigned before = w->choice_count;
    w->choice_count = 0;
    int rc = parse_inside(w, out);
    if (rc == 0 && w->last_choices > 2)
        return pattern_fault(w, "a condition has more than two choices");
    if (w->last_choices < 2)
        out->least = 0;
    if (rc == 0)
        out->lit = literal_unknown(&w->scratch);
    w->choice_count = before;
    return rc;
}

static unsigned flag_of(char c)
{
    static const char letters[] = "imsxau";
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? 1u << (at - letters) : 0;
}

static unsigned take_flags(struct pattern_walk *w)
{
    unsigned flags = 0, flag;
    while (w->at < w->end && (flag = flag_of(*w->at))) {
        flags |= flag;
        w->at++;
    }
    return flags;
}

static void write_flags(struct pattern_walk *w, unsigned flags)
{
    static const char letters[] = "ims";
    for (unsigned i = 0; letters[i]; i++)
        if (flags & (1u << i))
            str_add_char(&w->out, letters[i]);
}

/* "(?i)" at the start, "(?i-s:...)" anywhere; behind "(?". */
static int parse_flags(struct pattern_walk *w, bool is_first, struct pattern_width *out)
{
    bool minus = w->at < w->end && *w->at == '-';
    unsigned on = minus ? 0 : take_flags(w), off = 0;
    if (!on && !minus)
        return pattern_fault(w, "unknown extension");
    if ((on & PATTERN_ASCII) && (on & PATTERN_UNICODE))
        return pattern_fault(w, "the flags a and u exclude one another");
    *out = (struct pattern_width){0, 0, literal_empty(&w->scratch)};
    if (!minus && take(w, ')')) {
        if (!is_first)
            return pattern_fault(w, "global flags not at the start");
        w->flags |= on;
        str_add(&w->out, "(?");
        write_flags(w, on);
        str_add_char(&w->out, ')');
        w->is_flag = true;
        return 0;
    }
    if (take(w, '-')) {
        off = take_flags(w);
        if (!off || (off & (PATTERN_ASCII | PATTERN_UNICODE)) || (on & off))
            return pattern_fault(w, "bad flags");
    }
    if (!take(w, ':'))
        return pattern_fault(w, "unknown flag");
    str_add(&w->out, "(?");
    write_flags(w, on);
    if (off & (PATTERN_CASELESS | PATTERN_MULTILINE | PATTERN_DOTALL)) {
        str_add_char(&w->out, '-');
        write_flags(w, off);
    }
    str_add_char(&w->out, ':');
    unsigned before = w->flags;
    w->flags = ((w->flags | on) & ~off) & ~(on & PATTERN_UNICODE ? PATTERN_ASCII : 0u);
    int rc = parse_inside(w, out);
    w->flags = before;
    return rc;
}

static int skip_comment(struct pattern_walk *w)
{
    const char *close = memchr(w->at, ')', (size_t)(w->end - w->at));
    if (!close)
        return pattern_fault(w, "a comment is not closed");
    w->at = close + 1;
    w->is_flag = true; /* nothing was written: what is repeated is what stood before */
    return 0;
}

static int parse_named(struct pattern_walk *w, struct pattern_width *out)
{
    bool is_reference = take(w, '=');
    if (!is_reference && !take(w, '<'))
        return pattern_fault(w, "unknown extension ?P");
    const char *name = take_name(w, is_reference ? ')' : '>');
    if (!name)
        return pattern_fault(w, "bad name of a group");
    if (!is_reference)
        return parse_capture(w, name, out);
    int number = find_name(w, name);
    return number < 0 ? pattern_fault(w, "refers to an unknown name")
                      : pattern_refer(w, (unsigned)number, out);
}

/* Behind a '('. */
static int parse_group(struct pattern_walk *w, bool is_first, struct pattern_width *out)
{
    if (!take(w, '?'))
        return parse_capture(w, NULL, out);
    if (take(w, 'P'))
        return parse_named(w, out);
    if (take(w, '#'))
        return skip_comment(w);
    if (take(w, '('))
        return parse_condition(w, out);
    if (take(w, '='))
        return parse_look(w, "(?=", false, out);
    if (take(w, '!'))
        return parse_look(w, "(?!", false, out);
    if (take_text(w, "<="))
        return parse_look(w, "(?<=", true, out);
    if (take_text(w, "<!"))
        return parse_look(w, "(?<!", true, out);
    if (take(w, ':')) {
        str_add(&w->out, "(?:");
        return parse_inside(w, out);
    }
    if (take(w, '>')) {
        str_add(&w->out, "(?>");
        return parse_inside(w, out);
    }
    return parse_flags(w, is_first, out);
}

/* ---- repetition ---- */

/* "{n}", "{n,}", "{,m}", "{n,m}"; false: the brace is literal, nothing was taken. */
static bool take_count(struct pattern_walk *w, unsigned *out_least, unsigned *out_most)
{
    unsigned value[2] = {0, PATTERN_WIDTH_MAX}, part = 0;
    bool has[2] = {false, false};
    for (const char *at = w->at + 1; at < w->end; at++) {
        if (isdigit((unsigned char)*at)) {
            unsigned before = has[part] ? value[part] : 0;
            value[part] = before > COUNT_MAX ? before : before * 10 + (unsigned)(*at - '0');
            has[part] = true;
        } else if (*at == ',' && part == 0) {
            part = 1;
        } else if (*at == '}' && (part == 1 || has[0])) {
            w->at = at + 1;
            *out_least = value[0];
            *out_most = part == 0 ? value[0] : value[1];
            return true;
        } else {
            return false;
        }
    }
    return false;
}

static int parse_repeat(struct pattern_walk *w, bool repeatable, bool repeated,
                        struct pattern_width *width, bool *out_is_repeat)
{
    unsigned least = 0, most = PATTERN_WIDTH_MAX;
    char c = w->at < w->end ? *w->at : '\0';
    *out_is_repeat = false;
    if (c == '{') {
        if (!take_count(w, &least, &most))
            return 0;
    } else if (c == '*' || c == '+' || c == '?') {
        w->at++;
        least = c == '+';
        most = c == '?' ? 1 : most;
    } else {
        return 0;
    }
    *out_is_repeat = true;
    if (!repeatable)
        return pattern_fault(w, "nothing to repeat");
    if (repeated)
        return pattern_fault(w, "repeats what is repeated already");
    if (least > most || least > COUNT_MAX || (most > COUNT_MAX && most != PATTERN_WIDTH_MAX))
        return pattern_fault(w, "bad count");
    if (c != '{')
        str_add_char(&w->out, c);
    else if (most == PATTERN_WIDTH_MAX)
        str_addf(&w->out, "{%u,}", least);
    else
        str_addf(&w->out, "{%u,%u}", least, most);
    if (w->at < w->end && (*w->at == '?' || *w->at == '+'))
        str_add_char(&w->out, *w->at++);
    width->lit = literal_repeat(&w->scratch, width->lit, least, most);
    width->least = times(width->least, least);
    width->most = times(width->most, most);
    return 0;
}

/* ---- sequences ---- */

static bool skip_verbose(struct pattern_walk *w)
{
    if (!(w->flags & PATTERN_VERBOSE))
        return false;
    if (isspace((unsigned char)*w->at)) {
        w->at++;
        return true;
    }
    if (*w->at != '#')
        return false;
    while (w->at < w->end && *w->at != '\n')
        w->at++;
    return true;
}

static void write_literal(struct pattern_walk *w, struct pattern_width *out)
{
    uint32_t code;
    size_t n = utf8_decode(w->at, (size_t)(w->end - w->at), &code);
    pattern_write_code(w, n ? code : (uint8_t)*w->at);
    out->lit = literal_text(&w->scratch, w->at, n ? n : 1);
    w->at += n ? n : 1;
}

/* One thing that may be repeated; *out_repeatable: not an anchor. */
static int parse_atom(struct pattern_walk *w, bool is_first, struct pattern_width *out,
                      bool *out_repeatable)
{
    *out = (struct pattern_width){1, 1, NULL};
    *out_repeatable = true;
    switch (*w->at) {
    case '(':
        w->at++;
        return parse_group(w, is_first, out);
    case '[':
        w->at++;
        return pattern_parse_set(w, out);
    case '\\':
        w->at++;
        return pattern_parse_escape(w, out, out_repeatable);
    case '^':
    case '$':
        *out = (struct pattern_width){0, 0, literal_empty(&w->scratch)};
        *out_repeatable = false;
        str_add_char(&w->out, *w->at++);
        return 0;
    case '.':
        str_add_char(&w->out, *w->at++);
        out->lit = literal_unknown(&w->scratch);
        return 0;
    default:
        write_literal(w, out);
        return 0;
    }
}

static int parse_sequence(struct pattern_walk *w, struct pattern_width *out)
{
    struct pattern_width sum = {0, 0, NULL}, last = {0, 0, NULL};
    bool repeatable = false, repeated = false;
    while (w->at < w->end && *w->at != '|' && *w->at != ')') {
        bool is_repeat, is_first = w->depth == 0 && w->choice_count == 0 && !w->has_item;
        if (skip_verbose(w))
            continue;
        int rc = parse_repeat(w, repeatable, repeated, &last, &is_repeat);
        if (rc < 0)
            return rc;
        if (is_repeat) {
            repeated = true;
            continue;
        }
        struct pattern_width before = last;
        bool could = repeatable;
        w->is_flag = false;
        rc = parse_atom(w, is_first, &last, &repeatable);
        if (rc < 0)
            return rc;
        if (w->is_flag) { /* a comment or a flag: no item */
            w->is_flag = false;
            last = before;
            repeatable = could;
            continue;
        }
        sum.least = add_up(sum.least, before.least);
        sum.most = add_up(sum.most, before.most);
        if (before.lit)
            sum.lit = literal_join(&w->scratch, sum.lit, before.lit);
        repeated = false;
        w->has_item = true;
    }
    out->least = add_up(sum.least, last.least);
    out->most = add_up(sum.most, last.most);
    out->lit = literal_join(&w->scratch, sum.lit, last.lit ? last.lit : literal_empty(&w->scratch));
    return w->out.full ? pattern_fault(w, "too long") : 0;
}

static int parse_choices(struct pattern_walk *w, struct pattern_width *out)
{
    unsigned count = 0, outer = w->choice_count;
    struct pattern_width all = {PATTERN_WIDTH_MAX, 0, NULL}, one;
    w->choice_count = 0;
    do {
        if (count)
            str_add_char(&w->out, '|');
        w->choice_count = count++;
        int rc = parse_sequence(w, &one);
        if (rc < 0)
            return rc;
        all.least = one.least < all.least ? one.least : all.least;
        all.most = one.most > all.most ? one.most : all.most;
        all.lit = all.lit ? literal_either(&w->scratch, all.lit, one.lit) : one.lit;
    } while (take(w, '|'));
    w->last_choices = count;
    w->choice_count = outer;
    *out = all;
    return 0;
}

/* Of an expression with (?s), (?m) and the like the same holds: flags make no text needless. */
static void keep_needed(struct pattern_walk *w, struct literal_part *whole, struct literal_set *out)
{
    const struct literal_set *best = literal_end(whole);
    out->count = best->count;
    for (unsigned i = 0; i < best->count; i++)
        out->text[i] = arena_text(w->arena, best->text[i]);
}

int pattern_translate(struct pattern *out, const char *python, size_t len, struct arena *arena,
                      struct err *e)
{
    if (len > PATTERN_BYTES_MAX)
        return err_set(e, -EINVAL, "over %d bytes", PATTERN_BYTES_MAX);
    struct pattern_walk *w = arena_take(arena, sizeof *w);
    *w = (struct pattern_walk){.at = python,
                               .start = python,
                               .end = python + len,
                               .arena = arena,
                               .out = str_of(2 * PATTERN_BYTES_MAX - 1),
                               .e = e};
    struct pattern_width width;
    int rc = parse_choices(w, &width);
    if (rc == 0 && w->at < w->end)
        rc = pattern_fault(w, "a parenthesis too many");
    if (rc == 0 && w->condition_max > w->group_count)
        rc = pattern_fault(w, "a condition on an unknown group");
    if (rc == 0)
        *out = (struct pattern){.text = arena_copy(arena, str_text(&w->out), w->out.len),
                                .len = w->out.len,
                                .group_count = w->group_count,
                                .name = w->name,
                                .name_count = w->name_count};
    if (rc == 0)
        keep_needed(w, width.lit, &out->needed);
    arena_done(&w->scratch);
    str_done(&w->out);
    return rc;
}

int pattern_group(const struct pattern *p, const char *name)
{
    for (size_t i = 0; i < p->name_count; i++)
        if (strcmp(p->name[i].name, name) == 0)
            return (int)p->name[i].group;
    return -1;
}
