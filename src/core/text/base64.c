/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/base64.h"

#include <errno.h>

static int digit_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

static void flush(struct base64_in *b, struct str *out)
{
    /* 4 digits are 3 bytes, 3 are 2, 2 are 1; a single one is none */
    uint32_t bits = b->bits << 6 * (4 - b->count);
    for (int i = 0; i + 1 < b->count; i++)
        str_add_char(out, (char)(bits >> (16 - 8 * i)));
    b->bits = b->count = 0;
}

void base64_feed(struct base64_in *b, const char *text, size_t len, struct str *out)
{
    for (size_t i = 0; i < len && !b->ended; i++) {
        int value = digit_value(text[i]);
        b->ended = text[i] == '=';
        if (value < 0)
            continue;
        b->bits = b->bits << 6 | (uint32_t)value;
        if (++b->count == 4)
            flush(b, out);
    }
}

void base64_finish(struct base64_in *b, struct str *out)
{
    flush(b, out);
}

void base64_decode(const char *text, size_t len, struct str *out)
{
    struct base64_in b = {0};
    base64_feed(&b, text, len, out);
    base64_finish(&b, out);
}

int base64_decode_strict(const char *text, size_t len, struct str *out)
{
    while (len && text[len - 1] == '=')
        len--;
    for (size_t i = 0; i < len; i++)
        if (digit_value(text[i]) < 0 || text[i] == '-' || text[i] == '_')
            return -EINVAL;
    if (len % 4 == 1)
        return -EINVAL;
    base64_decode(text, len, out);
    return 0;
}

void base64_encode(const void *data, size_t len, struct str *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *byte = data;
    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)byte[i] << 16 | (have > 1 ? (uint32_t)byte[i + 1] << 8 : 0) |
                        (have > 2 ? byte[i + 2] : 0);
        for (size_t d = 0; d < 4; d++)
            str_add_char(out, d <= have ? digits[bits >> (18 - 6 * d) & 63] : '=');
    }
}
