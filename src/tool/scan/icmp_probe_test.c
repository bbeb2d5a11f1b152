/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ICMP questions of host discovery make of what can come back. */
#include "check.h"
#include "tool/scan/icmp_probe.h"
#include "tool/scan/reply_test.h"

enum { ID = 40000, SEQ = REPLY_COOKIE & 0xffff };

static const struct {
    const char *technique;
    bool ip6;
    uint8_t type;
    uint16_t id, seq;
    bool counts;
    enum scan_reason reason;
} replies[] = {
    {"echo", false, ICMP4_TYPE_ECHO_REPLY, ID, SEQ, true, SCAN_REASON_ECHO_REPLY},
    {"echo", false, ICMP4_TYPE_ECHO_REPLY, ID, SEQ + 1, false, 0}, /* not the number we sent */
    {"echo", false, ICMP4_TYPE_ECHO, ID, SEQ, false, 0},           /* somebody asks us */
    {"echo", false, ICMP4_TYPE_TIMESTAMP_REPLY, ID, SEQ, false, 0},
    {"echo", true, ICMP6_TYPE_ECHO_REPLY, ID, SEQ, true, SCAN_REASON_ECHO_REPLY},
    {"timestamp", false, ICMP4_TYPE_TIMESTAMP_REPLY, ID, SEQ, true, SCAN_REASON_TIMESTAMP_REPLY},
    {"timestamp", false, ICMP4_TYPE_ECHO_REPLY, ID, SEQ, false, 0},
    {"mask", false, ICMP4_TYPE_MASK_REPLY, ID, SEQ, true, SCAN_REASON_ADDRESS_MASK_REPLY},
};

int scan_icmp_probe_test(void)
{
    int failed = 0;
    struct reply r;
    struct scan_verdict v;
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        const struct scan_technique *t = scan_technique_find(replies[i].technique);
        struct frame_probe probe = reply_probe(replies[i].ip6);
        uint8_t body[64];
        struct bytes_out out = bytes_out_of(body, sizeof body);
        uint32_t rest = icmp4_rest(replies[i].id, replies[i].seq);
        struct icmp4_head h4 = {.type = replies[i].type, .rest = rest};
        struct icmp6_head h6 = {.type = replies[i].type, .rest = rest};
        static const uint8_t zero[12];
        if (replies[i].ip6)
            icmp6_encode(&out, &h6, &probe.dst, &probe.src, bytes_in_of(zero, sizeof zero));
        else
            icmp4_encode(&out, &h4, bytes_in_of(zero, sizeof zero));
        CHECK_ROW(i, t && reply_make(&r, &probe, replies[i].ip6 ? IP_PROTO_ICMP6 : IP_PROTO_ICMP,
                                     body, bytes_out_len(&out)));
        CHECK_ROW(i, reply_judge(&r, t, &v) == replies[i].counts);
        CHECK_ROW(i, !replies[i].counts ||
                         (v.state == SCAN_OPEN && v.because.reason == replies[i].reason));
    }
    const struct scan_technique *echo = scan_technique_find("echo"),
                                *mask = scan_technique_find("mask");
    struct frame_probe probe = reply_probe(false);
    CHECK(reply_make_error(&r, &probe, echo, &probe.dst, 3, 3) && reply_judge(&r, echo, &v));
    CHECK(v.state == SCAN_FILTERED && v.because.reason == SCAN_REASON_PORT_UNREACH);
    CHECK(scan_technique_fits(echo, ADDR_IP6) && !scan_technique_fits(mask, ADDR_IP6));
    return failed;
}
