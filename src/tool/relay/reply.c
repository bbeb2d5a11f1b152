/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/reply.h"

#include <string.h>
#include <strings.h>

enum { CODE_LEN = 3 };

void reply_begin(struct reply *r)
{
    struct str text = r->text;
    str_reset(&text);
    text.max = REPLY_BYTES_MAX;
    *r = (struct reply){.text = text};
}

void reply_done(struct reply *r)
{
    str_done(&r->text);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The code of a line; 0: there is none (RFC 5321 4.2: 2yz to 5yz). */
static int code_of(const char *line, size_t len)
{
    if (len < CODE_LEN || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) ||
        !is_digit(line[2]))
        return 0;
    if (len > CODE_LEN && line[CODE_LEN] != ' ' && line[CODE_LEN] != '-')
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

enum reply_state reply_line(struct reply *r, const char *line, size_t len)
{
    len -= len && line[len - 1] == '\r';
    int code = code_of(line, len);
    r->bytes += len;
    if (!code || (r->code && r->code != code) || ++r->lines > REPLY_LINES_MAX ||
        r->bytes > REPLY_BYTES_MAX)
        return REPLY_BAD;
    r->code = code;
    size_t at = len > CODE_LEN ? CODE_LEN + 1 : CODE_LEN, kept = len - at;
    if (r->lines > 1)
        str_add_char(&r->text, '\n');
    str_add_len(&r->text, line + at, kept < REPLY_KEPT_MAX ? kept : REPLY_KEPT_MAX);
    return len > CODE_LEN && line[CODE_LEN] == '-' ? REPLY_MORE : REPLY_DONE;
}

/* The first line is the greeting. */
bool reply_offers(const struct reply *r, const char *extension)
{
    size_t len = strlen(extension);
    const char *line = strchr(str_text(&r->text), '\n');
    for (; line; line = strchr(line + 1, '\n'))
        if (strncasecmp(line + 1, extension, len) == 0 && strchr(" \n=", line[1 + len]))
            return true;
    return false;
}
