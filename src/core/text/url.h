/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of resources (RFC 3986): their parts, and relative ones made whole. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

/* The five parts, in the text they were taken from; NULL: not there (the path always is). */
struct url {
    const char *scheme, *authority, *path, *query, *fragment;
    size_t scheme_len, authority_len, path_len, query_len, fragment_len;
};

struct url url_split(const char *text);

/* RFC 3986 5.2: `reference` as seen from `base`.  An empty or missing base gives the reference. */
void url_resolve(const char *base, const char *reference, struct str *out);

/* The host without user, port and brackets.  false: there is none. */
bool url_host(const char *text, struct str *out);
