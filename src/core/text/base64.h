/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648 4). */
#pragma once

#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/str.h"

void base64_add(struct str *out, const void *bytes, size_t len);

/* Add the bytes that `text` stands for.  Padding may be missing; anything else that is not of the
 * alphabet makes it -EINVAL, and *out is as it was. */
int base64_decode(struct str *out, const char *text, size_t len) MUST_CHECK;
