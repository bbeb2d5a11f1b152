/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transaction of DNS, shared by DNS and its relatives. */
#pragma once

#include "core/base/arena.h"
#include "core/base/counter.h"
#include "tool/ids/inspect/dns_eve.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/dns.h"

struct dns_state {
    bool gap[FLOW_SIDES]; /* bytes were lost: where does a message begin again? */
};

struct dns_tx {
    struct inspect_tx head;
    enum flow_side side; /* who sent it */
    struct dns_message message;
    struct arena memory;
};

void dns_tx_odd_events(struct inspect_flow *f, struct inspect_tx *tx, const struct dns_message *m);
void dns_tx_free(struct inspect_flow *f, struct inspect_tx *tx);
bool dns_tx_buffer(struct dns_tx *tx, enum buffer_id id, unsigned index, struct span *out);
bool dns_tx_number(const struct dns_tx *tx, enum number_id id, unsigned index, uint64_t *out);
