/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/data/payload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

static const struct {
    const char *text;
    int rc;
    size_t rows;
    uint16_t port;
    const char *byte; /* NULL: none for the port */
    size_t len;
    const char *fault;
} row[] = {
    {"", 0, 0, 7, NULL, 0, NULL},
    {"# remark\n\n", 0, 0, 7, NULL, 0, NULL},
    {"udp 7 \"a\\r\\x4a\\0\\\\\\\"\"", 0, 1, 7, "a\rJ\0\\\"", 6, NULL},
    {"udp 7,9-11 # remark\n \"a\"\n# remark\n  \"b\"\n", 0, 2, 10, "ab", 2, NULL},
    {"udp 7 \"a\"\nudp 8 \"b\"", 0, 2, 8, "b", 1, NULL},
    {"udp 7 \"a\" source 500\nudp 8 \"b\"", 0, 2, 8, "b", 1, NULL},
    {"udp 7\n", 0, 1, 7, "", 0, NULL}, /* an empty datagram */
    {"udp 0-65535 \"a\"", 0, 1, 65535, "a", 1, NULL},
    {"tcp 7 \"a\"", -EINVAL, 0, 7, NULL, 0, "f:1: an entry"},
    {"udp 7 \"a\"\nudp x \"a\"", -EINVAL, 1, 9, NULL, 0, "f:2: no list"},
    {"udp 70000 \"a\"", -EINVAL, 0, 7, NULL, 0, "f:1: no list"},
    {"udp 7 \"a", -EINVAL, 0, 7, NULL, 0, "f:1: string"},
    {"udp 7 \"a\n\"", -EINVAL, 0, 7, NULL, 0, "f:1: string"},
    {"\nudp 7 \"\\q\"", -EINVAL, 0, 7, NULL, 0, "f:2: no such escape"},
    {"udp 7 \"\\x4\"", -EINVAL, 0, 7, NULL, 0, "f:1: no such escape"},
    {"udp 7 \"\\", -EINVAL, 0, 7, NULL, 0, "f:1: no such escape"},
    {"udp", -EINVAL, 0, 7, NULL, 0, "f:1: ports"},
};

static int limit_test(void)
{
    int failed = 0;
    static char text[PAYLOAD_LEN_MAX + 32];
    for (int over = 0; over < 2; over++) {
        struct payload_set s = {0};
        struct err e = {0};
        int at = snprintf(text, sizeof text, "udp 7 \"");
        memset(text + at, 'x', PAYLOAD_LEN_MAX + over);
        memcpy(text + at + PAYLOAD_LEN_MAX + over, "\"", 2);
        CHECK_ROW(over, payload_set_parse(&s, text, strlen(text), "f", &e) == (over ? -EINVAL : 0));
        payload_set_done(&s);
    }
    return failed;
}

/* Our own list: known services have something, and nothing is sent twice. */
static int own_test(void)
{
    int failed = 0;
    static const uint16_t known[] = {53, 69, 111, 123, 137, 161, 500, 1900, 5060, 5353, 11211};
    struct payload_set s;
    struct err e = {0};
    struct bytes_in out[PAYLOAD_PER_PORT_MAX];
    CHECK(payload_set_open(&s, "/nonexistent", &e) == 0 && s.entries == 0 && s.count > 30);
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        CHECK_ROW(i, payload_set_find(&s, known[i], out) > 0 && bytes_left(&out[0]) > 0);
    CHECK(payload_set_find(&s, 40125, out) == 0);
    size_t count = payload_set_find(&s, 53, out);
    const char twice[] = "udp 53 \"\\0\\0\\x10\\0\\0\\0\\0\\0\\0\\0\\0\\0\"";
    for (int i = 0; i < 2; i++)
        CHECK(payload_set_parse(&s, twice, strlen(twice), "f", &e) == 0);
    CHECK(payload_set_find(&s, 53, out) == count + 1);
    payload_set_done(&s);
    return failed;
}

int data_payload_test(void)
{
    int failed = limit_test() + own_test();
    for (size_t i = 0; i < ARRAY_COUNT(row); i++) {
        struct payload_set s = {0};
        struct err e = {0};
        struct bytes_in out[PAYLOAD_PER_PORT_MAX];
        CHECK_ROW(i, payload_set_parse(&s, row[i].text, strlen(row[i].text), "f", &e) == row[i].rc);
        CHECK_ROW(i, s.count == row[i].rows);
        CHECK_ROW(i, !row[i].fault || strstr(e.text, row[i].fault) != NULL);
        size_t count = payload_set_find(&s, row[i].port, out);
        CHECK_ROW(i, count == (row[i].byte != NULL));
        if (count)
            CHECK_ROW(i, bytes_left(&out[0]) == row[i].len &&
                             memcmp(out[0].pos, row[i].byte, row[i].len) == 0);
        payload_set_done(&s);
    }
    return failed;
}
