/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recursive descent over the grammar of POSIX 9.5.3 with glibc's extensions, which writes the
 * same expression in PCRE2's language and keeps, for each part, the bytes it may begin with: where
 * two ways lie open at one place, the first that matches (PCRE2) need not be the longest (POSIX).
 */
#include "tool/nasl/ereg.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <string.h>

#include "core/base/mem.h"

enum {
    NESTING_MAX = 100,
    REPEAT_MAX = 32767, /* RE_DUP_MAX */
    LONGEST_SUBJECT_MAX =
        64 << 10, /* above it the first match will do: regexec(3) takes too long */
};

struct nasl_ereg {
    struct regex *first; /* finds where POSIX finds, and the same bytes unless `longest` is there */
    bool has_longest;
    regex_t longest;
    unsigned groups;
};

struct byte_set {
    uint64_t word[4];
};

/* What is known of a part. */
struct part {
    struct byte_set begin;
    bool may_be_empty;
    bool single;  /* one byte of a set */
    bool repeats; /* a number of times that is not fixed */
};

struct translator {
    const char *at, *end, *start;
    struct str *out;
    bool ambiguous;
    unsigned nesting, groups;
    const char *fault;
};

static struct part parse_choice(struct translator *t, struct byte_set *open);

static void fail(struct translator *t, const char *why)
{
    if (!t->fault)
        t->fault = why;
    t->end = t->at;
}

static void set_add(struct byte_set *s, unsigned char byte)
{
    s->word[byte >> 6] |= 1ULL << (byte & 63);
}

static void set_join(struct byte_set *s, const struct byte_set *other)
{
    for (int i = 0; i < 4; i++)
        s->word[i] |= other->word[i];
}

static bool set_meets(const struct byte_set *a, const struct byte_set *b)
{
    uint64_t common = 0;
    for (int i = 0; i < 4; i++)
        common |= a->word[i] & b->word[i];
    return common != 0;
}

static struct byte_set set_all(void)
{
    return (struct byte_set){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
}

/* Both cases: patterns are compiled both ways, and more ambiguity is the safe side. */
static void set_add_letter(struct byte_set *s, unsigned char byte)
{
    set_add(s, (unsigned char)tolower(byte));
    set_add(s, (unsigned char)toupper(byte));
}

static void write_literal(struct translator *t, unsigned char byte)
{
    if (isalnum(byte) || byte == '_')
        str_add_char(t->out, (char)byte);
    else
        str_addf(t->out, "\\x%02x", byte);
}

static struct part literal(struct translator *t, unsigned char byte)
{
    struct part p = {.single = true};
    set_add_letter(&p.begin, byte);
    write_literal(t, byte);
    return p;
}

static struct part assertion(struct translator *t, const char *text)
{
    str_add(t->out, text);
    return (struct part){.may_be_empty = true, .single = true};
}

static struct part any_of(struct translator *t, const char *text)
{
    str_add(t->out, text);
    return (struct part){.begin = set_all(), .single = true};
}

static struct part parse_escape(struct translator *t)
{
    if (++t->at >= t->end) {
        fail(t, "trailing backslash");
        return (struct part){0};
    }
    unsigned char c = (unsigned char)*t->at++;
    switch (c) {
    case '<':
        return assertion(t, "(?:\\b(?=\\w))");
    case '>':
        return assertion(t, "(?:\\b(?<=\\w))");
    case 'b':
        return assertion(t, "\\b");
    case 'B':
        return assertion(t, "\\B");
    case '`':
        return assertion(t, "\\A");
    case '\'':
        return assertion(t, "\\z");
    case 'w':
        return any_of(t, "\\w");
    case 'W':
        return any_of(t, "\\W");
    case 's':
        return any_of(t, "\\s");
    case 'S':
        return any_of(t, "\\S");
    default:
        break;
    }
    if (c >= '1' && c <= '9') {
        if ((unsigned)(c - '0') > t->groups)
            fail(t, "a reference to a group that is not there");
        t->ambiguous = true;
        str_addf(t->out, "(?:\\g{%c})", c);
        return (struct part){.begin = set_all(), .may_be_empty = true};
    }
    return literal(t, c);
}

static const struct {
    const char *name;
    int (*is)(int);
} classes[] = {
    {"alpha", isalpha}, {"digit", isdigit}, {"alnum", isalnum}, {"upper", isupper},
    {"lower", islower}, {"space", isspace}, {"blank", isblank}, {"punct", ispunct},
    {"print", isprint}, {"graph", isgraph}, {"cntrl", iscntrl}, {"xdigit", isxdigit},
};

/* "[:alpha:]" within a bracket. */
static void parse_class(struct translator *t, struct byte_set *set)
{
    const char *name = t->at + 2;
    const char *close = memmem(name, (size_t)(t->end - name), ":]", 2);
    size_t len = close ? (size_t)(close - name) : 0;
    for (size_t i = 0; close && i < ARRAY_COUNT(classes); i++) {
        if (strlen(classes[i].name) != len || memcmp(classes[i].name, name, len) != 0)
            continue;
        for (int c = 0; c < 128; c++)
            if (classes[i].is(c))
                set_add(set, (unsigned char)c);
        t->at = close + 2;
        return;
    }
    fail(t, "an unknown class of characters");
}

/* A member of a bracket: a byte, or "[.x.]" or "[=x=]".  -1: no such. */
static int parse_member(struct translator *t)
{
    if (t->end - t->at >= 5 && t->at[0] == '[' && (t->at[1] == '.' || t->at[1] == '=')) {
        if (t->at[3] != t->at[1] || t->at[4] != ']') {
            fail(t, "an unknown collating element");
            return -1;
        }
        t->at += 5;
        return (unsigned char)t->at[-3];
    }
    return (unsigned char)*t->at++;
}

static void write_set(struct translator *t, const struct byte_set *set, bool negated)
{
    bool any = false;
    str_add(t->out, negated ? "[^" : "[");
    for (int c = 1; c < 256; c++) {
        if (!(set->word[c >> 6] & 1ULL << (c & 63)))
            continue;
        int last = c;
        while (last < 255 && set->word[(last + 1) >> 6] & 1ULL << ((last + 1) & 63))
            last++;
        str_addf(t->out, last > c ? "\\x%02x-\\x%02x" : "\\x%02x", (unsigned)c, (unsigned)last);
        c = last;
        any = true;
    }
    if (!any) /* cannot come from a bracket, which has a member */
        str_add(t->out, "\\x00");
    str_add_char(t->out, ']');
}

static void parse_range(struct translator *t, struct byte_set *set)
{
    int first = parse_member(t), last = first;
    if (t->end - t->at >= 2 && t->at[0] == '-' && t->at[1] != ']') {
        t->at++;
        last = parse_member(t);
        if (last < first)
            fail(t, "a range that runs backwards");
    }
    for (int c = first; c >= 0 && c <= last; c++)
        set_add(set, (unsigned char)c);
}

static struct part parse_bracket(struct translator *t)
{
    struct part p = {.single = true};
    struct byte_set set = {{0}};
    bool negated = ++t->at < t->end && *t->at == '^', first = true;
    if (negated)
        t->at++;
    for (;; first = false) {
        if (t->at >= t->end) {
            fail(t, "unmatched [");
            return p;
        }
        if (*t->at == ']' && !first)
            break;
        if (t->end - t->at >= 2 && t->at[0] == '[' && t->at[1] == ':')
            parse_class(t, &set);
        else
            parse_range(t, &set);
    }
    t->at++;
    write_set(t, &set, negated);
    for (int c = 0; c < 256; c++)
        if (!(set.word[c >> 6] & 1ULL << (c & 63)) == negated)
            set_add_letter(&p.begin, (unsigned char)c);
    return p;
}

static struct part parse_group(struct translator *t, struct byte_set *open)
{
    t->at++;
    if (++t->nesting > NESTING_MAX)
        fail(t, "nested too deeply");
    str_add_char(t->out, '(');
    t->groups++;
    struct part p = parse_choice(t, open);
    if (t->at >= t->end || *t->at != ')')
        fail(t, "unmatched (");
    else
        t->at++;
    str_add_char(t->out, ')');
    t->nesting--;
    p.single = false;
    return p;
}

/* How often: false when `{` begins no interval. */
static bool parse_interval(struct translator *t, int *least, int *most)
{
    int *side = least;
    *least = 0;
    *most = -1;
    bool digits = false, comma = false;
    for (t->at++; t->at < t->end && *t->at != '}'; t->at++) {
        if (*t->at == ',' && !comma) {
            comma = true;
            side = most;
        } else if (isdigit((unsigned char)*t->at)) {
            *side = (*side < 0 ? 0 : *side) * 10 + (*t->at - '0');
            digits = true;
        } else {
            return false;
        }
        if (*side > REPEAT_MAX)
            return false;
    }
    if (t->at++ >= t->end || (!digits && !comma))
        return false;
    if (!comma)
        *most = *least;
    return *most < 0 || *least <= *most;
}

static bool is_repeat(char c)
{
    return c == '*' || c == '+' || c == '?' || c == '{';
}

/* What stands behind an atom that begins at out[from]: any number of repetitions. */
static void parse_repeats(struct translator *t, size_t from, struct part *p)
{
    for (bool again = false; t->at < t->end && is_repeat(*t->at); again = true) {
        int least = *t->at == '+', most = *t->at == '?' ? 1 : -1;
        if (*t->at == '{') {
            if (!parse_interval(t, &least, &most)) {
                fail(t, "a bad {interval}");
                return;
            }
        } else {
            t->at++;
        }
        if (again) { /* "a+?" repeats "a+"; PCRE2 reads it otherwise */
            struct str rest = str_of(0);
            str_add(&rest, str_text(t->out) + from);
            str_cut(t->out, from);
            str_addf(t->out, "(?:%s)", str_text(&rest));
            str_done(&rest);
        }
        if (most < 0)
            str_addf(t->out, "{%d,}", least);
        else
            str_addf(t->out, "{%d,%d}", least, most);
        p->may_be_empty = p->may_be_empty || least == 0;
        p->repeats = p->repeats || least != most;
    }
}

static struct part parse_atom(struct translator *t, struct byte_set *open)
{
    char c = *t->at;
    switch (c) {
    case '\\':
        return parse_escape(t);
    case '[':
        return parse_bracket(t);
    case '(':
        return parse_group(t, open);
    case '.':
        t->at++;
        return any_of(t, ".");
    case '^':
    case '$':
        t->at++;
        return assertion(t, c == '^' ? "^" : "$");
    default:
        if (is_repeat(c))
            fail(t, "a repetition of nothing");
        else
            t->at++;
        return literal(t, (unsigned char)c);
    }
}

/* A row of atoms.  `open` holds the bytes at which an earlier part may go on or stop. */
static struct part parse_row(struct translator *t, struct byte_set *open)
{
    struct part row = {.may_be_empty = true, .single = true};
    while (t->at < t->end && *t->at != '|' && !(*t->at == ')' && t->nesting)) {
        size_t from = t->out->len;
        char first = *t->at;
        struct byte_set before = *open;
        struct part p = parse_atom(t, open);
        if (first == '^' || first == '$') {
            if (t->at < t->end && is_repeat(*t->at))
                fail(t, "a repetition of nothing");
            continue;
        }
        p.repeats = false; /* within, it was looked at there; here the whole counts */
        parse_repeats(t, from, &p);
        if (p.repeats && !p.single && set_meets(&p.begin, &before))
            t->ambiguous = true;
        if (!p.may_be_empty && !set_meets(&p.begin, &before) && p.single)
            *open = (struct byte_set){{0}}; /* what came before ends here, there is no choice */
        if (p.repeats)
            set_join(open, &p.begin);
        if (row.may_be_empty)
            set_join(&row.begin, &p.begin);
        row.may_be_empty = row.may_be_empty && p.may_be_empty;
        row.single = false;
    }
    return row;
}

static struct part parse_choice(struct translator *t, struct byte_set *open)
{
    struct byte_set before = *open;
    struct part all = parse_row(t, open);
    bool empty = all.may_be_empty;
    while (t->at < t->end && *t->at == '|') {
        struct byte_set here = before;
        t->at++;
        str_add_char(t->out, '|');
        struct part p = parse_row(t, &here);
        /* two branches at one place, or one that may take nothing and hide the others */
        if (empty || p.may_be_empty || set_meets(&all.begin, &p.begin))
            t->ambiguous = true;
        empty = empty || p.may_be_empty;
        set_join(&all.begin, &p.begin);
        set_join(open, &here);
        all.may_be_empty = empty;
    }
    return all;
}

int nasl_ereg_translate(const char *pattern, size_t len, struct str *out, bool *out_ambiguous,
                        struct err *e)
{
    struct translator t = {.at = pattern, .start = pattern, .out = out};
    struct byte_set open = {{0}};
    t.end = pattern + strnlen(pattern, len);
    str_reset(out);
    while (t.at < t.end && !t.fault) {
        parse_choice(&t, &open);
        if (t.at < t.end && *t.at == ')') { /* without its "(" it is itself */
            t.at++;
            str_add(out, "\\x29");
        }
    }
    if (t.fault)
        return err_set(e, -EINVAL, "byte %zu: %s", (size_t)(t.at - pattern), t.fault);
    *out_ambiguous = t.ambiguous;
    return 0;
}

int nasl_ereg_compile(struct nasl_ereg **out, const char *pattern, size_t len, bool any_case,
                      struct err *e)
{
    struct str translated = str_of(1 << 20);
    struct nasl_ereg r = {0};
    bool ambiguous = false;
    unsigned flags = REGEX_DOTALL | REGEX_DOLLAR_ENDONLY | (any_case ? REGEX_CASELESS : 0u);
    int rc = nasl_ereg_translate(pattern, len, &translated, &ambiguous, e);
    if (rc == 0)
        rc = regex_compile(&r.first, str_text(&translated), translated.len, flags, e);
    str_done(&translated);
    if (rc < 0)
        return rc;
    r.groups = regex_group_count(r.first);
    if (ambiguous) {
        char *text = mem_zero(len + 1);
        memcpy(text, pattern, len);
        r.has_longest = regcomp(&r.longest, text, REG_EXTENDED | (any_case ? REG_ICASE : 0)) == 0;
        mem_free(text);
    }
    *out = mem_zero(sizeof **out);
    **out = r;
    return 0;
}

void nasl_ereg_free(struct nasl_ereg *r)
{
    if (!r)
        return;
    regex_free(r->first);
    if (r->has_longest)
        regfree(&r->longest);
    mem_free(r);
}

static bool find_longest(const struct nasl_ereg *r, const char *text, bool not_begin,
                         struct nasl_span span[NASL_EREG_GROUPS])
{
    regmatch_t found[NASL_EREG_GROUPS];
    if (regexec(&r->longest, text, NASL_EREG_GROUPS, found, not_begin ? REG_NOTBOL : 0) != 0)
        return false;
    for (int i = 0; i < NASL_EREG_GROUPS; i++)
        span[i] =
            (struct nasl_span){found[i].rm_so >= 0, (size_t)found[i].rm_so, (size_t)found[i].rm_eo};
    return true;
}

enum regex_verdict nasl_ereg_find(const struct nasl_ereg *r, struct regex_match *m,
                                  const char *text, size_t len, bool not_begin,
                                  struct nasl_span span[NASL_EREG_GROUPS])
{
    len = strnlen(text, len);
    /* a byte in front is what keeps ^ from matching; the caller's text goes on before `text` */
    const char *subject = not_begin ? text - 1 : text;
    enum regex_verdict verdict = regex_find(r->first, m, subject, len + not_begin, not_begin);
    if (verdict != REGEX_YES || !span)
        return verdict;
    if (r->has_longest && len <= LONGEST_SUBJECT_MAX && text[len] == '\0' &&
        find_longest(r, text, not_begin, span))
        return verdict;
    for (unsigned i = 0; i < NASL_EREG_GROUPS; i++) {
        span[i].there = i <= r->groups && regex_group(m, i, &span[i].from, &span[i].to);
        span[i].from -= span[i].there ? not_begin : 0;
        span[i].to -= span[i].there ? not_begin : 0;
    }
    return verdict;
}
