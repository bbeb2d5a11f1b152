/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket.conf(5): one table of sections and keys; what is not in it is an error. */
#pragma once

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

#define CONFIG_FILE "/etc/picket/picket.conf"

struct config {
    const char *store_folder; /* [store] folder; NULL: nothing is kept unless asked */
};

/* Read `path`; NULL: CONFIG_FILE, which need not exist.  Texts live in `arena`.  0, -EINVAL with
 * "file:line:column: ...", or another negative errno value. */
int config_read(struct config *out, const char *path, struct arena *arena,
                struct err *e) MUST_CHECK;

/* The same from the file's text. */
int config_parse(struct config *out, const char *text, size_t len, const char *name,
                 struct arena *arena, struct err *e) MUST_CHECK;
