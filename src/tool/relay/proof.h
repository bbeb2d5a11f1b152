/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which tokens have arrived: at our own sink, in a Maildir, or where a search finds them. */
#pragma once

#include "sys/loop/loop.h"
#include "tool/relay/relay.h"
#include "tool/relay/sink.h"

struct proof {
    const struct relay_options *o;
    struct loop *loop;
    struct sink *sink;
    struct relay_report *report;
    uint64_t arrived_ns; /* when the last one did; 0: none has */
};

int proof_open(struct proof *p, const struct relay_options *o, struct loop *loop,
               struct relay_report *report, struct err *e) MUST_CHECK;
void proof_close(struct proof *p);

/* Wait for what was accepted: until all of it has come, nothing more comes, or the time is over.
 * Outcomes become RELAY_DELIVERED. */
int proof_await(struct proof *p, struct err *e) MUST_CHECK;
