/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has probed, how often and where: PortSentry's state engine, of a fixed size.  A source that
 * came back is worth more than one that was seen once, so a flood of forged sources does not push
 * the real one out.  Spans are of the monotonic clock; a scan may take its hours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

enum {
    SUSPECT_MAX = 1 << 16, /* sources remembered: 6 MiB */
    SUSPECT_PORTS = 8,     /* different ports remembered of each */
};

struct suspect {
    struct addr who; /* ADDR_NONE: free */
    uint64_t first_ns, last_ns;
    uint32_t hits;
    uint16_t port[SUSPECT_PORTS];
    uint8_t port_count; /* stays at SUSPECT_PORTS */
    bool acted;         /* the reaction has been asked for */
};

struct suspects;
struct suspects *suspects_new(void);
void suspects_free(struct suspects *s); /* takes NULL */

/* Count a hit and return the source's record, which is valid until the next call. */
struct suspect *suspects_hit(struct suspects *s, const struct addr *who, uint16_t port,
                             uint64_t mono_ns);

/* NULL: not remembered.  Counts nothing. */
struct suspect *suspects_find(struct suspects *s, const struct addr *who);

/* One scan by many: of the sources first seen within the last hour that have not been acted on, how
 * many are there, and how many different ports did they touch? */
struct crowd {
    uint32_t sources, ports;
};
struct crowd suspects_crowd(const struct suspects *s, uint64_t mono_ns);
