/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_resume.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan_resume r = {0};
    struct text_list words = {0};
    struct arena arena = {0};
    struct err e = {0};
    if (scan_resume_parse(&r, (const char *)data, size, &e) == 0)
        (void)!scan_resume_words(r.args, &arena, &words, &e);
    text_list_done(&words);
    arena_done(&arena);
    scan_resume_done(&r);
    return 0;
}
