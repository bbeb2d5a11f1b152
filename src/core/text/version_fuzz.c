/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two versions with a zero byte between, in every order: turned round, the answer turns round; a
 * version is equal to itself. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    char *a = mem_zero(size + 2);
    if (size)
        memcpy(a, data, size);
    const char *b = a + strlen(a) + 1;
    for (size_t i = 0; version_schemes[i]; i++) {
        int up = version_schemes[i]->compare(a, b), down = version_schemes[i]->compare(b, a);
        assert((up > 0) == (down < 0) && (up == 0) == (down == 0));
        assert(version_schemes[i]->compare(a, a) == 0);
    }
    mem_free(a);
    return 0;
}
