/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/deflate.h"
#include "core/base/inflate.h"

int base_deflate_test(void)
{
    int failed = 0;
    struct str text = str_of(0);
    for (int i = 0; i < 20000; i++)
        str_addf(&text, "%d,", i * i);
    for (int gzip = 0; gzip <= 1; gzip++) {
        struct str small = str_of(0), back = str_of(0), narrow = str_of(100);
        CHECK_ROW(gzip, deflate_all(gzip, text.text, text.len, &small) && small.len < text.len);
        CHECK_ROW(gzip, inflate_all(gzip ? INFLATE_GZIP : INFLATE_ZLIB, small.text, small.len, 0,
                                    &back) == INFLATE_DONE);
        CHECK_ROW(gzip, back.len == text.len && memcmp(back.text, text.text, text.len) == 0);
        CHECK_ROW(gzip, !deflate_all(gzip, text.text, text.len, &narrow));
        str_done(&small);
        str_done(&back);
        str_done(&narrow);
    }
    str_done(&text);
    return failed;
}
