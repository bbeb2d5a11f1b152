/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern, a zero byte, a text.  The C library agrees on small patterns without sets and escapes
 * (its own matcher takes too long on large ones). */
#include <assert.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/glob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    char *pattern = mem_zero(size + 2);
    if (size)
        memcpy(pattern, data, size);
    const char *text = pattern + strlen(pattern) + 1;
    bool match = glob_match(pattern, text);
    if (!glob_has_wildcard(pattern) && !strchr(pattern, '\\'))
        assert(match == (strcmp(pattern, text) == 0));
    if (strlen(pattern) < 16 && strlen(text) < 32 && !strpbrk(pattern, "[\\"))
        assert(match == (fnmatch(pattern, text, 0) == 0));
    mem_free(pattern);
    return 0;
}
