/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transfer codings of mail that go line by line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

/* RFC 2045 6.7: one line with its end.  What follows '=' and is no hexadecimal number stays. */
void mime_decode_quoted(const char *line, size_t len, struct str *out);

/* uuencode(5): one line; *begun and *ended are false before the first. */
void mime_decode_uu(const char *line, size_t len, bool *begun, bool *ended, struct str *out);
