/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "core/base/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct x509 x;
    if (x509_parse(&x, data, size, &arena) == 0)
        assert(x.subject && x.issuer && x.serial && x.signature && x.der_len <= size);
    arena_done(&arena);
    return 0;
}
