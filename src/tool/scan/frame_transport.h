/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries probes as frames of our own making.  No state is kept for a probe under way: the source
 * port tells technique and try, the cookie proves that the answer is one. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "tool/scan/frame_net.h"
#include "tool/scan/frame_shape.h"
#include "tool/scan/prober.h"

struct frame_transport;

struct frame_transport_setup {
    struct frame_net *net;
    struct loop *loop;
    struct probe_host *host; /* transport_data is its struct frame_path, or NULL: it has none */
    uint32_t host_count;
    const struct probe_item *item;
    uint32_t item_count;
    const struct frame_shape *shape;
    bool has_tcp_flags; /* --scanflags: these instead of the techniques' own */
    uint8_t tcp_flags;
};

/* 0, or -E2BIG when the job mixes more than FRAME_SLOTS techniques. */
int frame_transport_open(struct frame_transport **out, const struct frame_transport_setup *setup,
                         struct err *e) MUST_CHECK;
void frame_transport_close(struct frame_transport *t);

const struct probe_transport *frame_transport_of(struct frame_transport *t);
