/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test suite of RFC 1319, A.5. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/md2.h"

static const struct {
    const char *text, *digest;
} row[] = {
    {"", "8350e5a3e24c153df2275c9f80692773"},
    {"a", "32ec01ec4a6dac72c0ab96fb34c0b5d1"},
    {"abc", "da853b0d3f88d99b30283a69e6ded6bb"},
    {"message digest", "ab4f496bfb2a530b219ff33031fe06b0"},
    {"abcdefghijklmnopqrstuvwxyz", "4e8ddff3650292ab5a4108c3aa47940b"},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "da33def2a42df13975352846c30338cd"},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "d5976f79d83d3a0dc9806c3c66f3efd8"},
};

int base_md2_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t digest[MD2_SIZE];
        char text[2 * MD2_SIZE + 1];
        md2(row[i].text, strlen(row[i].text), digest);
        for (int n = 0; n < MD2_SIZE; n++)
            snprintf(text + 2 * n, 3, "%02x", digest[n]);
        CHECK_ROW(i, strcmp(text, row[i].digest) == 0);
    }
    return failed;
}
