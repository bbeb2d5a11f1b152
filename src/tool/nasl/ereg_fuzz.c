/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern, a zero byte, a text.  Both here and by regcomp(3) the pattern must be one or not, and
 * where the text is short, both must find. */
#include <assert.h>
#include <regex.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/ereg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Collating elements and references are where the two may differ; high bytes have no classes. */
static bool is_plain(const char *pattern)
{
    for (const char *p = pattern; *p; p++)
        if ((unsigned char)*p >= 0x80 || *p == '\\' || *p == '{')
            return false;
    return !strstr(pattern, "[.") && !strstr(pattern, "[=") && !strstr(pattern, "[:");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 400)
        return 0;
    char *pattern = mem_zero(size + 2);
    if (size)
        memcpy(pattern, data, size);
    const char *text = pattern + strlen(pattern) + 1;
    struct nasl_ereg *r = NULL;
    struct err e = {0};
    struct nasl_span span[NASL_EREG_GROUPS];
    if (nasl_ereg_compile(&r, pattern, strlen(pattern), false, &e) == 0) {
        struct regex_match *m = regex_match_new(REGEX_GROUPS_MAX, 0);
        enum regex_verdict verdict = nasl_ereg_find(r, m, text, strlen(text), false, span);
        regex_t judge;
        if (is_plain(pattern) && strlen(pattern) < 12 && strlen(text) < 16 &&
            regcomp(&judge, pattern, REG_EXTENDED) == 0) {
            assert(verdict == REGEX_LIMIT ||
                   (verdict == REGEX_YES) == (regexec(&judge, text, 0, NULL, 0) == 0));
            regfree(&judge);
        }
        regex_match_free(m);
    }
    nasl_ereg_free(r);
    mem_free(pattern);
    return 0;
}
