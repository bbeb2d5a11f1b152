/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apt-get(8) as a child: its simulation is the one text form of its solver that is stable. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

enum { APT_OUTPUT_MAX = 32 << 20 };

static const uint64_t apt_plan_limit_ns = 600ULL * 1000000000ULL;

struct apt {
    const char *root;    /* "" is this system */
    const char *sources; /* folder of the source lists to see; NULL: the system's own */
    struct arena *arena;
};

/* Run PROGRAM with the options that make it see `root` and `sources`, then `words`.  What it prints
 * (both streams) goes to *out.  0, -ENOENT without apt, -EIO when it fails, with its last words. */
int apt_run(const struct apt *apt, const char *program, const struct text_list *words,
            struct str *out, struct err *e) MUST_CHECK;

/* dpkg(1) on the same root. */
int apt_run_dpkg(const struct apt *apt, const struct text_list *words, struct str *out,
                 struct err *e) MUST_CHECK;
