/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/utf8.h"

/* By the first byte: the length, the bits it gives, and the least code point that needs the length
 * (anything smaller is an overlong form, RFC 3629 section 10). */
static const struct {
    uint8_t mask, lead, len;
    uint32_t least;
} form[] = {
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
};

static const uint32_t last_code = 0x10ffff, surrogate_first = 0xd800, surrogate_last = 0xdfff;

size_t utf8_decode(const void *text, size_t len, uint32_t *out)
{
    const uint8_t *byte = text;
    size_t i = 0;
    if (len == 0)
        return 0;
    while (i < 4 && (byte[0] & form[i].mask) != form[i].lead)
        i++;
    if (i == 4 || form[i].len > len)
        return 0;
    uint32_t code = byte[0] & (uint8_t)~form[i].mask;
    for (size_t at = 1; at < form[i].len; at++) {
        if ((byte[at] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte[at] & 0x3f);
    }
    if (code < form[i].least || code > last_code ||
        (code >= surrogate_first && code <= surrogate_last))
        return 0;
    *out = code;
    return form[i].len;
}

size_t utf8_encode(uint32_t code, char to[UTF8_LEN_MAX])
{
    size_t i = 0;
    while (i < 3 && code >= (i == 0 ? 0x80u : i == 1 ? 0x800u : 0x10000u))
        i++;
    for (size_t at = i; at > 0; at--) {
        to[at] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    to[0] = (char)(form[i].lead | code);
    return i + 1;
}
