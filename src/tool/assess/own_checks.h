/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own checks (data/checks), which tools/embed-checks puts into it. */
#pragma once

#include <stddef.h>

struct own_check {
    const char *name, *text;
    size_t len;
};

extern const struct own_check own_checks[]; /* ends with a row without a name */
