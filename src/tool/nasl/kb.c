/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/kb.h"

#include <stdio.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/text/glob.h"

struct item {
    struct nasl_kb_value value;
    char *bytes;
    uint64_t expires_ns; /* on the monotonic clock; 0: never */
};

struct key {
    char *name;
    struct item *item;
    size_t count, capacity;
};

struct nasl_kb {
    struct map keys;
    struct key **key; /* in order of age */
    size_t count, capacity;
    size_t used, max;
    const struct clock *clock;
};

struct nasl_kb *nasl_kb_new(size_t bytes_max, const struct clock *clock)
{
    struct nasl_kb *kb = mem_zero(sizeof *kb);
    kb->max = bytes_max;
    kb->clock = clock;
    return kb;
}

static void drop_item(struct nasl_kb *kb, struct key *k, size_t n)
{
    kb->used -= k->item[n].value.len + sizeof *k->item;
    mem_free(k->item[n].bytes);
    memmove(&k->item[n], &k->item[n + 1], (k->count - n - 1) * sizeof *k->item);
    k->count--;
}

void nasl_kb_free(struct nasl_kb *kb)
{
    if (!kb)
        return;
    for (size_t i = 0; i < kb->count; i++) {
        while (kb->key[i]->count)
            drop_item(kb, kb->key[i], kb->key[i]->count - 1);
        mem_free(kb->key[i]->item);
        mem_free(kb->key[i]->name);
        mem_free(kb->key[i]);
    }
    mem_free(kb->key);
    map_done(&kb->keys);
    mem_free(kb);
}

/* The key without what has expired; NULL: it has no value. */
static struct key *find(struct nasl_kb *kb, const char *name)
{
    struct key *k = map_find_text(&kb->keys, name);
    for (size_t i = k ? k->count : 0; i-- > 0;)
        if (k->item[i].expires_ns && k->item[i].expires_ns <= clock_mono_ns(kb->clock))
            drop_item(kb, k, i);
    return k && k->count ? k : NULL;
}

static bool is_same(const struct item *i, const struct nasl_kb_value *v)
{
    if (i->value.is_number != v->is_number)
        return false;
    return v->is_number ? i->value.number == v->number
                        : i->value.len == v->len && memcmp(i->value.text, v->text, v->len) == 0;
}

static struct key *make_key(struct nasl_kb *kb, const char *name)
{
    struct key *k = map_find_text(&kb->keys, name);
    if (k)
        return k;
    k = mem_zero(sizeof *k);
    k->name = mem_copy_text(name);
    kb->used += strlen(name) * 2 + sizeof *k;
    map_put_text(&kb->keys, name, k);
    MEM_GROW(kb->key, kb->count, kb->capacity);
    kb->key[kb->count++] = k;
    return k;
}

bool nasl_kb_add(struct nasl_kb *kb, const char *key, const struct nasl_kb_value *v,
                 int64_t expire_s)
{
    size_t len = v->is_number ? 0 : v->len;
    size_t cost = len + strlen(key) * 2 + sizeof(struct key) + sizeof(struct item);
    if (kb->used > kb->max || cost > kb->max - kb->used)
        return false;
    struct item item = {.value = *v};
    struct key *k = make_key(kb, key);
    for (size_t i = k->count; i-- > 0;)
        if (is_same(&k->item[i], v))
            drop_item(kb, k, i);
    if (!v->is_number) {
        item.value.text = item.bytes = mem_resize(NULL, 1, len + 1);
        memcpy(item.bytes, v->text, len);
        item.bytes[len] = '\0';
    }
    item.value.len = len;
    if (expire_s >= 0)
        item.expires_ns = clock_mono_ns(kb->clock) + (uint64_t)expire_s * NS_PER_S;
    MEM_GROW(k->item, k->count, k->capacity);
    k->item[k->count++] = item;
    kb->used += len + sizeof item;
    return true;
}

bool nasl_kb_replace(struct nasl_kb *kb, const char *key, const struct nasl_kb_value *v)
{
    struct key *k = map_find_text(&kb->keys, key);
    while (k && k->count)
        drop_item(kb, k, k->count - 1);
    return nasl_kb_add(kb, key, v, -1);
}

bool nasl_kb_add_text(struct nasl_kb *kb, const char *key, const char *text)
{
    return nasl_kb_add(kb, key, &(struct nasl_kb_value){.text = text, .len = strlen(text)}, -1);
}

bool nasl_kb_add_number(struct nasl_kb *kb, const char *key, int64_t number)
{
    return nasl_kb_add(kb, key, &(struct nasl_kb_value){.is_number = true, .number = number}, -1);
}

size_t nasl_kb_count(struct nasl_kb *kb, const char *key)
{
    struct key *k = find(kb, key);
    return k ? k->count : 0;
}

bool nasl_kb_get(struct nasl_kb *kb, const char *key, size_t n, struct nasl_kb_value *out)
{
    struct key *k = find(kb, key);
    if (!k || n >= k->count)
        return false;
    *out = k->item[n].value;
    return true;
}

bool nasl_kb_has_number(struct nasl_kb *kb, const char *key, int64_t number)
{
    struct nasl_kb_value v;
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    for (size_t i = 0; nasl_kb_get(kb, key, i, &v); i++)
        if (v.is_number ? v.number == number : strcmp(v.text, text) == 0)
            return true;
    return false;
}

void nasl_kb_each(struct nasl_kb *kb, const char *pattern, nasl_kb_fn *fn, void *ctx)
{
    for (size_t i = 0; i < kb->count; i++)
        if (glob_match(pattern, kb->key[i]->name) && find(kb, kb->key[i]->name) &&
            !fn(ctx, kb->key[i]->name))
            return;
}
