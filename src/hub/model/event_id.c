/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/event_id.h"

#include <assert.h>

#include "core/base/clock.h"

enum { COUNT_BITS = 12, WRITER_BITS = 10, MS_BITS = 41 };
#define COUNT_MAX ((UINT64_C(1) << COUNT_BITS) - 1)
#define MS_MAX    ((UINT64_C(1) << MS_BITS) - 1)

static const uint64_t epoch_ms = UINT64_C(1577836800000); /* 2020-01-01 UTC since 1970 */

/* At least 1: so no id is 0, which means "none", not even with a clock that was never set. */
static uint64_t ms_of(uint64_t wall_ns)
{
    uint64_t ms = wall_ns / NS_PER_MS;
    if (ms <= epoch_ms)
        return 1;
    return ms - epoch_ms < MS_MAX ? ms - epoch_ms : MS_MAX;
}

uint64_t event_id_next(struct event_id_source *source, uint64_t wall_ns)
{
    assert(source->writer < EVENT_ID_WRITERS);
    uint64_t ms = ms_of(wall_ns), count = 0;
    uint64_t last_ms = source->last >> (COUNT_BITS + WRITER_BITS);
    if (ms <= last_ms) { /* the same millisecond, or the clock went back */
        count = (source->last & COUNT_MAX) + 1;
        ms = last_ms;
    }
    if (count > COUNT_MAX) {
        count = 0;
        ms++;
    }
    source->last =
        ms << (COUNT_BITS + WRITER_BITS) | (uint64_t)source->writer << COUNT_BITS | count;
    return source->last;
}

uint64_t event_id_wall_ns(uint64_t id)
{
    return ((id >> (COUNT_BITS + WRITER_BITS)) + epoch_ms) * NS_PER_MS;
}
