/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of flows that ended: "flow" (one, both directions) and "netflow" (one a direction). */
#pragma once

#include "tool/ids/eve/eve_head.h"
#include "wire/packet/stream.h"

enum { EVE_NOTE_MAX = 4 };

/* What the pipeline notes of a flow for its record. */
struct eve_flow_note {
    uint8_t count;
    struct {
        const char *target, *policy; /* "stream_midstream", "drop_flow" */
    } policy[EVE_NOTE_MAX];
};

struct detect_thread;

void eve_flow(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
              const struct flow *f, struct detect_thread *detect);
void eve_netflow(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
                 const struct flow *f);
