/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What closes an open relay: the settings of the server that was seen, and a firewall rule that
 * leaves mail submission to the networks that may use it.  As commands where commands do it. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "tool/relay/relay.h"

struct relay_cure {
    const char *what;    /* a sentence */
    const char *command; /* lines for a root shell; NULL: a change by hand, told in `what` */
};

enum { RELAY_CURES_MAX = 8 };

/* `allowed`: networks that may relay, "10.0.0.0/8,fd00::/8"; NULL: the server's own loopback alone.
 * Texts live in `arena`.  Returns how many; none unless something was delivered or accepted. */
size_t relay_cures(const struct relay_report *report, const char *allowed, struct arena *arena,
                   struct relay_cure out[RELAY_CURES_MAX]);
