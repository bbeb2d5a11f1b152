/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/array.h"

#include <string.h>

#include "core/base/mem.h"

enum {
    CHAINS = 17,    /* of the peer's hash; the order of keys() depends on it */
    INDEX_FROM = 8, /* fewer names are found by walking their chain */
    NO_ENTRY = -1,
};

struct entry {
    struct nasl_string *name;
    struct nasl_value item;
    uint32_t hash;
    int32_t older, newer; /* in its chain */
};

struct nasl_array {
    int32_t owners;
    uint32_t count, capacity; /* numbered slots */
    struct nasl_value *slot;
    uint32_t named, named_capacity;
    struct entry *entry;
    int32_t *index; /* open addressing over `entry`, a power of two above twice named_capacity */
    uint32_t index_size;
    int32_t newest[CHAINS], oldest[CHAINS];
    struct nasl_heap *heap;
    size_t size; /* what the heap was charged */
};

static bool charge(struct nasl_array *a, size_t size)
{
    struct nasl_heap *heap = a->heap;
    if (size > heap->limit - heap->used) {
        heap->exhausted = true;
        return false;
    }
    heap->used += size;
    a->size += size;
    return true;
}

struct nasl_value nasl_array_new(struct nasl_heap *heap)
{
    struct nasl_array *a = mem_zero(sizeof *a);
    a->owners = 1;
    a->heap = heap;
    for (int i = 0; i < CHAINS; i++)
        a->newest[i] = a->oldest[i] = NO_ENTRY;
    if (!charge(a, sizeof *a)) {
        mem_free(a);
        return nasl_undef();
    }
    return (struct nasl_value){.type = NASL_ARRAY, .array = a};
}

void nasl_array_share(struct nasl_array *a)
{
    if (a->owners > 0)
        a->owners++;
}

void nasl_array_free(struct nasl_array *a)
{
    if (a->owners < 0 || --a->owners > 0)
        return;
    for (uint32_t i = 0; i < a->count; i++)
        nasl_value_drop(&a->slot[i]);
    for (uint32_t i = 0; i < a->named; i++) {
        nasl_value_drop(&a->entry[i].item);
        nasl_string_free(a->entry[i].name);
    }
    a->heap->used -= a->size;
    mem_free(a->slot);
    mem_free(a->entry);
    mem_free(a->index);
    mem_free(a);
}

/* The chain is the peer's: (h << 3) + byte in 64 bits, modulo 17. */
static unsigned chain_of(const char *name, size_t len)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < len; i++)
        hash = (hash << 3) + (unsigned char)name[i];
    return (unsigned)(hash % CHAINS);
}

/* FNV-1a: the keys are a script's own, which pays for its collisions out of its own budget. */
static uint32_t hash_of(const char *name, size_t len)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    return hash;
}

static bool is_entry(const struct entry *e, const char *name, size_t len, uint32_t hash)
{
    return e->hash == hash && e->name->len == len && memcmp(e->name->text, name, len) == 0;
}

static struct entry *find(const struct nasl_array *a, const char *name, size_t len, uint32_t hash)
{
    if (!a->index_size) {
        for (uint32_t i = 0; i < a->named; i++)
            if (is_entry(&a->entry[i], name, len, hash))
                return &a->entry[i];
        return NULL;
    }
    uint32_t mask = a->index_size - 1;
    for (uint32_t at = hash & mask; a->index[at] != NO_ENTRY; at = (at + 1) & mask)
        if (is_entry(&a->entry[a->index[at]], name, len, hash))
            return &a->entry[a->index[at]];
    return NULL;
}

const struct nasl_value *nasl_array_at(const struct nasl_array *a, int64_t index)
{
    return index >= 0 && index < a->count ? &a->slot[index] : NULL;
}

const struct nasl_value *nasl_array_named(const struct nasl_array *a, const char *name)
{
    size_t len = strlen(name);
    const struct entry *e = find(a, name, len, hash_of(name, len));
    return e ? &e->item : NULL;
}

size_t nasl_array_next_index(const struct nasl_array *a)
{
    size_t count = a->count;
    while (count && a->slot[count - 1].type == NASL_UNDEF)
        count--;
    return count;
}

size_t nasl_array_named_count(const struct nasl_array *a)
{
    return a->named;
}

static void index_insert(struct nasl_array *a, uint32_t which)
{
    uint32_t mask = a->index_size - 1, at = a->entry[which].hash & mask;
    while (a->index[at] != NO_ENTRY)
        at = (at + 1) & mask;
    a->index[at] = (int32_t)which;
}

static bool grow_named(struct nasl_array *a)
{
    uint32_t capacity = a->named_capacity ? a->named_capacity * 2 : 4;
    uint32_t index_size = capacity > INDEX_FROM ? capacity * 4 : 0;
    size_t more = (capacity - a->named_capacity) * sizeof *a->entry;
    if (!charge(a, more + (index_size - a->index_size) * sizeof *a->index))
        return false;
    a->entry = mem_resize(a->entry, capacity, sizeof *a->entry);
    a->named_capacity = capacity;
    if (index_size) {
        a->index = mem_resize(a->index, index_size, sizeof *a->index);
        a->index_size = index_size;
        memset(a->index, 0xff, index_size * sizeof *a->index);
        for (uint32_t i = 0; i < a->named; i++)
            index_insert(a, i);
    }
    return true;
}

static struct entry *add_entry(struct nasl_array *a, struct nasl_string *name, uint32_t hash)
{
    if (a->named == a->named_capacity && !grow_named(a))
        return NULL;
    unsigned chain = chain_of(name->text, name->len);
    struct entry *e = &a->entry[a->named];
    int32_t older = a->newest[chain], which = (int32_t)a->named;
    *e = (struct entry){.name = name, .hash = hash, .older = older, .newer = NO_ENTRY};
    if (older != NO_ENTRY)
        a->entry[older].newer = which;
    else
        a->oldest[chain] = which;
    a->newest[chain] = which;
    if (a->index_size)
        index_insert(a, a->named);
    a->named++;
    return e;
}

static bool reserve(struct nasl_array *a, size_t count)
{
    if (count > a->capacity) {
        size_t capacity = a->capacity ? a->capacity * 2UL : 4;
        if (capacity < count)
            capacity = count;
        if (!charge(a, (capacity - a->capacity) * sizeof *a->slot))
            return false;
        a->slot = mem_resize(a->slot, capacity, sizeof *a->slot);
        a->capacity = (uint32_t)capacity;
    }
    while (a->count < count)
        a->slot[a->count++] = nasl_undef();
    return true;
}

static bool copy_entry(struct nasl_array *to, const struct entry *e)
{
    struct nasl_value name = {.type = NASL_STRING, .string = e->name};
    struct entry *added = add_entry(to, nasl_value_copy(&name).string, e->hash);
    if (!added) {
        nasl_string_free(e->name);
        return false;
    }
    added->item = nasl_value_copy(&e->item);
    return true;
}

/* Entries go in so that a walk of the copy meets them as a walk of `from` does: within a chain the
 * last to be added comes first, so the walk is followed backwards. */
static bool copy_named(struct nasl_array *to, const struct nasl_value *from)
{
    const struct nasl_array *a = from->array;
    if (!from->turned) {
        for (uint32_t i = 0; i < a->named; i++)
            if (!copy_entry(to, &a->entry[i]))
                return false;
        return true;
    }
    for (uint32_t i = a->named; i-- > 0;)
        if (!copy_entry(to, &a->entry[i]))
            return false;
    return true;
}

/* Make the array *v's own, its chains not turned.  False: no room. */
static bool own(struct nasl_value *v)
{
    struct nasl_array *a = v->array;
    if (a->owners == 1 && (!v->turned || a->named < 2)) {
        v->turned = 0;
        return true;
    }
    struct nasl_value copy = nasl_array_new(a->heap);
    if (copy.type != NASL_ARRAY)
        return false;
    if (!reserve(copy.array, a->count) || !copy_named(copy.array, v)) {
        nasl_array_free(copy.array);
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++)
        copy.array->slot[i] = nasl_value_copy(&a->slot[i]);
    nasl_array_free(a);
    *v = copy;
    return true;
}

struct nasl_value *nasl_array_slot(struct nasl_value *v, int64_t index)
{
    if (index < 0 || index > NASL_INDEX_MAX || !own(v))
        return NULL;
    return reserve(v->array, (size_t)index + 1) ? &v->array->slot[index] : NULL;
}

static struct nasl_value *add_slot(struct nasl_value *v, const char *name, size_t len)
{
    struct nasl_value key = nasl_text(v->array->heap, NASL_STRING, name, len);
    if (key.type == NASL_UNDEF)
        return NULL;
    struct entry *e = add_entry(v->array, key.string, hash_of(name, len));
    if (!e)
        nasl_string_free(key.string);
    return e ? &e->item : NULL;
}

struct nasl_value *nasl_array_slot_named(struct nasl_value *v, const char *name, size_t len)
{
    if (!own(v))
        return NULL;
    struct entry *e = find(v->array, name, len, hash_of(name, len));
    return e ? &e->item : add_slot(v, name, len);
}

static bool put(struct nasl_value *slot, struct nasl_value item)
{
    if (!slot) {
        nasl_value_drop(&item);
        return false;
    }
    nasl_value_drop(slot);
    *slot = item;
    return true;
}

bool nasl_array_put(struct nasl_value *v, int64_t index, struct nasl_value item)
{
    return put(nasl_array_slot(v, index), item);
}

bool nasl_array_put_named(struct nasl_value *v, const char *name, struct nasl_value item)
{
    return put(nasl_array_slot_named(v, name, strlen(name)), item);
}

bool nasl_array_add_named(struct nasl_value *v, const char *name, struct nasl_value item)
{
    return put(own(v) ? add_slot(v, name, strlen(name)) : NULL, item);
}

/* The entry behind `at` in a chain (at < 0: the first). */
static int32_t next_in_chain(const struct nasl_value *v, unsigned chain, int32_t at)
{
    const struct nasl_array *a = v->array;
    if (v->turned)
        return at < 0 ? a->oldest[chain] : a->entry[at].newer;
    return at < 0 ? a->newest[chain] : a->entry[at].older;
}

bool nasl_array_walk(const struct nasl_value *array, struct nasl_walk *walk, int64_t *out_index,
                     const char **out_name, const struct nasl_value **out_item)
{
    const struct nasl_array *a = array->array;
    *out_name = NULL;
    while (walk->index < a->count) {
        *out_index = (int64_t)walk->index;
        *out_item = &a->slot[walk->index++];
        if ((*out_item)->type != NASL_UNDEF)
            return true;
    }
    while (a->named && walk->chain <= CHAINS) {
        int32_t at = walk->chain == 0 ? NO_ENTRY
                                      : next_in_chain(array, walk->chain - 1, (int32_t)walk->entry);
        if (at == NO_ENTRY) {
            walk->chain++;
            walk->entry = (uint32_t)NO_ENTRY;
            continue;
        }
        walk->entry = (uint32_t)at;
        *out_name = a->entry[at].name->text;
        *out_item = &a->entry[at].item;
        if ((*out_item)->type != NASL_UNDEF)
            return true;
    }
    return false;
}

static void print_item(struct str *out, const struct nasl_value *item)
{
    if (item->type == NASL_INT)
        str_addf(out, "%lld", (long long)item->number);
    else if (item->type == NASL_ARRAY)
        str_add(out, "????");
    else
        str_addf(out, "'%s'%s", item->string->text, item->string->len < 64 ? "" : "...");
}

void nasl_array_print(const struct nasl_value *array, struct str *out)
{
    struct nasl_walk walk = {0};
    int64_t index = 0;
    const char *name, *comma = "";
    const struct nasl_value *item;
    str_add(out, "[ ");
    while (nasl_array_walk(array, &walk, &index, &name, &item)) {
        str_add(out, comma);
        if (name)
            str_add(out, name);
        else
            str_addf(out, "%lld", (long long)index);
        str_add(out, ": ");
        print_item(out, item);
        comma = ", ";
    }
    str_add(out, " ]");
}
