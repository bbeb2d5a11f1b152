/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script's description as the JSON object of the scanner HTTP API (openvasd's VT). */
#pragma once

#include "core/base/str.h"
#include "tool/nasl/meta.h"

/* Scripts are ISO-8859-1; the object is UTF-8, without a newline. */
void nasl_meta_write_json(const struct nasl_meta *m, const char *file, struct str *out);
