/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/rng.h"
#include "hub/respond/ban_book.h"

static struct cidr prefix(uint32_t i)
{
    struct addr a = addr_ip4(0x0a000000 + i);
    return cidr_of(&a, i % 3 ? 32 : 24);
}

static int test_one_target(void)
{
    int failed = 0;
    struct ban_book b = {0};
    struct cidr who = prefix(1), other = prefix(2);
    CHECK(!ban_book_find(&b, &who) && !ban_book_first_end(&b) && !ban_book_behind(&b, 0));
    struct ban_entry *trap = ban_book_add(&b, &who, "trap"), *user = ban_book_add(&b, &who, "user");
    struct ban_target *t = ban_book_find(&b, &who);
    CHECK(t && b.target_count == 1 && b.entry_count == 2 && !ban_book_find(&b, &other));
    CHECK(ban_target_find(t, "trap") == trap && ban_target_find(t, "user") == user);
    CHECK(!ban_target_find(t, "tra") && trap->row.number == 1 && user->row.number == 2);
    CHECK(ban_target_due_ns(t, NULL) == UINT64_MAX && !ban_book_first_end(&b));
    ban_book_set_end(&b, trap, 50);
    ban_book_set_end(&b, user, 40);
    CHECK(ban_book_first_end(&b) == user && ban_target_due_ns(t, NULL) == 50);
    CHECK(ban_target_due_ns(t, "trap") == 40 && ban_target_due_ns(t, "") == 0);
    ban_book_set_end(&b, user, UINT64_MAX);
    CHECK(ban_book_first_end(&b) == trap && ban_target_due_ns(t, "trap") == UINT64_MAX);
    CHECK(ban_book_behind(&b, 0) == trap && ban_book_behind(&b, 1) == user);
    ban_book_remove(&b, trap);
    CHECK(ban_book_find(&b, &who) == t && ban_book_behind(&b, 0) == user);
    ban_book_remove(&b, user);
    CHECK(!ban_book_find(&b, &who) && b.target_count == 0 && !ban_book_behind(&b, 0));
    ban_book_done(&b);
    return failed;
}

/* Thousands of random adds and removals, held against a plain array. */
static int test_against_array(void)
{
    enum { KEYS = 600, STEPS = 30000 };
    int failed = 0;
    struct ban_book b = {0};
    struct rng r = rng_of(11);
    static struct ban_entry *entry[KEYS];
    static uint64_t due[KEYS];
    size_t count = 0;
    for (int step = 0; step < STEPS && !failed; step++) {
        uint32_t k = rng_below(&r, KEYS);
        struct cidr who = prefix(k * 256);
        if (entry[k] && rng_below(&r, 2)) {
            ban_book_remove(&b, entry[k]);
            entry[k] = NULL;
            count--;
        } else if (!entry[k]) {
            entry[k] = ban_book_add(&b, &who, "s");
            count++;
            ban_book_set_end(&b, entry[k], due[k] = rng_u64(&r) / 2);
        }
        struct ban_target *t = ban_book_find(&b, &who);
        CHECK_ROW(step, (t ? t->entry : NULL) == entry[k] && b.entry_count == count);
        uint64_t first = UINT64_MAX;
        for (size_t i = 0; i < KEYS; i++)
            first = entry[i] && due[i] < first ? due[i] : first;
        struct ban_entry *end = ban_book_first_end(&b);
        CHECK_ROW(step, (end ? end->due_ns : UINT64_MAX) == first);
    }
    uint64_t number = 0, listed = 0;
    for (struct ban_entry *at; (at = ban_book_behind(&b, number)); listed++) {
        CHECK(at->row.number > number);
        number = at->row.number;
    }
    size_t walked = 0;
    for (size_t at = 0; ban_book_next(&b, &at);)
        walked++;
    CHECK(listed == count && walked == count && b.place_count < 2 * KEYS + 128);
    ban_book_done(&b);
    return failed;
}

int respond_ban_book_test(void)
{
    return test_one_target() + test_against_array();
}
