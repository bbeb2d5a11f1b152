/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "<name>" in definitions of filters and actions is replaced by the option of that name, again and
 * again, the inner ones of composed names such as <re-<mode>> first.  What no option is called
 * stays: it is a tag of the matching or of the ban. */
#pragma once

#include "core/base/err.h"
#include "tool/ban/conf/conf_opts.h"

enum { CONF_TAG_REPLACE_MAX = 25 };

struct conf_tags {
    const char *condition;   /* "family=inet4": options "name?family=inet4" win; NULL: none */
    const char *const *keep; /* names that are left alone; ends with NULL; NULL: none */
    bool keep_conditional;   /* and those that have a conditional value */
    /* Asked for a name that no option has; NULL: there is none, -EINVAL in *e: it cannot be put
     * together. */
    const char *(*more)(void *ctx, const char *name, struct err *e);
    void *ctx;
};

/* Replace in all values of *opts.  0, or -EINVAL: a definition refers to itself. */
int conf_tags_replace(struct conf_opts *opts, const struct conf_tags *how, struct arena *arena,
                      struct err *e) MUST_CHECK;
