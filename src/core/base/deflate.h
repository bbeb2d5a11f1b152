/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compression, with zlib. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

/* The bytes in RFC 1952's form (`gzip`) or RFC 1950's, added to *out.  False: it is full. */
bool deflate_all(bool gzip, const void *in, size_t len, struct str *out);
