/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What travels on the bus: one of the four nouns. */
#pragma once

#include <stddef.h>

#include "hub/model/event.h"
#include "hub/model/fact.h"
#include "hub/model/finding.h"
#include "hub/model/run.h"

enum record_kind { RECORD_EVENT, RECORD_FACT, RECORD_FINDING, RECORD_RUN };

struct record {
    enum record_kind kind;
    union {
        struct event event;
        struct fact fact;
        struct finding finding;
        struct run run;
    };
};

/* The record with all its texts in one block that can be copied and moved: what the bus carries.
 * record_pack returns the bytes needed; it writes only when they fit in `size`. */
size_t record_pack(const struct record *r, void *to, size_t size);

/* Make `out` point into the packed block at `from`, which it then must not outlive.  The block is
 * our own process's work, not a stranger's. */
void record_unpack(struct record *out, const void *from);
