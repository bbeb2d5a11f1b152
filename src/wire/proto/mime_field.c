/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/mime_field.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/text/base64.h"
#include "core/text/charset.h"

enum { WORD_CHARSET_MAX = 64, PARAM_PARTS_MAX = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Over blanks and comments, which nest (RFC 5322 3.2.2). */
static const char *skip_comments(const char *at)
{
    int depth = 0;
    for (; *at; at++) {
        if (*at == '(')
            depth++;
        else if (*at == ')' && depth)
            depth--;
        else if (*at == '\\' && depth && at[1])
            at++;
        else if (!depth && !is_blank(*at))
            break;
    }
    return at;
}

void mime_token(const char *value, char *to, size_t size)
{
    size_t n = 0;
    value = skip_comments(value);
    while (*value && *value != ';' && *value != '(' && !is_blank(*value)) {
        if (n + 1 < size)
            to[n++] = lower(*value);
        value++;
    }
    to[n] = '\0';
}

/* ---- encoded words ---- */

/* "Q": RFC 2047 4.2. */
static void decode_q(const char *at, const char *end, struct str *out)
{
    for (; at < end; at++) {
        unsigned value;
        char hex[3] = {0};
        if (*at == '=' && end - at > 2) {
            memcpy(hex, at + 1, 2);
            if (strspn(hex, "0123456789abcdefABCDEF") == 2 && sscanf(hex, "%x", &value) == 1) {
                str_add_char(out, (char)value);
                at += 2;
                continue;
            }
        }
        str_add_char(out, *at == '_' ? ' ' : *at);
    }
}

struct word {
    const char *charset, *coding, *text, *end; /* "=?charset?coding?text?=" */
    size_t charset_len;
};

static bool find_word(const char *at, struct word *w)
{
    if (at[0] != '=' || at[1] != '?')
        return false;
    w->charset = at + 2;
    const char *second = strchr(w->charset, '?');
    if (!second || !second[1] || second[2] != '?')
        return false;
    w->coding = second + 1;
    w->text = second + 3;
    w->end = strstr(w->text, "?=");
    w->charset_len = (size_t)(second - w->charset);
    const char *language = memchr(w->charset, '*', w->charset_len); /* RFC 2231 5 */
    if (language)
        w->charset_len = (size_t)(language - w->charset);
    char coding = lower(*w->coding);
    return w->end && (coding == 'q' || coding == 'b') && w->charset_len > 0 &&
           w->charset_len < WORD_CHARSET_MAX;
}

static void decode_word(const struct word *w, struct str *bytes)
{
    if (lower(*w->coding) == 'b')
        base64_decode(w->text, (size_t)(w->end - w->text), bytes);
    else
        decode_q(w->text, w->end, bytes);
}

static void add_bytes(const char *charset, const struct str *bytes, struct str *out)
{
    if (!charset_to_utf8(charset, str_text(bytes), bytes->len, out))
        (void)charset_to_utf8("windows-1252", str_text(bytes), bytes->len, out);
}

static void add_plain(const char *text, size_t len, struct str *out)
{
    (void)charset_to_utf8(charset_is_utf8(text, len) ? "utf-8" : "windows-1252", text, len, out);
}

/* Words that follow one another are one text (6.2); where they have one charset a letter may be cut
 * between them, so their bytes are joined before they are read. */
static const char *take_words(const char *at, struct str *out)
{
    struct str bytes = str_of(0);
    char charset[WORD_CHARSET_MAX] = "";
    struct word w;
    const char *behind = at;
    while (find_word(at, &w)) {
        bool same =
            strlen(charset) == w.charset_len && strncasecmp(charset, w.charset, w.charset_len) == 0;
        if (!same && *charset) {
            add_bytes(charset, &bytes, out);
            str_reset(&bytes);
        }
        snprintf(charset, sizeof charset, "%.*s", (int)w.charset_len, w.charset);
        decode_word(&w, &bytes);
        behind = w.end + 2;
        at = behind;
        while (is_blank(*at))
            at++;
    }
    add_bytes(charset, &bytes, out);
    str_done(&bytes);
    return behind;
}

void mime_decode_words(const char *text, struct str *out)
{
    struct word w;
    while (*text) {
        const char *at = text;
        while (*at && !find_word(at, &w))
            at++;
        add_plain(text, (size_t)(at - text), out);
        text = *at ? take_words(at, out) : at;
    }
}

/* ---- parameters ---- */

/* "name*2*=": one piece of a parameter. */
struct piece {
    const char *value; /* NULL: not there */
    size_t len;
    bool quoted, encoded;
};

static const char *take_quoted(const char *at, struct piece *p)
{
    p->quoted = true;
    p->value = ++at;
    while (*at && *at != '"')
        at += 1 + (*at == '\\' && at[1]);
    p->len = (size_t)(at - p->value);
    return at + (*at == '"');
}

/* What follows the name: "*", "*0", "*0*", or nothing, then '='.  The number of the piece (0), or
 * -1: this is another name. */
static int piece_number(const char **at, bool *encoded)
{
    const char *c = *at;
    int number = 0;
    *encoded = false;
    if (*c == '*' && c[1] >= '0' && c[1] <= '9') {
        for (c++; *c >= '0' && *c <= '9' && number < PARAM_PARTS_MAX; c++)
            number = number * 10 + *c - '0';
    }
    if (*c == '*') {
        *encoded = true;
        c++;
    }
    c = skip_comments(c);
    if (*c != '=' || number >= PARAM_PARTS_MAX)
        return -1;
    *at = skip_comments(c + 1);
    return number;
}

static size_t find_pieces(const char *at, const char *name, struct piece *pieces)
{
    size_t count = 0, len = strlen(name);
    while ((at = strchr(at, ';'))) {
        bool encoded;
        at = skip_comments(at + 1);
        const char *c = at;
        bool named = strncasecmp(at, name, len) == 0;
        c += named ? len : strcspn(at, "*=;");
        int number = piece_number(&c, &encoded);
        if (number < 0)
            continue;
        struct piece p = {.value = c, .encoded = encoded};
        if (*c == '"')
            c = take_quoted(c, &p);
        else
            c += p.len = strcspn(c, ";");
        while (!p.quoted && p.len && is_blank(p.value[p.len - 1]))
            p.len--;
        if (named && !pieces[number].value) {
            pieces[number] = p;
            count = (size_t)number + 1 > count ? (size_t)number + 1 : count;
        }
        at = c;
    }
    return count;
}

static void add_piece(const struct piece *p, const char *from, struct str *bytes)
{
    const char *end = p->value + p->len;
    for (const char *c = from; c < end; c++) {
        char hex[3] = {0};
        unsigned value;
        if (p->encoded && *c == '%' && end - c > 2) {
            memcpy(hex, c + 1, 2);
            if (strspn(hex, "0123456789abcdefABCDEF") == 2 && sscanf(hex, "%x", &value) == 1) {
                str_add_char(bytes, (char)value);
                c += 2;
                continue;
            }
        }
        if (p->quoted && *c == '\\' && c + 1 < end)
            c++;
        str_add_char(bytes, *c);
    }
}

bool mime_param(const char *value, const char *name, struct str *out)
{
    struct piece pieces[PARAM_PARTS_MAX] = {0};
    char charset[WORD_CHARSET_MAX] = "";
    struct str bytes = str_of(0);
    size_t count = find_pieces(value, name, pieces);
    if (count == 0 || !pieces[0].value)
        return false;
    for (size_t i = 0; i < count && pieces[i].value; i++) {
        const char *from = pieces[i].value, *end = from + pieces[i].len;
        if (i == 0 && pieces[i].encoded) { /* charset'language'text */
            const char *one = memchr(from, '\'', (size_t)(end - from));
            const char *two = one ? memchr(one + 1, '\'', (size_t)(end - one - 1)) : NULL;
            if (two) {
                snprintf(charset, sizeof charset, "%.*s", (int)(one - from), from);
                from = two + 1;
            }
        }
        add_piece(&pieces[i], from, &bytes);
    }
    if (*charset)
        add_bytes(charset, &bytes, out);
    else
        mime_decode_words(str_text(&bytes), out);
    str_done(&bytes);
    return true;
}

/* ---- addresses ---- */

/* Up to the end of one address: a comma or semicolon outside quotes, comments and brackets; what
 * stands in <> wins over what stands before it. */
static const char *take_address(const char *at, struct str *out)
{
    bool quoted = false, angle = false, had_angle = false;
    int comment = 0;
    for (; *at; at++) {
        if (*at == '\\' && at[1]) {
            if (!comment && !had_angle && angle)
                str_add_char(out, at[1]);
            at++;
        } else if (*at == '"' && !comment) {
            quoted = !quoted;
            if (angle)
                str_add_char(out, *at);
        } else if (!quoted && *at == '(') {
            comment++;
        } else if (!quoted && *at == ')' && comment) {
            comment--;
        } else if (comment) {
            continue;
        } else if (!quoted && *at == '<') {
            angle = true;
            had_angle = false;
            str_reset(out);
        } else if (!quoted && *at == '>' && angle) {
            angle = false;
            had_angle = true;
        } else if (!quoted && !angle && (*at == ',' || *at == ';')) {
            break;
        } else if (!quoted && !angle && *at == ':' && !had_angle) {
            str_reset(out); /* the name of a group */
        } else if (!had_angle && !is_blank(*at)) {
            str_add_char(out, *at);
        }
    }
    return at;
}

void mime_addresses(const char *value, void (*fn)(void *ctx, const char *address), void *ctx)
{
    struct str address = str_of(0);
    for (int i = 0; *value && i < MIME_ADDRESSES_MAX; i++) {
        str_reset(&address);
        value = take_address(value, &address);
        if (address.len)
            fn(ctx, str_text(&address));
        value += *value != '\0';
    }
    str_done(&address);
}
