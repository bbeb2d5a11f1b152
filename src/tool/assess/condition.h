/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May a check run against a host?  Told by its keys and ports and by what the knowledge base of the
 * host holds at that moment. */
#pragma once

#include "tool/assess/collection.h"
#include "tool/nasl/host.h"

enum assess_verdict {
    ASSESS_MAY_RUN,
    ASSESS_UNSAFE,       /* its category may harm the host */
    ASSESS_KEY_MISSING,  /* a mandatory or required key, or its value does not fit */
    ASSESS_KEY_EXCLUDES, /* an excluded key is there */
    ASSESS_PORT_CLOSED,  /* none of its ports is open */
};

enum assess_verdict assess_condition(const struct assess_collection *c,
                                     const struct assess_check *check,
                                     const struct nasl_host *host);

/* "KEY", there with any value, or "KEY=REGEX", there with a value that fits (in any case). */
bool assess_has_key(struct nasl_library *l, struct nasl_kb *kb, const char *key);
