/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts to all outputs that want them. */
#include "tool/ids/detect/eve_alert.h"
#include "tool/ids/output/alert_of.h"

static enum alert_verdict verdict_of(const struct detect_thread *t, const struct detect_alert *a)
{
    if (!a->dropped)
        return ALERT_ALLOWED;
    return t->engine->is_inline ? ALERT_DROPPED : ALERT_WOULD_DROP;
}

void alert_tell(struct detect_thread *t, struct ids_packet *p, const struct detect_alert *a)
{
    if (t->engine->eve->enabled && t->sink)
        eve_alert_write(t, p, a);
    if (!t->engine->tell)
        return;
    struct alert_of of;
    alert_of(&of, t->engine->rule[a->rule].rule, &t->engine->rules->reference_url, p);
    of.alert.id = (uint32_t)t->alerts_total;
    of.alert.verdict = verdict_of(t, a);
    t->engine->tell(t->engine->tell_ctx, &of.alert);
    alert_of_done(&of);
}
