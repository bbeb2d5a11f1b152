/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1);
    struct err e = {0};
    int64_t number = 0, span = 0;
    double real = 0;
    if (size)
        memcpy(text, data, size);
    if (option_read_int(text, -1000, 1000, &number, &e) == 0)
        assert(number >= -1000 && number <= 1000);
    else if (option_read_int(text, 0, 0, &number, &e) == 0)
        assert(number < -1000 || number > 1000);
    if (option_read_duration(text, &span, &e) == 0)
        assert(span >= 0);
    if (option_read_real(text, &real, &e) == 0)
        assert(real >= 0 && real < 1e20);
    mem_free(text);
    return 0;
}
