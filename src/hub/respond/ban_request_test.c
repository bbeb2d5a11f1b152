/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "hub/model/severity.h"
#include "hub/respond/ban_request.h"
#include "sys/priv/channel.h"

/* The bodies fit in a message, and have no hidden holes. */
_Static_assert(sizeof(struct ban_answer_list) <= CHANNEL_BODY_MAX, "list");
_Static_assert(sizeof(struct ban_request_add) == 8 + 16 + 8 + BAN_SOURCE_MAX + BAN_REASON_MAX, "");
_Static_assert(sizeof(struct ban_request_lift) == 8 + 16 + BAN_SOURCE_MAX, "");

static const struct {
    uint8_t family, prefix_len, strength;
    const char *source, *why;
    int rc;
} row[] = {
    {4, 32, STRENGTH_HELD, "trap", "why", 0},
    {4, 0, STRENGTH_CLAIMED, "t", "", 0}, /* well-formed; never allowed where the list has any */
    {4, 33, STRENGTH_HELD, "trap", "why", -EINVAL},
    {6, 128, STRENGTH_HELD, "trap", "why", 0},
    {6, 129, STRENGTH_HELD, "trap", "why", -EINVAL},
    {0, 0, STRENGTH_HELD, "trap", "why", -EINVAL},
    {5, 0, STRENGTH_HELD, "trap", "why", -EINVAL},
    {4, 32, STRENGTH_COUNT, "trap", "why", -EINVAL},
    {4, 32, 255, "trap", "why", -EINVAL},
    {4, 32, STRENGTH_HELD, "", "why", -EINVAL},
    {4, 32, STRENGTH_HELD, "tr\nap", "why", -EINVAL},
    {4, 32, STRENGTH_HELD, "trap", "a\x1b[2J", -EINVAL}, /* nothing that steers a terminal */
    {4, 32, STRENGTH_HELD, "trap", "\x7f", -EINVAL},
    {4, 32, STRENGTH_HELD, "trap", "caf\xc3\xa9", 0},
};

static int test_check(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct ban_request_add add = {
            .family = row[i].family, .prefix_len = row[i].prefix_len, .strength = row[i].strength};
        struct ban_request_lift lift = {.family = row[i].family, .prefix_len = row[i].prefix_len};
        memcpy(add.source, row[i].source, strlen(row[i].source));
        memcpy(add.why, row[i].why, strlen(row[i].why));
        CHECK_ROW(i, ban_request_add_check(&add) == row[i].rc);
        bool prefix_ok = (row[i].family == 4 && row[i].prefix_len <= 32) ||
                         (row[i].family == 6 && row[i].prefix_len <= 128);
        CHECK_ROW(i, ban_request_lift_check(&lift) == (prefix_ok ? 0 : -EINVAL));
    }
    struct ban_request_add add = {.family = 4, .prefix_len = 32, .source = "s"};
    memset(add.why, 'x', sizeof add.why); /* no NUL */
    CHECK(ban_request_add_check(&add) == -EINVAL);
    add.why[sizeof add.why - 1] = '\0';
    CHECK(ban_request_add_check(&add) == 0);
    memset(add.source, 'x', sizeof add.source);
    CHECK(ban_request_add_check(&add) == -EINVAL);
    return failed;
}

static int test_who(void)
{
    static const struct {
        uint8_t family, prefix_len;
        const char *addr, *want;
    } who[] = {
        {4, 32, "192.0.2.7", "192.0.2.7/32"},
        {4, 24, "192.0.2.7", "192.0.2.0/24"},
        {6, 64, "2001:db8::7", "2001:db8::/64"},
        {6, 128, "::ffff:192.0.2.7", "192.0.2.7/32"}, /* on the wire it is IPv4 */
        {6, 120, "::ffff:192.0.2.7", "192.0.2.0/24"},
        {6, 80, "::ffff:192.0.2.7", "::/80"}, /* wider than the mapped part: IPv6 */
    };
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(who); i++) {
        struct addr a;
        char text[CIDR_TEXT_MAX];
        CHECK_ROW(i, addr_parse(&a, who[i].addr, &e) == 0);
        struct cidr c = ban_request_who(who[i].family, who[i].prefix_len, a.byte);
        CHECK_ROW(i, strcmp(cidr_format(&c, text), who[i].want) == 0);
    }
    return failed;
}

int respond_ban_request_test(void)
{
    return test_check() + test_who();
}
