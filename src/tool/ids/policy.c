/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done where the engine cannot follow: the connection began before us, memory is at its
 * cap, a parser gave up. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/worker.h"

static const struct {
    const char *name, *counter;
} target_row[IDS_TARGETS] = {
    [IDS_TARGET_MIDSTREAM] = {"stream_midstream", "tcp.midstream"},
    [IDS_TARGET_REASSEMBLY] = {"stream_reassembly_memcap", "tcp.reassembly"},
    [IDS_TARGET_SESSION] = {"stream_memcap", "tcp.ssn_memcap"},
    [IDS_TARGET_FLOW] = {"flow_memcap", "flow.memcap"},
    [IDS_TARGET_DEFRAG] = {"defrag_memcap", "defrag.memcap"},
    [IDS_TARGET_APP_ERROR] = {"app_layer_error", "app_layer.error"},
};

static const char *const policy_counter[IDS_POLICIES] = {
    [IDS_POLICY_AUTO] = "auto",
    [IDS_POLICY_IGNORE] = "ignore",
    [IDS_POLICY_PASS_PACKET] = "pass_packet",
    [IDS_POLICY_PASS_FLOW] = "pass_flow",
    [IDS_POLICY_BYPASS] = "bypass",
    [IDS_POLICY_DROP_PACKET] = "drop_packet",
    [IDS_POLICY_DROP_FLOW] = "drop_flow",
    [IDS_POLICY_REJECT] = "reject",
};

const char *ids_target_name(enum ids_policy_target target)
{
    return target_row[target].name;
}

const char *ids_target_counter(enum ids_policy_target target)
{
    return target_row[target].counter;
}

const char *ids_policy_counter(enum ids_policy policy)
{
    return policy_counter[policy];
}

static void note(struct flow *f, enum ids_policy_target target, enum ids_policy policy)
{
    struct eve_flow_note *n = f->owner;
    if (!n)
        f->owner = n = mem_zero(sizeof *n);
    for (uint8_t i = 0; i < n->count; i++)
        if (strcmp(n->policy[i].target, ids_target_name(target)) == 0)
            return;
    if (n->count == EVE_NOTE_MAX)
        return;
    n->policy[n->count].target = ids_target_name(target);
    n->policy[n->count++].policy = ids_policy_counter(policy);
}

void ids_policy_apply(struct ids_worker *w, struct ids_packet *p, enum ids_policy_target target,
                      enum ids_policy policy, enum ids_drop_reason reason)
{
    struct flow *f = p->flow;
    if (policy == IDS_POLICY_AUTO || policy == IDS_POLICY_IGNORE)
        return;
    w->count.policy[target][policy]++;
    if (f)
        note(f, target, policy);
    switch (policy) {
    case IDS_POLICY_REJECT:
        p->action |= IDS_ACTION_REJECT;
        if (f)
            f->flag |= FLOW_REJECTED;
        __attribute__((fallthrough));
    case IDS_POLICY_DROP_FLOW:
        if (f)
            f->flag |= FLOW_DROP | FLOW_NO_PAYLOAD | FLOW_NO_PACKET;
        __attribute__((fallthrough));
    case IDS_POLICY_DROP_PACKET:
        ids_packet_drop(p, reason);
        p->flag |= IDS_NO_PAYLOAD | IDS_NO_RULES;
        break;
    case IDS_POLICY_BYPASS:
        if (f)
            flow_set_state(w->flows, f, FLOW_BYPASSED);
        __attribute__((fallthrough));
    case IDS_POLICY_PASS_FLOW:
        if (f && policy == IDS_POLICY_PASS_FLOW)
            f->flag |= FLOW_PASS;
        if (f)
            f->flag |= FLOW_NO_PAYLOAD | FLOW_NO_PACKET;
        __attribute__((fallthrough));
    default:
        p->flag |= IDS_NO_PAYLOAD | IDS_NO_RULES;
        break;
    }
}
