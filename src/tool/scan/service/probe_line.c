/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/probe_line.h"

#include <errno.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

void probe_line_skip_blanks(struct probe_line *l)
{
    while (l->pos < l->end && is_blank(*l->pos))
        l->pos++;
}

bool probe_line_is_at_end(struct probe_line *l)
{
    probe_line_skip_blanks(l);
    return l->pos == l->end;
}

bool probe_line_word(struct probe_line *l, struct probe_text *out)
{
    probe_line_skip_blanks(l);
    const char *start = l->pos;
    while (l->pos < l->end && !is_blank(*l->pos))
        l->pos++;
    *out = (struct probe_text){start, (size_t)(l->pos - start)};
    return out->len > 0;
}

bool probe_text_is(const struct probe_text *t, const char *word)
{
    return strlen(word) == t->len && memcmp(t->at, word, t->len) == 0;
}

int probe_line_delimited(struct probe_line *l, struct probe_text *out, struct err *e)
{
    if (l->pos == l->end || is_blank(*l->pos))
        return err_set(e, -EINVAL, "a delimiter is missing");
    char delimiter = *l->pos++;
    const char *close = memchr(l->pos, delimiter, (size_t)(l->end - l->pos));
    if (!close)
        return err_set(e, -EINVAL, "no second '%c' ends the text", delimiter);
    *out = (struct probe_text){l->pos, (size_t)(close - l->pos)};
    l->pos = close + 1;
    return 0;
}

int probe_line_number(struct probe_line *l, uint32_t min, uint32_t max, uint32_t *out,
                      struct err *e)
{
    uint64_t value = 0;
    probe_line_skip_blanks(l);
    const char *start = l->pos;
    while (l->pos < l->end && *l->pos >= '0' && *l->pos <= '9' && value <= max)
        value = value * 10 + (uint64_t)(*l->pos++ - '0');
    if (l->pos == start || !probe_line_is_at_end(l) || value < min || value > max)
        return err_set(e, -EINVAL, "a number from %u to %u is wanted", min, max);
    *out = (uint32_t)value;
    return 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static uint8_t plain_escape(char c)
{
    static const char from[] = "0abfnrtv", to[] = "\0\a\b\f\n\r\t\v";
    const char *found = memchr(from, c, sizeof from - 1);
    return (uint8_t)(found ? to[found - from] : c);
}

int probe_text_unescape(const struct probe_text *text, uint8_t *to, size_t *out_len, struct err *e)
{
    size_t len = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->at[i] != '\\') {
            to[len++] = (uint8_t)text->at[i];
            continue;
        }
        if (++i == text->len)
            return err_set(e, -EINVAL, "nothing follows the last backslash");
        if (text->at[i] != 'x') {
            to[len++] = plain_escape(text->at[i]);
            continue;
        }
        int high = i + 2 < text->len ? hex_digit(text->at[i + 1]) : -1;
        int low = i + 2 < text->len ? hex_digit(text->at[i + 2]) : -1;
        if (high < 0 || low < 0)
            return err_set(e, -EINVAL, "two hexadecimal digits are wanted behind \\x");
        to[len++] = (uint8_t)(high * 16 + low);
        i += 2;
    }
    *out_len = len;
    return 0;
}

/* One member, "53" or "9100-9107". */
static int add_member(const struct probe_text *member, char letter, struct port_set *tcp,
                      struct port_set *udp, struct err *e)
{
    char text[32];
    if (member->len == 0 || member->len >= sizeof text)
        return err_set(e, -EINVAL, "a port or range is wanted between the commas");
    memcpy(text, member->at, member->len);
    text[member->len] = '\0';
    if (letter != 'U' && port_set_parse(tcp, text, e) < 0)
        return e->code;
    return letter != 'T' ? port_set_parse(udp, text, e) : 0;
}

int probe_text_ports(const struct probe_text *text, struct port_set *tcp, struct port_set *udp,
                     struct err *e)
{
    const char *pos = text->at, *end = text->at + text->len;
    char letter = 0;
    do {
        if (end - pos > 2 && pos[1] == ':' && (*pos == 'T' || *pos == 'U')) {
            letter = *pos;
            pos += 2;
        }
        const char *comma = memchr(pos, ',', (size_t)(end - pos));
        struct probe_text member = {pos, (size_t)((comma ? comma : end) - pos)};
        if (add_member(&member, letter, tcp, udp, e) < 0)
            return e->code;
        pos = comma ? comma + 1 : end;
    } while (pos < end);
    return 0;
}
