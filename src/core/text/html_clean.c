/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader of tag soup and a writer of clean markup.  The reader follows browsers where it matters:
 * what they would take for a tag is taken for one here, however it is written. */
#include "core/text/html_clean.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/text/html_entity.h"
#include "core/text/url.h"
#include "core/text/utf8.h"

enum { NAME_MAX_BYTES = 24, REFERENCE_MAX = 32, ATTRS_MAX = 64 };

/* Sorted. */
static const char *const elements[] = {
    "a",    "abbr",     "acronym",    "address",    "article", "aside",  "b",       "bdi",
    "bdo",  "big",      "blockquote", "br",         "caption", "center", "cite",    "code",
    "col",  "colgroup", "dd",         "del",        "details", "dfn",    "dir",     "div",
    "dl",   "dt",       "em",         "figcaption", "figure",  "footer", "h1",      "h2",
    "h3",   "h4",       "h5",         "h6",         "header",  "hr",     "i",       "img",
    "ins",  "kbd",      "li",         "mark",       "nav",     "ol",     "p",       "pre",
    "q",    "rp",       "rt",         "ruby",       "s",       "samp",   "section", "small",
    "span", "strike",   "strong",     "sub",        "summary", "sup",    "table",   "tbody",
    "td",   "tfoot",    "th",         "thead",      "time",    "tr",     "tt",      "u",
    "ul",   "var",      "wbr",
};

static const char *const voids[] = {"br", "col", "hr", "img", "wbr"};

/* Elements whose content goes with them: it is no text for readers. */
static const char *const swallowed[] = {
    "applet", "embed",  "frameset", "iframe", "math",     "noembed",  "noframes", "noscript",
    "object", "script", "style",    "svg",    "template", "textarea", "title",    "xmp"};

static const char *const attributes[] = {
    "abbr",     "align", "alt",     "border", "cellpadding", "cellspacing", "cite",     "colspan",
    "datetime", "dir",   "headers", "height", "href",        "lang",        "reversed", "rowspan",
    "scope",    "span",  "src",     "start",  "summary",     "title",       "valign",   "width",
};

static const char *const addresses[] = {"cite", "href", "src"};

static const char *const schemes[] = {"ftp",  "http", "https", "irc", "mailto",
                                      "news", "nntp", "tel",   "urn"};

static bool is_in(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}
#define IS_IN(list, name) is_in(list, ARRAY_COUNT(list), name)

struct cleaning {
    const char *at, *end;
    const char *base;
    struct str *out;
    const char *open[HTML_CLEAN_DEPTH_MAX]; /* names out of `elements` */
    size_t depth;
};

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* ---- references ---- */

/* The length of the reference at `at`, with its semicolon, and its code point; 0: it is none. */
static size_t reference(const char *at, const char *end, uint32_t *out)
{
    size_t most = (size_t)(end - at) < REFERENCE_MAX ? (size_t)(end - at) : REFERENCE_MAX;
    const char *semicolon = most ? memchr(at, ';', most) : NULL;
    if (!semicolon || *at != '&')
        return 0;
    const char *name = at + 1;
    size_t len = (size_t)(semicolon - name);
    static const struct {
        const char *name;
        char c;
    } five[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < ARRAY_COUNT(five); i++)
        if (strlen(five[i].name) == len && memcmp(five[i].name, name, len) == 0) {
            *out = (uint32_t)five[i].c;
            return len + 2;
        }
    if (len > 1 && *name == '#') {
        bool hex = (name[1] | 0x20) == 'x';
        const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
        if (strspn(name + 1 + hex, digits) != len - 1 - hex || len == 1u + hex)
            return 0;
        unsigned long code = strtoul(name + 1 + hex, NULL, hex ? 16 : 10);
        *out = code > 0 && code <= 0x10ffff ? (uint32_t)code : 0xfffd;
        return len + 2;
    }
    *out = html_entity(name, len);
    return *out ? len + 2 : 0;
}

static void add_text(struct str *out, const char *at, const char *end)
{
    uint32_t code;
    while (at < end) {
        size_t plain = 0;
        while (at + plain < end && at[plain] != '&' && at[plain] != '<')
            plain++;
        str_add_len(out, at, plain);
        at += plain;
        if (at == end)
            return;
        size_t len = reference(at, end, &code);
        if (len && html_windows(code) != code) /* a control that nobody meant */
            str_addf(out, "&#x%x;", html_windows(code));
        else if (len)
            str_add_len(out, at, len);
        else
            str_add(out, *at == '&' ? "&amp;" : "&lt;");
        at += len ? len : 1;
    }
}

/* ---- attributes ---- */

struct attr {
    char name[NAME_MAX_BYTES];
    const char *value;
    size_t len;
};

static void decode(const char *at, size_t len, struct str *out)
{
    char bytes[UTF8_LEN_MAX];
    uint32_t code;
    for (const char *end = at + len; at < end;) {
        size_t n = reference(at, end, &code);
        if (n)
            str_add_len(out, bytes,
                        utf8_encode(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, bytes));
        else
            str_add_char(out, *at);
        at += n ? n : 1;
    }
}

/* Browsers take blanks and controls out of a scheme, so they are not looked at here either. */
static bool is_harmless_address(const char *value)
{
    char scheme[NAME_MAX_BYTES];
    size_t n = 0;
    for (; *value && !strchr("/?#", *value); value++) {
        if (*value == ':') {
            scheme[n] = '\0';
            return IS_IN(schemes, scheme);
        }
        if ((unsigned char)*value <= ' ' || *value == 0x7f)
            continue;
        if (n == sizeof scheme - 1)
            return false;
        scheme[n++] = is_letter(*value) ? (char)(*value | 0x20) : *value;
    }
    return true;
}

static void trim_address(struct str *value)
{
    size_t from = 0, to = value->len, n = 0;
    while (from < to && (unsigned char)value->text[from] <= ' ')
        from++;
    while (to > from && (unsigned char)value->text[to - 1] <= ' ')
        to--;
    for (; from < to; from++)
        if ((unsigned char)value->text[from] >= ' ')
            value->text[n++] = value->text[from];
    str_cut(value, n);
}

static void add_value(struct str *out, const char *value)
{
    for (; *value; value++)
        if (*value == '"')
            str_add(out, "&quot;");
        else if (*value == '<')
            str_add(out, "&lt;");
        else if (*value == '&')
            str_add(out, "&amp;");
        else
            str_add_char(out, *value);
}

static void add_attr(struct cleaning *c, const struct attr *a)
{
    struct str value = str_of(0), whole = str_of(0);
    bool address = IS_IN(addresses, a->name);
    decode(a->value, a->len, &value);
    if (address && value.len) {
        trim_address(&value);
        url_resolve(c->base, str_text(&value), &whole);
    }
    const char *text = address ? str_text(&whole) : str_text(&value);
    if (IS_IN(attributes, a->name) && (!address || is_harmless_address(text))) {
        str_addf(c->out, " %s=\"", a->name);
        add_value(c->out, text);
        str_add_char(c->out, '"');
    }
    str_done(&value);
    str_done(&whole);
}

/* The next attribute up to '>'; false: none is left. */
static bool next_attr(struct cleaning *c, struct attr *a)
{
    while (c->at < c->end && (is_blank(*c->at) || *c->at == '/' || *c->at == '"' || *c->at == '\''))
        c->at++;
    if (c->at >= c->end || *c->at == '>')
        return false;
    size_t n = 0;
    *a = (struct attr){.value = ""};
    while (c->at < c->end && !is_blank(*c->at) && !strchr("=>/\"'", *c->at)) {
        if (n < sizeof a->name - 1)
            a->name[n++] = is_letter(*c->at) ? (char)(*c->at | 0x20) : *c->at;
        c->at++;
    }
    while (c->at < c->end && is_blank(*c->at))
        c->at++;
    if (c->at >= c->end || *c->at != '=') {
        c->at += n == 0 && c->at < c->end && *c->at != '>';
        return true;
    }
    for (c->at++; c->at < c->end && is_blank(*c->at);)
        c->at++;
    if (c->at < c->end && (*c->at == '"' || *c->at == '\'')) {
        const char *close = memchr(c->at + 1, *c->at, (size_t)(c->end - c->at) - 1);
        a->value = c->at + 1;
        a->len = (size_t)((close ? close : c->end) - a->value);
        c->at = close ? close + 1 : c->end;
        return true;
    }
    a->value = c->at;
    while (c->at < c->end && !is_blank(*c->at) && *c->at != '>')
        c->at++;
    a->len = (size_t)(c->at - a->value);
    return true;
}

/* ---- tags ---- */

static void take_name(struct cleaning *c, char name[NAME_MAX_BYTES])
{
    size_t n = 0;
    while (c->at < c->end && !is_blank(*c->at) && *c->at != '>' && *c->at != '/') {
        if (n < NAME_MAX_BYTES - 1)
            name[n++] = is_letter(*c->at) ? (char)(*c->at | 0x20) : *c->at;
        c->at++;
    }
    name[n] = '\0';
}

static void skip_to_end_of_tag(struct cleaning *c)
{
    struct attr a;
    while (next_attr(c, &a))
        ;
    c->at += c->at < c->end;
}

/* Past the closing tag of what is swallowed with its content. */
static void swallow(struct cleaning *c, const char *name)
{
    size_t len = strlen(name);
    skip_to_end_of_tag(c);
    while (c->at < c->end) {
        const char *tag = memchr(c->at, '<', (size_t)(c->end - c->at));
        if (!tag) {
            c->at = c->end;
            return;
        }
        c->at = tag + 1;
        if ((size_t)(c->end - tag) > len + 2 && tag[1] == '/' &&
            strncasecmp(tag + 2, name, len) == 0 && !is_letter(tag[2 + len])) {
            skip_to_end_of_tag(c);
            return;
        }
    }
}

static const char *known_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(elements); i++)
        if (strcmp(elements[i], name) == 0)
            return elements[i];
    return NULL;
}

static void take_start(struct cleaning *c)
{
    char name[NAME_MAX_BYTES];
    struct attr a;
    take_name(c, name);
    const char *known = known_name(name);
    if (IS_IN(swallowed, name)) {
        swallow(c, name);
        return;
    }
    if (!known || c->depth == HTML_CLEAN_DEPTH_MAX) {
        skip_to_end_of_tag(c);
        return;
    }
    str_addf(c->out, "<%s", known);
    for (size_t i = 0; next_attr(c, &a);)
        if (i++ < ATTRS_MAX)
            add_attr(c, &a);
    c->at += c->at < c->end;
    if (IS_IN(voids, known)) {
        str_add(c->out, " />");
    } else {
        str_add_char(c->out, '>');
        c->open[c->depth++] = known;
    }
}

/* Close the innermost open element of that name, and what is open inside it. */
static void take_end(struct cleaning *c)
{
    char name[NAME_MAX_BYTES];
    take_name(c, name);
    skip_to_end_of_tag(c);
    size_t at = c->depth;
    while (at > 0 && strcmp(c->open[at - 1], name) != 0)
        at--;
    while (at > 0 && c->depth >= at)
        str_addf(c->out, "</%s>", c->open[--c->depth]);
}

static void skip_declaration(struct cleaning *c)
{
    bool comment = c->end - c->at >= 4 && memcmp(c->at, "<!--", 4) == 0;
    const char *stop = comment ? memmem(c->at + 2, (size_t)(c->end - c->at) - 2, "-->", 3) : NULL;
    size_t len = stop ? 3 : 1;
    if (!stop)
        stop = memchr(c->at, '>', (size_t)(c->end - c->at));
    c->at = stop ? stop + len : c->end;
}

static void take_markup(struct cleaning *c)
{
    char next = c->end - c->at > 1 ? c->at[1] : '\0';
    if (next == '!' || next == '?') {
        bool closed = memchr(c->at, '>', (size_t)(c->end - c->at)) != NULL;
        if (closed)
            skip_declaration(c);
        else /* it only looks like one */
            str_add(c->out, "&lt;"), c->at++;
    } else if (next == '/' && c->end - c->at > 2 && is_letter(c->at[2])) {
        c->at += 2;
        take_end(c);
    } else if (is_letter(next)) {
        c->at++;
        take_start(c);
    } else {
        str_add(c->out, "&lt;");
        c->at++;
    }
}

void html_clean(const char *html, size_t len, const char *base, struct str *out)
{
    struct cleaning c = {.at = html, .end = html + len, .base = base, .out = out};
    while (c.at < c.end) {
        const char *tag = memchr(c.at, '<', (size_t)(c.end - c.at));
        const char *stop = tag ? tag : c.end;
        add_text(out, c.at, stop);
        c.at = stop;
        if (tag)
            take_markup(&c);
    }
    while (c.depth)
        str_addf(out, "</%s>", c.open[--c.depth]);
}

bool html_is_likely(const char *text, size_t len)
{
    const char *end = text + len;
    bool sure = false;
    uint32_t code;
    for (const char *at = text; at < end; at++) {
        if (*at == '&') {
            size_t n = 1;
            while (at + n < end &&
                   (is_letter(at[n]) || (at[n] >= '0' && at[n] <= '9') || (n == 1 && at[n] == '#')))
                n++;
            bool whole = n > 1 && at + n < end && at[n] == ';';
            if (whole && !reference(at, end, &code))
                return false;
            sure |= whole;
        } else if (*at == '<' && at + 1 < end) {
            char name[NAME_MAX_BYTES];
            bool closing = at[1] == '/';
            struct cleaning c = {.at = at + 1 + closing, .end = end};
            if (!is_letter(*c.at))
                continue;
            take_name(&c, name);
            if (!known_name(name) && !IS_IN(swallowed, name))
                return false;
            sure |= closing && c.at < end && *c.at == '>';
        }
    }
    return sure;
}
