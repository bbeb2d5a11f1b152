/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows lie in chunks that are taken as they are needed and never given back before the end.  A
 * flow is in one queue: those of one kind and state share a time-out, so that the head of a queue
 * is always the next of it to go. */
#include "wire/packet/flow.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "wire/packet/layer/number.h"

enum {
    CHUNK = 4096,
    KINDS = 4,
    STATES = 4,
    QUEUES = KINDS * STATES,
    NONE = 0, /* index 0 is no flow */
    KEY_LEN = 2 * 16 + 2 * 2 + 2 + 2 * FLOW_VLAN_MAX + 4,
};

const struct flow_timeout flow_timeout_tcp = {60, 600, 60, 100};
const struct flow_timeout flow_timeout_udp = {30, 300, 30, 100};
const struct flow_timeout flow_timeout_icmp = {30, 300, 30, 100};
const struct flow_timeout flow_timeout_other = {30, 300, 30, 100};

const struct counter flow_counter[FLOW_COUNTERS] = {
    {"flow.total", "flows begun"},
    {"flow.tcp", "of TCP"},
    {"flow.udp", "of UDP"},
    {"flow.icmpv4", "of ICMP"},
    {"flow.icmpv6", "of ICMPv6"},
    {"flow.timed_out", "ended by their time-out"},
    {"flow.forced", "ended early, because the table was full"},
    {"flow.reused", "ended by a new connection between the same ends"},
};

struct queue {
    uint32_t oldest, newest;
    uint64_t timeout_ns;
};

struct flow_table {
    struct flow_config config;
    flow_end_fn *end;
    void *ctx;
    struct flow **chunk;
    uint32_t chunk_count, used, count, free_head, mask;
    uint32_t *bucket;
    uint64_t next_due_ns; /* no flow's time is over before */
    struct queue queue[QUEUES];
    uint64_t value[FLOW_COUNTERS];
};

struct addr flow_addr(const struct flow *f, enum flow_side from)
{
    struct addr a = {.family = f->family};
    memcpy(a.byte, f->ip[from], f->family == ADDR_IP4 ? 4 : 16);
    return a;
}

static struct flow *at(const struct flow_table *t, uint32_t index)
{
    return &t->chunk[index / CHUNK][index % CHUNK];
}

static unsigned kind_of(uint8_t proto)
{
    switch (proto) {
    case IP_PROTO_TCP:
        return 0;
    case IP_PROTO_UDP:
        return 1;
    case IP_PROTO_ICMP:
    case IP_PROTO_ICMP6:
        return 2;
    default:
        return 3;
    }
}

static void set_timeouts(struct flow_table *t, unsigned kind, const struct flow_timeout *s)
{
    struct queue *q = &t->queue[kind * STATES];
    q[FLOW_NEW].timeout_ns = s->fresh_s * NS_PER_S;
    q[FLOW_ESTABLISHED].timeout_ns = s->established_s * NS_PER_S;
    q[FLOW_CLOSED].timeout_ns = s->closed_s * NS_PER_S;
    q[FLOW_BYPASSED].timeout_ns = s->bypassed_s * NS_PER_S;
}

static uint32_t power_of_two(uint32_t least)
{
    uint32_t n = 1024;
    while (n < least && n < UINT32_C(1) << 30)
        n *= 2;
    return n;
}

struct flow_table *flow_table_new(const struct flow_config *config, flow_end_fn *end, void *ctx)
{
    struct flow_table *t = mem_zero(sizeof *t);
    t->config = *config;
    t->end = end;
    t->ctx = ctx;
    t->mask = power_of_two(config->count_max) - 1;
    t->bucket = mem_zero(((size_t)t->mask + 1) * sizeof *t->bucket);
    t->chunk = mem_zero((config->count_max / CHUNK + 2) * sizeof *t->chunk);
    t->used = 1;
    t->next_due_ns = UINT64_MAX;
    set_timeouts(t, 0, &config->tcp);
    set_timeouts(t, 1, &config->udp);
    set_timeouts(t, 2, &config->icmp);
    set_timeouts(t, 3, &config->other);
    return t;
}

void flow_table_free(struct flow_table *t)
{
    if (!t)
        return;
    flow_table_end_all(t, FLOW_END_SHUTDOWN);
    for (uint32_t i = 0; i < t->chunk_count; i++)
        mem_free(t->chunk[i]);
    mem_free(t->chunk);
    mem_free(t->bucket);
    mem_free(t);
}

/* ---- queues ---- */

static void queue_remove(struct flow_table *t, struct flow *f)
{
    struct queue *q = &t->queue[f->queue];
    if (f->older)
        at(t, f->older)->newer = f->newer;
    else
        q->oldest = f->newer;
    if (f->newer)
        at(t, f->newer)->older = f->older;
    else
        q->newest = f->older;
}

static void queue_append(struct flow_table *t, struct flow *f)
{
    f->queue = (uint8_t)(kind_of(f->proto) * STATES + f->state);
    struct queue *q = &t->queue[f->queue];
    f->older = q->newest;
    f->newer = NONE;
    if (q->newest)
        at(t, q->newest)->newer = f->index;
    else
        q->oldest = f->index;
    q->newest = f->index;
    uint64_t due_ns = f->last_ns + q->timeout_ns;
    if (due_ns < t->next_due_ns)
        t->next_due_ns = due_ns;
}

/* ---- keys ---- */

/* The same for both directions: the lower end first.  Returns whether src is the upper. */
static bool key_bytes(const struct flow_key *k, bool with_vlan, uint8_t out[KEY_LEN])
{
    size_t len = k->src.family == ADDR_IP4 ? 4 : 16;
    int order = memcmp(k->src.byte, k->dst.byte, len);
    bool turned = order > 0 || (order == 0 && k->src_port > k->dst_port);
    struct bytes_out o = bytes_out_of(out, KEY_LEN);
    bytes_put(&o, turned ? k->dst.byte : k->src.byte, 16);
    bytes_put(&o, turned ? k->src.byte : k->dst.byte, 16);
    bytes_put_u16be(&o, turned ? k->dst_port : k->src_port);
    bytes_put_u16be(&o, turned ? k->src_port : k->dst_port);
    bytes_put_u8(&o, k->proto);
    bytes_put_u8(&o, k->src.family);
    for (uint8_t i = 0; i < FLOW_VLAN_MAX; i++)
        bytes_put_u16be(&o, with_vlan && i < k->vlan_count ? k->vlan[i] : 0);
    bytes_put_u32be(&o, k->spi);
    return turned;
}

static bool same_vlan(const struct flow *f, const struct flow_key *k)
{
    return f->vlan_count == k->vlan_count &&
           memcmp(f->vlan, k->vlan, k->vlan_count * sizeof k->vlan[0]) == 0;
}

/* Is it the flow of this key, and in which direction does the key look? */
static bool is_flow_of(const struct flow *f, const struct flow_key *k, bool vlan_matters,
                       enum flow_side *out_side)
{
    if (f->proto != k->proto || f->family != k->src.family || f->spi != k->spi ||
        (vlan_matters && !same_vlan(f, k)))
        return false;
    for (int side = FLOW_TO_SERVER; side < FLOW_SIDES; side++)
        if (f->port[side] == k->src_port && f->port[!side] == k->dst_port &&
            memcmp(f->ip[side], k->src.byte, 16) == 0 &&
            memcmp(f->ip[!side], k->dst.byte, 16) == 0) {
            *out_side = (enum flow_side)side;
            return true;
        }
    return false;
}

static struct flow *find(const struct flow_table *t, const struct flow_key *k, uint32_t hash,
                         enum flow_side *out_side)
{
    for (uint32_t i = t->bucket[hash & t->mask]; i; i = at(t, i)->next_in_bucket) {
        struct flow *f = at(t, i);
        if (f->hash == hash && is_flow_of(f, k, t->config.vlan_matters, out_side))
            return f;
    }
    return NULL;
}

static uint32_t hash_of(const struct flow_table *t, const struct flow_key *k)
{
    uint8_t bytes[KEY_LEN];
    (void)key_bytes(k, t->config.vlan_matters, bytes);
    return (uint32_t)hash_bytes(&t->config.secret, bytes, sizeof bytes);
}

struct flow *flow_table_find(struct flow_table *t, const struct flow_key *key,
                             enum flow_side *out_side)
{
    return find(t, key, hash_of(t, key), out_side);
}

/* ---- life ---- */

/* The table is full: half-open and one-sided flows go first, then closed ones, then the rest. */
static void make_room(struct flow_table *t)
{
    static const uint8_t order[STATES] = {FLOW_NEW, FLOW_CLOSED, FLOW_BYPASSED, FLOW_ESTABLISHED};
    for (unsigned s = 0; s < STATES; s++) {
        uint32_t oldest = NONE;
        for (unsigned kind = 0; kind < KINDS; kind++) {
            uint32_t head = t->queue[kind * STATES + order[s]].oldest;
            if (head && (!oldest || at(t, head)->last_ns < at(t, oldest)->last_ns))
                oldest = head;
        }
        if (oldest) {
            flow_table_end(t, at(t, oldest), FLOW_END_FORCED);
            return;
        }
    }
}

static struct flow *take_slot(struct flow_table *t)
{
    if (t->count >= t->config.count_max)
        make_room(t);
    uint32_t index = t->free_head;
    if (index) {
        t->free_head = at(t, index)->next_in_bucket;
    } else {
        index = t->used++;
        if (index / CHUNK >= t->chunk_count)
            t->chunk[t->chunk_count++] = mem_zero(CHUNK * sizeof(struct flow));
    }
    struct flow *f = at(t, index);
    memset(f, 0, sizeof *f);
    f->index = index;
    f->live = 1;
    t->count++;
    return f;
}

static void count_kind(struct flow_table *t, uint8_t proto)
{
    counter_add(&t->value[FLOW_COUNT_TOTAL], 1);
    if (proto == IP_PROTO_TCP)
        counter_add(&t->value[FLOW_COUNT_TCP], 1);
    else if (proto == IP_PROTO_UDP)
        counter_add(&t->value[FLOW_COUNT_UDP], 1);
    else if (proto == IP_PROTO_ICMP)
        counter_add(&t->value[FLOW_COUNT_ICMP4], 1);
    else if (proto == IP_PROTO_ICMP6)
        counter_add(&t->value[FLOW_COUNT_ICMP6], 1);
}

static void fill(struct flow *f, const struct flow_key *k, uint64_t wall_ns)
{
    memcpy(f->ip[FLOW_TO_SERVER], k->src.byte, 16);
    memcpy(f->ip[FLOW_TO_CLIENT], k->dst.byte, 16);
    f->port[FLOW_TO_SERVER] = k->src_port;
    f->port[FLOW_TO_CLIENT] = k->dst_port;
    f->family = k->src.family;
    f->proto = k->proto;
    f->spi = k->spi;
    f->vlan_count = k->vlan_count;
    memcpy(f->vlan, k->vlan, sizeof f->vlan);
    f->first_ns = f->last_ns = wall_ns;
}

struct flow *flow_table_get(struct flow_table *t, const struct flow_key *key, uint64_t wall_ns,
                            enum flow_side *out_side)
{
    uint32_t hash = hash_of(t, key);
    struct flow *f = find(t, key, hash, out_side);
    if (f)
        return f;
    f = take_slot(t);
    fill(f, key, wall_ns);
    f->hash = hash;
    f->next_in_bucket = t->bucket[hash & t->mask];
    t->bucket[hash & t->mask] = f->index;
    queue_append(t, f);
    count_kind(t, key->proto);
    *out_side = FLOW_TO_SERVER;
    return f;
}

void flow_count(struct flow_table *t, struct flow *f, enum flow_side side, uint32_t frame_len,
                uint64_t wall_ns)
{
    f->packets[side]++;
    f->bytes[side] += frame_len;
    if (wall_ns > f->last_ns) /* a capture of several cards is not in order */
        f->last_ns = wall_ns;
    queue_remove(t, f);
    queue_append(t, f);
}

void flow_set_state(struct flow_table *t, struct flow *f, enum flow_state state)
{
    if (f->state == state)
        return;
    queue_remove(t, f);
    f->state = (uint8_t)state;
    queue_append(t, f);
}

static void swap_bytes(void *a, void *b, size_t len)
{
    uint8_t room[16];
    memcpy(room, a, len);
    memcpy(a, b, len);
    memcpy(b, room, len);
}

void flow_swap_sides(struct flow *f)
{
    swap_bytes(f->ip[0], f->ip[1], 16);
    swap_bytes(&f->port[0], &f->port[1], sizeof f->port[0]);
    swap_bytes(&f->packets[0], &f->packets[1], sizeof f->packets[0]);
    swap_bytes(&f->bytes[0], &f->bytes[1], sizeof f->bytes[0]);
    swap_bytes(&f->app_side[0], &f->app_side[1], 1);
    swap_bytes(&f->ttl_min[0], &f->ttl_min[1], 1);
    swap_bytes(&f->ttl_max[0], &f->ttl_max[1], 1);
    swap_bytes(f->mac[0], f->mac[1], 6);
    uint32_t seen = f->flag & (FLOW_SEEN_SERVER | FLOW_SEEN_CLIENT);
    f->flag &= ~(uint32_t)(FLOW_SEEN_SERVER | FLOW_SEEN_CLIENT);
    if (seen == FLOW_SEEN_SERVER)
        f->flag |= FLOW_SEEN_CLIENT;
    else if (seen == FLOW_SEEN_CLIENT)
        f->flag |= FLOW_SEEN_SERVER;
    else
        f->flag |= seen;
    f->flag ^= FLOW_REVERSED;
}

static void bucket_remove(struct flow_table *t, const struct flow *f)
{
    uint32_t *link = &t->bucket[f->hash & t->mask];
    while (*link != f->index)
        link = &at(t, *link)->next_in_bucket;
    *link = f->next_in_bucket;
}

void flow_table_end(struct flow_table *t, struct flow *f, enum flow_end why)
{
    f->end = (uint8_t)why;
    if (why == FLOW_END_TIMEOUT)
        counter_add(&t->value[FLOW_COUNT_TIMED_OUT], 1);
    else if (why == FLOW_END_FORCED)
        counter_add(&t->value[FLOW_COUNT_FORCED], 1);
    else if (why == FLOW_END_REUSE)
        counter_add(&t->value[FLOW_COUNT_REUSED], 1);
    if (t->end)
        t->end(t->ctx, f);
    queue_remove(t, f);
    bucket_remove(t, f);
    f->live = 0;
    f->next_in_bucket = t->free_head;
    t->free_head = f->index;
    t->count--;
}

size_t flow_table_expire(struct flow_table *t, uint64_t wall_ns, size_t most)
{
    size_t ended = 0;
    if (wall_ns < t->next_due_ns)
        return 0;
    uint64_t next_ns = UINT64_MAX;
    for (unsigned i = 0; i < QUEUES; i++) {
        const struct queue *q = &t->queue[i];
        while (q->oldest && at(t, q->oldest)->last_ns + q->timeout_ns <= wall_ns && ended < most) {
            flow_table_end(t, at(t, q->oldest), FLOW_END_TIMEOUT);
            ended++;
        }
        if (q->oldest && at(t, q->oldest)->last_ns + q->timeout_ns < next_ns)
            next_ns = at(t, q->oldest)->last_ns + q->timeout_ns;
    }
    t->next_due_ns = next_ns;
    return ended;
}

/* In the order in which they came: slots are given anew, times are not. */
void flow_table_end_all(struct flow_table *t, enum flow_end why)
{
    for (unsigned i = 0; i < QUEUES; i++)
        while (t->queue[i].oldest)
            flow_table_end(t, at(t, t->queue[i].oldest), why);
}

size_t flow_table_count(const struct flow_table *t)
{
    return t->count;
}

uint64_t *flow_table_counters(struct flow_table *t)
{
    return t->value;
}
