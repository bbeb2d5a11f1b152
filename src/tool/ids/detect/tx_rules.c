/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules on transactions.  A rule's lists become true one by one, as the buffers come; what is true
 * already is kept with the transaction, so that it is not asked again when its bytes may be gone.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/detect/engine.h"

enum rule_state { RULE_WAITS, RULE_TOLD, RULE_NEVER };

/* tx->detect[side] */
struct pending {
    uint32_t rule;
    uint8_t state; /* enum rule_state */
    uint64_t held; /* lists that held, by their place */
};

struct tx_state {
    struct tx_state *next_free;
    uint32_t count, capacity;
    struct pending *pending;
    uint64_t scanned[8]; /* buffers whose prefilter has run for good, by its index */
};

static struct tx_state *state_of(struct detect_thread *t, struct inspect_tx *tx,
                                 enum flow_side side)
{
    if (!tx->detect[side]) {
        struct tx_state *s = t->free_tx;
        if (s) {
            t->free_tx = s->next_free;
            s->next_free = NULL;
        } else {
            s = mem_zero(sizeof *s);
        }
        s->count = 0;
        memset(s->scanned, 0, sizeof s->scanned);
        tx->detect[side] = s;
    }
    return tx->detect[side];
}

void detect_tx_end(struct detect_thread *t, const struct flow *f, struct inspect_tx *tx)
{
    (void)f;
    for (int side = 0; side < FLOW_SIDES; side++) {
        struct tx_state *s = tx->detect[side];
        if (!s)
            continue;
        s->next_free = t->free_tx;
        t->free_tx = s;
        tx->detect[side] = NULL;
    }
}

void tx_states_free(struct detect_thread *t)
{
    while (t->free_tx) {
        struct tx_state *next = t->free_tx->next_free;
        mem_free(t->free_tx->pending);
        mem_free(t->free_tx);
        t->free_tx = next;
    }
}

static struct pending *find_pending(struct tx_state *s, uint32_t rule)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->pending[i].rule == rule)
            return &s->pending[i];
    return NULL;
}

static struct pending *add_pending(struct tx_state *s, uint32_t rule)
{
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? s->capacity * 2 : 8;
        s->pending = mem_resize(s->pending, s->capacity, sizeof *s->pending);
    }
    s->pending[s->count] = (struct pending){.rule = rule};
    return &s->pending[s->count++];
}

static bool row_fits(const struct buffer_row *row, const struct inspect_tx *tx, enum flow_side side)
{
    if (!(row->side & (side == FLOW_TO_SERVER ? BUFFER_TO_SERVER : BUFFER_TO_CLIENT)))
        return false;
    return row->proto == INSPECT_UNKNOWN ||
           inspect_proto_covers((enum inspect_proto_id)row->proto,
                                (enum inspect_proto_id)tx->proto) ||
           (row->also != INSPECT_UNKNOWN && inspect_proto_covers((enum inspect_proto_id)row->also,
                                                                 (enum inspect_proto_id)tx->proto));
}

/* Run the prefilter of one buffer over what is there of it. */
static void scan_buffer(struct detect_thread *t, struct tx_state *s, const struct prefilter *f,
                        struct look *look)
{
    const struct buffer_row *row = &buffer_row[f->list->sticky->id];
    uint64_t bit = UINT64_C(1) << f->index % 64;
    bool again = f->list->of_request; /* of the other side, so asked each time */
    uint64_t *word = !again && f->index / 64 < 8 ? &s->scanned[f->index / 64] : NULL;
    struct span bytes;
    unsigned index = 0;
    bool last = true;
    if (!f->multi || (word && *word & bit) || look->tx->progress[look->side] < f->list->progress ||
        !row_fits(row, look->tx, look->side))
        return;
    for (; list_bytes(t, f->list, look, index, &bytes); index++) {
        prefilter_scan(t, f, PAYLOAD_CLASSES + f->index, bytes.data, bytes.len);
        last &= bytes.is_last;
    }
    bool single = row->kind == BUFFER_SINGLE || row->kind == BUFFER_WINDOW;
    if (word && index > 0 && last && single)
        *word |= bit;
}

/* Snort: the header or `service` names protocols, and a rule with addresses is tried on any. */
static bool proto_fits(const struct rule *r, const struct inspect_tx *tx)
{
    if (r->dialect != RULE_SURICATA)
        return r->service == 0 || r->service >> tx->proto & 1;
    return r->proto == INSPECT_UNKNOWN ||
           inspect_proto_covers((enum inspect_proto_id)r->proto, (enum inspect_proto_id)tx->proto);
}

static bool tests_hold(const struct rule *r, const struct look *look)
{
    for (uint16_t i = 0; i < r->test_count; i++)
        if (!r->test[i].holds(r->test[i].state, look))
            return false;
    return true;
}

static bool is_file_list(const struct rule_list *l)
{
    return l->sticky == &sticky_number[NUMBER_FILE_SIZE];
}

/* All conditions on files must hold on the same one. */
static bool one_file_holds(const struct rule *r, struct look *look)
{
    size_t count = inspect_file_count(look->flow, look->tx, look->side);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        look->file = inspect_file_at(look->flow, look->tx, look->side, i);
        found = look->file != NULL;
        for (const struct rule_list *l = r->list; l && found; l = l->next)
            if (is_file_list(l) && !l->test.holds(l->test.state, look))
                found = false;
    }
    look->file = NULL;
    return found;
}

static bool is_of_side(const struct rule_list *l, enum flow_side side)
{
    const struct buffer_row *row = sticky_row(l->sticky);
    uint8_t of = l->side ? l->side : row ? row->side : BUFFER_BOTH;
    return of & (side == FLOW_TO_SERVER ? BUFFER_TO_SERVER : BUFFER_TO_CLIENT);
}

/* Ask the lists that have not held yet. */
static enum rule_state ask_lists(struct detect_thread *t, const struct engine_rule *r,
                                 struct look *look, uint64_t *held)
{
    bool files_asked = false, files = false, other_side = false;
    for (uint16_t i = 0; i < r->rule->list_count; i++) {
        const struct rule_list *l = r->order[i];
        uint64_t bit = UINT64_C(1) << l->place;
        bool final = true;
        if (*held & bit)
            continue;
        if (r->rule->trait & RULE_FULL_FLOW && !is_of_side(l, look->side)) {
            other_side = true;
            continue;
        }
        if (look->tx->progress[look->side] < l->progress && !(l->sticky->source == STICKY_PAYLOAD))
            return RULE_WAITS;
        const struct buffer_row *row = sticky_row(l->sticky);
        if (row && !l->of_request && !r->every_section && !row_fits(row, look->tx, look->side))
            return RULE_NEVER;
        if (is_file_list(l)) {
            if (!files_asked)
                files = one_file_holds(r->rule, look);
            files_asked = true;
            if (!files)
                return look->tx->progress[look->side] >= INSPECT_DONE ? RULE_NEVER : RULE_WAITS;
        } else if (!list_holds(t, l, look, &final)) {
            return final ? RULE_NEVER : RULE_WAITS;
        }
        *held |= bit;
    }
    return other_side ? RULE_WAITS : RULE_TOLD;
}

/* Snort tries a rule on each section of a message; one with a buffer of its own side holds on the
 * section that brings it, others (numbers, tests of fields, the request of an answer) on all. */
static bool holds_on_all(const struct engine_rule *e, enum flow_side side)
{
    const struct rule *r = e->rule;
    if (r->dialect == RULE_SURICATA || e->every_section)
        return e->every_section;
    for (const struct rule_list *l = r->list; l; l = l->next)
        if (!l->test.holds && !(l->of_request && side == FLOW_TO_CLIENT) &&
            l->sticky != &sticky_tx[BUFFER_SNORT_HTTP_RAW_STATUS])
            return false;
    return true;
}

static unsigned times(const struct engine_rule *r, const struct look *look)
{
    return holds_on_all(r, look->side) ? inspect_sections(look->tx, look->side) : 1;
}

static void try_rule(struct detect_thread *t, struct tx_state *s, struct look *look,
                     uint32_t number)
{
    const struct engine_rule *r = &t->engine->rule[number];
    if (r->rule->trait & RULE_FULL_FLOW) /* one state for both sides */
        s = state_of(t, look->tx, FLOW_TO_SERVER);
    struct pending *known = find_pending(s, number);
    if (known && known->state != RULE_WAITS)
        return;
    look->rule = r->rule;
    look->rebuilt = false;
    if (!(r->sides & (look->side == FLOW_TO_SERVER ? BUFFER_TO_SERVER : BUFFER_TO_CLIENT)) ||
        !proto_fits(r->rule, look->tx) || !header_fits(r, look->packet))
        return;
    if (holds_on_all(r, look->side) && look->tx->proto == INSPECT_HTTP1 &&
        look->tx->progress[look->side] < INSPECT_DONE)
        return; /* the sections are known at the end */
    uint64_t held = known ? known->held : 0;
    enum rule_state state = ask_lists(t, r, look, &held);
    if (state == RULE_TOLD && !tests_hold(r->rule, look))
        state = RULE_WAITS;
    if (state == RULE_NEVER && !r->rule->fast)
        return; /* asked each time anyway */
    if (!known)
        known = add_pending(s, number);
    known->held = held;
    known->state = (uint8_t)state;
    for (unsigned i = state == RULE_TOLD ? times(r, look) : 0; i > 0; i--)
        alert_add(t, look, number, false);
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void next_stamp(struct detect_thread *t)
{
    if (++t->stamp == 0) {
        memset(t->seen, 0, t->engine->count * sizeof *t->seen);
        t->stamp = 1;
    }
}

static void run_tx(struct detect_thread *t, struct look *look)
{
    const struct detect_engine *e = t->engine;
    struct inspect_tx *tx = look->tx;
    struct tx_state *s = state_of(t, tx, look->side);
    next_stamp(t);
    t->chosen_count = 0;
    for (uint16_t i = 0; i < e->buffer_count; i++)
        scan_buffer(t, s, &e->buffer[i], look);
    for (uint32_t i = 0; i < t->chosen_tx_count; i++)
        choose(t, t->chosen_tx[i]);
    for (uint32_t i = 0; i < s->count; i++)
        if (s->pending[i].state == RULE_WAITS)
            choose(t, s->pending[i].rule);
    const struct tx_state *other = look->side == FLOW_TO_CLIENT ? tx->detect[FLOW_TO_SERVER] : NULL;
    for (uint32_t i = 0; other && i < other->count; i++)
        if (e->rule[other->pending[i].rule].rule->trait & RULE_FULL_FLOW)
            choose(t, other->pending[i].rule);
    const struct number_list *always = &e->always_tx[look->side];
    for (size_t i = 0; i < always->count; i++)
        choose(t, always->number[i]);
    qsort(t->chosen, t->chosen_count, sizeof *t->chosen, ascending);
    for (uint32_t i = 0; i < t->chosen_count; i++)
        try_rule(t, s, look, t->chosen[i]);
}

void tx_rules_run(struct detect_thread *t, struct ids_packet *p)
{
    enum flow_side side = (enum flow_side)p->side;
    struct look look = {.packet = p,
                        .flow = p->flow,
                        .side = side,
                        .memory = &t->memory,
                        .scratch = &t->scratch,
                        .var = t->var};
    for (struct inspect_tx *tx = inspect_tx_first(p->flow); tx; tx = inspect_tx_next(tx)) {
        if (tx->inspected[side])
            continue;
        if (!(tx->flag & INSPECT_TX_NO_DETECT) && (tx->fresh[side] || t->chosen_tx_count > 0)) {
            look.tx = tx;
            run_tx(t, &look);
            tx->fresh[side] = false;
        }
        if (tx->progress[side] >= INSPECT_DONE)
            tx->inspected[side] = true;
    }
}
