/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After patching: is everything in that was planned, and who still runs what was replaced? */
#pragma once

#include "tool/patch/plan.h"

struct patch_stale {
    int32_t pid;
    const char *name; /* comm */
    const char *unit; /* systemd's; NULL: none */
    const char *file; /* the first file that it still maps, and that is not there any more */
};

struct patch_verdict {
    struct {
        struct patch_step *item; /* `from`: what is installed instead; NULL: nothing */
        size_t count, capacity;
    } missing;
    struct {
        struct patch_stale *item;
        size_t count, capacity;
    } stale;
    size_t steps; /* of the journal */
    bool unended; /* the journal is of a patch that was not ended */
};

/* `proc` is "/proc".  Processes whose root is another than `root` are left out. */
int patch_verify(struct arena *arena, const char *root, const char *proc, struct patch_verdict *out,
                 struct err *e) MUST_CHECK;

/* The first deleted file of code that the text of /proc/PID/maps tells; NULL: none. */
const char *patch_stale_file(struct arena *arena, const char *maps);
