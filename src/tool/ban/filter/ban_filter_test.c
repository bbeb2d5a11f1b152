/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strangers write into logs must ban nobody but themselves: forged lines inside of names,
 * addresses in every wrong form, bytes that are no text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "tool/ban/filter/ban_filter.h"

static const double NOW_S = 1124013600;

struct world {
    struct date_book book;
    struct ban_filter filter;
    char ids[256]; /* of what was found, each followed by a blank */
};

static void on_found(void *ctx, struct ban_filter *f, const struct ban_found *found)
{
    struct world *w = ctx;
    size_t used = strlen(w->ids);
    (void)f;
    if (!found->is_nofail && found->kind == FOUND_ID)
        snprintf(w->ids + used, sizeof w->ids - used, "%s ", found->id.text);
}

static void open_world(struct world *w, const char *pref, const char *const *rules)
{
    struct err e = {0};
    memset(w, 0, sizeof *w);
    date_book_init(&w->book, &(struct date_rules){2000, 2029});
    ban_filter_init(&w->filter, &w->book);
    w->filter.use_find_time = false;
    w->filter.usedns = USEDNS_NO;
    w->filter.found = on_found;
    w->filter.ctx = w;
    if (pref && ban_filter_set_pref(&w->filter, pref, &e) < 0)
        puts(e.text);
    for (; *rules; rules++)
        if (ban_filter_add_fail(&w->filter, *rules, &e) < 0)
            puts(e.text);
}

static void close_world(struct world *w)
{
    ban_filter_done(&w->filter);
    date_book_done(&w->book);
}

static const char *feed(struct world *w, const char *line, size_t len)
{
    w->ids[0] = '\0';
    ban_filter_line(&w->filter, line, len, NULL, NOW_S, NOW_S);
    return w->ids;
}

#define DATED "Aug 14 11:59:59 host sshd[7]: "

static const struct {
    const char *line, *ids;
} hostile[] = {
    {DATED "Failed password for root from 192.0.2.1 port 22 ssh2", "192.0.2.1 "},
    {DATED "Failed password for root from 2001:DB8::1 port 22 ssh2", "2001:db8::1 "},
    {DATED "Failed password for root from ::ffff:192.0.2.1 port 22 ssh2", "192.0.2.1 "},
    /* a name that is a line of its own: the last address is the true one */
    {DATED "Failed password for root from 198.51.100.1 port 22 ssh2 from 192.0.2.1 port 9 ssh2",
     "192.0.2.1 "},
    {DATED "Failed password for from 198.51.100.1 from 192.0.2.1 port 9 ssh2", "192.0.2.1 "},
    {DATED "Failed password for x from 198.51.100.1 port 22 from 192.0.2.1 port 9 ssh2",
     "192.0.2.1 "},
    {DATED "Failed password for $(id) from 192.0.2.1 port 9 ssh2", "192.0.2.1 "},
    {DATED "Failed password for Aug 14 11:59:59 from 192.0.2.1 port 9 ssh2", "192.0.2.1 "},
    /* lines that only quote one */
    {DATED "error: Failed password for root from 198.51.100.1 port 22 ssh2 said x", ""},
    {DATED "Invalid message: Failed password for root from 198.51.100.1 port 22 ssh2", ""},
    {DATED " Failed password for root from 198.51.100.1 port 22 ssh2", ""},
    /* what looks like an address and is none */
    {DATED "Failed password for root from 198.51.100 port 22 ssh2", ""},
    {DATED "Failed password for root from 198.51.100.1.5 port 22 ssh2", ""},
    {DATED "Failed password for root from 198.51.100.1/8 port 22 ssh2", ""},
    {DATED "Failed password for root from 0x7f000001 port 22 ssh2", ""},
    {DATED "Failed password for root from fe80::1%eth0 port 22 ssh2", ""},
    {DATED "Failed password for root from localhost port 22 ssh2", ""},
    {DATED "Failed password for root from router.example.org port 22 ssh2", ""},
    {DATED "Failed password for root from port 22 ssh2", ""},
    {DATED "Failed password for root from 198.51.100.1port 22 ssh2", ""},
    {DATED "Failed password for root from 1:2:3:4:5:6:7:8:9 port 22 ssh2", ""},
    /* digits that are none of ASCII */
    {DATED "Failed password for root from \xd9\xa1\xd9\xa9\xd9\xa2.0.2.1 port 22 ssh2", ""},
    {DATED "Failed password for root from \xef\xbc\x91.2.3.4 port 22 ssh2", ""},
    /* bytes that are no text */
    {DATED "Failed password for \xff\xfe from 192.0.2.1 port 9 ssh2", "192.0.2.1 "},
    {DATED "Failed password for root from \xff"
           "198.51.100.1 port 22 ssh2",
     ""},
    {DATED "Failed password for root from 198.51.100.1\x01 port 22 ssh2", ""},
    {DATED "Failed password for root\rfrom 192.0.2.1 port 9 ssh2", ""},
    {DATED "Failed password for root\x1b[2J from 192.0.2.1 port 9 ssh2", "192.0.2.1 "},
    {"", ""},
    {"Aug 14 11:59:59", ""},
    {"Failed password for root from", ""},
    {DATED "Failed password for ", ""},
    {DATED "FAILED PASSWORD FOR ROOT FROM 198.51.100.1 PORT 22 SSH2", ""},
};

static int test_hostile(void)
{
    static const char *const rules[] = {"^Failed password for .* from <HOST> port \\d+ ssh2$",
                                        NULL};
    int failed = 0;
    struct world w;
    open_world(&w, "^\\s*\\S+ sshd\\[\\d+\\]: <F-CONTENT>.+</F-CONTENT>$", rules);
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        const char *ids = feed(&w, hostile[i].line, strlen(hostile[i].line));
        bool same = strcmp(ids, hostile[i].ids) == 0;
        if (!same)
            printf("%s: \"%s\"\n", hostile[i].line, ids);
        CHECK_ROW(i, same);
    }
    close_world(&w);
    return failed;
}

/* An expression that would take for ever is given up, in a few milliseconds, and counted. */
static int test_catastrophe(void)
{
    static const char *const rules[] = {"^(?:a|aa)+[bc] <HOST>$", "^(\\w+\\s?)*x <HOST>$",
                                        "^fine <HOST>$", NULL};
    int failed = 0;
    struct world w;
    char *line = malloc(40000);
    open_world(&w, NULL, rules);
    CHECK(line != NULL);
    memset(line, 'a', 40000);
    memcpy(line + 39990, "! x b 1.2", 9); /* all that the expressions want, but not so */
    uint64_t begin_ns = clock_mono_ns(&clock_system);
    CHECK(strcmp(feed(&w, line, 40000), "") == 0);
    CHECK(clock_mono_ns(&clock_system) - begin_ns < 500 * NS_PER_MS); /* 50 without sanitizers */
    CHECK(w.filter.limits_hit >= 1);
    CHECK(strcmp(feed(&w, "fine 192.0.2.1", 14), "192.0.2.1 ") == 0);
    free(line);
    close_world(&w);
    return failed;
}

/* A login takes back what failed before it on the connection; several users do not. */
static int test_connections(void)
{
    static const char *const rules[] = {
        "^<F-NOFAIL>user</F-NOFAIL> <F-USER>\\S+</F-USER> <ADDR>$", "^denied$",
        "^<F-MLFFORGET><F-MLFGAINED>welcome</F-MLFGAINED></F-MLFFORGET> <F-USER>\\S+</F-USER>$",
        NULL};
    static const struct {
        const char *line, *ids;
    } rows[] = {
        {"c1: user bob 192.0.2.1", ""},
        {"c1: denied", "192.0.2.1 "},
        {"c2: denied", ""},
        {"c2: user al 192.0.2.2", "192.0.2.2 "},
        {"c3: user bob 192.0.2.3", ""},
        {"c3: welcome bob", ""},
        {"c4: user bob 192.0.2.4", ""},
        {"c4: user al 192.0.2.4", "192.0.2.4 "},
    };
    int failed = 0;
    struct world w;
    open_world(&w, "^<F-MLFID>c\\d+</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$", rules);
    w.filter.has_dates = false;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *ids = feed(&w, rows[i].line, strlen(rows[i].line));
        if (strcmp(ids, rows[i].ids) != 0)
            printf("%s: \"%s\"\n", rows[i].line, ids);
        CHECK_ROW(i, strcmp(ids, rows[i].ids) == 0);
    }
    close_world(&w);
    return failed;
}

int filter_ban_filter_test(void)
{
    return test_hostile() + test_catastrophe() + test_connections();
}
