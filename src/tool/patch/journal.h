/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is being done, on disk before it is done: JSON, mode 0600, replaced as a whole. */
#pragma once

#include "tool/patch/plan.h"

struct patch_journal {
    struct {
        struct patch_step *item; /* package, from, to */
        size_t count;
    } steps;
    const char *begun; /* RFC 3339 */
    bool done;         /* all of it is installed: kept for verify and for going back */
};

int patch_journal_write(const char *path, const struct patch_journal *j, struct err *e) MUST_CHECK;

/* 1; 0: there is none; -EBADMSG: it is not ours. */
int patch_journal_read(struct arena *arena, const char *path, struct patch_journal *out,
                       struct err *e) MUST_CHECK;
