/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/token.h"

#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"

static const struct {
    const char *word;
    int token;
} words[] = {
    {"if", TOKEN_IF},
    {"else", TOKEN_ELSE},
    {"for", TOKEN_FOR},
    {"while", TOKEN_WHILE},
    {"repeat", TOKEN_REPEAT},
    {"until", TOKEN_UNTIL},
    {"foreach", TOKEN_FOREACH},
    {"function", TOKEN_FUNCTION},
    {"return", TOKEN_RETURN},
    {"x", TOKEN_X},
    {"include", TOKEN_INCLUDE},
    {"break", TOKEN_BREAK},
    {"continue", TOKEN_CONTINUE},
    {"local_var", TOKEN_LOCAL},
    {"global_var", TOKEN_GLOBAL},
};

/* The longest first among those that begin alike. */
static const struct {
    const char *mark;
    int token;
} marks[] = {
    {">>>=", TOKEN_SHIFT_RIGHT_UNSIGNED_SET},
    {">>>", TOKEN_SHIFT_RIGHT_UNSIGNED},
    {">>=", TOKEN_SHIFT_RIGHT_SET},
    {">!<", TOKEN_HAS_NOT},
    {"<<=", TOKEN_SHIFT_LEFT_SET},
    {">>", TOKEN_SHIFT_RIGHT},
    {"<<", TOKEN_SHIFT_LEFT},
    {"><", TOKEN_HAS},
    {">=", TOKEN_GE},
    {">!", TOKEN_HAS_NOT}, /* as the peer reads it */
    {"<=", TOKEN_LE},
    {"==", TOKEN_EQ},
    {"=~", TOKEN_RE},
    {"=>", TOKEN_ARROW},
    {"!=", TOKEN_NE},
    {"!~", TOKEN_RE_NOT},
    {"&&", TOKEN_AND},
    {"||", TOKEN_OR},
    {"**", TOKEN_POWER},
    {"++", TOKEN_INCREMENT},
    {"--", TOKEN_DECREMENT},
    {"+=", TOKEN_PLUS_SET},
    {"-=", TOKEN_MINUS_SET},
    {"*=", TOKEN_TIMES_SET},
    {"/=", TOKEN_DIVIDE_SET},
    {"%=", TOKEN_MODULO_SET},
};

struct nasl_lexer nasl_lexer_of(const char *source)
{
    return (struct nasl_lexer){.at = source, .line = 1};
}

static int bad(struct nasl_lexer *l, const char *why)
{
    l->why = why;
    return l->token = TOKEN_BAD;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct nasl_lexer *l)
{
    for (;; l->at++) {
        if (*l->at == '#')
            l->at += strcspn(l->at, "\n");
        if (*l->at == '\n')
            l->line++;
        else if (!isspace((unsigned char)*l->at))
            return;
    }
}

static int read_word(struct nasl_lexer *l)
{
    l->word = l->at;
    while (is_letter(*l->at) || is_digit(*l->at))
        l->at++;
    l->len = (size_t)(l->at - l->word);
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (words[i].word[0] == l->word[0] && strlen(words[i].word) == l->len &&
            memcmp(words[i].word, l->word, l->len) == 0)
            return l->token = words[i].token;
    return l->token = TOKEN_IDENT;
}

/* "..." has no escapes at all. */
static int read_plain(struct nasl_lexer *l)
{
    l->word = l->at + 1;
    const char *end = strchr(l->word, '"');
    if (!end)
        return bad(l, "a string without its end");
    for (const char *p = l->word; p < end; p++)
        l->line += *p == '\n';
    l->len = (size_t)(end - l->word);
    l->at = end + 1;
    return l->token = TOKEN_STRING;
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind "\x": up to two hexadecimal digits; fewer are taken as they are. */
static void read_hex(struct nasl_lexer *l, struct str *room)
{
    int value = 0, digits = 0;
    for (; digits < 2 && hex_value(*l->at) >= 0; digits++)
        value = value * 16 + hex_value(*l->at++);
    if (digits < 2)
        l->note = "unfinished \\x escape sequence";
    str_add_char(room, (char)value);
}

static bool read_escape(struct nasl_lexer *l, struct str *room)
{
    static const char from[] = "ntrfv0\\'\"", to[] = "\n\t\r\f\v\0\\'\"";
    char c = *l->at++;
    const char *known = c ? memchr(from, c, sizeof from - 1) : NULL;
    if (known)
        str_add_char(room, to[known - from]);
    else if (c == 'x')
        read_hex(l, room);
    else if (c == '\n')
        l->line++;
    else
        return false;
    return true;
}

static int read_data(struct nasl_lexer *l, struct str *room)
{
    l->word = ++l->at;
    l->escaped = false;
    for (;;) {
        size_t run = strcspn(l->at, "'\\\n");
        if (l->escaped)
            str_add_len(room, l->at, run);
        l->at += run;
        if (*l->at == '\0')
            return bad(l, "a string without its end");
        if (*l->at == '\'')
            break;
        if (*l->at == '\n') {
            if (l->escaped)
                str_add_char(room, '\n');
            l->line++;
            l->at++;
            continue;
        }
        if (!l->escaped) {
            str_reset(room);
            str_add_len(room, l->word, (size_t)(l->at - l->word));
            l->escaped = true;
        }
        l->at++;
        if (!read_escape(l, room))
            return bad(l, "an unknown escape sequence");
    }
    l->len = (size_t)(l->at++ - l->word);
    return l->token = TOKEN_DATA;
}

static int64_t number_of(const char *p, size_t len, unsigned base)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)hex_value(p[i]);
        if (value > (UINT64_MAX - digit) / base) /* strtoul(3) saturates */
            return (int64_t)UINT64_MAX;
        value = value * base + digit;
    }
    return (int64_t)value;
}

static int read_number(struct nasl_lexer *l)
{
    const char *p = l->at;
    bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
    size_t len = 0;
    if (hex) {
        p += 2;
        while (hex_value(p[len]) >= 0)
            len++;
        if (!len)
            l->note = "0x without digits is taken for 0";
        l->number = number_of(p, len, 16);
    } else {
        bool octal = p[0] == '0';
        for (; is_digit(p[len]); len++)
            octal = octal && p[len] < '8'; /* 089 is decimal */
        l->number = number_of(p, len, octal ? 8 : 10);
    }
    l->at = p + len;
    return l->token = TOKEN_NUMBER;
}

int nasl_lexer_next(struct nasl_lexer *l, struct str *room)
{
    skip_blanks(l);
    l->token_line = l->line;
    l->note = NULL;
    char c = *l->at;
    if (c == '\0')
        return l->token = TOKEN_END;
    if (is_letter(c))
        return read_word(l);
    if (is_digit(c))
        return read_number(l);
    if (c == '"')
        return l->escaped = false, read_plain(l);
    if (c == '\'')
        return read_data(l, room);
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
        size_t len = strlen(marks[i].mark);
        if (marks[i].mark[0] == c && strncmp(marks[i].mark, l->at, len) == 0) {
            l->at += len;
            return l->token = marks[i].token;
        }
    }
    if (!strchr("()[]{};,:.=<>+-*/%&|^~!", c))
        return bad(l, "a character that no token begins with");
    l->at++;
    return l->token = (unsigned char)c;
}

const char *nasl_lexer_text(const struct nasl_lexer *l, const struct str *room, size_t *out_len)
{
    bool in_room = l->token == TOKEN_DATA && l->escaped;
    *out_len = in_room ? room->len : l->len;
    return in_room ? str_text(room) : l->word;
}

const char *nasl_token_name(const struct nasl_lexer *l, struct str *to)
{
    str_reset(to);
    if (l->token == TOKEN_END) {
        str_add(to, "the end of the file");
    } else if (l->token == TOKEN_STRING || l->token == TOKEN_DATA) {
        str_add(to, "a string");
    } else if (l->token == TOKEN_NUMBER) {
        str_addf(to, "%lld", (long long)l->number);
    } else if (l->token < 256) {
        str_addf(to, "'%c'", l->token);
    } else {
        for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
            if (marks[i].token == l->token) {
                str_addf(to, "'%s'", marks[i].mark);
                return str_text(to);
            }
        str_addf(to, "'%.*s'", (int)(l->len < 40 ? l->len : 40), l->word);
    }
    return str_text(to);
}
