/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_args.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct conf_opts opts = {0};
    struct ban_list list = {0}, words = {0};
    const char *name, *text = arena_copy(&arena, data, size);
    (void)!conf_args_parse(text, &arena, &name, &opts, &e);
    conf_args_split(text, &arena, &list);
    conf_words(text, &arena, &words);
    (void)!conf_shell_words(text, &arena, &words, &e);
    arena_done(&arena);
    return 0;
}
