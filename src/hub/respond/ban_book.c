/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table of its own and not core/base/map: bans come and go for years, and the map keeps each
 * key it ever had. */
#include "hub/respond/ban_book.h"

#include <string.h>

#include "core/base/mem.h"

enum { SLOT_FIRST = 64 };

/* ---- targets: linear probing, at most half full ---- */

static size_t place_of(const struct ban_book *b, const struct cidr *who)
{
    uint8_t key[18];
    key[0] = who->base.family;
    key[1] = who->prefix_len;
    memcpy(key + 2, who->base.byte, 16);
    return hash_bytes(&b->secret, key, sizeof key) & (b->slot_count - 1);
}

static bool is_same(const struct cidr *a, const struct cidr *b)
{
    return a->prefix_len == b->prefix_len && a->base.family == b->base.family &&
           memcmp(a->base.byte, b->base.byte, sizeof a->base.byte) == 0;
}

/* The slot of `who`, or the free one where it would go. */
static size_t find_slot(const struct ban_book *b, const struct cidr *who)
{
    size_t at = place_of(b, who);
    while (b->slot[at] && !is_same(&b->slot[at]->who, who))
        at = (at + 1) & (b->slot_count - 1);
    return at;
}

static void make_room(struct ban_book *b)
{
    if ((b->target_count + 1) * 2 <= b->slot_count)
        return;
    struct ban_book wide = *b;
    if (b->slot_count == 0)
        wide.secret = hash_key_secret();
    wide.slot_count = b->slot_count ? b->slot_count * 2 : SLOT_FIRST;
    wide.slot = mem_zero(wide.slot_count * sizeof *wide.slot);
    for (size_t i = 0; i < b->slot_count; i++)
        if (b->slot[i])
            wide.slot[find_slot(&wide, &b->slot[i]->who)] = b->slot[i];
    mem_free(b->slot);
    *b = wide;
}

/* Close the gap: what was pushed past the freed slot moves up. */
static void free_slot(struct ban_book *b, size_t gap)
{
    size_t mask = b->slot_count - 1;
    b->slot[gap] = NULL;
    for (size_t at = (gap + 1) & mask; b->slot[at]; at = (at + 1) & mask) {
        size_t home = place_of(b, &b->slot[at]->who);
        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        b->slot[gap] = b->slot[at];
        b->slot[at] = NULL;
        gap = at;
    }
}

struct ban_target *ban_book_find(const struct ban_book *b, const struct cidr *who)
{
    return b->slot_count ? b->slot[find_slot(b, who)] : NULL;
}

struct ban_target *ban_book_next(const struct ban_book *b, size_t *at)
{
    while (*at < b->slot_count) {
        struct ban_target *t = b->slot[(*at)++];
        if (t)
            return t;
    }
    return NULL;
}

/* ---- entries ---- */

struct ban_entry *ban_target_find(const struct ban_target *t, const char *source)
{
    struct ban_entry *entry = t->entry;
    while (entry && strcmp(entry->row.source, source) != 0)
        entry = entry->next;
    return entry;
}

uint64_t ban_target_due_ns(const struct ban_target *t, const char *without)
{
    uint64_t due_ns = 0;
    for (const struct ban_entry *entry = t->entry; entry; entry = entry->next) {
        bool counts = !without || (without[0] && strcmp(entry->row.source, without) != 0);
        if (counts && entry->due_ns > due_ns)
            due_ns = entry->due_ns;
    }
    return due_ns;
}

static struct ban_target *target_of(struct ban_book *b, const struct cidr *who)
{
    make_room(b);
    size_t at = find_slot(b, who);
    if (!b->slot[at]) {
        b->slot[at] = mem_zero(sizeof **b->slot);
        b->slot[at]->who = *who;
        b->target_count++;
    }
    return b->slot[at];
}

struct ban_entry *ban_book_add(struct ban_book *b, const struct cidr *who, const char *source)
{
    struct ban_entry *entry = mem_zero(sizeof *entry);
    entry->target = target_of(b, who);
    entry->next = entry->target->entry;
    entry->target->entry = entry;
    entry->due_ns = UINT64_MAX;
    entry->row = (struct ban_row){
        .number = ++b->number, .family = who->base.family, .prefix_len = who->prefix_len};
    memcpy(entry->row.addr, who->base.byte, sizeof entry->row.addr);
    memcpy(entry->row.source, source, strnlen(source, BAN_SOURCE_MAX - 1));
    MEM_GROW(b->place, b->place_count, b->place_capacity);
    b->place[b->place_count++] = (struct ban_place){entry->row.number, entry};
    b->entry_count++;
    return entry;
}

void ban_book_set_end(struct ban_book *b, struct ban_entry *entry, uint64_t due_ns)
{
    entry->due_ns = due_ns;
    if (due_ns == UINT64_MAX)
        timer_heap_remove(&b->ends, &entry->ends);
    else
        timer_heap_set(&b->ends, &entry->ends, due_ns);
}

/* ---- by number ---- */

/* The first place whose number is above `number`. */
static size_t find_behind(const struct ban_book *b, uint64_t number)
{
    size_t low = 0, high = b->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->place[middle].number <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct ban_entry *ban_book_behind(const struct ban_book *b, uint64_t number)
{
    size_t at = find_behind(b, number);
    while (at < b->place_count && !b->place[at].entry)
        at++;
    return at < b->place_count ? b->place[at].entry : NULL;
}

/* When half of the places are empty. */
static void squeeze(struct ban_book *b)
{
    size_t kept = 0;
    if (b->place_count < 2 * b->entry_count + SLOT_FIRST)
        return;
    for (size_t i = 0; i < b->place_count; i++)
        if (b->place[i].entry)
            b->place[kept++] = b->place[i];
    b->place_count = kept;
}

void ban_book_remove(struct ban_book *b, struct ban_entry *entry)
{
    struct ban_target *t = entry->target;
    struct ban_entry **at = &t->entry;
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    timer_heap_remove(&b->ends, &entry->ends);
    b->place[find_behind(b, entry->row.number - 1)].entry = NULL;
    b->entry_count--;
    mem_free(entry);
    if (!t->entry) {
        free_slot(b, find_slot(b, &t->who));
        b->target_count--;
        mem_free(t);
    }
    squeeze(b);
}

struct ban_entry *ban_book_first_end(const struct ban_book *b)
{
    const struct timer_node *top = timer_heap_top(&b->ends);
    return top ? CONTAINER_OF(top->timer, struct ban_entry, ends) : NULL;
}

void ban_book_done(struct ban_book *b)
{
    timer_heap_done(&b->ends);
    for (size_t i = 0; i < b->place_count; i++)
        mem_free(b->place[i].entry);
    for (size_t i = 0; i < b->slot_count; i++)
        mem_free(b->slot[i]);
    mem_free(b->place);
    mem_free(b->slot);
    *b = (struct ban_book){0};
}
