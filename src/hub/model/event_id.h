/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event numbers: 63 bits that rise with time and are unique on a machine without asking anybody.
 *
 *     62..22  milliseconds since 2020-01-01 UTC (41 bits: until 2089)
 *     21..12  the writer's number, held by a lock of the store (1,024 writers at once)
 *     11..0   a count within the millisecond
 *
 * A writer never goes back: when the clock does, or 4,096 events fall in one millisecond, it
 * borrows from the next one. */
#pragma once

#include <stdint.h>

enum { EVENT_ID_WRITERS = 1024 };

struct event_id_source {
    uint16_t writer; /* 0 .. EVENT_ID_WRITERS - 1 */
    uint64_t last;   /* the last one given; 0: none yet */
};

uint64_t event_id_next(struct event_id_source *source, uint64_t wall_ns);
uint64_t event_id_wall_ns(uint64_t id); /* the millisecond it was given in */
