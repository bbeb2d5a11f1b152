/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What held on a packet, and what becomes of it: filters first, then the verdict, then the log. */
#include <stdlib.h>
#include <string.h>

#include "tool/ids/detect/engine.h"
#include "tool/ids/detect/eve_alert.h"

static void run_deeds(const struct rule *r, struct look *look)
{
    for (uint16_t i = 0; i < r->deed_count; i++)
        r->deed[i].act(r->deed[i].state, look);
}

void alert_add(struct detect_thread *t, const struct look *look, uint32_t number, bool on_stream)
{
    const struct rule *r = t->engine->rule[number].rule;
    struct look mine = *look;
    if (r->limit && r->limit->kind == LIMIT_DETECTION &&
        limit_ask(t, &mine, number, r->limit, 0) != LIMIT_TELL)
        return;
    run_deeds(r, &mine);
    if (t->alert_count == ALERT_MAX) {
        t->alerts_discarded++;
        return;
    }
    struct detect_alert *a = &t->alert[t->alert_count++];
    *a = (struct detect_alert){.rule = number,
                               .action = r->action,
                               .on_stream = on_stream,
                               .has_tx = look->tx != NULL,
                               .tx_id = look->tx ? look->tx->id : 0,
                               .no_event = (r->trait & RULE_NO_ALERT) != 0};
}

/* Thresholds of the rule and filters of the configuration: LIMIT_TELL, LIMIT_ACT or LIMIT_SILENT.
 */
static enum limit_answer pass_filters(struct detect_thread *t, struct look *look,
                                      struct detect_alert *a)
{
    const struct engine_rule *r = &t->engine->rule[a->rule];
    const struct rule_limit *own = r->rule->limit;
    look->rule = r->rule;
    if (own && own->kind != LIMIT_DETECTION && r->filter_count == 0)
        return limit_ask(t, look, a->rule, own, 0);
    for (uint16_t i = 0; i < r->filter_count; i++) {
        const struct rule_limit *l = &r->filter[i]->limit;
        enum limit_answer answer = limit_ask(t, look, a->rule, l, 1 + (uint32_t)i);
        if (answer == LIMIT_NEW_ACTION)
            a->action = l->new_action, a->by_filter = true;
        else if (answer != LIMIT_TELL)
            return answer;
    }
    return LIMIT_TELL;
}

static bool is_drop(uint8_t action)
{
    return action == RULE_DROP || action == RULE_SDROP || action == RULE_BLOCK ||
           action == RULE_REACT || action == RULE_REJECT || action == RULE_REJECT_DST ||
           action == RULE_REJECT_BOTH;
}

/* Does the verdict hold for the rest of the flow?  Where it came from more than one packet, yes. */
static bool is_for_flow(const struct engine_rule *r, const struct detect_alert *a)
{
    return a->has_tx || a->on_stream || r->kind != KIND_PACKET || r->about_flow ||
           a->action == RULE_BLOCK;
}

static void apply(struct detect_thread *t, struct ids_packet *p, struct detect_alert *a)
{
    const struct engine_rule *r = &t->engine->rule[a->rule];
    bool for_flow = p->flow && is_for_flow(r, a);
    if (a->action == RULE_PASS) {
        p->action |= IDS_ACTION_PASS;
        if (for_flow)
            p->flow->flag |= FLOW_PASS;
        return;
    }
    if (!is_drop(a->action))
        return;
    a->dropped = true;
    if (a->action == RULE_REJECT)
        p->action |= IDS_ACTION_REJECT;
    else if (a->action == RULE_REJECT_DST)
        p->action |= IDS_ACTION_REJECT_DST;
    else if (a->action == RULE_REJECT_BOTH)
        p->action |= IDS_ACTION_REJECT_BOTH;
    if (!(p->action & IDS_ACTION_DROP))
        t->drop_alert = *a;
    ids_packet_drop(p, a->by_filter ? IDS_DROP_RULES_THRESHOLD : IDS_DROP_RULES);
    if (for_flow && t->engine->is_inline)
        p->flow->flag |= FLOW_DROP;
}

static int by_rule(const void *a, const void *b)
{
    const struct detect_alert *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return (x->tx_id > y->tx_id) - (x->tx_id < y->tx_id);
}

/* Tell of one alert; false: a pass rule ends the list. */
static bool finish(struct detect_thread *t, struct ids_packet *p, struct look *look,
                   struct detect_alert *a, uint32_t *told)
{
    const struct rule *r = t->engine->rule[a->rule].rule;
    enum limit_answer answer = pass_filters(t, look, a);
    if (answer == LIMIT_TELL || answer == LIMIT_ACT)
        apply(t, p, a);
    if (answer != LIMIT_TELL || a->no_event || a->action == RULE_SDROP || a->action == RULE_LOG ||
        a->action == RULE_CONFIG || a->action == RULE_DYNAMIC) {
        t->alerts_suppressed++;
        return true;
    }
    if (a->action == RULE_PASS && !(r->trait & RULE_TELLS))
        return false;
    if (r->trait & RULE_BYPASS && p->flow)
        p->flow->flag |= FLOW_NO_PACKET;
    if (*told >= t->engine->alert_max) {
        t->alerts_discarded++;
        return true;
    }
    ++*told;
    t->alerts_total++;
    p->action |= IDS_ACTION_ALERT;
    if (p->flow)
        p->flow->flag |= FLOW_ALERTED;
    alert_tell(t, p, a);
    return a->action != RULE_PASS;
}

void alerts_finish(struct detect_thread *t, struct ids_packet *p)
{
    struct look look = {.packet = p,
                        .flow = p->flow,
                        .side = (enum flow_side)p->side,
                        .memory = &t->memory,
                        .scratch = &t->scratch,
                        .var = t->var};
    uint32_t told = 0;
    if (t->alert_count > 1)
        qsort(t->alert, t->alert_count, sizeof *t->alert, by_rule);
    for (uint32_t i = 0; i < t->alert_count; i++)
        if (!finish(t, p, &look, &t->alert[i], &told))
            break;
    t->alerts_told = told;
}
