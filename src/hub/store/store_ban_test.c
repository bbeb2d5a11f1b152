/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "check.h"
#include "hub/store/store_ban.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

static struct ban make(const char *who, const char *source, uint64_t until_ns)
{
    struct err e = {0};
    struct ban ban = {.source = source,
                      .why = "5 failures",
                      .since_ns = 100,
                      .until_ns = until_ns,
                      .count = 2,
                      .event_id = 77,
                      .strength = STRENGTH_HELD};
    if (cidr_parse(&ban.who, who, &e))
        ban.source = "";
    return ban;
}

struct walk {
    size_t count;
    char text[256];
    struct ban last;
};

static bool note(void *ctx, const struct ban *ban)
{
    struct walk *w = ctx;
    char who[CIDR_TEXT_MAX];
    size_t at = strlen(w->text);
    snprintf(w->text + at, sizeof w->text - at, "%s %s, ", cidr_format(&ban->who, who),
             ban->source);
    w->last = *ban;
    w->count++;
    return true;
}

static const char *in_force(struct store *s, uint64_t now_ns, struct walk *w)
{
    struct err e = {0};
    *w = (struct walk){0};
    return store_read_bans(s, now_ns, note, w, &e) ? "failed" : w->text;
}

int store_store_ban_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    struct walk w;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    const struct ban ban[] = {
        make("192.0.2.1", "trap", 500),
        make("192.0.2.1", "ban:sshd", 600),
        make("192.0.2.0/24", "user", 0),
        make("2001:db8::/64", "ids", 700),
    };
    for (size_t i = 0; i < ARRAY_LEN(ban); i++)
        CHECK_ROW(i, store_put_ban(s, &ban[i], &e) == 0);
    CHECK(strcmp(in_force(s, 200, &w),
                 "192.0.2.0/24 user, 192.0.2.1/32 ban:sshd, 192.0.2.1/32 trap, "
                 "2001:db8::/64 ids, ") == 0);
    CHECK(w.last.since_ns == 100 && w.last.until_ns == 700 && w.last.count == 2);
    CHECK(w.last.event_id == 77 && w.last.strength == STRENGTH_HELD);
    in_force(s, 500, &w);
    CHECK(w.count == 3); /* run out at that moment */
    in_force(s, UINT64_C(1) << 62, &w);
    CHECK(w.count == 1); /* without end */

    CHECK(store_lift_ban(s, &ban[1].who, "ids", 300, &e) == -ENOENT && strstr(e.text, "192.0.2.1"));
    CHECK(store_lift_ban(s, &ban[1].who, "ban:sshd", 300, &e) == 0);
    CHECK(store_lift_ban(s, &ban[1].who, "ban:sshd", 300, &e) == -ENOENT); /* lifted already */
    CHECK(store_lift_ban(s, &ban[0].who, "trap", 550, &e) == -ENOENT);     /* has run out */
    in_force(s, 300, &w);
    CHECK(w.count == 3);
    CHECK(store_put_ban(s, &ban[1], &e) == 0);                 /* banned anew */
    CHECK(store_lift_ban(s, &ban[1].who, NULL, 300, &e) == 0); /* by all */
    in_force(s, 300, &w);
    CHECK(w.count == 2);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}
