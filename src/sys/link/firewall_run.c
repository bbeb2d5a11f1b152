/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains.  A packet is sent through them once; where a rule's match cannot be told, what it would
 * do is noted as possible and the packet goes on as well, so the result is a set of ends. */
#include "sys/link/firewall_run.h"

#include <fnmatch.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <string.h>

enum { GO_ON = 8, /* beside the END_ bits: the packet reaches the end of the chain */ };

enum firewall_step firewall_doubt(struct firewall_run *r, const char *what)
{
    r->doubt = what;
    return STEP_MAYBE;
}

enum firewall_step firewall_give_up(struct firewall_run *r, const char *what)
{
    r->doubt = what;
    r->verdict = VERDICT_ANY;
    return STEP_NEXT;
}

enum firewall_step firewall_step_of(struct firewall_run *r, enum truth t, const char *doubt)
{
    if (t == TRUTH_UNKNOWN)
        return firewall_doubt(r, doubt);
    return t == TRUTH_YES ? STEP_NEXT : STEP_BREAK;
}

void firewall_hint(struct firewall_run *r, uint16_t port)
{
    for (size_t i = 0; i < r->hint_count; i++)
        if (r->hint[i] == port)
            return;
    if (r->hint_count < FIREWALL_HINT_MAX)
        r->hint[r->hint_count++] = port;
}

static void keep_doubt(struct firewall_run *r, const struct firewall_chain *c,
                       const struct firewall_rule *rule)
{
    if (r->doubt_kept)
        return;
    r->doubt_kept = r->doubt;
    r->doubt_chain = c;
    r->doubt_rule = rule;
}

static void keep_end(struct firewall_run *r, const struct firewall_chain *c,
                     const struct firewall_rule *rule, enum firewall_verdict_code verdict)
{
    r->end_chain = c;
    r->end_rule = rule;
    r->end_verdict = verdict;
}

/* Does the rule apply?  Its verdict is in r->verdict then. */
static enum truth run_rule(struct firewall_run *r, const struct firewall_rule *rule)
{
    bool maybe_before = r->maybe;
    enum truth applies = TRUTH_YES;
    r->verdict = VERDICT_CONTINUE;
    r->doubt = NULL;
    for (size_t i = 0; i < rule->expr_count; i++) {
        enum firewall_step step = firewall_expr_run(r, &rule->expr[i]);
        if (step == STEP_BREAK) {
            applies = TRUTH_NO;
            break;
        }
        if (step == STEP_MAYBE) {
            applies = TRUTH_UNKNOWN;
            r->maybe = true;
        }
        if (r->verdict != VERDICT_CONTINUE)
            break; /* the kernel runs nothing behind a verdict */
    }
    r->maybe = maybe_before;
    return applies;
}

static unsigned run_chain(struct firewall_run *r, const struct firewall_chain *c, unsigned depth);

static unsigned run_target(struct firewall_run *r, const struct firewall_chain *from,
                           const char *name, unsigned depth)
{
    const struct firewall_chain *to =
        firewall_rules_chain(r->rules, from->family, from->table, name);
    return to ? run_chain(r, to, depth + 1) : END_ACCEPT | END_DROP | GO_ON;
}

struct effect {
    unsigned ends; /* END_ bits, and GO_ON: the rule lets the packet leave this chain */
    bool stays;    /* it may go on to the next rule */
};

static struct effect apply(struct firewall_run *r, const struct firewall_chain *c,
                           const struct firewall_rule *rule, unsigned depth)
{
    enum firewall_verdict_code verdict = r->verdict;
    unsigned below;
    switch (verdict) {
    case VERDICT_CONTINUE:
        return (struct effect){0, true};
    case VERDICT_RETURN:
        return (struct effect){GO_ON, false};
    case VERDICT_JUMP:
        below = run_target(r, c, r->target, depth);
        return (struct effect){below & ~(unsigned)GO_ON, below & GO_ON};
    case VERDICT_GOTO:
        return (struct effect){run_target(r, c, r->target, depth), false};
    case VERDICT_ANY:
        keep_doubt(r, c, rule);
        return (struct effect){END_ACCEPT | END_DROP, true};
    case VERDICT_ACCEPT:
        keep_end(r, c, rule, verdict);
        return (struct effect){END_ACCEPT, false};
    case VERDICT_REDIRECT:
        keep_end(r, c, rule, verdict);
        return (struct effect){END_REDIRECT, false};
    default:
        keep_end(r, c, rule, verdict);
        return (struct effect){END_DROP, false};
    }
}

static unsigned run_chain(struct firewall_run *r, const struct firewall_chain *c, unsigned depth)
{
    unsigned ends = 0;
    bool maybe_before = r->maybe;
    if (depth > FIREWALL_DEPTH_MAX)
        return END_ACCEPT | END_DROP | GO_ON;
    for (size_t i = 0; i < c->rule_count; i++) {
        const struct firewall_rule *rule = &c->rule[i];
        enum truth applies = run_rule(r, rule);
        if (applies == TRUTH_NO)
            continue;
        const char *doubt = r->doubt;
        bool maybe = r->maybe;
        r->maybe |= applies == TRUTH_UNKNOWN;
        struct effect effect = apply(r, c, rule, depth);
        r->maybe = maybe;
        if (applies == TRUTH_UNKNOWN && (effect.ends || !effect.stays)) {
            r->doubt = doubt;
            keep_doubt(r, c, rule);
        }
        ends |= effect.ends;
        if (applies == TRUTH_YES && !effect.stays) {
            r->maybe = maybe_before || (ends & END_ACCEPT);
            return ends;
        }
        /* who gets here now is only part of the packets that might have come */
        r->maybe |= effect.ends != 0;
    }
    r->maybe = maybe_before || (ends & END_ACCEPT);
    return ends | GO_ON;
}

static unsigned run_base(struct firewall_run *r, const struct firewall_chain *c)
{
    r->base = c;
    r->maybe = false;
    r->verdict = VERDICT_CONTINUE;
    unsigned ends = run_chain(r, c, 0);
    if (!(ends & GO_ON))
        return ends;
    if (c->policy_drop)
        keep_end(r, c, NULL, VERDICT_DROP);
    else if (!r->end_chain) /* a rule that let it in says more than a policy */
        keep_end(r, c, NULL, VERDICT_ACCEPT);
    return (ends & ~(unsigned)GO_ON) | (c->policy_drop ? END_DROP : END_ACCEPT);
}

static bool on_device(const struct firewall_chain *c, const char *name)
{
    for (size_t i = 0; i < c->device_count; i++)
        if (fnmatch(c->device[i], name, 0) == 0)
            return true;
    return false;
}

/* Base chains in the order a packet for this machine meets them. */
enum stage { INGRESS, PREROUTING, INPUT, STAGE_COUNT };

static bool is_met(const struct firewall_run *r, const struct firewall_chain *c, enum stage stage)
{
    uint8_t family = r->dst.family == ADDR_IP4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
    bool inet = c->family == family || c->family == NFPROTO_INET;
    switch (stage) {
    case INGRESS:
        return ((c->family == NFPROTO_NETDEV && c->hook == NF_NETDEV_INGRESS) ||
                (c->family == NFPROTO_INET && c->hook == NF_INET_INGRESS)) &&
               on_device(c, r->in->name);
    case PREROUTING:
        return inet && c->hook == NF_INET_PRE_ROUTING;
    default:
        return inet && c->hook == NF_INET_LOCAL_IN;
    }
}

static void track(struct firewall_run *r, const struct firewall_chain *c, enum stage stage)
{
    if (r->tracking == TRACKING_OFF || r->tracking == TRACKING_UNKNOWN)
        return; /* notrack was met */
    if (stage == INPUT || (stage == PREROUTING && c->priority > NF_IP_PRI_CONNTRACK))
        r->tracking = TRACKING_NEW;
}

/* At conntrack's own priority it depends on who was hooked in first. */
static bool beside_conntrack(const struct firewall_run *r, const struct firewall_chain *c,
                             enum stage stage)
{
    return stage == PREROUTING && c->priority == NF_IP_PRI_CONNTRACK &&
           r->tracking == TRACKING_NONE;
}

unsigned firewall_run_packet(struct firewall_run *r)
{
    unsigned lost = 0; /* ends other than arrival that were possible on the way */
    for (enum stage stage = INGRESS; stage < STAGE_COUNT; stage++)
        for (size_t i = 0; i < r->rules->base_count; i++) {
            const struct firewall_chain *c = &r->rules->chain[i];
            if (!is_met(r, c, stage))
                continue;
            bool beside = beside_conntrack(r, c, stage);
            track(r, c, stage);
            if (beside)
                r->tracking = TRACKING_UNKNOWN;
            unsigned ends = run_base(r, c);
            if (beside && r->tracking == TRACKING_UNKNOWN)
                r->tracking = TRACKING_NONE;
            lost |= ends & ~(unsigned)END_ACCEPT;
            if (!(ends & END_ACCEPT))
                return lost;
        }
    return lost | END_ACCEPT;
}
