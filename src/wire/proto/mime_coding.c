/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/mime_coding.h"

#include <string.h>

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

void mime_decode_quoted(const char *line, size_t len, struct str *out)
{
    size_t end = len;
    while (end && (line[end - 1] == '\n' || line[end - 1] == '\r'))
        end--;
    const char *ending = line + end;
    size_t ending_len = len - end;
    while (ending_len && end && (line[end - 1] == ' ' || line[end - 1] == '\t'))
        end--; /* 6.7 (3): blanks at the end were added on the way */
    for (size_t i = 0; i < end; i++) {
        int high = line[i] == '=' && i + 2 < end ? hex_value(line[i + 1]) : -1;
        int low = high >= 0 ? hex_value(line[i + 2]) : -1;
        if (low >= 0) {
            str_add_char(out, (char)(high << 4 | low));
            i += 2;
        } else if (line[i] == '=' && i + 1 == end) {
            return; /* a soft line break */
        } else {
            str_add_char(out, line[i]);
        }
    }
    str_add_len(out, ending, ending_len);
}

static unsigned uu_value(const char *line, size_t len, size_t at)
{
    return at < len ? (unsigned)(line[at] - ' ') & 63 : 0;
}

void mime_decode_uu(const char *line, size_t len, bool *begun, bool *ended, struct str *out)
{
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    if (!*begun) {
        *begun = len > 6 && memcmp(line, "begin ", 6) == 0;
        return;
    }
    if (*ended || len == 0 || (len >= 3 && memcmp(line, "end", 3) == 0)) {
        *ended = true;
        return;
    }
    unsigned count = uu_value(line, len, 0);
    for (size_t at = 1; count; at += 4) {
        unsigned bits = uu_value(line, len, at) << 18 | uu_value(line, len, at + 1) << 12 |
                        uu_value(line, len, at + 2) << 6 | uu_value(line, len, at + 3);
        for (int i = 0; i < 3 && count; i++, count--)
            str_add_char(out, (char)(bits >> (16 - 8 * i)));
    }
}
