/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/crlf.h"

#include <string.h>

#include "check.h"

int nc_crlf_test(void)
{
    static const struct {
        const char *in, *out;
    } row[] = {
        {"", ""},         {"a\n", "a\r\n"},       {"a\r\nb\n", "a\r\nb\r\n"},
        {"\n", "\r\n"},   {"\n\n", "\r\n\r\n"},   {"\r\r\n", "\r\r\n"},
        {"a\rb", "a\rb"}, {"\n\r\n", "\r\n\r\n"},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        for (size_t cut = 0; cut <= strlen(row[i].in); cut++) {
            struct crlf c = {0};
            uint8_t out[32];
            const uint8_t *in = (const uint8_t *)row[i].in;
            size_t len = crlf_send(&c, in, cut, out);
            len += crlf_send(&c, in + cut, strlen(row[i].in) - cut, out + len);
            CHECK_ROW(i, len == strlen(row[i].out) && memcmp(out, row[i].out, len) == 0);
        }
    return failed;
}
