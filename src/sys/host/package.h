/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Debian package owns a file: dpkg's own lists (dpkg(1): /var/lib/dpkg/info, status and
 * diversions), all paths in one pass. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

struct package_owner {
    const char *path;    /* asked about: absolute, as the system without ROOT sees it */
    const char *name;    /* NULL: of no package */
    const char *version; /* NULL: the package is not (or no longer) installed */
    const char *source;  /* its source package, which advisories name; the same as name, often */
};

/* Fill out[0..count), whose paths are set by the caller (NULL: no question).  `root` is "" or the
 * folder of a system.  Where /bin, /sbin and /lib are links into /usr, either way to write a path
 * finds the owner.  A path that was diverted belongs to the package that diverted it.  A system
 * without dpkg owns nothing.  What is found lives in `arena`. */
int package_find_owners(struct arena *arena, const char *root, struct package_owner *out,
                        size_t count, struct err *e) MUST_CHECK;
