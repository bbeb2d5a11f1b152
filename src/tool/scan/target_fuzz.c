/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "tool/scan/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int resolve(void *ctx, const char *name, uint8_t family, struct addr *out, size_t max,
                   size_t *out_count, struct err *e)
{
    (void)ctx, (void)name, (void)family, (void)out, (void)max, (void)out_count;
    return err_set(e, -ENOENT, "no name has an address here");
}

static void bad(void *ctx, const char *text, const char *why)
{
    (void)ctx, (void)text, (void)why;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct target_list list = {0};
    struct err e = {0};
    struct target_walk *w;
    struct target_walk_setup setup = {
        .targets = &list, .unique = size & 1, .resolve = resolve, .bad = bad};
    if (target_list_add_text(&list, (const char *)data, size, "fuzz", &arena, &e) == 0 &&
        target_walk_open(&w, &setup, rng_of(1), &e) == 0) {
        struct target_addr t;
        for (int i = 0; i < 1000 && target_walk_next(w, &t); i++)
            ;
        (void)target_list_size(&list);
        target_walk_close(w);
    }
    target_list_done(&list);
    arena_done(&arena);
    return 0;
}
