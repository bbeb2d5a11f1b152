/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each TCP technique makes of what can come back. */
#include "check.h"
#include "tool/scan/reply_test.h"
#include "tool/scan/tcp_probe.h"

enum { C = REPLY_COOKIE };

static const struct {
    const char *technique;
    uint8_t flags;
    uint32_t seq, ack;
    uint16_t window;
    bool counts;
    enum scan_state state;
} segments[] = {
    {"syn", TCP_SYN | TCP_ACK, 9, C + 1, 1000, true, SCAN_OPEN},
    {"syn", TCP_SYN | TCP_ACK, 9, C + 4000, 1000, false,
     0}, /* a forgery: it never saw the cookie */
    {"syn", TCP_SYN | TCP_ACK, 9, C - 1, 1000, false, 0},
    {"syn", TCP_RST | TCP_ACK, 0, C + 1, 0, true, SCAN_CLOSED},
    {"syn", TCP_RST | TCP_ACK, 0, C, 0, true,
     SCAN_CLOSED}, /* some stacks forget to count the SYN */
    {"syn", TCP_RST | TCP_ACK, 0, C + 99999, 0, false, 0},
    {"syn", TCP_RST, 0, 0, 0, true, SCAN_CLOSED},
    {"syn", TCP_SYN, 9, 0, 1000, true, SCAN_OPEN}, /* simultaneous open */
    {"syn", TCP_ACK, 9, C + 1, 1000, false, 0},    /* a challenge ACK tells nothing */
    {"fin", TCP_RST | TCP_ACK, 0, C + 1, 0, true, SCAN_CLOSED},
    {"fin", TCP_ACK, 0, C + 1, 0, false, 0},
    {"null", TCP_RST | TCP_ACK, 0, C, 0, true, SCAN_CLOSED},
    {"xmas", TCP_RST | TCP_ACK, 0, C + 1, 0, true, SCAN_CLOSED},
    {"maimon", TCP_RST, C, 0, 0, true,
     SCAN_CLOSED}, /* a reset of an ACK takes its number (RFC 9293 3.10.7.1) */
    {"maimon", TCP_RST, C + 1, 0, 0, false, 0},
    {"ack", TCP_RST, C, 0, 0, true, SCAN_UNFILTERED},
    {"ack", TCP_RST, C + 5, 0, 0, false, 0},
    {"window", TCP_RST, C, 0, 0, true, SCAN_CLOSED},
    {"window", TCP_RST, C, 0, 4096, true, SCAN_OPEN},
};

static const struct {
    const char *technique;
    bool ip6, by_router;
    uint8_t type, code;
    bool counts;
    enum scan_reason reason;
} errors[] = {
    {"syn", false, true, 3, 1, true, SCAN_REASON_HOST_UNREACH},
    {"syn", false, false, 3, 3, true, SCAN_REASON_PORT_UNREACH},
    {"syn", false, false, 3, 13, true, SCAN_REASON_ADMIN_PROHIBITED},
    {"fin", false, true, 3, 9, true, SCAN_REASON_NET_PROHIBITED},
    {"ack", false, true, 11, 0, true, SCAN_REASON_TIME_EXCEEDED},
    {"syn", true, true, 1, 0, true, SCAN_REASON_NO_ROUTE},
    {"syn", true, false, 1, 4, true, SCAN_REASON_PORT_UNREACH},
    {"syn", true, true, 2, 0, false, 0}, /* packet too big is no verdict on a port */
};

static int check_segments(bool ip6)
{
    int failed = 0;
    struct frame_probe probe = reply_probe(ip6);
    for (size_t i = 0; i < ARRAY_LEN(segments); i++) {
        const struct scan_technique *t = scan_technique_find(segments[i].technique);
        struct tcp_head h = {.src = probe.dst_port,
                             .dst = probe.src_port,
                             .seq = segments[i].seq,
                             .ack = segments[i].ack,
                             .flags = segments[i].flags,
                             .window = segments[i].window};
        uint8_t body[64];
        struct bytes_out out = bytes_out_of(body, sizeof body);
        struct reply r;
        struct scan_verdict v;
        tcp_encode(&out, &h, &probe.dst, &probe.src, bytes_in_of(NULL, 0));
        CHECK_ROW(i, t && reply_make(&r, &probe, IP_PROTO_TCP, body, bytes_out_len(&out)));
        CHECK_ROW(i, reply_judge(&r, t, &v) == segments[i].counts);
        CHECK_ROW(i, !segments[i].counts ||
                         (v.state == segments[i].state && v.because.ttl == REPLY_TTL));
    }
    return failed;
}

int scan_tcp_probe_test(void)
{
    int failed = check_segments(false) + check_segments(true);
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        const struct scan_technique *t = scan_technique_find(errors[i].technique);
        struct frame_probe probe = reply_probe(errors[i].ip6);
        struct addr router = probe.src;
        router.byte[3] ^= 0x40;
        struct reply r;
        struct scan_verdict v;
        CHECK_ROW(i, reply_make_error(&r, &probe, t, errors[i].by_router ? &router : &probe.dst,
                                      errors[i].type, errors[i].code));
        CHECK_ROW(i, r.has_quoted);
        CHECK_ROW(i, reply_judge(&r, t, &v) == errors[i].counts);
        if (!errors[i].counts)
            continue;
        CHECK_ROW(i, v.state == SCAN_FILTERED && v.because.reason == errors[i].reason);
        CHECK_ROW(i, (v.because.from.family != ADDR_NONE) == errors[i].by_router);
    }
    return failed;
}
