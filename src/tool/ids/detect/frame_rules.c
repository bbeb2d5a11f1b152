/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules on frames: parts of a side's stream that a parser marked. */
#include "tool/ids/detect/engine.h"

#include <string.h>

#include "core/base/mem.h"

enum { FRAME_TOLD_MAX = 16 };

/* inspect_frame.detect: rules that were told of it. */
struct frame_state {
    uint32_t count;
    uint32_t told[FRAME_TOLD_MAX];
};

void detect_frame_end(struct detect_thread *t, struct inspect_frame *frame)
{
    (void)t;
    mem_free(frame->detect);
    frame->detect = NULL;
}

static bool was_told(const struct inspect_frame *frame, uint32_t number)
{
    const struct frame_state *s = frame->detect;
    for (uint32_t i = 0; s && i < s->count; i++)
        if (s->told[i] == number)
            return true;
    return false;
}

static void set_told(struct inspect_frame *frame, uint32_t number)
{
    struct frame_state *s = frame->detect;
    if (!s)
        frame->detect = s = mem_zero(sizeof *s);
    if (s->count < FRAME_TOLD_MAX)
        s->told[s->count++] = number;
}

/* "smb2.hdr" in a rule is the type itself; "tls.hdr" gave its protocol away when it was read. */
static bool type_fits(const struct rule_list *l, const struct inspect_frame *frame)
{
    return l->detail && strcmp(l->detail, frame->type) == 0;
}

static bool lists_hold(struct detect_thread *t, struct look *look,
                       const struct inspect_frame *frame)
{
    struct span bytes;
    bool final;
    for (const struct rule_list *l = look->rule->list; l; l = l->next) {
        if (l->sticky->source != STICKY_FRAME) {
            if (!list_holds(t, l, look, &final))
                return false;
            continue;
        }
        if (!type_fits(l, frame) || !inspect_frame_data(look->flow, frame, &bytes) ||
            !list_holds_bytes(t, l, look, &bytes))
            return false;
    }
    return true;
}

static bool proto_fits(const struct rule *r, const struct flow *f)
{
    return r->proto == INSPECT_UNKNOWN ||
           inspect_proto_covers((enum inspect_proto_id)r->proto, (enum inspect_proto_id)f->app);
}

static void try_frame(struct detect_thread *t, struct look *look, struct inspect_frame *frame)
{
    const struct detect_engine *e = t->engine;
    for (size_t i = 0; i < e->frame.count; i++) {
        uint32_t number = e->frame.number[i];
        const struct engine_rule *r = &e->rule[number];
        look->rule = r->rule;
        if (was_told(frame, number) || !proto_fits(r->rule, look->flow) ||
            !header_fits(r, look->packet) || !lists_hold(t, look, frame))
            continue;
        bool tests = true;
        for (uint16_t j = 0; j < r->rule->test_count && tests; j++)
            tests = r->rule->test[j].holds(r->rule->test[j].state, look);
        if (!tests)
            continue;
        set_told(frame, number);
        alert_add(t, look, number, false);
        if (t->alert_count > 0)
            t->alert[t->alert_count - 1].frame = frame;
    }
}

void frame_rules_run(struct detect_thread *t, struct ids_packet *p)
{
    enum flow_side side = (enum flow_side)p->side;
    struct look look = {.packet = p,
                        .flow = p->flow,
                        .side = side,
                        .memory = &t->memory,
                        .scratch = &t->scratch,
                        .var = t->var};
    size_t count = inspect_frame_count(p->flow, side);
    for (size_t i = 0; i < count; i++) {
        struct inspect_frame *frame = inspect_frame_at(p->flow, side, i);
        if (frame)
            try_frame(t, &look, frame);
    }
}
