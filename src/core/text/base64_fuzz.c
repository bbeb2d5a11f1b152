/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the strict reader takes, and is written again, reads back to the same bytes, also in
 * pieces. */
#include "core/text/base64.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str plain = str_of(0), coded = str_of(0), again = str_of(0);
    struct base64_in pieces = {0};
    if (size && base64_decode_strict((const char *)data, size, &plain) == 0) {
        base64_encode(str_text(&plain), plain.len, &coded);
        for (size_t i = 0; i < coded.len; i++)
            base64_feed(&pieces, coded.text + i, 1, &again);
        base64_finish(&pieces, &again);
        assert(again.len == plain.len);
        assert(memcmp(str_text(&again), str_text(&plain), plain.len) == 0);
    } else if (size) {
        base64_decode((const char *)data, size, &plain);
        assert(plain.len <= size);
    }
    str_done(&plain);
    str_done(&coded);
    str_done(&again);
    return 0;
}
