/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One literal database a buffer: a hit names the rules for which the literal stands, and a rule
 * that fits the packet's head is chosen to be tried in full. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/detect/engine.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/transform.h"

/* A rule's literal on its way into a database. */
struct entry {
    const uint8_t *bytes;
    size_t len;
    bool caseless;
    uint32_t rule;
};

struct entries {
    struct entry *entry;
    size_t count, capacity;
};

struct building {
    struct entries payload[PAYLOAD_CLASSES];
    struct entries *buffer;
    size_t buffer_capacity, entries_capacity;
};

static void add_entry(struct entries *list, const struct rule *r, uint32_t number)
{
    const struct content_step *c = content_of(r->fast);
    MEM_GROW(list->entry, list->count, list->capacity);
    list->entry[list->count++] = (struct entry){
        c->bytes + c->fast_at, c->fast_len ? c->fast_len : c->len, c->nocase, number};
}

static void add_number(struct number_list *l, uint32_t number)
{
    MEM_GROW(l->number, l->count, l->capacity);
    l->number[l->count++] = number;
}

/* Payload classes that the rule's head and direction allow, as bits. */
static unsigned classes_of(const struct rule *r)
{
    bool both = !(r->flow & (RULE_TO_SERVER | RULE_TO_CLIENT));
    bool server = both || r->flow & RULE_TO_SERVER, client = both || r->flow & RULE_TO_CLIENT;
    unsigned bits = 0;
    if (r->link & RULE_TCP)
        bits |= (server ? 1U << CLASS_TCP_TO_SERVER : 0) | (client ? 1U << CLASS_TCP_TO_CLIENT : 0);
    if (r->link & RULE_UDP)
        bits |= (server ? 1U << CLASS_UDP_TO_SERVER : 0) | (client ? 1U << CLASS_UDP_TO_CLIENT : 0);
    if (r->link & ~(RULE_TCP | RULE_UDP))
        bits |= 1U << CLASS_OTHER;
    return bits;
}

static struct prefilter *buffer_group(struct detect_engine *e, struct building *b,
                                      const struct rule_list *list)
{
    for (uint16_t i = 0; i < e->buffer_count; i++) {
        const struct rule_list *have = e->buffer[i].list;
        bool same_detail =
            have->detail == list->detail ||
            (have->detail && list->detail && strcmp(have->detail, list->detail) == 0);
        if (have->sticky == list->sticky && same_detail && transform_same(have, list) &&
            have->of_request == list->of_request && have->side == list->side)
            return &e->buffer[i];
    }
    size_t count = e->buffer_count;
    MEM_GROW(e->buffer, count, b->buffer_capacity);
    MEM_GROW(b->buffer, count, b->entries_capacity);
    b->buffer[count] = (struct entries){0};
    e->buffer[count] = (struct prefilter){.list = list, .index = (uint16_t)count};
    e->buffer_count++;
    return &e->buffer[count];
}

static void place_packet_rule(struct detect_engine *e, struct building *b, uint32_t number)
{
    const struct rule *r = e->rule[number].rule;
    unsigned classes = classes_of(r);
    for (unsigned c = 0; c < PAYLOAD_CLASSES; c++)
        if (classes >> c & 1) {
            if (r->fast)
                add_entry(&b->payload[c], r, number);
            else
                add_number(&e->always[c], number);
        }
    if (r->link & RULE_NOT_IP && !r->fast)
        add_number(&e->always_not_ip, number);
}

static void place_tx_rule(struct detect_engine *e, struct building *b, uint32_t number)
{
    const struct rule *r = e->rule[number].rule;
    if (!r->fast) {
        for (int side = 0; side < FLOW_SIDES; side++)
            if (e->rule[number].sides &
                (side == FLOW_TO_SERVER ? BUFFER_TO_SERVER : BUFFER_TO_CLIENT))
                add_number(&e->always_tx[side], number);
        return;
    }
    if (r->fast_list->sticky->source != STICKY_TX) {
        place_packet_rule(e, b, number);
        return;
    }
    struct prefilter *f = buffer_group(e, b, r->fast_list);
    add_entry(&b->buffer[f->index], r, number);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    int order = memcmp(x->bytes, y->bytes, x->len);
    if (order)
        return order;
    if (x->caseless != y->caseless)
        return x->caseless ? 1 : -1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static bool same_literal(const struct entry *a, const struct entry *b)
{
    return a->len == b->len && a->caseless == b->caseless &&
           memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Equal literals become one, with the list of their rules. */
static int compile(struct detect_engine *e, struct prefilter *f, struct entries *list,
                   struct err *err)
{
    if (list->count == 0)
        return 0;
    qsort(list->entry, list->count, sizeof *list->entry, compare_entries);
    struct multi_literal *literal = mem_resize(NULL, list->count, sizeof *literal);
    f->first = arena_array(&e->arena, list->count + 1, sizeof *f->first);
    f->rule = arena_array(&e->arena, list->count, sizeof *f->rule);
    for (size_t i = 0; i < list->count; i++) {
        const struct entry *x = &list->entry[i];
        if (i == 0 || !same_literal(x, x - 1)) {
            f->first[f->literal_count] = (uint32_t)i;
            literal[f->literal_count] =
                (struct multi_literal){x->bytes, x->len, x->caseless, f->literal_count};
            f->literal_count++;
        }
        f->rule[i] = x->rule;
    }
    f->first[f->literal_count] = (uint32_t)list->count;
    int rc = multi_compile(&f->multi, literal, f->literal_count, MULTI_ANY, err);
    mem_free(literal);
    return rc;
}

int prefilter_build(struct detect_engine *e, struct err *err)
{
    struct building b = {0};
    int rc = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->rule[i].kind == KIND_FRAME)
            add_number(&e->frame, i);
        else if (e->rule[i].kind == KIND_TX)
            place_tx_rule(e, &b, i);
        else
            place_packet_rule(e, &b, i);
    }
    for (unsigned c = 0; rc == 0 && c < PAYLOAD_CLASSES; c++)
        rc = compile(e, &e->payload[c], &b.payload[c], err);
    for (uint16_t i = 0; rc == 0 && i < e->buffer_count; i++)
        rc = compile(e, &e->buffer[i], &b.buffer[i], err);
    for (unsigned c = 0; c < PAYLOAD_CLASSES; c++)
        mem_free(b.payload[c].entry);
    for (uint16_t i = 0; i < e->buffer_count; i++)
        mem_free(b.buffer[i].entry);
    mem_free(b.buffer);
    return rc;
}

void prefilter_free(struct detect_engine *e)
{
    for (unsigned c = 0; c < PAYLOAD_CLASSES; c++) {
        multi_free(e->payload[c].multi);
        mem_free(e->always[c].number);
    }
    for (uint16_t i = 0; i < e->buffer_count; i++)
        multi_free(e->buffer[i].multi);
    mem_free(e->buffer);
    mem_free(e->always_not_ip.number);
    for (int side = 0; side < FLOW_SIDES; side++)
        mem_free(e->always_tx[side].number);
    mem_free(e->frame.number);
}

void choose(struct detect_thread *t, uint32_t number)
{
    if (t->seen[number] == t->stamp)
        return;
    t->seen[number] = t->stamp;
    if (header_fits(&t->engine->rule[number], t->packet))
        t->chosen[t->chosen_count++] = number;
}

struct hit_state {
    struct detect_thread *t;
    const struct prefilter *f;
};

static bool on_hit(void *ctx, uint32_t literal, size_t end)
{
    const struct hit_state *h = ctx;
    (void)end;
    for (uint32_t i = h->f->first[literal]; i < h->f->first[literal + 1]; i++)
        choose(h->t, h->f->rule[i]);
    return true;
}

void prefilter_scan(struct detect_thread *t, const struct prefilter *f, unsigned scratch,
                    const void *data, size_t len)
{
    struct hit_state h = {t, f};
    if (!f->multi || len == 0)
        return;
    if (!t->multi[scratch])
        t->multi[scratch] = multi_scratch_new(f->multi);
    multi_scan(f->multi, t->multi[scratch], data, len, on_hit, &h);
}
