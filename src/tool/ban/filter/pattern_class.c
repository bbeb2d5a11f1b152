/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/pattern_class.h"

#include <ctype.h>
#include <string.h>

#include "core/text/utf8.h"

static size_t encode(uint32_t code, char to[4])
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    to[0] = (char)(lead[n] | code);
    return n;
}

void pattern_write_code(struct pattern_walk *w, uint32_t code)
{
    char bytes[4];
    size_t n = encode(code, bytes);
    if (n > 1) /* for matching bytes, so that a count behind it means the whole character */
        str_addf(&w->out, "(?:%.*s)", (int)n, bytes);
    else if (isalnum((int)code) || code == '_' || code == ' ' || code == '\n')
        str_add_char(&w->out, (char)code);
    else if (code < 0x20 || code == 0x7f)
        str_addf(&w->out, "\\x%02x", code);
    else
        str_addf(&w->out, "\\%c", (int)code);
}

static void write_in_set(struct pattern_walk *w, uint32_t code)
{
    char bytes[4];
    size_t n = encode(code, bytes);
    if (n > 1)
        str_add_len(&w->out, bytes, n);
    else if (isalnum((int)code) || code == '_' || code == ' ')
        str_add_char(&w->out, (char)code);
    else
        str_addf(&w->out, "\\x%02x", code);
}

/* ---- numbers in escapes ---- */

static int hex_code(struct pattern_walk *w, unsigned digits, uint32_t *out)
{
    uint32_t code = 0;
    for (unsigned i = 0; i < digits; i++, w->at++) {
        if (w->at == w->end || !isxdigit((unsigned char)*w->at))
            return pattern_fault(w, "incomplete escape");
        char c = *w->at;
        code = code << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return pattern_fault(w, "no such character");
    *out = code;
    return 0;
}

static uint32_t octal_code(struct pattern_walk *w, unsigned digits)
{
    uint32_t code = 0;
    for (unsigned i = 0; i < digits && w->at < w->end && *w->at >= '0' && *w->at <= '7'; i++)
        code = code * 8 + (uint32_t)(*w->at++ - '0');
    return code;
}

/* The escapes that stand for one character, in and out of sets.  1: *out is it, 0: it is none of
 * these, nothing was taken. */
static int simple_escape(struct pattern_walk *w, uint32_t *out)
{
    static const char letters[] = "afnrtv\\", codes[] = "\a\f\n\r\t\v\\";
    char c = *w->at;
    const char *at = c ? strchr(letters, c) : NULL;
    if (at) {
        w->at++;
        *out = (uint8_t)codes[at - letters];
        return 1;
    }
    if (c == 'x' || c == 'u' || c == 'U') {
        w->at++;
        int rc = hex_code(w, c == 'x' ? 2 : c == 'u' ? 4 : 8, out);
        return rc < 0 ? rc : 1;
    }
    if (isalnum((unsigned char)c))
        return 0;
    size_t n = utf8_decode(w->at, (size_t)(w->end - w->at), out);
    if (!n)
        *out = (uint8_t)c;
    w->at += n ? n : 1;
    return 1;
}

/* ---- classes ---- */

/* What goes into a set for \d, \s, \w; under (?a) spelt out. */
static const char *class_text(bool ascii, char c)
{
    switch (c) {
    case 'd':
        return ascii ? "0-9" : "\\d";
    case 'w':
        return ascii ? "0-9A-Z_a-z" : "\\w";
    case 's':
        return ascii ? " \\t-\\r" : "\\s\\x1c-\\x1f";
    default:
        return NULL;
    }
}

static int write_class(struct pattern_walk *w, char c, bool in_set)
{
    bool ascii = w->flags & PATTERN_ASCII, negated = isupper((unsigned char)c);
    const char *text = class_text(ascii, (char)tolower((unsigned char)c));
    if (in_set && negated) {
        if (ascii)
            return pattern_fault(w, "a negated class in a set, under (?a)");
        str_addf(&w->out, "\\%c", c);
    } else if (in_set) {
        str_add(&w->out, text);
    } else if (!ascii && (c == 'd' || c == 'D' || c == 'w' || c == 'W')) {
        str_addf(&w->out, "\\%c", c);
    } else {
        str_addf(&w->out, "[%s%s]", negated ? "^" : "", text);
    }
    return 0;
}

static void write_boundary(struct pattern_walk *w, bool is_edge)
{
    static const char word[] = "[0-9A-Z_a-z]";
    if (!(w->flags & PATTERN_ASCII))
        str_addf(&w->out, "\\%c", is_edge ? 'b' : 'B');
    else
        str_addf(&w->out, "(?:(?<=%s)(?%s%s)|(?<!%s)(?%s%s))", word, is_edge ? "!" : "=", word,
                 word, is_edge ? "=" : "!", word);
}

/* ---- escapes outside of sets ---- */

static void write_known(struct pattern_walk *w, uint32_t code, struct pattern_width *out)
{
    char bytes[4];
    pattern_write_code(w, code);
    out->lit = literal_text(&w->scratch, bytes, encode(code, bytes));
}

/* "\0", "\12", "\123": octal, or a reference to a group. */
static int parse_number(struct pattern_walk *w, struct pattern_width *out)
{
    const char *at = w->at;
    size_t left = (size_t)(w->end - at);
    bool octal = at[0] == '0' || (left >= 3 && at[0] <= '3' && at[1] >= '0' && at[1] <= '7' &&
                                  at[2] >= '0' && at[2] <= '7');
    if (octal) {
        write_known(w, octal_code(w, 3), out);
        return 0;
    }
    if (left >= 3 && at[0] <= '7' && at[1] >= '0' && at[1] <= '7' && at[2] >= '0' && at[2] <= '7')
        return pattern_fault(w, "octal escape above 0377");
    unsigned number = (unsigned)(*w->at++ - '0');
    if (w->at < w->end && isdigit((unsigned char)*w->at))
        number = number * 10 + (unsigned)(*w->at++ - '0');
    return pattern_refer(w, number, out);
}

int pattern_parse_escape(struct pattern_walk *w, struct pattern_width *out, bool *out_repeatable)
{
    if (w->at == w->end)
        return pattern_fault(w, "a backslash at the end");
    char c = *w->at;
    uint32_t code;
    if (isdigit((unsigned char)c))
        return parse_number(w, out);
    int rc = simple_escape(w, &code);
    if (rc < 0)
        return rc;
    if (rc > 0) {
        write_known(w, code, out);
        return 0;
    }
    w->at++;
    out->lit = literal_unknown(&w->scratch);
    if (strchr("dDsSwW", c))
        return write_class(w, c, false);
    *out = (struct pattern_width){0, 0, literal_empty(&w->scratch)};
    *out_repeatable = false;
    if (c == 'b' || c == 'B')
        write_boundary(w, c == 'b');
    else if (c == 'A' || c == 'Z')
        str_add(&w->out, c == 'A' ? "\\A" : "\\z");
    else
        return pattern_fault(w, "bad escape");
    return 0;
}

/* ---- sets ---- */

/* One member; *out_class: it is a class, which is written, and no end of a range. */
static int set_member(struct pattern_walk *w, uint32_t *out, bool *out_class)
{
    *out_class = false;
    if (w->at == w->end)
        return pattern_fault(w, "a set is not closed");
    if (*w->at != '\\') {
        size_t n = utf8_decode(w->at, (size_t)(w->end - w->at), out);
        if (!n)
            *out = (uint8_t)*w->at;
        w->at += n ? n : 1;
        return 0;
    }
    if (++w->at == w->end)
        return pattern_fault(w, "a backslash at the end");
    char c = *w->at;
    if (c >= '0' && c <= '7') {
        *out = octal_code(w, 3);
        return *out > 0377 ? pattern_fault(w, "octal escape above 0377") : 0;
    }
    int rc = simple_escape(w, out);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    w->at++;
    if (c == 'b') {
        *out = '\b';
        return 0;
    }
    if (!strchr("dDsSwW", c))
        return pattern_fault(w, "bad escape in a set");
    *out_class = true;
    return write_class(w, c, true);
}

static int set_range(struct pattern_walk *w, uint32_t from, bool from_class)
{
    uint32_t to;
    bool to_class;
    int rc = set_member(w, &to, &to_class);
    if (rc < 0)
        return rc;
    if (from_class || to_class || from > to)
        return pattern_fault(w, "bad range in a set");
    write_in_set(w, from);
    str_add_char(&w->out, '-');
    write_in_set(w, to);
    return 0;
}

/* The few characters of a small set; a range or a class makes it a large one. */
struct members {
    uint32_t code[4];
    unsigned count;
    bool is_large;
};

static void note_member(struct members *m, uint32_t code)
{
    if (m->count < 4)
        m->code[m->count++] = code;
    else
        m->is_large = true;
}

int pattern_parse_set(struct pattern_walk *w, struct pattern_width *out)
{
    struct members m = {.count = 0};
    str_add_char(&w->out, '[');
    if (w->at < w->end && *w->at == '^') {
        str_add_char(&w->out, *w->at++);
        m.is_large = true;
    }
    for (bool is_first = true;; is_first = false) {
        uint32_t code;
        bool is_class;
        if (w->at < w->end && *w->at == ']' && !is_first)
            break;
        int rc = set_member(w, &code, &is_class);
        if (rc < 0)
            return rc;
        bool is_range = w->end - w->at >= 2 && w->at[0] == '-' && w->at[1] != ']';
        if (is_range) {
            w->at++;
            rc = set_range(w, code, is_class);
            if (rc < 0)
                return rc;
        } else if (!is_class) {
            write_in_set(w, code);
            note_member(&m, code);
        }
        m.is_large |= is_range || is_class;
        if (w->at == w->end)
            return pattern_fault(w, "a set is not closed");
    }
    w->at++;
    str_add_char(&w->out, ']');
    out->lit =
        m.is_large ? literal_unknown(&w->scratch) : literal_choice(&w->scratch, m.code, m.count);
    return 0;
}
