/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "tool/scan/reply_test.h"

static const struct {
    bool ip6;
    uint8_t proto;
    bool by_router;
    uint8_t type, code;
    enum scan_state state;
    enum scan_reason reason;
} errors[] = {
    {false, 47, false, 3, 2, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH},
    {false, 4, false, 3, 2, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH}, /* quoted without a body */
    {false, 47, true, 3, 2, SCAN_FILTERED, SCAN_REASON_PROTO_UNREACH},
    {false, 17, false, 3, 3, SCAN_OPEN, SCAN_REASON_PORT_UNREACH},
    {false, 50, true, 3, 13, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED},
    {true, 47, false, 4, 1, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH},
    {true, 47, false, 4, 0, SCAN_FILTERED, SCAN_REASON_PARAM_PROBLEM},
};

static const struct {
    uint8_t proto;
    size_t len; /* of what is sent */
} bodies[] = {{1, 8}, {2, 8}, {6, 20}, {17, 8}, {132, 32}, {47, 0}, {4, 0}};

static int check_errors(const struct scan_technique *t)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct frame_probe probe = reply_probe(errors[i].ip6);
        struct scan_technique asked = *t; /* the helper quotes the technique's own protocol */
        struct addr router = probe.src;
        router.byte[3] ^= 0x40;
        struct reply r;
        struct scan_verdict v;
        probe.proto = errors[i].proto;
        asked.ip4_proto = asked.ip6_proto = errors[i].proto;
        (void)reply_make_error(&r, &probe, &asked, errors[i].by_router ? &router : &probe.dst,
                               errors[i].type, errors[i].code);
        r.has_quoted = true; /* a stump will do */
        CHECK_ROW(i, reply_judge(&r, t, &v));
        CHECK_ROW(i, v.state == errors[i].state && v.because.reason == errors[i].reason);
    }
    return failed;
}

static int check_answers(const struct scan_technique *t)
{
    int failed = 0;
    struct frame_probe probe = reply_probe(false);
    struct reply r;
    struct scan_verdict v;
    static const uint8_t echo_reply[8] = {0}, echo[8] = {8}, gre[4] = {0};
    CHECK(reply_make(&r, &probe, 47, gre, sizeof gre) && reply_judge(&r, t, &v));
    CHECK(v.state == SCAN_OPEN && v.because.reason == SCAN_REASON_PROTO_RESPONSE);
    CHECK(reply_make(&r, &probe, 1, echo_reply, sizeof echo_reply) && reply_judge(&r, t, &v));
    CHECK(v.state == SCAN_OPEN && v.because.reason == SCAN_REASON_ECHO_REPLY);
    CHECK(reply_make(&r, &probe, 1, echo, sizeof echo) && !reply_judge(&r, t, &v));
    return failed;
}

int technique_protocol_test(void)
{
    const struct scan_technique *t = scan_technique_find("protocol");
    int failed = check_errors(t) + check_answers(t);
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct frame_probe probe = reply_probe(false);
        uint8_t room[64];
        struct bytes_out out = bytes_out_of(room, sizeof room);
        probe.proto = bodies[i].proto;
        t->build(&probe, &out);
        CHECK_ROW(i, bytes_out_len(&out) == bodies[i].len);
    }
    return failed;
}
