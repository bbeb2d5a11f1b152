/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern, NUL, a subject: where the pattern matches, its key must allow it. */
#include <stdlib.h>
#include <string.h>

#include "core/match/regex.h"
#include "tool/scan/service/gram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gram_set set;
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    size_t len = nul ? (size_t)(nul - data) : size;
    const uint8_t *subject = nul ? nul + 1 : data + size;
    size_t subject_len = size - (size_t)(subject - data);
    struct regex *regex = NULL;
    struct err e = {0};
    struct gram_key key = gram_key_of((const char *)data, len);
    if (regex_compile(&regex, (const char *)data, len, REGEX_NO_JIT | REGEX_CASELESS, &e) < 0)
        return 0;
    struct regex_match *m = regex_match_new(REGEX_GROUPS_MAX, 10000);
    gram_set_clear(&set);
    gram_set_add(&set, subject, subject_len);
    if (regex_find(regex, m, subject, subject_len, 0) == REGEX_YES &&
        !gram_set_may_match(&set, &key))
        abort();
    regex_match_free(m);
    regex_free(regex);
    return 0;
}
