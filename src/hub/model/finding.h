/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finding: something about a host that should be put right.  Open ports that need not be, test
 * results, open relays and missing patches are one list with one form. */
#pragma once

#include <stdint.h>

#include "core/net/addr.h"
#include "hub/model/severity.h"

struct finding {
    uint64_t seen_ns; /* wall */
    const char *tool; /* "audit", "assess", "relay", "advisory" */
    const char *test; /* what found it, stable: an OID, an advisory id, "exposure.reachable" */
    struct addr host;
    uint8_t ip_proto; /* 0: the host as a whole */
    uint16_t port;
    enum severity severity;
    double cvss;          /* base score; negative: none */
    uint8_t quality;      /* quality of detection, 0-100 */
    const char *name;     /* one line */
    const char *evidence; /* what was seen; may hold a stranger's words */
    const char *cure;     /* what to do: where possible one command */
    const char *refs;     /* CVE numbers and addresses, separated by blanks; may be NULL */
    const char *detail;   /* ready-made JSON object, or NULL */
};
