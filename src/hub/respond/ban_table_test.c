/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/respond/ban_table.h"
#include "hub/store/store_fixture_test.h"

/* A firewall that writes down what it is told, and can be made to fail or to forget. */
struct wall {
    char text[2048]; /* "+10.0.0.1/32:60 -10.0.0.1/32 prepare " */
    int fail;
    bool flushed;
};

static void note(struct wall *w, const char *text)
{
    size_t len = strlen(w->text);
    snprintf(w->text + len, sizeof w->text - len, "%s ", text);
}

static int wall_state(struct wall *w, struct err *e)
{
    if (w->flushed)
        return err_set(e, -ENOENT, "no such set");
    return w->fail ? err_set(e, w->fail, "firewall: %s", strerror(-w->fail)) : 0;
}

static int wall_add(void *ctx, const struct cidr *who, const uint32_t *ttl_s, size_t count,
                    struct err *e)
{
    struct wall *w = ctx;
    int rc = wall_state(w, e);
    for (size_t i = 0; i < count && rc == 0; i++) {
        char text[CIDR_TEXT_MAX + 16], cidr[CIDR_TEXT_MAX];
        snprintf(text, sizeof text, "+%s:%u", cidr_format(&who[i], cidr), ttl_s[i]);
        note(w, text);
    }
    return rc;
}

static int wall_remove(void *ctx, const struct cidr *who, size_t count, struct err *e)
{
    struct wall *w = ctx;
    int rc = wall_state(w, e);
    for (size_t i = 0; i < count && rc == 0; i++) {
        char text[CIDR_TEXT_MAX + 16], cidr[CIDR_TEXT_MAX];
        snprintf(text, sizeof text, "-%s", cidr_format(&who[i], cidr));
        note(w, text);
    }
    return rc;
}

static int wall_prepare(void *ctx, struct err *e)
{
    struct wall *w = ctx;
    w->flushed = false;
    note(w, "prepare");
    return wall_state(w, e);
}

static struct wall wall;
static struct clock clock_;
static const struct ban_backend backend = {"test", &wall, wall_add, wall_remove, wall_prepare};

/* What the firewall was told since the last look is exactly `want`. */
static bool told(const char *want)
{
    bool same = strcmp(wall.text, want) == 0;
    if (!same)
        printf("told: \"%s\" instead of \"%s\"\n", wall.text, want);
    wall.text[0] = '\0';
    return same;
}

static void forget_told(void)
{
    wall.text[0] = '\0';
}

/* The same words in any order: bans are given anew in the order of a hash table. */
static bool told_in_any_order(const char *want)
{
    size_t found_len = 0;
    for (const char *word = want; *word; word += strcspn(word, " ") + 1) {
        char with_blank[128];
        snprintf(with_blank, sizeof with_blank, "%.*s ", (int)strcspn(word, " "), word);
        found_len += strstr(wall.text, with_blank) ? strlen(with_blank) : 1000000;
    }
    bool same = found_len == strlen(wall.text);
    return same ? (forget_told(), true) : told(want);
}

static struct ban_table *open_table(struct ban_limits limits, struct store *store)
{
    static const char *const never[] = {"10.9.0.0/16", "192.0.2.1", "2001:db8::1"};
    struct err e = {0};
    struct cidr_set set = {0};
    struct ban_table *t = NULL;
    for (size_t i = 0; i < ARRAY_LEN(never); i++) {
        struct cidr c;
        if (cidr_parse(&c, never[i], &e) == 0)
            cidr_set_add(&set, &c);
    }
    cidr_set_seal(&set);
    if (ban_table_open(&t, &clock_, &limits, &set, &backend, store, &e))
        printf("%s\n", e.text);
    cidr_set_done(&set); /* it was copied */
    return t;
}

static int add(struct ban_table *t, const char *who, const char *source, uint32_t duration_s,
               enum strength strength)
{
    struct err e = {0};
    struct cidr c;
    struct ban_request_add r = {
        .duration_s = duration_s, .strength = (uint8_t)strength, .event_id = 7, .why = "because"};
    if (cidr_parse(&c, who, &e))
        return -EBADMSG;
    r.family = c.base.family;
    r.prefix_len = c.prefix_len;
    memcpy(r.addr, c.base.byte, sizeof r.addr);
    memcpy(r.source, source, strlen(source));
    return ban_table_add(t, &r, &e);
}

static int lift(struct ban_table *t, const char *who, const char *source)
{
    struct err e = {0};
    struct cidr c;
    struct ban_request_lift r = {0};
    if (cidr_parse(&c, who, &e))
        return -EBADMSG;
    r.family = c.base.family;
    r.prefix_len = c.prefix_len;
    memcpy(r.addr, c.base.byte, sizeof r.addr);
    memcpy(r.source, source, strlen(source));
    return ban_table_lift(t, &r, &e);
}

static const struct {
    const char *who;
    uint32_t duration_s;
    enum strength strength;
    int rc;
    const char *told;
} decision[] = {
    {"10.0.0.1", 60, STRENGTH_HELD, 0, "+10.0.0.1/32:60 "},
    {"10.0.0.2", 0, STRENGTH_ECHOED, 0, "+10.0.0.2/32:0 "}, /* without end */
    {"10.0.0.3", 60, STRENGTH_CLAIMED, -EACCES, ""},
    {"10.9.8.7", 60, STRENGTH_HELD, -EPERM, ""},   /* never */
    {"10.0.0.0/8", 60, STRENGTH_HELD, -EPERM, ""}, /* holds one of them */
    {"0.0.0.0/0", 60, STRENGTH_HELD, -EPERM, ""},
    {"192.0.2.0/31", 60, STRENGTH_HELD, -EPERM, ""}, /* its last address is one */
    {"192.0.2.0/32", 60, STRENGTH_HELD, 0, "+192.0.2.0/32:60 "},
    {"192.0.2.2/31", 60, STRENGTH_HELD, 0, "+192.0.2.2/31:60 "},
    {"2001:db8::/64", 60, STRENGTH_HELD, -EPERM, ""},
    {"2001:db8:0:1::/64", 60, STRENGTH_HELD, 0, "+2001:db8:0:1::/64:60 "},
    {"::/0", 60, STRENGTH_HELD, -EPERM, ""},
    {"::ffff:10.9.8.7", 60, STRENGTH_HELD, -EPERM, ""}, /* in IPv6 dress */
    {"::ffff:10.0.0.4", 60, STRENGTH_HELD, 0, "+10.0.0.4/32:60 "},
};

static int test_decisions(void)
{
    int failed = 0;
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    CHECK(told("prepare "));
    for (size_t i = 0; i < ARRAY_LEN(decision); i++) {
        int rc = add(t, decision[i].who, "trap", decision[i].duration_s, decision[i].strength);
        CHECK_ROW(i, rc == decision[i].rc && told(decision[i].told));
    }
    struct err e = {0};
    struct ban_request_add bad = {.family = 9};
    CHECK(ban_table_add(t, &bad, &e) == -EINVAL);
    ban_table_close(t);
    t = open_table((struct ban_limits){.block_claimed = true, .bans_max = 2}, NULL);
    CHECK(add(t, "10.0.0.1", "trap", 60, STRENGTH_CLAIMED) == 0);
    CHECK(add(t, "10.0.0.2", "trap", 60, STRENGTH_CLAIMED) == 0);
    CHECK(add(t, "10.0.0.3", "trap", 60, STRENGTH_HELD) == -ENOSPC);
    CHECK(add(t, "10.0.0.2", "trap", 90, STRENGTH_HELD) == 0); /* no new row */
    CHECK(told("prepare +10.0.0.1/32:60 +10.0.0.2/32:60 +10.0.0.2/32:90 "));
    ban_table_close(t);
    ban_table_close(NULL);
    return failed;
}

/* Who must never be banned changes; whoever is banned stays so. */
static int test_never_changes(void)
{
    int failed = 0;
    struct err e = {0};
    struct cidr_set set = {0};
    struct cidr c;
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    CHECK(add(t, "10.0.0.1", "trap", 60, STRENGTH_HELD) == 0);
    CHECK(cidr_parse(&c, "10.0.0.0/24", &e) == 0);
    cidr_set_add(&set, &c);
    cidr_set_seal(&set);
    ban_table_set_never(t, &set);
    cidr_set_done(&set);
    CHECK(add(t, "10.0.0.2", "trap", 60, STRENGTH_HELD) == -EPERM);
    CHECK(add(t, "10.9.8.7", "trap", 60, STRENGTH_HELD) == 0);
    CHECK(lift(t, "10.0.0.1", "trap") == 0);
    forget_told();
    ban_table_close(t);
    return failed;
}

/* Two sources ban one address: the firewall has the later end, whatever comes and goes. */
static int test_sources(void)
{
    int failed = 0;
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    struct ban_answer_list list;
    CHECK(add(t, "10.0.0.1", "trap", 100, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.1", "ids", 30, STRENGTH_HELD) == 0);
    CHECK(told("prepare +10.0.0.1/32:100 +10.0.0.1/32:100 "));
    CHECK(add(t, "10.0.0.1", "ids", 20, STRENGTH_HELD) == 0); /* shorter: the later end counts */
    ban_table_list(t, 0, &list);
    CHECK(list.count == 2 && list.row[1].until_wall_s == list.row[1].since_wall_s + 30);
    CHECK(list.row[1].count == 2 && list.row[0].count == 1);
    clock_advance(&clock_, 10 * NS_PER_S);
    CHECK(lift(t, "10.0.0.1", "trap") == 0 && told("+10.0.0.1/32:100 +10.0.0.1/32:20 "));
    CHECK(lift(t, "10.0.0.1", "trap") == -ENOENT && lift(t, "10.0.0.2", "") == -ENOENT);
    CHECK(lift(t, "10.0.0.1", "ids") == 0 && told("-10.0.0.1/32 "));
    CHECK(add(t, "10.0.0.1", "a", 0, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.1", "b", 5, STRENGTH_HELD) == 0);
    CHECK(told("+10.0.0.1/32:0 +10.0.0.1/32:0 "));
    CHECK(lift(t, "10.0.0.1", "") == 0 && told("-10.0.0.1/32 ")); /* of every source */
    ban_table_list(t, 0, &list);
    CHECK(list.count == 0);
    ban_table_close(t);
    return failed;
}

static int test_expiry(void)
{
    int failed = 0;
    forget_told();
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    uint64_t from_ns = clock_mono_ns(&clock_);
    CHECK(ban_table_expire(t) == UINT64_MAX);
    CHECK(add(t, "10.0.0.1", "a", 10, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.1", "b", 20, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.2", "a", 20, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.3", "a", 0, STRENGTH_HELD) == 0);
    forget_told();
    CHECK(ban_table_expire(t) == from_ns + 10 * NS_PER_S && told(""));
    clock_advance(&clock_, 10 * NS_PER_S);
    CHECK(ban_table_expire(t) == from_ns + 20 * NS_PER_S && told("")); /* b still bans it */
    clock_advance(&clock_, 10 * NS_PER_S);
    CHECK(ban_table_expire(t) == UINT64_MAX);
    CHECK(told_in_any_order("-10.0.0.1/32 -10.0.0.2/32 "));
    struct ban_answer_list list;
    ban_table_list(t, 0, &list);
    CHECK(list.count == 1 && list.row[0].until_wall_s == 0);
    ban_table_close(t);
    return failed;
}

/* The firewall refuses: nothing has happened.  Somebody flushed it: all is given anew. */
static int test_firewall_fails(void)
{
    int failed = 0;
    forget_told();
    struct err e = {0};
    struct ban_answer_list list;
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    CHECK(add(t, "10.0.0.1", "a", 100, STRENGTH_HELD) == 0);
    wall.fail = -EBUSY;
    CHECK(add(t, "10.0.0.2", "a", 60, STRENGTH_HELD) == -EBUSY);
    CHECK(lift(t, "10.0.0.1", "a") == -EBUSY && ban_table_restore(t, &e) == -EBUSY);
    CHECK(strstr(e.text, "restore the bans in test: firewall"));
    wall.fail = 0;
    ban_table_list(t, 0, &list);
    CHECK(list.count == 1 && list.row[0].addr[3] == 1);
    forget_told();
    wall.flushed = true;
    clock_advance(&clock_, 40 * NS_PER_S + 1);
    CHECK(add(t, "10.0.0.3", "a", 5, STRENGTH_HELD) == 0);
    CHECK(told("prepare +10.0.0.1/32:60 +10.0.0.3/32:5 "));
    wall.flushed = true;
    CHECK(lift(t, "10.0.0.3", "") == 0);
    CHECK(told_in_any_order("prepare +10.0.0.1/32:60 +10.0.0.3/32:5 -10.0.0.3/32 "));
    ban_table_close(t);
    return failed;
}

static int test_list(void)
{
    enum { MANY = 40 };
    int failed = 0;
    struct ban_answer_list list;
    struct ban_table *t = open_table((struct ban_limits){0}, NULL);
    for (int i = 0; i < MANY; i++) {
        char who[32];
        snprintf(who, sizeof who, "10.1.0.%d", i);
        CHECK_ROW(i, add(t, who, "a", 60, STRENGTH_ECHOED) == 0);
    }
    CHECK(lift(t, "10.1.0.16", "") == 0); /* between two pages */
    uint64_t after = 0;
    int seen = 0, pages = 0;
    do {
        ban_table_list(t, after, &list);
        for (uint32_t i = 0; i < list.count; i++, seen++) {
            CHECK_ROW(seen, list.row[i].number > after && list.row[i].family == 4);
            CHECK_ROW(seen, list.row[i].addr[3] == seen + (seen >= 16));
            after = list.row[i].number;
        }
        pages++;
    } while (list.count == BAN_LIST_ROWS);
    CHECK(seen == MANY - 1 && pages == 3);
    CHECK(list.row[0].strength == STRENGTH_ECHOED && list.row[0].event_id == 7);
    CHECK(strcmp(list.row[0].why, "because") == 0 && strcmp(list.row[0].source, "a") == 0);
    ban_table_close(t);
    return failed;
}

/* The keeper begins anew: what is in force comes back with what is left of its time. */
static int test_store(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    struct ban_answer_list list;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_, &e) == 0);
    struct ban_table *t = open_table((struct ban_limits){0}, s);
    CHECK(add(t, "10.0.0.1", "a", 100, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.2", "a", 10, STRENGTH_HELD) == 0);
    CHECK(add(t, "10.0.0.3", "a", 0, STRENGTH_ECHOED) == 0);
    CHECK(add(t, "10.0.0.4", "a", 100, STRENGTH_HELD) == 0 && lift(t, "10.0.0.4", "a") == 0);
    ban_table_close(t);
    clock_advance(&clock_, 30 * NS_PER_S);
    forget_told();
    t = open_table((struct ban_limits){0}, s);
    CHECK(told_in_any_order("prepare +10.0.0.1/32:70 +10.0.0.3/32:0 "));
    ban_table_list(t, 0, &list);
    CHECK(list.count == 2 && list.row[0].addr[3] == 1 && list.row[1].addr[3] == 3);
    CHECK(list.row[1].strength == STRENGTH_ECHOED && strcmp(list.row[1].why, "because") == 0);
    CHECK(list.row[0].until_wall_s == list.row[0].since_wall_s + 100);
    CHECK(add(t, "10.0.0.2", "a", 10, STRENGTH_HELD) == 0); /* had run out: it counts on */
    ban_table_list(t, list.row[1].number, &list);
    CHECK(list.count == 1 && list.row[0].count == 2);
    ban_table_close(t);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}

int respond_ban_table_test(void)
{
    clock_ = clock_fake(5000 * NS_PER_S, UINT64_C(1798761600) * NS_PER_S);
    return test_decisions() + test_never_changes() + test_sources() + test_expiry() +
           test_firewall_fails() + test_list() + test_store();
}
