/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What applying the security fixes would do: apt's own solver, with nothing but the security
 * archives to see.  Writes nothing below the root. */
#pragma once

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"
#include "tool/patch/archive.h"

struct patch_step {
    const char *package, *from, *to, *origin; /* from NULL: it is new */
    const char *source;                       /* of the installed package; NULL: not known */
    struct text_list advisories;              /* CVE numbers that `to` closes; the list is freed by
                                                 patch_plan_done */
};

struct patch_kept {
    const char *package, *why;
};

struct patch_plan {
    struct {
        struct patch_step *item;
        size_t count, capacity;
    } upgrades, added, removals;
    struct {
        struct patch_kept *item;
        size_t count, capacity;
    } kept;
    struct {
        const char **item;
        size_t count, capacity;
    } problems;
};

struct patch_options {
    const char *root; /* "" is this system */
};

/* Fill in *out; texts live in `arena`.  0, or a negative errno value: apt is missing or fails. */
int patch_plan_make(struct arena *arena, const struct patch_options *o, struct patch_plan *out,
                    struct err *e) MUST_CHECK;
void patch_plan_done(struct patch_plan *plan);

/* The steps of a simulation: "Inst", "Remv" and what is kept back. */
void patch_plan_parse(struct arena *arena, const char *text, struct patch_plan *out);

void patch_plan_to_json(const struct patch_plan *plan, struct str *out);
void patch_plan_to_text(const struct patch_plan *plan, struct str *out);
