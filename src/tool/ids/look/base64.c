/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/base64.h"

static int digit_of(uint8_t c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

uint32_t look_base64_decode(const uint8_t *data, size_t len, uint8_t *out, uint32_t size,
                       enum base64_mode mode)
{
    uint32_t bits = 0, count = 0, made = 0;
    for (size_t i = 0; i < len && made + 3 <= size; i++) {
        int digit = digit_of(data[i]);
        if (digit < 0) {
            if (data[i] == '=')
                break;
            if (mode == BASE64_STRICT)
                return 0;
            if (mode == BASE64_SKIP_ALL || data[i] == ' ' ||
                (mode == BASE64_FOLDED && (data[i] == '\r' || data[i] == '\n' || data[i] == '\t')))
                continue;
            break;
        }
        bits = bits << 6 | (uint32_t)digit;
        if (++count % 4 == 0) {
            out[made++] = (uint8_t)(bits >> 16);
            out[made++] = (uint8_t)(bits >> 8);
            out[made++] = (uint8_t)bits;
        }
    }
    if (count % 4 == 2 && made < size)
        out[made++] = (uint8_t)(bits >> 4);
    if (count % 4 == 3 && made + 2 <= size) {
        out[made++] = (uint8_t)(bits >> 10);
        out[made++] = (uint8_t)(bits >> 2);
    }
    return made;
}
