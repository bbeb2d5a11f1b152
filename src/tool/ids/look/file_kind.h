/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of file it is, by its first bytes, in the words of file(1): what rules ask for by
 * filemagic and the log shows as "magic". */
#pragma once

#include "core/base/str.h"
#include "tool/ids/inspect/inspect.h"

/* Append the description: "PDF document, version 1.4", "data". */
void file_kind_describe(const struct span *head, struct str *out);
bool file_kind_has(const struct span *head, const uint8_t *text, size_t len);
