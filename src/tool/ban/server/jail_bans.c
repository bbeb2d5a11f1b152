/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From failures to bans and back.  The counting is fail2ban's: an address that failed before the
 * window keeps the share of its attempts that the window's length stands for. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "sys/io/resolver.h"
#include "tool/ban/conf/ban_duration.h"
#include "tool/ban/server/jail_private.h"

enum { FAILS_MAX = 1 << 20, COUNT_SHIFT_MAX = 20 };

static const double ALREADY_BANNED_S = 3;

static void local_stamp(double s, char to[32])
{
    struct tm tm;
    time_t t = (time_t)floor(s);
    if (!localtime_r(&t, &tm) || !strftime(to, 32, "%Y-%m-%d %H:%M:%S", &tm))
        to[0] = '\0';
}

static void set_values(struct ban_jail *j, const struct ticket *t)
{
    j->values.now_s = ban_world_now(j->world);
    j->values.banned = j->bans.count;
    j->values.banned_total = j->ban_total;
    j->values.found = j->fails.count;
    j->values.found_total = j->fail_total;
    j->values.ban_s = !t || t->ban_s == TICKET_BANTIME_DEFAULT ? j->ban_s : t->ban_s;
}

static void note_db(struct ban_jail *j, int rc, const struct err *e)
{
    j->world->dirty = true;
    if (rc < 0)
        ban_log(&j->world->log, BAN_LOG_ERROR, "database", "[%s] %s", j->name, e->text);
}

/* ---- unban ---- */

static void plan_unban(struct ban_jail *j)
{
    double first_s = INFINITY, now_s = ban_world_now(j->world);
    for (const struct ticket *t = j->bans.oldest; t; t = t->newer)
        first_s = fmin(first_s, ticket_end(t, j->ban_s));
    if (isinf(first_s)) {
        loop_timer_stop(j->world->loop, &j->unban);
        return;
    }
    double wait_s = fmin(fmax(first_s - now_s, 0) + 0.05, 3600);
    loop_timer_set(j->world->loop, &j->unban,
                   loop_now_ns(j->world->loop) + (uint64_t)(wait_s * (double)NS_PER_S));
}

/* Earlier than the timer stands: move it. */
static void plan_unban_of(struct ban_jail *j, const struct ticket *t)
{
    double end_s = ticket_end(t, j->ban_s);
    if (isinf(end_s))
        return;
    double wait_s = fmin(fmax(end_s - ban_world_now(j->world), 0) + 0.05, 3600);
    uint64_t due_ns = loop_now_ns(j->world->loop) + (uint64_t)(wait_s * (double)NS_PER_S);
    if (!j->unban.slot || j->unban.due_ns > due_ns) {
        loop_timer_set(j->world->loop, &j->unban, due_ns);
        j->unban.due_ns = due_ns;
    }
}

/* The ticket leaves the list and is freed; its actions are queued. */
static void unban(struct ban_jail *j, struct ticket *t, const char *word)
{
    ticket_table_remove(&j->bans, t);
    ban_log(&j->world->log, BAN_LOG_NOTICE, "actions", "[%s] %s %s", j->name, word, t->id);
    set_values(j, t);
    for (struct ban_action *a = j->actions; a; a = a->next)
        runner_add(j->runner, JOB_UNBAN, a, t, &j->values);
    ticket_free(t);
}

void jail_unban_expired(struct ban_jail *j)
{
    double now_s = ban_world_now(j->world);
    for (struct ticket *t = j->bans.oldest, *next; t; t = next) {
        next = t->newer;
        if (now_s > ticket_end(t, j->ban_s))
            unban(j, t, "Unban");
    }
    plan_unban(j);
}

static bool has_flush(struct ban_action *a)
{
    const char *text = ban_action_text(a, FAMILY_ANY, "actionflush");
    return text[strspn(text, " \t\n")] != '\0';
}

/* All bans of one action: at once where it can, else one by one. */
void jail_withdraw(struct ban_jail *j, struct ban_action *a)
{
    set_values(j, NULL);
    if (has_flush(a)) {
        ban_log(&j->world->log, BAN_LOG_NOTICE, "actions", "[%s] Flush ticket(s) with %s", j->name,
                a->name);
        runner_add(j->runner, JOB_FLUSH, a, NULL, &j->values);
        return;
    }
    for (const struct ticket *t = j->bans.oldest; t; t = t->newer)
        runner_add(j->runner, JOB_UNBAN, a, t, &j->values);
}

void jail_repeal_all(struct ban_jail *j, bool keep_db)
{
    struct err e = {0};
    for (struct ban_action *a = j->actions; a; a = a->next)
        jail_withdraw(j, a);
    while (j->bans.oldest) {
        struct ticket *t = j->bans.oldest;
        ban_log(&j->world->log, BAN_LOG_NOTICE, "actions", "[%s] %s %s", j->name,
                keep_db ? "Repeal Ban" : "Unban", t->id);
        ticket_table_remove(&j->bans, t);
        ticket_free(t);
    }
    if (!keep_db && j->world->db)
        note_db(j, ban_db_remove_ban(j->world->db, j->name, NULL, &e), &e);
    plan_unban(j);
}

/* ---- ban ---- */

static double multiplied(const struct jail_increment *inc, double ban_s, unsigned count)
{
    double value = 1;
    const char *at = inc->multipliers;
    for (unsigned i = 0; *at && i <= count; i++) {
        char *end;
        double next = strtod(at, &end);
        if (end == at)
            break;
        value = next;
        at = end + strspn(end, " ,\t\n");
    }
    return ban_s * inc->factor * value;
}

/* The time of a ban after `count` earlier ones. */
static double increased(struct ban_jail *j, double ban_s, unsigned count)
{
    const struct jail_increment *inc = &j->increment;
    struct ban_formula_values v = {ban_s, count, inc->factor};
    struct err e = {0};
    unsigned shift = count < COUNT_SHIFT_MAX ? count : COUNT_SHIFT_MAX;
    double made = ban_s * (double)(1u << shift) * inc->factor;
    if (inc->multipliers)
        made = multiplied(inc, ban_s, count);
    else if (inc->formula && ban_formula_eval(inc->formula, &v, &made, &e) < 0)
        ban_log(&j->world->log, BAN_LOG_ERROR, "jail", "[%s] %s", j->name, e.text);
    if (inc->max_s > 0 && made > inc->max_s)
        made = inc->max_s;
    if (inc->random_s > 0)
        made += inc->random_s * (double)rng_below(&j->world->rng, 1 << 20) / (1 << 20);
    return made;
}

/* Whoever was banned before is banned for longer.  Unlike fail2ban, which prolongs a while later,
 * the actions see the right time at once. */
static void apply_increment(struct ban_jail *j, struct ticket *t)
{
    struct ban_db_history known;
    struct err e = {0};
    char stamp[32];
    if (!j->increment.on || !j->world->db || t->ban_s != TICKET_BANTIME_DEFAULT || j->ban_s <= 0)
        return;
    if (ban_db_history(j->world->db, j->increment.overall ? NULL : j->name, t->id, &known, &e) <
            0 ||
        !known.count)
        return;
    if (known.count >= t->ban_count)
        t->ban_count = known.count;
    double ban_s = increased(j, (double)j->ban_s, known.count);
    t->ban_s = ban_s < (double)j->ban_s ? j->ban_s : (int64_t)fmin(ban_s, 1e15);
    local_stamp(t->time_s + (double)t->ban_s, stamp);
    struct str text = str_of(64);
    ban_duration_print((double)t->ban_s, &text);
    ban_log(&j->world->log, BAN_LOG_NOTICE, "observer", "[%s] Increase Ban %s (%u # %s -> %s)",
            j->name, t->id, t->ban_count + 1, str_text(&text), stamp);
    str_done(&text);
}

static void give(struct ban_jail *j, struct ban_action *a, const struct ticket *t)
{
    if (t->is_restored && ban_action_flag(a, "norestored"))
        return;
    set_values(j, t);
    runner_add(j->runner, JOB_BAN, a, t, &j->values);
}

void jail_give_again(struct ban_jail *j, struct ban_action *a)
{
    for (const struct ticket *t = j->bans.oldest; t; t = t->newer)
        give(j, a, t);
}

/* It is banned already: the longer time counts. */
static void prolong(struct ban_jail *j, struct ticket *known, const struct ticket *t)
{
    double end_s = ticket_end(t, j->ban_s), known_end_s = ticket_end(known, j->ban_s);
    if (end_s > known_end_s) {
        int64_t ban_s = t->ban_s == TICKET_BANTIME_DEFAULT ? j->ban_s : t->ban_s;
        if (ban_s != TICKET_BANTIME_FOREVER)
            ban_s += (int64_t)fmax(t->time_s - known->time_s, 0);
        known->ban_s = ban_s;
    }
    int level = t->time_s - known->time_s < ALREADY_BANNED_S ? BAN_LOG_DEBUG : BAN_LOG_NOTICE;
    ban_log(&j->world->log, level, "actions", "[%s] %s already banned", j->name, t->id);
}

/* Ban; the ticket is taken.  False: it was banned already, or the ban has run out. */
static bool ban(struct ban_jail *j, struct ticket *t)
{
    struct err e = {0};
    double now_s = ban_world_now(j->world);
    struct ticket *known = ticket_table_find(&j->bans, t->id);
    if (known) {
        prolong(j, known, t);
        ticket_free(t);
        return false;
    }
    if (!t->is_restored)
        apply_increment(j, t);
    if (ticket_end(t, j->ban_s) < now_s) {
        ban_log(&j->world->log, BAN_LOG_INFO, "actions", "[%s] Ignore %s, expired bantime", j->name,
                t->id);
        ticket_free(t);
        return false;
    }
    if (!t->is_restored)
        t->ban_count++;
    t->is_banned = true;
    ticket_table_add(&j->bans, t);
    j->ban_total++;
    ban_log(&j->world->log, BAN_LOG_NOTICE, "actions", "[%s] %sBan %s", j->name,
            t->is_restored ? "Restore " : "", t->id);
    for (struct ban_action *a = j->actions; a; a = a->next)
        give(j, a, t);
    if (j->world->db && !t->is_restored) {
        int64_t ban_s = t->ban_s == TICKET_BANTIME_DEFAULT ? j->ban_s : t->ban_s;
        note_db(j, ban_db_add_ban(j->world->db, j->name, t, ban_s, j->world->db_max_matches, &e),
                &e);
    }
    plan_unban_of(j, t);
    return true;
}

void jail_restore(struct ban_jail *j, struct ticket *t)
{
    /* a shorter time of ban in the configuration holds for the old bans, too */
    if (t->ban_s != TICKET_BANTIME_FOREVER && !j->increment.on && j->ban_s > 0 &&
        t->ban_s > j->ban_s)
        t->ban_s = j->ban_s;
    (void)ban(j, t);
}

/* ---- failures ---- */

static void remove_failure(struct ban_jail *j, struct ticket *t)
{
    struct err e = {0};
    ticket_table_remove(&j->fails, t);
    if (j->world->db)
        note_db(j, ban_db_remove_failure(j->world->db, j->name, t->id, &e), &e);
}

void jail_forget_old_failures(struct ban_jail *j)
{
    double limit_s = ban_world_now(j->world) - j->find_time_s;
    for (struct ticket *t = j->fails.oldest, *next; t; t = next) {
        next = t->newer;
        if (t->time_s <= limit_s) {
            remove_failure(j, t);
            ticket_free(t);
        }
    }
}

/* The known failure with the new one added. */
static void add_up(struct ban_jail *j, struct ticket *known, struct ticket *t, int count)
{
    if (t->time_s > known->time_s) {
        if (known->first_s < t->time_s - j->find_time_s) {
            /* by the rate of the interval before */
            known->retry =
                (int)lrint((double)known->retry / (t->time_s - known->first_s) * j->find_time_s);
            known->first_s = t->time_s - j->find_time_s;
        }
        known->time_s = t->time_s;
    }
    known->retry += count;
    known->failures += t->failures > 0 ? t->failures : 1;
    for (size_t i = 0; i < t->match_count; i++)
        ticket_add_match(known, t->match[i], strlen(t->match[i]));
    ticket_keep_matches(known, j->max_matches > 0 ? (size_t)j->max_matches : 0);
    for (size_t i = 0; i < t->pair_count; i++)
        ticket_set_pair(known, t->pair[i].name, t->pair[i].value, strlen(t->pair[i].value));
}

/* One try of an address that was banned before counts for 2, 3, 5, 9... */
static int weight_of(struct ban_jail *j, const struct ticket *t)
{
    struct ban_db_history known;
    struct err e = {0};
    if (!j->increment.on || !j->world->db ||
        ban_db_history(j->world->db, j->name, t->id, &known, &e) < 0 || !known.count)
        return 1;
    unsigned shift = known.count < COUNT_SHIFT_MAX ? known.count : COUNT_SHIFT_MAX;
    int weight = (int)fmin((double)(1u << shift) / 2 + 1, j->max_retry);
    if (t->time_s <= known.time_s)
        return 1;
    if (weight > 1)
        ban_log(&j->world->log, BAN_LOG_INFO, "observer", "[%s] Found %s, bad - %u # -> %d%s",
                j->name, t->id, known.count, weight, weight >= j->max_retry ? ", Ban" : "");
    return weight > 1 ? weight : 1;
}

/* Count it; the ticket is taken. */
static void count_failure(struct ban_jail *j, struct ticket *t, int count)
{
    struct ticket *known = ticket_table_find(&j->fails, t->id);
    count += weight_of(j, t) - 1;
    j->fail_total++;
    if (known) {
        add_up(j, known, t, count);
        ticket_free(t);
    } else {
        if (j->fails.count >= FAILS_MAX) { /* the oldest is the one that matters least */
            struct ticket *oldest = j->fails.oldest;
            remove_failure(j, oldest);
            ticket_free(oldest);
        }
        known = t;
        known->retry = count;
        known->failures = known->failures > 0 ? known->failures : 1;
        ticket_table_add(&j->fails, known);
    }
    known->is_dirty = true;
    j->world->dirty = true;
    jail_tidy_up(j);
    if (known->retry >= j->max_retry) {
        remove_failure(j, known);
        (void)ban(j, known);
    }
}

static bool is_ignored(struct ban_jail *j, const struct ticket *t)
{
    const char *why = ban_ignore_match(&j->ignore, t->id, &t->net);
    if (why)
        ban_log(&j->world->log, BAN_LOG_INFO, "filter", "[%s] Ignore %s by %s", j->name, t->id,
                why);
    return why;
}

static void found_ticket(struct ban_jail *j, struct ticket *t)
{
    char stamp[32];
    if (is_ignored(j, t) || jail_is_ignored_by_command(j, t)) {
        ticket_free(t);
        return;
    }
    local_stamp(t->time_s, stamp);
    ban_log(&j->world->log, BAN_LOG_INFO, "filter", "[%s] Found %s - %s", j->name, t->id, stamp);
    count_failure(j, t, 1);
}

/* A name that is being resolved: the failure waits for its addresses. */
struct waiting {
    struct ban_world *world;
    char *jail;
    struct ticket *ticket;
};

static void on_resolved(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct waiting *w = ctx;
    struct ban_jail *j = w->world->jails;
    while (j && strcmp(j->name, w->jail) != 0)
        j = j->next;
    for (size_t i = 0; j && result == 0 && i < count; i++) {
        char text[ADDR_TEXT_MAX];
        struct ticket *t = ticket_new(addr_format(&addr[i], text), w->ticket->time_s);
        for (size_t k = 0; k < w->ticket->match_count; k++)
            ticket_add_match(t, w->ticket->match[k], strlen(w->ticket->match[k]));
        for (size_t k = 0; k < w->ticket->pair_count; k++)
            ticket_set_pair(t, w->ticket->pair[k].name, w->ticket->pair[k].value,
                            strlen(w->ticket->pair[k].value));
        if (j->filter.usedns == USEDNS_WARN)
            ban_log(&j->world->log, BAN_LOG_WARNING, "ipdns",
                    "Determined IP using DNS Lookup: %s = %s", w->ticket->id, text);
        found_ticket(j, t);
    }
    ticket_free(w->ticket);
    mem_free(w->jail);
    mem_free(w);
}

static void resolve(struct ban_jail *j, struct ticket *t)
{
    struct err e = {0};
    struct ban_world *world = j->world;
    if (!world->resolver && resolver_open(&world->resolver, world->loop, NULL, &e) < 0) {
        ban_log(&world->log, BAN_LOG_ERROR, "ipdns", "%s", e.text);
        ticket_free(t);
        return;
    }
    struct waiting *w = mem_zero(sizeof *w);
    *w = (struct waiting){world, mem_copy_text(j->name), t};
    resolver_forward(world->resolver, t->id, world->has_ip6 ? ADDR_NONE : ADDR_IP4, on_resolved, w);
}

void jail_on_found(void *ctx, struct ban_filter *f, const struct ban_found *found)
{
    struct ban_jail *j = ctx;
    double now_s = ban_world_now(j->world);
    if (found->is_nofail || found->kind == FOUND_PENDING)
        return;
    double moment_s = isnan(found->moment_s) || found->moment_s > now_s ? now_s : found->moment_s;
    struct ticket *t = ticket_of_found(f, found, moment_s);
    if (found->kind == FOUND_NAME)
        resolve(j, t);
    else
        found_ticket(j, t);
}

/* ---- by hand ---- */

size_t ban_jail_ban(struct ban_jail *j, const char *const *id, size_t count)
{
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        struct ban_id parsed = ban_id_of(id[i], strlen(id[i]), -1);
        done += ban(j, ticket_new(parsed.text, ban_world_now(j->world)));
    }
    return done;
}

size_t ban_jail_attempt(struct ban_jail *j, const char *id, const struct ban_list *matches)
{
    struct ticket *t = ticket_new(id, ban_world_now(j->world));
    if (is_ignored(j, t)) {
        ticket_free(t);
        return 0;
    }
    for (size_t i = 0; i < matches->count; i++)
        if (matches->item[i].kind == BAN_VALUE_TEXT)
            ticket_add_match(t, matches->item[i].text, strlen(matches->item[i].text));
    ban_log(&j->world->log, BAN_LOG_INFO, "filter", "[%s] Attempt %s", j->name, id);
    count_failure(j, t, matches->count ? (int)matches->count : 1);
    return 1;
}

static void unban_by_hand(struct ban_jail *j, struct ticket *t)
{
    struct err e = {0};
    if (j->world->db)
        note_db(j, ban_db_remove_ban(j->world->db, j->name, t->id, &e), &e);
    unban(j, t, "Unban");
}

size_t ban_jail_unban(struct ban_jail *j, const char *id)
{
    struct err e = {0};
    size_t done = 0;
    if (!id) {
        done = j->bans.count;
        jail_repeal_all(j, false);
        return done;
    }
    struct ban_id parsed = ban_id_of(id, strlen(id), -1);
    struct ticket *known = ticket_table_find(&j->bans, parsed.text);
    if (known) {
        unban_by_hand(j, known);
        done = 1;
    } else if (ban_id_is_address(&parsed)) {
        for (struct ticket *t = j->bans.oldest, *next; t; t = next) {
            next = t->newer;
            if (t->net.base.family != ADDR_NONE && cidr_contains(&parsed.net, &t->net.base) &&
                t->net.prefix_len >= parsed.net.prefix_len) {
                unban_by_hand(j, t);
                done++;
            }
        }
    }
    if (!done && j->world->db) /* a ban of an earlier life that is not in force */
        note_db(j, ban_db_remove_ban(j->world->db, j->name, parsed.text, &e), &e);
    plan_unban(j);
    return done;
}

bool ban_jail_has_ban(const struct ban_jail *j, const char *id)
{
    struct ban_id parsed = ban_id_of(id, strlen(id), -1);
    return ticket_table_find(&j->bans, parsed.text);
}
