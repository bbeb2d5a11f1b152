/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/text/utf8.h"

static const struct {
    const char *bytes;
    size_t len, want_len;
    uint32_t code;
} row[] = {
    {"", 0, 0, 0},
    {"\0", 1, 1, 0},
    {"\x7f", 1, 1, 0x7f},
    {"\x80", 1, 0, 0}, /* a byte of the middle */
    {"\xbf\xbf", 2, 0, 0},
    {"\xc1\xbf", 2, 0, 0}, /* overlong U+007F */
    {"\xc2\x80", 2, 2, 0x80},
    {"\xdf\xbf", 2, 2, 0x7ff},
    {"\xdf", 1, 0, 0}, /* cut */
    {"\xdf\x41", 2, 0, 0},
    {"\xdf\xc0", 2, 0, 0},
    {"\xe0\x9f\xbf", 3, 0, 0}, /* overlong U+07FF */
    {"\xe0\xa0\x80", 3, 3, 0x800},
    {"\xed\x9f\xbf", 3, 3, 0xd7ff},
    {"\xed\xa0\x80", 3, 0, 0}, /* the first surrogate */
    {"\xed\xbf\xbf", 3, 0, 0}, /* the last one */
    {"\xee\x80\x80", 3, 3, 0xe000},
    {"\xef\xbf\xbf", 3, 3, 0xffff}, /* a noncharacter is a code point */
    {"\xe2\x82", 2, 0, 0},
    {"\xe2\x82\xac"
     "x",
     4, 3, 0x20ac},
    {"\xf0\x8f\xbf\xbf", 4, 0, 0}, /* overlong U+FFFF */
    {"\xf0\x90\x80\x80", 4, 4, 0x10000},
    {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
    {"\xf4\x90\x80\x80", 4, 0, 0}, /* one above the last */
    {"\xf7\xbf\xbf\xbf", 4, 0, 0},
    {"\xf8\x88\x80\x80\x80", 5, 0, 0}, /* five bytes are history */
    {"\xff", 1, 0, 0},
};

int text_utf8_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint32_t code = 42;
        CHECK_ROW(i, utf8_decode(row[i].bytes, row[i].len, &code) == row[i].want_len);
        CHECK_ROW(i, code == (row[i].want_len ? row[i].code : 42));
    }
    /* of the two- and three-byte sequences, as many are good as there are code points */
    uint32_t two = 0, three = 0, code;
    for (uint32_t n = 0; n < 1u << 24; n += n >> 16 < 0xc0 ? 0x10000 : 1) {
        const uint8_t byte[3] = {(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
        size_t len = utf8_decode(byte, 3, &code);
        two += len == 2 && byte[2] == 0;
        three += len == 3;
    }
    CHECK(two == 0x800 - 0x80 && three == 0x10000 - 0x800 - 0x800);
    return failed;
}
