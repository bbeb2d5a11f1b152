/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/connection.h"

#include <string.h>

#include "core/base/mem.h"

/* FNV-1a: a stranger who makes ids collide gets a walk of a hundred at most. */
static uint64_t hash_of(const char *id, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)id[i]) * 0x100000001b3;
    return hash;
}

static struct connection *at(const struct connections *c, uint8_t index)
{
    return index ? &c->slot[index - 1] : NULL;
}

static uint8_t *bucket_of(struct connections *c, uint64_t hash)
{
    return &c->bucket[(hash ^ hash >> 32) % CONNECTION_BUCKETS];
}

static uint8_t find(struct connections *c, const char *id, size_t len, uint64_t hash)
{
    uint8_t i = c->slot ? *bucket_of(c, hash) : 0;
    for (; i; i = at(c, i)->next_in_bucket) {
        const struct connection *s = at(c, i);
        if (s->hash == hash && s->id.len == len && memcmp(str_text(&s->id), id, len) == 0)
            break;
    }
    return i;
}

static void unlink_slot(struct connections *c, uint8_t index)
{
    struct connection *s = at(c, index);
    uint8_t *link = bucket_of(c, s->hash);
    while (*link != index)
        link = &at(c, *link)->next_in_bucket;
    *link = s->next_in_bucket;
    *(s->older ? &at(c, s->older)->newer : &c->oldest) = s->newer;
    *(s->newer ? &at(c, s->newer)->older : &c->newest) = s->older;
    s->next_in_bucket = c->free;
    c->free = index;
    c->count--;
}

struct ban_fail *connections_find(struct connections *c, const char *id, size_t len, double now_s)
{
    uint8_t index = find(c, id, len, hash_of(id, len));
    if (!index)
        return NULL;
    if (at(c, index)->until_s > now_s)
        return &at(c, index)->fail;
    unlink_slot(c, index);
    return NULL;
}

static void begin(struct connections *c)
{
    c->slot = mem_resize(NULL, CONNECTIONS_MAX, sizeof *c->slot);
    memset(c->slot, 0, CONNECTIONS_MAX * sizeof *c->slot);
    for (uint8_t i = CONNECTIONS_MAX; i > 0; i--) {
        ban_fail_init(&c->slot[i - 1].fail);
        c->slot[i - 1].next_in_bucket = c->free;
        c->free = i;
    }
}

struct ban_fail *connections_add(struct connections *c, const char *id, size_t len, double now_s)
{
    if (!c->slot)
        begin(c);
    /* the oldest leaves, and on the way all that ran out */
    while (!c->free || (c->count == CONNECTIONS_MAX)) {
        double until_s = at(c, c->oldest)->until_s;
        unlink_slot(c, c->oldest);
        while (until_s <= now_s && c->oldest) {
            until_s = at(c, c->oldest)->until_s;
            unlink_slot(c, c->oldest);
        }
    }
    uint8_t index = c->free;
    struct connection *s = at(c, index);
    c->free = s->next_in_bucket;
    s->hash = hash_of(id, len);
    str_reset(&s->id);
    str_add_len(&s->id, id, len);
    s->until_s = now_s + CONNECTION_KEEP_S;
    s->next_in_bucket = *bucket_of(c, s->hash);
    *bucket_of(c, s->hash) = index;
    s->older = c->newest;
    s->newer = 0;
    *(c->newest ? &at(c, c->newest)->newer : &c->oldest) = index;
    c->newest = index;
    c->count++;
    ban_fail_reset(&s->fail);
    return &s->fail;
}

void connections_remove(struct connections *c, const char *id, size_t len)
{
    uint8_t index = find(c, id, len, hash_of(id, len));
    if (index)
        unlink_slot(c, index);
}

void connections_done(struct connections *c)
{
    for (size_t i = 0; c->slot && i < CONNECTIONS_MAX; i++) {
        ban_fail_done(&c->slot[i].fail);
        str_done(&c->slot[i].id);
    }
    mem_free(c->slot);
    *c = (struct connections){0};
}
