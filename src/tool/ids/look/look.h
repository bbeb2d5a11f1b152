/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is being looked at while a rule is tried, for tests and deeds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tool/ids/ids_packet.h"
#include "tool/ids/inspect/inspect.h"
#include "tool/ids/rule/rule.h"

struct memory; /* keyword/memory.h */

struct look {
    struct ids_packet *packet;
    struct flow *flow;     /* NULL: none */
    struct inspect_tx *tx; /* NULL outside of transactions */
    enum flow_side side;
    const struct rule *rule;
    struct memory *memory; /* bits, counters, data sets of this thread */
    struct step_scratch *scratch;
    uint64_t *var;                   /* RULE_VAR_MAX values of byte_extract and byte_math */
    const struct inspect_file *file; /* the one that a file list stands at; NULL: none */
    uint32_t old_len;                /* of a stream's bytes: so many were looked at before */
    bool rebuilt;                    /* bytes of a stream are looked at, not a packet's */
};
