/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does an answer say of the service that gave it? */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "tool/scan/service/probe_db.h"

/* What is known of a service: texts of one match line, filled in. */
struct service_hit {
    const char *service;                  /* interned */
    const char *field[PROBE_FIELD_COUNT]; /* NULL: not told */
    const char *const *cpe;               /* whole: "cpe:/a:openbsd:openssh:9.2" */
    size_t cpe_count;
    bool soft, ssl;
    unsigned line; /* in the probe file */
};

/* The scratch memory of one thread; compiles patterns of `db` when they are first needed. */
struct service_matcher;
struct service_matcher *service_matcher_new(struct probe_db *db);
void service_matcher_free(struct service_matcher *m);

/* Hold an answer to `probe` against the lines that may speak of it, in order: the first match line
 * wins, else the first softmatch line.  Texts live in `arena`.  False: neither. */
bool service_match(struct service_matcher *m, const struct service_probe *probe, const void *data,
                   size_t len, struct arena *arena, struct service_hit *out);

/* Compile every pattern now; the broken ones are told to the database's `fault`.  Returns how many
 * are. */
size_t service_matcher_check(struct service_matcher *m);
