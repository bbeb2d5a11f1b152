/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct str *out, const void *bytes, size_t len)
{
    const uint8_t *in = bytes;
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t group = (uint32_t)in[i] << 16;
        group |= left > 1 ? (uint32_t)in[i + 1] << 8 : 0;
        group |= left > 2 ? in[i + 2] : 0;
        char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], '=', '='};
        if (left > 1)
            text[2] = alphabet[group >> 6 & 63];
        if (left > 2)
            text[3] = alphabet[group & 63];
        str_add_len(out, text, sizeof text);
    }
}

static int value_of(char c)
{
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

int base64_decode(struct str *out, const char *text, size_t len)
{
    size_t before = out->len, count = 0;
    uint32_t group = 0;
    while (len && text[len - 1] == '=')
        len--;
    for (size_t i = 0; i < len; i++) {
        int value = value_of(text[i]);
        if (value < 0) {
            str_cut(out, before);
            return -EINVAL;
        }
        group = group << 6 | (uint32_t)value;
        if (++count % 4 != 1) /* each but the first of four completes a byte */
            str_add_char(out, (char)(group >> (6 - 2 * ((count - 1) % 4))));
    }
    if (count % 4 != 1)
        return 0;
    str_cut(out, before);
    return -EINVAL;
}
