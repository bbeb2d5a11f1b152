/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON (RFC 8259) in, as a value: the server's socket and the "data" of its database. */
#pragma once

#include "core/base/err.h"
#include "tool/ban/conf/ban_value.h"

enum { JSON_VALUE_DEPTH_MAX = 32 };

/* One value that fills `text`.  0 or -EINVAL with the offset of the fault; *out is in `arena`. */
int json_value_parse(struct ban_value *out, const char *text, size_t len, struct arena *arena,
                     struct err *e) MUST_CHECK;

/* The member of a map; NULL: there is none. */
const struct ban_value *ban_map_find(const struct ban_value *map, const char *name);
