/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries probes in the name of a zombie, and watches its IP ID.  Many ports are asked together,
 * and halved where some of them answered.  IPv4 only. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "tool/scan/frame_net.h"
#include "tool/scan/frame_shape.h"
#include "tool/scan/prober.h"

struct idle_transport;

struct idle_transport_setup {
    struct frame_net *net;
    struct loop *loop;
    const struct frame_path *zombie_path;
    struct addr zombie;
    uint16_t zombie_port; /* whom its answers are asked of; any will do that is not filtered */
    const struct frame_shape *shape;
};

/* Looks at how the zombie numbers its packets.  0; -EHOSTUNREACH when it does not answer; -ENOTSUP
 * when its numbers tell nothing, or too much else. */
int idle_transport_open(struct idle_transport **out, const struct idle_transport_setup *setup,
                        struct err *e) MUST_CHECK;
void idle_transport_close(struct idle_transport *t);

const struct probe_transport *idle_transport_of(struct idle_transport *t);

/* From IP IDs of consecutive answers: how much one packet adds (1, or 256 by a stack that forgets
 * the byte order).  0: they tell nothing; *out_why then says why. */
unsigned idle_step_of(const uint16_t *id, size_t count, const char **out_why);
