/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doing what the plan says, so that it is never half-done: a journal is written before anything
 * changes, everything is downloaded first, packages go in small steps, and what a death leaves
 * behind is ended by patch_resume.  Configuration files stay as they are. */
#pragma once

#include "tool/patch/plan.h"

/* Words of what goes on, one line each; may be NULL. */
typedef void patch_word_fn(void *ctx, const char *words);

struct patch_apply {
    const char *root;
    patch_word_fn *word;
    void *ctx;
};

/* Where the journal lies below a root. */
#define PATCH_FOLDER  "/var/lib/picket"
#define PATCH_JOURNAL PATCH_FOLDER "/patch.json"

/* 0: all that was planned is installed (*out_steps packages; 0: there was nothing to do); -EBUSY:
 * an earlier one was not ended, or somebody else is at it; -ENOSPC; -EIO: apt failed, the journal
 * is kept. */
int patch_apply(struct arena *arena, const struct patch_apply *a, size_t *out_steps,
                struct err *e) MUST_CHECK;

/* End what was begun: dpkg's own half-done states first, then the steps that are missing.  0 also
 * where nothing was begun (*out_steps 0). */
int patch_resume(struct arena *arena, const struct patch_apply *a, size_t *out_steps,
                 struct err *e) MUST_CHECK;
