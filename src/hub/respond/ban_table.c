/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of a change: decide, the firewall, memory, the store.  What the firewall refuses has not
 * happened; what the store cannot keep is in force all the same. */
#include "hub/respond/ban_table.h"

#include <errno.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "hub/respond/ban_book.h"

enum { BATCH = 256 };

struct ban_table {
    const struct clock *clock;
    struct ban_limits limits;
    struct cidr_set never;
    struct ban_backend backend;
    struct store *store;
    struct ban_book book;
};

static uint64_t now_ns(const struct ban_table *t)
{
    return clock_mono_ns(t->clock);
}

/* Whole seconds from now on, rounded up; 0: without end. */
static uint32_t ttl_of(const struct ban_table *t, uint64_t due_ns)
{
    if (due_ns == UINT64_MAX)
        return 0;
    uint64_t left_ns = due_ns > now_ns(t) ? due_ns - now_ns(t) : 0;
    uint64_t left_s = (left_ns + NS_PER_S - 1) / NS_PER_S;
    return left_s == 0 ? 1 : left_s < UINT32_MAX ? (uint32_t)left_s : UINT32_MAX;
}

/* ---- the firewall ---- */

static int restore(struct ban_table *t, struct err *e)
{
    struct cidr who[BATCH];
    uint32_t ttl_s[BATCH];
    size_t count = 0, at = 0;
    const struct ban_target *target;
    int rc = t->backend.prepare ? t->backend.prepare(t->backend.ctx, e) : 0;
    while (rc == 0 && (target = ban_book_next(&t->book, &at))) {
        who[count] = target->who;
        ttl_s[count++] = ttl_of(t, ban_target_due_ns(target, NULL));
        if (count < BATCH)
            continue;
        rc = t->backend.add(t->backend.ctx, who, ttl_s, count, e);
        count = 0;
    }
    return rc || count == 0 ? rc : t->backend.add(t->backend.ctx, who, ttl_s, count, e);
}

int ban_table_restore(struct ban_table *t, struct err *e)
{
    int rc = restore(t, e);
    return rc ? err_wrap(e, "restore the bans in %s", t->backend.name) : 0;
}

/* Did it fail because somebody took our sets away?  Then put all back, for one more try. */
static bool is_repaired(struct ban_table *t, int rc, struct err *e)
{
    if (rc != -ENOENT || !t->backend.prepare)
        return false;
    log_at(LOG_LEVEL_WARN, "%s: %s: the bans in force are given anew", t->backend.name, e->text);
    return restore(t, e) == 0;
}

static int add_to_firewall(struct ban_table *t, const struct cidr *who, uint32_t ttl_s,
                           struct err *e)
{
    int rc = t->backend.add(t->backend.ctx, who, &ttl_s, 1, e);
    if (is_repaired(t, rc, e))
        rc = t->backend.add(t->backend.ctx, who, &ttl_s, 1, e);
    return rc;
}

static int remove_from_firewall(struct ban_table *t, const struct cidr *who, size_t count,
                                struct err *e)
{
    int rc = t->backend.remove(t->backend.ctx, who, count, e);
    if (is_repaired(t, rc, e))
        rc = t->backend.remove(t->backend.ctx, who, count, e);
    return rc;
}

/* ---- the store ---- */

static void keep(struct ban_table *t, const struct ban_entry *entry)
{
    struct err e = {0};
    struct ban ban = {
        .who = entry->target->who,
        .source = entry->row.source,
        .why = entry->row.why,
        .since_ns = entry->row.since_wall_s * NS_PER_S,
        .until_ns = entry->row.until_wall_s * NS_PER_S,
        .count = entry->row.count,
        .event_id = entry->row.event_id,
        .strength = (enum strength)entry->row.strength,
    };
    if (t->store && store_put_ban(t->store, &ban, &e))
        log_at(LOG_LEVEL_ERROR, "ban not kept: %s", e.text);
}

static void keep_lift(struct ban_table *t, const struct cidr *who, const char *source)
{
    struct err e = {0};
    if (!t->store)
        return;
    int rc = store_lift_ban(t->store, who, source[0] ? source : NULL, clock_wall_ns(t->clock), &e);
    if (rc && rc != -ENOENT)
        log_at(LOG_LEVEL_ERROR, "lifted ban still kept: %s", e.text);
}

/* A ban of before counts on, also when it has long run out. */
static uint32_t count_before(struct ban_table *t, const struct cidr *who, const char *source)
{
    struct err e = {0};
    uint32_t count = 0;
    if (t->store && store_count_bans(t->store, who, source, &count, &e))
        log_at(LOG_LEVEL_ERROR, "count of bans: %s", e.text);
    return count;
}

/* ---- decisions ---- */

static bool touches_never(const struct ban_table *t, const struct cidr *who)
{
    struct addr last = cidr_last(who);
    const struct addr_range *range = cidr_set_find(&t->never, &who->base);
    return range && range->first.family == who->base.family &&
           addr_compare(&range->first, &last) <= 0;
}

static int decide(const struct ban_table *t, const struct cidr *who,
                  const struct ban_request_add *r, struct err *e)
{
    char text[CIDR_TEXT_MAX];
    if (touches_never(t, who))
        return err_set(e, -EPERM, "%s is on the never-block list", cidr_format(who, text));
    if (r->strength == STRENGTH_CLAIMED && !t->limits.block_claimed)
        return err_set(e, -EACCES, "%s: the address is only claimed", cidr_format(who, text));
    const struct ban_target *target = ban_book_find(&t->book, who);
    bool is_new = !target || !ban_target_find(target, r->source);
    if (is_new && t->book.entry_count >= t->limits.bans_max)
        return err_set(e, -ENOSPC, "%u bans: the table is full", t->limits.bans_max);
    return 0;
}

static void write_entry(struct ban_table *t, const struct cidr *who,
                        const struct ban_request_add *r, uint64_t due_ns)
{
    struct ban_target *target = ban_book_find(&t->book, who);
    struct ban_entry *entry = target ? ban_target_find(target, r->source) : NULL;
    uint64_t wall_s = clock_wall_ns(t->clock) / NS_PER_S;
    if (!entry) {
        entry = ban_book_add(&t->book, who, r->source);
        entry->row.since_wall_s = wall_s;
        entry->row.count = count_before(t, who, r->source);
        entry->due_ns = 0;
    }
    entry->row.count++;
    entry->row.strength = r->strength;
    entry->row.event_id = r->event_id;
    memcpy(entry->row.why, r->why, sizeof entry->row.why);
    if (due_ns >= entry->due_ns) {
        entry->row.until_wall_s = r->duration_s ? wall_s + r->duration_s : 0;
        ban_book_set_end(&t->book, entry, due_ns);
    }
    keep(t, entry);
}

int ban_table_add(struct ban_table *t, const struct ban_request_add *request, struct err *e)
{
    int rc = ban_request_add_check(request);
    if (rc)
        return err_set(e, rc, "malformed ban request");
    struct cidr who = ban_request_who(request->family, request->prefix_len, request->addr);
    rc = decide(t, &who, request, e);
    if (rc)
        return rc;
    uint64_t due_ns = request->duration_s ? now_ns(t) + request->duration_s * NS_PER_S : UINT64_MAX;
    const struct ban_target *target = ban_book_find(&t->book, &who);
    uint64_t others_ns = target ? ban_target_due_ns(target, NULL) : 0;
    rc = add_to_firewall(t, &who, ttl_of(t, due_ns > others_ns ? due_ns : others_ns), e);
    if (rc == 0)
        write_entry(t, &who, request, due_ns);
    return rc;
}

int ban_table_lift(struct ban_table *t, const struct ban_request_lift *request, struct err *e)
{
    char text[CIDR_TEXT_MAX];
    int rc = ban_request_lift_check(request);
    if (rc)
        return err_set(e, rc, "malformed lift request");
    struct cidr who = ban_request_who(request->family, request->prefix_len, request->addr);
    struct ban_target *target = ban_book_find(&t->book, &who);
    if (!target || (request->source[0] && !ban_target_find(target, request->source)))
        return err_set(e, -ENOENT, "%s is not banned%s%s", cidr_format(&who, text),
                       request->source[0] ? " by " : "", request->source);
    uint64_t rest_ns = ban_target_due_ns(target, request->source);
    rc = rest_ns ? add_to_firewall(t, &who, ttl_of(t, rest_ns), e)
                 : remove_from_firewall(t, &who, 1, e);
    if (rc)
        return rc;
    for (struct ban_entry *entry = target->entry, *next; entry; entry = next) {
        next = entry->next;
        if (!request->source[0] || strcmp(entry->row.source, request->source) == 0)
            ban_book_remove(&t->book, entry);
    }
    keep_lift(t, &who, request->source);
    return 0;
}

void ban_table_list(struct ban_table *t, uint64_t after, struct ban_answer_list *out)
{
    *out = (struct ban_answer_list){0};
    const struct ban_entry *entry;
    while (out->count < BAN_LIST_ROWS && (entry = ban_book_behind(&t->book, after))) {
        out->row[out->count++] = entry->row;
        after = entry->row.number;
    }
}

/* The firewall's own time-outs have removed them already, where it has any. */
uint64_t ban_table_expire(struct ban_table *t)
{
    struct cidr gone[BATCH];
    struct err e = {0};
    size_t count = 0;
    struct ban_entry *entry;
    while (count < BATCH && (entry = ban_book_first_end(&t->book)) && entry->due_ns <= now_ns(t)) {
        if (!entry->next && entry->target->entry == entry)
            gone[count++] = entry->target->who;
        ban_book_remove(&t->book, entry);
    }
    if (count && remove_from_firewall(t, gone, count, &e))
        log_at(LOG_LEVEL_ERROR, "%s: %s", t->backend.name, e.text);
    entry = ban_book_first_end(&t->book);
    return entry ? entry->due_ns : UINT64_MAX;
}

/* ---- opening ---- */

static bool take_over(void *ctx, const struct ban *ban)
{
    struct ban_table *t = ctx;
    uint64_t wall_ns = clock_wall_ns(t->clock);
    if (touches_never(t, &ban->who) || t->book.entry_count >= t->limits.bans_max)
        return true; /* the list may have grown since; such a ban stays in the store and has no end
                        but its own */
    struct ban_entry *entry = ban_book_add(&t->book, &ban->who, ban->source);
    entry->row.since_wall_s = ban->since_ns / NS_PER_S;
    entry->row.until_wall_s = ban->until_ns / NS_PER_S;
    entry->row.event_id = ban->event_id;
    entry->row.count = ban->count;
    entry->row.strength = (uint8_t)ban->strength;
    if (ban->why)
        memcpy(entry->row.why, ban->why, strnlen(ban->why, BAN_REASON_MAX - 1));
    uint64_t left_ns = ban->until_ns > wall_ns ? ban->until_ns - wall_ns : 0;
    if (ban->until_ns)
        ban_book_set_end(&t->book, entry, now_ns(t) + left_ns);
    return true;
}

static void copy_never(struct cidr_set *to, const struct cidr_set *from)
{
    for (size_t i = 0; i < from->count; i++)
        cidr_set_add_range(to, &from->range[i].first, &from->range[i].last);
    cidr_set_seal(to);
}

void ban_table_set_never(struct ban_table *t, const struct cidr_set *never)
{
    cidr_set_done(&t->never);
    copy_never(&t->never, never);
}

int ban_table_open(struct ban_table **out, const struct clock *clock,
                   const struct ban_limits *limits, const struct cidr_set *never,
                   const struct ban_backend *backend, struct store *store, struct err *e)
{
    struct ban_table *t = mem_zero(sizeof *t);
    *t = (struct ban_table){.clock = clock, .limits = *limits, .backend = *backend, .store = store};
    if (t->limits.bans_max == 0 || t->limits.bans_max > BAN_TABLE_MAX)
        t->limits.bans_max = BAN_TABLE_MAX;
    copy_never(&t->never, never);
    int rc = store ? store_read_bans(store, clock_wall_ns(clock), take_over, t, e) : 0;
    rc = rc ? rc : ban_table_restore(t, e);
    if (rc) {
        ban_table_close(t);
        return rc;
    }
    *out = t;
    return 0;
}

void ban_table_close(struct ban_table *t)
{
    if (!t)
        return;
    ban_book_done(&t->book);
    cidr_set_done(&t->never);
    mem_free(t);
}
