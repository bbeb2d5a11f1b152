/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/lexer.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/rule/action.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

struct rule_lexer lexer_of(char *text, size_t len)
{
    static const char mark[] =
        "\xef\xbb\xbf"; /* U+FEFF, which editors of one system put in front */
    struct rule_lexer l = {.text = text, .len = len, .line = 1};
    if (len >= 3 && memcmp(text, mark, 3) == 0)
        l.at = 3;
    return l;
}

/* The end of the line at `at`: the offset of its newline, or the end of the text. */
static size_t line_end(const struct rule_lexer *l, size_t at)
{
    const char *found = at < l->len ? memchr(l->text + at, '\n', l->len - at) : NULL;
    return found ? (size_t)(found - l->text) : l->len;
}

static size_t skip_blanks(const struct rule_lexer *l, size_t at, size_t end)
{
    while (at < end && is_blank(l->text[at]))
        at++;
    return at;
}

/* Does the line [at, end) begin with an action's name and go on? */
static bool begins_rule(const struct rule_lexer *l, size_t at, size_t end)
{
    size_t word = at;
    while (word < end && !is_blank(l->text[word]) && l->text[word] != '(')
        word++;
    return word < end && rule_action_from_name(l->text + at, word - at) >= 0;
}

/* Is the parenthesis that `text` opens still open?  Quoted ones do not count. */
static bool is_open(const char *text, size_t len)
{
    bool in_quotes = false, opened = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == '"')
            in_quotes = !in_quotes;
        else if (text[i] == '(' && !in_quotes)
            opened = true;
    }
    if (!opened)
        return false;
    while (len > 0 && (is_blank(text[len - 1]) || text[len - 1] == '\n'))
        len--;
    return text[len - 1] != ')';
}

static void blank_out(struct rule_lexer *l, size_t from, size_t to)
{
    memset(l->text + from, ' ', to - from);
}

/* The offset of the "\" that ends the line [at, end), or `end`. */
static size_t continuation(const struct rule_lexer *l, size_t at, size_t end)
{
    size_t last = end;
    while (last > at && is_blank(l->text[last - 1]))
        last--;
    return last > at && l->text[last - 1] == '\\' ? last - 1 : end;
}

/* Take further lines into the rule that begins at `start` and whose first line ends at `end`. */
static size_t join_lines(struct rule_lexer *l, size_t start, size_t end)
{
    size_t from = start;
    for (;;) {
        size_t mark = continuation(l, from, end);
        if (end >= l->len || end - start > RULE_TEXT_MAX) {
            blank_out(l, mark, end);
            return end;
        }
        size_t next_end = line_end(l, end + 1), next = skip_blanks(l, end + 1, next_end);
        bool comment = next < next_end && l->text[next] == '#';
        if (mark == end &&
            (!is_open(l->text + start, end - start) || begins_rule(l, next, next_end)))
            return end;
        blank_out(l, mark, end);
        l->text[end] = '\n'; /* kept for lexer_place; options take it for a blank */
        if (comment && mark == end)
            blank_out(l, next, next_end);
        l->line++;
        from = end + 1;
        end = next_end;
    }
}

bool lexer_next(struct rule_lexer *l, struct rule_text *out)
{
    while (l->at < l->len) {
        size_t end = line_end(l, l->at), start = skip_blanks(l, l->at, end);
        unsigned line = l->line;
        if (start == end || l->text[start] == '#') {
            l->at = end + 1;
            l->line++;
            continue;
        }
        end = join_lines(l, start, end);
        l->at = end + 1;
        l->line++;
        size_t last = end;
        while (last > start && (is_blank(l->text[last - 1]) || l->text[last - 1] == '\n'))
            last--;
        l->text[last] = '\0';
        *out = (struct rule_text){l->text + start, last - start, line};
        return true;
    }
    return false;
}

struct rule_place lexer_place(const struct rule_text *rule, size_t at)
{
    struct rule_place place = {rule->line, 1};
    for (size_t i = 0; i < at && i < rule->len; i++)
        if (rule->text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else {
            place.column++;
        }
    return place;
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n';
}

/* Where the option that begins at `at` ends: its ";" that no backslash hides. */
static size_t option_end(const char *text, size_t at, size_t end)
{
    for (; at < end && text[at] != ';'; at++)
        if (text[at] == '\\' && at + 1 < end)
            at++;
    return at;
}

/* "name:value" into its parts. */
static void split_option(char *text, size_t at, size_t end, struct rule_option *out)
{
    char *colon = memchr(text + at, ':', end - at);
    out->at = at;
    out->name = text + at;
    out->value = NULL;
    if (colon) {
        *colon = '\0';
        out->value = word_trim(colon + 1);
    }
    out->name = word_trim(out->name);
}

/* The same where a quoted text may hold bare ";"; `end` when a quote is not closed. */
static size_t quoted_end(const char *text, size_t at, size_t end)
{
    bool in_quotes = false;
    for (; at < end && (text[at] != ';' || in_quotes); at++)
        if (text[at] == '\\' && at + 1 < end)
            at++;
        else if (text[at] == '"')
            in_quotes = !in_quotes;
    return at;
}

bool lexer_option(char *text, size_t *at, size_t end, bool quotes, struct rule_option *out,
                  struct err *e)
{
    while (*at < end && (is_space(text[*at]) || text[*at] == ';'))
        ++*at;
    if (*at >= end)
        return false;
    size_t start = *at, stop = option_end(text, start, end);
    if (quotes && strncmp(text + start, "content", 7) == 0 && quoted_end(text, start, end) < end)
        stop = quoted_end(text, start, end);
    if (stop >= end) {
        *at = start;
        return err_set(e, -EINVAL, "the last option does not end with \";\"") == 0;
    }
    text[stop] = '\0';
    split_option(text, start, stop, out);
    *at = stop + 1;
    return true;
}

char *word_trim(char *text)
{
    while (is_space(*text))
        text++;
    size_t len = strlen(text);
    while (len > 0 && is_space(text[len - 1]))
        len--;
    text[len] = '\0';
    return text;
}

char *word_next(char **rest, char separator)
{
    char *word = *rest;
    if (!word)
        return NULL;
    bool in_quotes = false;
    char *c = word;
    for (; *c; c++) {
        if (*c == '\\' && c[1])
            c++;
        else if (*c == '"')
            in_quotes = !in_quotes;
        else if (*c == separator && !in_quotes)
            break;
    }
    *rest = *c ? c + 1 : NULL;
    *c = '\0';
    return word_trim(word);
}

char *word_unquote(char *text)
{
    size_t len = strlen(text);
    if (len < 2 || text[0] != '"' || text[len - 1] != '"')
        return NULL;
    text[len - 1] = '\0';
    return text + 1;
}

bool word_to_u64(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    unsigned base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned digit = *text >= '0' && *text <= '9'   ? (unsigned)(*text - '0')
                         : *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a' + 10)
                         : *text >= 'A' && *text <= 'F' ? (unsigned)(*text - 'A' + 10)
                                                        : 99;
        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    *out = value;
    return true;
}

bool word_to_i64(const char *text, int64_t *out)
{
    uint64_t value;
    bool minus = *text == '-';
    if (!word_to_u64(text + (minus || *text == '+'), &value) || value > INT64_MAX)
        return false;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return true;
}
