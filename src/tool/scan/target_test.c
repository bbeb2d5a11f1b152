/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/str.h"
#include "tool/scan/target.h"

static unsigned questions;

/* A world of names: two.example has two IPv4 addresses, six.example IPv6 only; of dead.example
 * nobody can be asked. */
static int resolve(void *ctx, const char *name, uint8_t family, struct addr *out, size_t max,
                   size_t *out_count, struct err *e)
{
    static const struct {
        const char *name, *addr;
    } world[] = {
        {"one.example", "192.0.2.1"},  {"two.example", "192.0.2.2"},
        {"two.example", "192.0.2.3"},  {"six.example", "2001:db8::6"},
        {"both.example", "192.0.2.9"}, {"both.example", "2001:db8::9"},
    };
    (void)ctx;
    *out_count = 0;
    questions++;
    if (strcmp(name, "dead.example") == 0)
        return err_set(e, -ETIMEDOUT, "no answer");
    for (size_t i = 0; i < ARRAY_LEN(world) && *out_count < max; i++) {
        struct addr a;
        if (strcmp(world[i].name, name) || addr_parse(&a, world[i].addr, e) < 0)
            continue;
        if (family == ADDR_NONE || family == a.family)
            out[(*out_count)++] = a;
    }
    return *out_count ? 0 : err_set(e, -ENOENT, "no such name");
}

static void bad(void *ctx, const char *text, const char *why)
{
    (void)why;
    str_addf(ctx, "!%s ", text);
}

static const struct {
    const char *targets, *excludes; /* separated by blanks */
    const char *expect;
    unsigned flags; /* 1: IPv6, 2: all addresses, 4: unique */
} row[] = {
    {"10.0.0.1", "", "10.0.0.1 ", 0},
    {"10.0.0.0/30", "", "10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.3 ", 0},
    {"10.0.0.7/30", "", "10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 ",
     0}, /* bits behind the prefix do not count */
    {"10.0-1.0.1,3", "", "10.0.0.1 10.0.0.3 10.1.0.1 10.1.0.3 ", 0},
    {"10.0.0.254-", "", "10.0.0.254 10.0.0.255 ", 0},
    {"-2.0.0.0", "", "0.0.0.0 1.0.0.0 2.0.0.0 ", 0},
    {"10.0.0.1-2/31", "", "10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.3 ", 0},
    {"10.0.0.254-10.0.1.1", "", "10.0.0.254 10.0.0.255 10.0.1.0 10.0.1.1 ", 0},
    {"255.255.255.254/31", "", "255.255.255.254 255.255.255.255 ", 0},
    {"fd77:1::/126", "", "fd77:1:: fd77:1::1 fd77:1::2 fd77:1::3 ", 0},
    {"10.0.0.1 fd77:1::1", "", "10.0.0.1 fd77:1::1 ", 0}, /* both families in one run */
    {"10.0.0.0/29", "10.0.0.3,10.0.0.4/30", "10.0.0.0 10.0.0.1 10.0.0.2 ", 0},
    {"10.0.0.0/30", "10.*.0.1-2", "10.0.0.0 10.0.0.3 ", 0},
    {"10.0.0.1 10.0.0.1 10.0.0.0/31", "", "10.0.0.1 10.0.0.1 10.0.0.0 10.0.0.1 ", 0},
    {"10.0.0.1 10.0.0.1 10.0.0.0/31", "", "10.0.0.1 10.0.0.0 ", 4},
    {"one.example", "", "192.0.2.1 ", 0},
    {"two.example", "", "192.0.2.2(+1) ", 0},
    {"two.example", "", "192.0.2.2 192.0.2.3 ", 2},
    {"two.example/31", "", "192.0.2.2(+1) 192.0.2.3(+1) ", 0},
    {"six.example", "", "2001:db8::6 ", 0}, /* nothing else to be had */
    {"both.example", "", "192.0.2.9 ", 0},
    {"both.example", "", "2001:db8::9 ", 1},
    {"dead.example", "", "!dead.example ", 0},
    {"gone.example 10.0.0.1", "", "!gone.example 10.0.0.1 ", 0},
    {"10.0.0.1", "one.example", "10.0.0.1 ", 0},
    {"192.0.2.0/30", "two.example", "192.0.2.0 192.0.2.1 ", 0},
    {"", "", "", 0},
};

static void add_words(struct target_list *list, const char *words, struct arena *arena,
                      int *failures)
{
    int failed = 0;
    struct err e = {0};
    char text[256];
    snprintf(text, sizeof text, "%s", words);
    for (char *c = text; *c; c++)
        if (*c == ',' &&
            strchr(words, '/')) /* --exclude takes commas; octet lists in this table never mix */
            *c = ' ';
    CHECK(target_list_add_text(list, text, strlen(text), "words", arena, &e) == 0);
    *failures += failed;
}

static void check_walk(size_t i, int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct arena arena = {0};
    struct target_list targets = {0}, excludes = {0};
    struct str got = str_of(0);
    CHECK_ROW(i, target_list_add_text(&targets, row[i].targets, strlen(row[i].targets), "t", &arena,
                                      &e) == 0);
    add_words(&excludes, row[i].excludes, &arena, &failed);
    struct target_walk *w = NULL;
    questions = 0;
    struct target_walk_setup setup = {
        .targets = &targets,
        .excludes = &excludes,
        .resolve = resolve,
        .bad = bad,
        .ctx = &got,
        .family = row[i].flags & 1 ? ADDR_IP6 : ADDR_NONE,
        .all_addrs = row[i].flags & 2,
        .unique = row[i].flags & 4,
    };
    if (CHECK_ROW(i, target_walk_open(&w, &setup, rng_of(1), &e) == 0)) {
        struct target_addr t;
        char text[ADDR_TEXT_MAX];
        for (int n = 0; n < 100 && target_walk_next(w, &t); n++) {
            str_add(&got, addr_format(&t.addr, text));
            if (t.other_count)
                str_addf(&got, "(+%zu)", t.other_count);
            str_add_char(&got, ' ');
        }
    }
    CHECK_ROW(i, strcmp(row[i].targets, "dead.example") != 0 || questions == 1);
    if (!CHECK_ROW(i, strcmp(str_text(&got), row[i].expect) == 0))
        printf("  got %s\n", str_text(&got));
    target_walk_close(w);
    target_list_done(&targets);
    target_list_done(&excludes);
    str_done(&got);
    arena_done(&arena);
    *failures += failed;
}

static void check_bad(int *failures)
{
    int failed = 0;
    static const char *const text[] = {
        "",           "10.0.0.256",       "10.0.0",    "10.0.0.1/33",     "10.0.0.1/",
        "10.0.0.1/x", "10.0.0.5-1",       "1.2.3.4.5", "fd77::/129",      "fd77::g",
        "a..b",       "-x.example",       "10.0.0.1,", "fe80::1%nosuch0", "a b",
        "exa$mple",   "host.example/129",
    };
    struct arena arena = {0};
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        struct target_spec s;
        struct err e = {0};
        CHECK_ROW(i, target_spec_parse(&s, text[i], &arena, &e) == -EINVAL);
        CHECK_ROW(i, strncmp(e.text, "target \"", 8) == 0);
    }
    struct target_list list = {0};
    struct err e = {0};
    static const char file[] = "10.0.0.1\n# a remark\n10.0.0.2\t10.0.0.3 # end\n\n10.0.0.300\n";
    CHECK(target_list_add_text(&list, file, strlen(file), "in.txt", &arena, &e) == -EINVAL);
    CHECK(strncmp(e.text, "in.txt:5: ", 10) == 0 && list.count == 3);
    target_list_done(&list);
    arena_done(&arena);
    *failures += failed;
}

int scan_target_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        check_walk(i, &failed);
    check_bad(&failed);

    struct arena arena = {0};
    struct target_list list = {0};
    struct err e = {0};
    CHECK(target_list_add(&list, "10.0.0.0/8", &arena, &e) == 0);
    CHECK(target_list_size(&list) == 1 << 24);
    CHECK(target_list_add(&list, "10.0.0-1.1-5", &arena, &e) == 0);
    CHECK(target_list_size(&list) == (1 << 24) + 10);
    CHECK(target_list_add(&list, "::/0", &arena, &e) == 0 && target_list_size(&list) == UINT64_MAX);
    target_list_done(&list);

    struct target_walk *w = NULL; /* -iR: as many as asked for, none of a reserved range */
    struct target_walk_setup setup = {
        .targets = &list, .random_count = 1000, .resolve = resolve, .bad = bad};
    CHECK(target_walk_open(&w, &setup, rng_of(3), &e) == 0);
    struct target_addr t;
    int count = 0;
    for (; target_walk_next(w, &t); count++)
        CHECK_ROW(count,
                  !addr_is_private(&t.addr) && !addr_is_multicast(&t.addr) && t.addr.byte[0] != 0);
    CHECK(count == 1000);
    target_walk_close(w);
    arena_done(&arena);
    return failed;
}
