/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ticket.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

struct ticket *ticket_new(const char *id, double time_s)
{
    struct ticket *t = mem_zero(sizeof *t);
    struct ban_id parsed = ban_id_of(id, strlen(id), -1);
    t->id = mem_copy_text(id);
    t->net = parsed.net;
    t->time_s = t->first_s = time_s;
    t->retry = 1;
    t->ban_s = TICKET_BANTIME_DEFAULT;
    return t;
}

void ticket_free(struct ticket *t)
{
    if (!t)
        return;
    ticket_keep_matches(t, 0);
    for (size_t i = 0; i < t->pair_count; i++) {
        mem_free(t->pair[i].name);
        mem_free(t->pair[i].value);
    }
    mem_free(t->match);
    mem_free(t->pair);
    mem_free(t->id);
    mem_free(t->ip);
    mem_free(t);
}

void ticket_set_ip(struct ticket *t, const struct ban_id *ip)
{
    mem_free(t->ip);
    t->ip = mem_copy_text(ip->text);
    t->net = ip->net;
}

static char *copy(const char *text, size_t len)
{
    char *to = mem_resize(NULL, len + 1, 1);
    if (len)
        memcpy(to, text, len);
    to[len] = '\0';
    return to;
}

void ticket_add_match(struct ticket *t, const char *text, size_t len)
{
    MEM_GROW(t->match, t->match_count, t->match_capacity);
    t->match[t->match_count++] = copy(text, len);
}

void ticket_keep_matches(struct ticket *t, size_t count)
{
    size_t drop = t->match_count > count ? t->match_count - count : 0;
    for (size_t i = 0; i < drop; i++)
        mem_free(t->match[i]);
    if (drop)
        memmove(t->match, t->match + drop, (t->match_count - drop) * sizeof *t->match);
    t->match_count -= drop;
}

void ticket_set_pair(struct ticket *t, const char *name, const char *value, size_t len)
{
    for (size_t i = 0; i < t->pair_count; i++)
        if (strcmp(t->pair[i].name, name) == 0) {
            mem_free(t->pair[i].value);
            t->pair[i].value = copy(value, len);
            return;
        }
    MEM_GROW(t->pair, t->pair_count, t->pair_capacity);
    t->pair[t->pair_count++] = (struct ticket_pair){mem_copy_text(name), copy(value, len)};
}

const char *ticket_pair(const struct ticket *t, const char *name)
{
    for (size_t i = 0; i < t->pair_count; i++)
        if (strcmp(t->pair[i].name, name) == 0)
            return t->pair[i].value;
    return NULL;
}

const char *ticket_ip(const struct ticket *t)
{
    return t->ip ? t->ip : t->id;
}

struct ticket *ticket_of_found(const struct ban_filter *f, const struct ban_found *found,
                               double time_s)
{
    const struct ban_fail *fail = found->fail;
    struct ticket *t = ticket_new(found->id.text, time_s);
    t->net = found->id.net;
    if (found->ip.text[0])
        ticket_set_ip(t, &found->ip);
    for (size_t i = 0; i < fail->line_count; i++)
        ticket_add_match(t, ban_fail_text(fail, fail->line[i].text), fail->line[i].text.len);
    for (unsigned key = 0; key < f->keys.count; key++)
        if (ban_fail_has(fail, key))
            ticket_set_pair(t, f->keys.name[key], ban_fail_text(fail, fail->value[key]),
                            fail->value[key].len);
    return t;
}

double ticket_end(const struct ticket *t, int64_t default_s)
{
    int64_t ban_s = t->ban_s == TICKET_BANTIME_DEFAULT ? default_s : t->ban_s;
    return ban_s == TICKET_BANTIME_FOREVER ? INFINITY : t->time_s + (double)ban_s;
}

/* ---- table ---- */

static size_t place_of(const struct ticket_table *table, const char *id, uint64_t hash)
{
    size_t at = hash & (table->slot_count - 1);
    while (table->slot[at] && (table->slot[at]->hash != hash || strcmp(table->slot[at]->id, id)))
        at = (at + 1) & (table->slot_count - 1);
    return at;
}

struct ticket *ticket_table_find(const struct ticket_table *table, const char *id)
{
    if (!table->count)
        return NULL;
    return table->slot[place_of(table, id, hash_bytes(&table->secret, id, strlen(id)))];
}

static void grow(struct ticket_table *table)
{
    struct ticket **old = table->slot;
    size_t old_count = table->slot_count;
    if (!old_count)
        table->secret = hash_key_secret();
    table->slot_count = old_count ? 2 * old_count : 64;
    table->slot = mem_zero(table->slot_count * sizeof(struct ticket *));
    for (size_t i = 0; i < old_count; i++)
        if (old[i])
            table->slot[place_of(table, old[i]->id, old[i]->hash)] = old[i];
    mem_free(old);
}

void ticket_table_add(struct ticket_table *table, struct ticket *t)
{
    if (2 * (table->count + 1) > table->slot_count)
        grow(table);
    t->hash = hash_bytes(&table->secret, t->id, strlen(t->id));
    table->slot[place_of(table, t->id, t->hash)] = t;
    table->count++;
    t->older = table->newest;
    t->newer = NULL;
    *(table->newest ? &table->newest->newer : &table->oldest) = t;
    table->newest = t;
}

void ticket_table_remove(struct ticket_table *table, struct ticket *t)
{
    size_t mask = table->slot_count - 1, hole = place_of(table, t->id, t->hash);
    *(t->older ? &t->older->newer : &table->oldest) = t->newer;
    *(t->newer ? &t->newer->older : &table->newest) = t->older;
    table->slot[hole] = NULL;
    table->count--;
    /* what was pushed on by the one that leaves moves back */
    for (size_t at = (hole + 1) & mask; table->slot[at]; at = (at + 1) & mask) {
        size_t home = table->slot[at]->hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slot[hole] = table->slot[at];
            table->slot[at] = NULL;
            hole = at;
        }
    }
}

void ticket_table_done(struct ticket_table *table)
{
    for (struct ticket *t = table->oldest, *next; t; t = next) {
        next = t->newer;
        ticket_free(t);
    }
    mem_free(table->slot);
    *table = (struct ticket_table){0};
}
