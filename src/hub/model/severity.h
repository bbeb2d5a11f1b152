/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How bad, how sure, and what should be done: three scales that every record shares. */
#pragma once

#include <stdint.h>

enum severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
    SEVERITY_COUNT
};

const char *severity_name(enum severity s);          /* "info" .. "critical" */
int severity_from_name(const char *name);            /* enum severity, or -1 */
enum severity severity_from_cvss(double base_score); /* CVSS v3.1 section 5; 0 is info */

/* EVE's scale runs the other way and has four steps: 1 critical and high, 2 medium, 3 low, 4 info.
 */
uint8_t severity_to_eve(enum severity s);
enum severity severity_from_eve(unsigned priority); /* 1 high, 2 medium, 3 low, others info */

/* What the evidence of an event proves about its source address. */
enum strength {
    STRENGTH_CLAIMED, /* a packet says so: the address may be forged */
    STRENGTH_ECHOED,  /* it answered something only a receiver of our packet could know */
    STRENGTH_HELD,    /* a completed handshake, an established flow, a daemon's own log line */
    STRENGTH_COUNT,
};

const char *strength_name(enum strength s); /* "claimed", "echoed", "held" */
int strength_from_name(const char *name);

/* What the one who saw an event would like to be done; only hub/respond acts. */
enum wish_action { WISH_NONE, WISH_DROP, WISH_REJECT, WISH_BAN, WISH_COUNT };

struct wish {
    enum wish_action action;
    uint32_t ban_s; /* WISH_BAN: for how long; 0: without end */
};

const char *wish_name(enum wish_action w); /* "none", "drop", "reject", "ban" */
int wish_from_name(const char *name);
