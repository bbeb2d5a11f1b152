/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/finish.h"

#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/transform.h"
#include "tool/ids/look/look.h"

static int check_content(const struct content_step *c, struct err *e)
{
    static const char *const name[] = {"offset", "depth", "distance", "within"};
    for (int b = CONTENT_DEPTH; b < CONTENT_BOUNDS; b += 2)
        if ((c->has & 1 << b) && c->var[b] < 0 && c->bound[b] < c->len)
            return err_set(e, -EINVAL, "%s %d is below the %u bytes of the content", name[b],
                           c->bound[b], c->len);
    return 0;
}

static int check_list(struct rule_parser *p, const struct rule_list *l, struct err *e)
{
    if (l->step_count == 0 && !l->test.holds && !l->wants_absent && p->dialect == RULE_SURICATA &&
        l->sticky != &sticky_payload)
        return err_set(e, -EINVAL, "%s has no content", l->sticky->name);
    for (const struct rule_step *s = l->step; s; s = s->next) {
        const struct content_step *c = content_of(s);
        if (c && check_content(c, e) < 0)
            return err_wrap(e, "content");
        const struct rule_transform *last =
            l->transform_count ? &l->transform[l->transform_count - 1] : NULL;
        if (c && last && !c->nocase && !transform_can_make(last, c->bytes, c->len))
            return err_set(e, -EINVAL, "%s cannot make such a content", last->kind->name);
    }
    return 0;
}

/* Lists without anything to do: "pkt_data;" at the end of Snort rules. */
static void drop_empty_lists(struct rule *r)
{
    for (struct rule_list **at = &r->list; *at;) {
        struct rule_list *l = *at;
        if (l->step_count == 0 && !l->test.holds && !l->wants_absent) {
            *at = l->next;
            r->list_count--;
        } else {
            at = &l->next;
        }
    }
    uint16_t place = 0;
    for (struct rule_list *l = r->list; l; l = l->next)
        l->place = place++;
}

/* How well a content tells its rule from others: long ones first; runs of one byte are everywhere.
 */
static unsigned strength(const struct content_step *c)
{
    unsigned value = 0;
    bool seen[256] = {false};
    for (uint16_t i = 0; i < c->len; i++) {
        value += seen[c->bytes[i]] ? 1 : 3;
        seen[c->bytes[i]] = true;
        value -= c->bytes[i] == 0 || c->bytes[i] == 0xff || c->bytes[i] == ' ';
    }
    return value;
}

/* May the content stand for its rule?  What is negated, or waits for a value, may not; nor what
 * lies behind base64_data: its bytes are not in the buffer. */
static bool may_be_fast(const struct rule_list *l, const struct content_step *c)
{
    if (c->step.negated || l->or_absent || l->wants_absent)
        return false;
    for (const struct rule_step *s = l->step; s && s != &c->step; s = s->next)
        if (strcmp(s->kind->name, "base64_data") == 0)
            return false;
    return true;
}

static bool is_prefiltered(const struct rule_list *l)
{
    return l->sticky->source == STICKY_PAYLOAD || l->sticky->source == STICKY_TX ||
           l->sticky->source == STICKY_RAW;
}

/* Payload is looked through for every packet, fields only where they are: at the same strength a
 * field wins. */
static unsigned preference(const struct rule_list *l)
{
    if (l->sticky->source != STICKY_TX)
        return 1;
    return l->sticky->id == BUFFER_HTTP_METHOD || l->sticky->id == BUFFER_HTTP_STAT_CODE ||
                   l->sticky->id == BUFFER_HTTP_PROTOCOL || l->sticky->id == BUFFER_HTTP_STAT_MSG
               ? 0
               : 2;
}

static void choose_fast(struct rule *r)
{
    unsigned best = 0;
    for (const struct rule_list *l = r->list; l; l = l->next) {
        if (!is_prefiltered(l))
            continue;
        for (const struct rule_step *s = l->step; s; s = s->next) {
            const struct content_step *c = content_of(s);
            if (!c || !may_be_fast(l, c))
                continue;
            unsigned value = c->fast ? UINT32_MAX : 1 + preference(l) * 1000 + strength(c);
            if (value > best) {
                best = value;
                r->fast = s;
                r->fast_list = l;
            }
        }
    }
}

/* Fewest bytes that hold the contents of the payload; those without a place may overlap. */
static int64_t fewest_bytes(const struct rule *r)
{
    int64_t most = 0, end = 0;
    for (const struct rule_list *l = r->list; l; l = l->next)
        for (const struct rule_step *s = l->sticky == &sticky_payload ? l->step : NULL; s;
             s = s->next) {
            const struct content_step *c = content_of(s);
            if (!c || c->step.negated)
                continue;
            enum content_bound b = c->step.relative ? CONTENT_DISTANCE : CONTENT_OFFSET;
            int32_t at = c->has & 1 << b && c->var[b] < 0 ? c->bound[b] : 0;
            if (at < 0)
                return 0;
            end = (c->step.relative ? end : 0) + at + c->len;
            most = end > most ? end : most;
        }
    return most;
}

/* The side of a flow that a rule can hold on: none where its buffers are of different ones. */
static int check_sides(const struct rule *r, struct err *e)
{
    uint8_t sides = r->flow & RULE_TO_SERVER   ? BUFFER_TO_SERVER
                    : r->flow & RULE_TO_CLIENT ? BUFFER_TO_CLIENT
                                               : BUFFER_BOTH;
    uint8_t seen = 0;
    for (const struct rule_list *l = r->list; l; l = l->next) {
        const struct buffer_row *row = sticky_row(l->sticky);
        if (!row || l->sticky->source == STICKY_NUMBER)
            continue;
        uint8_t side = l->side ? l->side : row->side;
        if (r->trait & RULE_FULL_FLOW && side == BUFFER_BOTH)
            return err_set(e, -EINVAL, "%s is of both sides: say which", row->name);
        sides &= side;
        seen |= side;
    }
    if (r->trait & RULE_FULL_FLOW)
        return r->flow & (RULE_TO_SERVER | RULE_TO_CLIENT) || seen != BUFFER_BOTH
                   ? err_set(e, -EINVAL,
                             "a rule with => has buffers of both sides and no flow word")
                   : 0;
    return sides ? 0 : err_set(e, -EINVAL, "its buffers are never on the same side of a flow");
}

static int check_rule(struct rule_parser *p, struct err *e)
{
    struct rule *r = p->rule;
    if (!p->has_sid)
        return err_set(e, -EINVAL, "no sid");
    for (const struct rule_list *l = r->list; l; l = l->next)
        if (check_list(p, l, e) < 0)
            return e->code;
    if (r->list_count > RULE_LIST_MAX)
        return err_set(e, -EINVAL, "more than %d buffers", RULE_LIST_MAX);
    if (p->dialect == RULE_SURICATA && check_sides(r, e) < 0)
        return e->code;
    if (p->dsize_max && fewest_bytes(r) > (int64_t)p->dsize_max)
        return err_set(e, -EINVAL, "dsize is below what the contents need");
    if (p->transform_count > 0)
        return err_set(e, -EINVAL, "a transform without a content behind it");
    return 0;
}

/* A stub of Snort 3: holds where a decoder or inspector raised that event. */
static bool builtin_holds(const void *state, const struct look *look)
{
    const int *event = state;
    return *event >= 0 && event_list_has(&look->packet->event, (enum packet_event) * event);
}

static void add_builtin(struct rule_parser *p)
{
    int *event = parser_take(p, sizeof *event);
    *event = packet_event_find_snort(p->rule->gid, p->rule->sid);
    parser_add_test(p, builtin_holds, event);
    p->rule->trait |= RULE_HAS_EVENT | RULE_HAS_PACKET_TEST;
}

int rule_finish(struct rule_parser *p, struct err *e)
{
    struct rule *r = p->rule;
    if (check_rule(p, e) < 0)
        return e->code;
    if (r->trait & RULE_BUILTIN)
        add_builtin(p);
    drop_empty_lists(r);
    choose_fast(r);
    if (!(r->trait & RULE_HAS_PRIORITY))
        r->priority = r->class ? r->class->priority : r->dialect == RULE_SURICATA ? 3 : 0;
    return 0;
}
