/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds: hits of a rule for an address, a pair, a flow, or all, in a span of time.  One table
 * of fixed size; where it is full the entry that was touched longest ago gives way. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tool/ids/detect/engine.h"

enum { LIMIT_SLOTS = 1 << 16, LIMIT_PROBES = 16 };

struct limit_key {
    uint32_t rule, which;
    uint8_t a[17], b[17]; /* family and address */
    uint8_t pad[6];
    uint64_t flow;
};

struct limit_entry {
    struct limit_key key;
    uint64_t start_ns, last_ns, until_ns; /* until: a rate_filter's other action */
    uint32_t count;
    uint64_t next; /* backoff: the count that is told next */
    bool used;
};

struct limit_table {
    struct hash_key secret;
    struct limit_entry *slot;
};

struct limit_table *limit_table_new(void)
{
    struct limit_table *l = mem_zero(sizeof *l);
    l->secret = hash_key_secret();
    return l;
}

void limit_table_free(struct limit_table *l)
{
    if (l)
        mem_free(l->slot);
    mem_free(l);
}

static void put_addr(uint8_t to[17], const struct addr *a)
{
    to[0] = a->family;
    memcpy(to + 1, a->byte, 16);
}

static struct limit_key key_of(const struct look *look, uint32_t number,
                               const struct rule_limit *limit, uint32_t which)
{
    struct limit_key key;
    const struct ids_packet *p = look->packet;
    memset(&key, 0, sizeof key);
    key.rule = number;
    key.which = which;
    switch ((enum rule_limit_track)limit->track) {
    case TRACK_SRC:
        put_addr(key.a, &p->src);
        break;
    case TRACK_DST:
        put_addr(key.a, &p->dst);
        break;
    case TRACK_BOTH: {
        bool swap = addr_compare(&p->src, &p->dst) > 0;
        put_addr(key.a, swap ? &p->dst : &p->src);
        put_addr(key.b, swap ? &p->src : &p->dst);
        break;
    }
    case TRACK_FLOW:
        key.flow = p->flow ? p->flow->id : 0;
        break;
    default:
        break;
    }
    return key;
}

static struct limit_entry *entry_of(struct limit_table *l, const struct limit_key *key,
                                    uint64_t now_ns)
{
    if (!l->slot) {
        l->slot = mem_resize(NULL, LIMIT_SLOTS, sizeof *l->slot);
        memset(l->slot, 0, LIMIT_SLOTS * sizeof *l->slot);
    }
    size_t at = (size_t)hash_bytes(&l->secret, key, sizeof *key) % LIMIT_SLOTS;
    struct limit_entry *oldest = NULL;
    for (unsigned i = 0; i < LIMIT_PROBES; i++) {
        struct limit_entry *e = &l->slot[(at + i) % LIMIT_SLOTS];
        if (e->used && memcmp(&e->key, key, sizeof *key) == 0) {
            e->last_ns = now_ns;
            return e;
        }
        if (!oldest || (oldest->used && (!e->used || e->last_ns < oldest->last_ns)))
            oldest = e;
    }
    *oldest =
        (struct limit_entry){.key = *key, .start_ns = now_ns, .last_ns = now_ns, .used = true};
    return oldest;
}

static bool is_over(const struct limit_entry *e, const struct rule_limit *limit, uint64_t now_ns,
                    bool is_snort)
{
    return now_ns + is_snort > e->start_ns + limit->seconds * NS_PER_S;
}

static void start_again(struct limit_entry *e, uint64_t now_ns)
{
    e->start_ns = now_ns;
    e->count = 0;
}

/* rate_filter: behind COUNT hits in the span, the other action for `timeout` seconds. */
static enum limit_answer rate(struct limit_entry *e, const struct rule_limit *limit,
                              uint64_t now_ns, bool is_snort)
{
    if (e->until_ns) {
        if (limit->timeout_s == 0 || now_ns <= e->until_ns)
            return LIMIT_NEW_ACTION;
        e->until_ns = 0;
        start_again(e, now_ns);
    }
    if (is_over(e, limit, now_ns, is_snort))
        start_again(e, now_ns);
    if (++e->count <= limit->count)
        return LIMIT_TELL;
    e->until_ns = now_ns + limit->timeout_s * NS_PER_S;
    return LIMIT_NEW_ACTION;
}

static bool address_fits(const struct look *look, const struct rule_limit *limit)
{
    if (!limit->addresses || limit->addresses->any)
        return true;
    const struct cidr_set *set = &limit->addresses->set;
    bool src = cidr_set_has(set, &look->packet->src), dst = cidr_set_has(set, &look->packet->dst);
    switch ((enum rule_limit_track)limit->track) {
    case TRACK_SRC:
        return src;
    case TRACK_DST:
        return dst;
    default:
        return src || dst;
    }
}

enum limit_answer limit_ask(struct detect_thread *t, const struct look *look, uint32_t number,
                            const struct rule_limit *limit, uint32_t which)
{
    if (limit->kind == LIMIT_SUPPRESS)
        return address_fits(look, limit) ? LIMIT_ACT : LIMIT_TELL;
    if (limit->kind == LIMIT_RATE && !address_fits(look, limit))
        return LIMIT_TELL;
    uint64_t now_ns = look->packet->wall_ns;
    if (t->engine->is_snort) /* whole seconds, and a span is over when as many have passed */
        now_ns = now_ns / NS_PER_S * NS_PER_S + 1;
    struct limit_key key = key_of(look, number, limit, which);
    struct limit_entry *e = entry_of(t->limits, &key, now_ns);
    if (limit->kind == LIMIT_RATE)
        return rate(e, limit, now_ns, t->engine->is_snort);
    if (limit->kind == LIMIT_BACKOFF) {
        if (e->next == 0)
            e->next = limit->count;
        if (++e->count != e->next)
            return LIMIT_SILENT;
        e->next *= limit->multiplier;
        return LIMIT_TELL;
    }
    if (is_over(e, limit, now_ns, t->engine->is_snort))
        start_again(e, now_ns);
    e->count++;
    switch ((enum rule_limit_kind)limit->kind) {
    case LIMIT_LIMIT:
        return e->count <= limit->count ? LIMIT_TELL : LIMIT_ACT;
    case LIMIT_BOTH:
        return e->count == limit->count  ? LIMIT_TELL
               : e->count > limit->count ? LIMIT_ACT
                                         : LIMIT_SILENT;
    case LIMIT_THRESHOLD:
        if (e->count < limit->count)
            return LIMIT_SILENT;
        start_again(e, now_ns);
        return LIMIT_TELL;
    default: /* detection_filter */
        return e->count > limit->count ? LIMIT_TELL : LIMIT_NO_MATCH;
    }
}
