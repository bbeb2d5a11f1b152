/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/map.h"

#include <string.h>

#include "core/base/mem.h"

enum { MAP_FIRST = 16 };

static size_t slot_of(const struct map *m, uint64_t hash, const void *key, size_t key_len)
{
    size_t at = hash & (m->capacity - 1);
    while (m->slot[at].key) {
        const struct map_slot *s = &m->slot[at];
        if (s->hash == hash && s->key_len == key_len && memcmp(s->key, key, key_len) == 0)
            break;
        at = (at + 1) & (m->capacity - 1);
    }
    return at;
}

static void grow(struct map *m)
{
    struct map_slot *old = m->slot;
    size_t old_capacity = m->capacity;
    if (old_capacity == 0)
        m->secret = hash_key_secret();
    m->capacity = old_capacity ? old_capacity * 2 : MAP_FIRST;
    m->slot = mem_zero(m->capacity * sizeof *m->slot);
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].key)
            m->slot[slot_of(m, old[i].hash, old[i].key, old[i].key_len)] = old[i];
    mem_free(old);
}

void *map_put(struct map *m, const void *key, size_t key_len, void *value)
{
    if (m->count * 4 >= m->capacity * 3)
        grow(m);
    uint64_t hash = hash_bytes(&m->secret, key, key_len);
    struct map_slot *s = &m->slot[slot_of(m, hash, key, key_len)];
    void *old = s->value;
    if (!s->key) {
        s->key = arena_copy(&m->keys, key, key_len);
        s->key_len = key_len;
        s->hash = hash;
        m->count++;
    }
    s->value = value;
    return old;
}

void *map_put_text(struct map *m, const char *key, void *value)
{
    return map_put(m, key, strlen(key), value);
}

void *map_find(const struct map *m, const void *key, size_t key_len)
{
    if (!m->count)
        return NULL;
    return m->slot[slot_of(m, hash_bytes(&m->secret, key, key_len), key, key_len)].value;
}

void *map_find_text(const struct map *m, const char *key)
{
    return map_find(m, key, strlen(key));
}

/* The slots behind the gap move up where their own place allows it, so that no probe ends too
 * early. */
static void close_gap(struct map *m, size_t gap)
{
    size_t mask = m->capacity - 1;
    for (size_t at = (gap + 1) & mask; m->slot[at].key; at = (at + 1) & mask) {
        size_t home = m->slot[at].hash & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            m->slot[gap] = m->slot[at];
            gap = at;
        }
    }
    m->slot[gap] = (struct map_slot){0};
}

void *map_remove(struct map *m, const void *key, size_t key_len)
{
    if (!m->count)
        return NULL;
    size_t at = slot_of(m, hash_bytes(&m->secret, key, key_len), key, key_len);
    if (!m->slot[at].key)
        return NULL;
    void *value = m->slot[at].value;
    m->count--;
    close_gap(m, at);
    return value;
}

const struct map_slot *map_next(const struct map *m, size_t *at)
{
    while (*at < m->capacity) {
        const struct map_slot *s = &m->slot[(*at)++];
        if (s->key)
            return s;
    }
    return NULL;
}

void map_done(struct map *m)
{
    mem_free(m->slot);
    arena_done(&m->keys);
    *m = (struct map){0};
}
