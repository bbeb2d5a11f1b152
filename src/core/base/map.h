/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table from byte keys to pointers: open addressing, linear probing, keys copied into the
 * table's own arena.  For cold and warm paths; packet tables are built for their keys. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/hash.h"

struct map_slot {
    const void *key; /* NULL: free */
    size_t key_len;
    void *value;
    uint64_t hash;
};

/* Zero is an empty map; map_done frees it. */
struct map {
    struct map_slot *slot;
    size_t count, capacity; /* capacity is a power of two */
    struct hash_key secret;
    struct arena keys;
};

/* Put `value` under the key; an old value is replaced.  Returns the old one or NULL. */
void *map_put(struct map *m, const void *key, size_t key_len, void *value);
void *map_put_text(struct map *m, const char *key, void *value);

void *map_find(const struct map *m, const void *key, size_t key_len); /* NULL: not there */
void *map_find_text(const struct map *m, const char *key);

/* Take the key out; returns its value or NULL.  The key's bytes are freed with the map. */
void *map_remove(struct map *m, const void *key, size_t key_len);

/* Walk all slots in no order: for (size_t at = 0; (slot = map_next(m, &at));) */
const struct map_slot *map_next(const struct map *m, size_t *at);

void map_done(struct map *m);
