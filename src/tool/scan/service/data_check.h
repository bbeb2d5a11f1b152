/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --check-data: read nmap's data files in a folder as a whole, count what they hold, and tell each
 * line that does not parse. */
#pragma once

#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"

/* Told of each line that is wrong, and of each count; `file` is the name without the folder. */
struct data_check_events {
    void *ctx;
    void (*fault)(void *ctx, const char *file, unsigned line, const char *why);
    void (*count)(void *ctx, const char *file, const char *key, size_t count);
};

/* The number of faults, or the negative errno value of a file that cannot be read.
 * nmap-payloads may be missing: newer nmaps have none. */
int data_check(const char *folder, const struct data_check_events *events,
               struct err *e) MUST_CHECK;
