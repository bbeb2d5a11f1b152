/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portsentry.ignore: addresses and prefixes, one a line, whose probes are no attack.  The file is
 * read anew when it changes; a line that is no address is told and left out. */
#pragma once

#include <stdbool.h>

#include "core/net/addr.h"
#include "core/net/cidr_set.h"

/* Told of each line left out. */
typedef void ignore_warn_fn(void *ctx, const char *path, unsigned line, const char *why);

struct ignore_list;

/* `path` NULL: nobody is ignored.  A file that cannot be read is told, once until it can. */
struct ignore_list *ignore_list_new(const char *path, ignore_warn_fn *warn, void *ctx);
void ignore_list_free(struct ignore_list *l); /* takes NULL */

bool ignore_list_has(struct ignore_list *l, const struct addr *a);

/* The text of such a file into *set, which it replaces.  `text` is cut up; NULL: empty. */
struct ignore_reader {
    const char *path; /* for `warn` */
    ignore_warn_fn *warn;
    void *ctx;
    unsigned line; /* the last one read */
};
void ignore_list_read(struct cidr_set *set, char *text, struct ignore_reader r);
