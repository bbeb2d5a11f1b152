/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/memory.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

enum { SLOTS = MEMORY_HOST_MAX * 2, PROBES = 16 };

struct host_key {
    struct addr a, b; /* b: ADDR_NONE but for pairs */
    uint32_t bit;
};

struct host_bit {
    struct host_key key;
    uint64_t until_ns; /* 0: free */
};

void memory_init(struct memory *m, const struct rule_set *set)
{
    *m = (struct memory){.set = set, .secret = hash_key_secret()};
}

static void free_flow_memory(struct flow_memory *f)
{
    mem_free(f->var);
    mem_free(f->once);
    mem_free(f->told);
    mem_free(f);
}

void memory_done(struct memory *m)
{
    while (m->free) {
        struct flow_memory *next = m->free->next_free;
        free_flow_memory(m->free);
        m->free = next;
    }
    mem_free(m->slot);
}

static size_t words(size_t bits)
{
    return (bits + 63) / 64;
}

/* One block: the head, bits, numbers. */
static struct flow_memory *new_flow_memory(struct memory *m)
{
    size_t bits = words(m->set->names[RULE_NAMES_FLOWBIT].count);
    size_t numbers = m->set->names[RULE_NAMES_FLOWINT].count;
    size_t size = (bits + words(numbers) + numbers) * sizeof(uint64_t);
    struct flow_memory *f = m->free;
    if (f)
        m->free = f->next_free;
    else
        f = mem_zero(sizeof *f + size);
    struct flow_memory kept = *f;
    memset(f, 0, sizeof *f + size);
    f->var = kept.var;
    f->once = kept.once;
    f->told = kept.told;
    f->once_capacity = kept.once_capacity;
    f->bit = (uint64_t *)(f + 1);
    f->number_set = f->bit + bits;
    f->number = f->number_set + words(numbers);
    return f;
}

struct flow_memory *memory_of_flow(const struct look *look, bool make)
{
    if (!look->flow)
        return NULL;
    if (!look->flow->detect && make)
        look->flow->detect = new_flow_memory(look->memory);
    return look->flow->detect;
}

void memory_end_flow(struct memory *m, struct flow *f)
{
    struct flow_memory *mine = f->detect;
    if (!mine)
        return;
    mine->next_free = m->free;
    m->free = mine;
    f->detect = NULL;
}

bool memory_once(const struct look *look, uint32_t number)
{
    struct flow_memory *f = memory_of_flow(look, true);
    for (uint32_t i = 0; f && i < f->once_count; i++)
        if (f->once[i] == number)
            return true;
    if (!f)
        return false;
    if (f->once_count == f->once_capacity) {
        f->once_capacity = f->once_capacity ? f->once_capacity * 2 : 8;
        f->once = mem_resize(f->once, f->once_capacity, sizeof *f->once);
    }
    f->once[f->once_count++] = number;
    return false;
}

void memory_told(const struct look *look, uint32_t rule, uint64_t place)
{
    struct flow_memory *f = memory_of_flow(look, true);
    if (!f)
        return;
    if (!f->told)
        f->told = mem_resize(NULL, MEMORY_TOLD_MAX, sizeof *f->told);
    f->told[f->told_count++ % MEMORY_TOLD_MAX] =
        (struct told_place){rule, (uint8_t)look->side, place};
}

bool memory_was_told(const struct look *look, uint32_t rule, uint64_t from, uint64_t to)
{
    const struct flow_memory *f = memory_of_flow(look, false);
    uint32_t count = !f ? 0 : f->told_count < MEMORY_TOLD_MAX ? f->told_count : MEMORY_TOLD_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (f->told[i].rule == rule && f->told[i].side == look->side && f->told[i].place > from &&
            f->told[i].place <= to)
            return true;
    return false;
}

bool memory_flow_bit(const struct look *look, uint32_t bit)
{
    const struct flow_memory *f = memory_of_flow(look, false);
    return f && (f->bit[bit / 64] >> bit % 64 & 1);
}

void memory_set_flow_bit(const struct look *look, uint32_t bit, bool on)
{
    struct flow_memory *f = memory_of_flow(look, on);
    if (!f)
        return;
    uint64_t mask = UINT64_C(1) << bit % 64;
    f->bit[bit / 64] = on ? f->bit[bit / 64] | mask : f->bit[bit / 64] & ~mask;
}

static struct host_key key_of(const struct look *look, enum memory_track track, uint32_t bit)
{
    struct host_key key;
    memset(&key, 0, sizeof key); /* padding is hashed */
    const struct ids_packet *p = look->packet;
    const struct addr *a = track == MEMORY_DST ? &p->dst : &p->src;
    const struct addr *b = track == MEMORY_PAIR ? &p->dst : NULL;
    if (b && addr_compare(a, b) > 0) { /* a pair is the same in both directions */
        const struct addr *swap = a;
        a = b;
        b = swap;
    }
    key.a.family = a->family;
    memcpy(key.a.byte, a->byte, sizeof key.a.byte);
    if (b) {
        key.b.family = b->family;
        memcpy(key.b.byte, b->byte, sizeof key.b.byte);
    }
    key.bit = bit;
    return key;
}

/* The slot of the key; else, when `make`, a free one or the one that ends soonest. */
static struct host_bit *host_slot(struct memory *m, const struct host_key *key, uint64_t now_ns,
                                  bool make)
{
    if (!m->slot) {
        if (!make)
            return NULL;
        m->slot = mem_resize(NULL, SLOTS, sizeof *m->slot);
        memset(m->slot, 0, SLOTS * sizeof *m->slot);
    }
    size_t at = (size_t)hash_bytes(&m->secret, key, sizeof *key) % SLOTS;
    struct host_bit *victim = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct host_bit *h = &m->slot[(at + i) % SLOTS];
        if (h->until_ns && memcmp(&h->key, key, sizeof *key) == 0)
            return h;
        if (!victim || (h->until_ns <= now_ns ? 0 : h->until_ns) <
                           (victim->until_ns <= now_ns ? 0 : victim->until_ns))
            victim = h;
    }
    if (!make)
        return NULL;
    victim->key = *key;
    return victim;
}

bool memory_host_bit(const struct look *look, enum memory_track track, uint32_t bit)
{
    struct host_key key = key_of(look, track, bit);
    uint64_t now_ns = look->packet->wall_ns;
    const struct host_bit *h = host_slot(look->memory, &key, now_ns, false);
    return h && h->until_ns > now_ns;
}

void memory_set_host_bit(const struct look *look, enum memory_track track, uint32_t bit,
                         uint32_t expire_s)
{
    struct host_key key = key_of(look, track, bit);
    uint64_t now_ns = look->packet->wall_ns;
    struct host_bit *h = host_slot(look->memory, &key, now_ns, expire_s != 0);
    if (h)
        h->until_ns = expire_s ? now_ns + expire_s * NS_PER_S : 1;
}

static void keep(struct flow_var *list, uint8_t *count, uint32_t name, const uint8_t *data,
                 size_t len)
{
    uint8_t at = 0;
    while (at < *count && list[at].name != name)
        at++;
    if (at == MEMORY_VAR_MAX)
        return;
    if (at == *count)
        ++*count;
    list[at].name = name;
    list[at].len = (uint16_t)(len < MEMORY_VAR_LEN_MAX ? len : MEMORY_VAR_LEN_MAX);
    memcpy(list[at].byte, data, list[at].len);
}

void memory_keep_var(const struct look *look, uint32_t name, bool of_packet, const uint8_t *data,
                     size_t len)
{
    struct memory *m = look->memory;
    if (of_packet) {
        keep(m->packet_var, &m->packet_var_count, name, data, len);
        return;
    }
    struct flow_memory *f = memory_of_flow(look, true);
    if (!f)
        return;
    if (!f->var)
        f->var = mem_resize(NULL, MEMORY_VAR_MAX, sizeof *f->var);
    keep(f->var, &f->var_count, name, data, len);
}

const struct flow_var *memory_var(const struct look *look, uint32_t name)
{
    const struct flow_memory *f = memory_of_flow(look, false);
    for (uint8_t i = 0; f && i < f->var_count; i++)
        if (f->var[i].name == name)
            return &f->var[i];
    for (uint8_t i = 0; i < look->memory->packet_var_count; i++)
        if (look->memory->packet_var[i].name == name)
            return &look->memory->packet_var[i];
    return NULL;
}
