/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up rights for good, before anything is read that strangers wrote: no other user's files,
 * nothing written, no program started, no process made. */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct sandbox_spec {
    const char *const *readable; /* files and folders; ends with NULL.  Others cannot be opened */
    bool keeps_user;             /* stay the user one is, also when that is root */
};

/* For this process and what comes after it.  Root becomes nobody, capabilities go.  0 or a negative
 * errno value: then the process must end.  Where the kernel has no Landlock (5.13), which files may
 * be read is up to their modes. */
int sandbox_enter(const struct sandbox_spec *spec, struct err *e) MUST_CHECK;
