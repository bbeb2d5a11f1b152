/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rules remember: bits, numbers and texts of flows, bits of hosts and pairs of hosts.  Flow
 * memory is made when a rule first writes to it; what is kept of hosts has a cap, the oldest goes
 * first.  Belongs to one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "tool/ids/look/look.h"
#include "tool/ids/rule/rule_set.h"

enum { MEMORY_HOST_MAX = 65536, MEMORY_VAR_LEN_MAX = 256, MEMORY_VAR_MAX = 16 };

struct flow_var {
    uint32_t name; /* RULE_NAMES_FLOWVAR */
    uint16_t len;
    uint8_t byte[MEMORY_VAR_LEN_MAX];
};

struct told_place {
    uint32_t rule;
    uint8_t side;
    uint64_t place;
};

enum { MEMORY_TOLD_MAX = 64 };

/* flow->detect */
struct flow_memory {
    uint64_t *bit; /* RULE_NAMES_FLOWBIT, one bit each */
    uint64_t *number_set;
    uint64_t *number; /* RULE_NAMES_FLOWINT */
    struct flow_var *var;
    uint8_t var_count;
    struct flow_memory *next_free;
    struct told_place *told; /* MEMORY_TOLD_MAX, the oldest gives way */
    uint32_t told_count;
    uint32_t *once; /* numbers that memory_once saw */
    uint32_t once_count, once_capacity;
};

struct host_bit;

struct memory {
    const struct rule_set *set;
    struct flow_memory *free;
    struct host_bit *slot; /* open addressing, MEMORY_HOST_MAX * 2 */
    size_t host_count;
    struct hash_key secret;
    struct flow_var packet_var[MEMORY_VAR_MAX]; /* of this packet */
    uint8_t packet_var_count;
};

void memory_init(struct memory *m, const struct rule_set *set);
void memory_done(struct memory *m);

/* The memory of the look's flow; made when `make`.  NULL without a flow. */
struct flow_memory *memory_of_flow(const struct look *look, bool make);
void memory_end_flow(struct memory *m, struct flow *f);

bool memory_flow_bit(const struct look *look, uint32_t bit);
void memory_set_flow_bit(const struct look *look, uint32_t bit, bool on);

/* Whose bit: a host's, or that of two hosts together. */
enum memory_track { MEMORY_SRC, MEMORY_DST, MEMORY_PAIR };

bool memory_host_bit(const struct look *look, enum memory_track track, uint32_t bit);
void memory_set_host_bit(const struct look *look, enum memory_track track, uint32_t bit,
                         uint32_t expire_s); /* 0: take it away */

/* Was this asked of the flow before, with that number?  False the first time. */
bool memory_once(const struct look *look, uint32_t number);

/* Snort tells of a payload once: on the packet, and not again on the stream that holds it.  Note
 * that a rule was told of bytes that end at `place`; was it told of any within [from, to]? */
void memory_told(const struct look *look, uint32_t rule, uint64_t place);
bool memory_was_told(const struct look *look, uint32_t rule, uint64_t from, uint64_t to);

/* Keep a piece of the payload under a name, of the flow or of this packet. */
void memory_keep_var(const struct look *look, uint32_t name, bool of_packet, const uint8_t *data,
                     size_t len);
const struct flow_var *memory_var(const struct look *look, uint32_t name);
