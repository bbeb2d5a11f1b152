/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portsentry.ignore: addresses and prefixes, one a line, whose probes are no attack.  The file is
 * read anew when it changes; a line that is no address is told and left out. */
#pragma once

#include <stdbool.h>

#include "core/net/addr.h"

/* Told of each line left out. */
typedef void ignore_warn_fn(void *ctx, const char *path, unsigned line, const char *why);

struct ignore_list;

/* `path` NULL: nobody is ignored.  A file that cannot be read is told, once until it can. */
struct ignore_list *ignore_list_new(const char *path, ignore_warn_fn *warn, void *ctx);
void ignore_list_free(struct ignore_list *l); /* takes NULL */

bool ignore_list_has(struct ignore_list *l, const struct addr *a);
