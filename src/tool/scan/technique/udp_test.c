/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "tool/scan/reply_test.h"
#include "wire/packet/layer/udp.h"

static const struct {
    bool ip6, by_router;
    uint8_t type, code;
    bool counts;
    enum scan_state state;
    enum scan_reason reason;
} errors[] = {
    {false, false, 3, 3, true, SCAN_CLOSED, SCAN_REASON_PORT_UNREACH},
    {false, true, 3, 3, true, SCAN_FILTERED, SCAN_REASON_PORT_UNREACH}, /* a filter says so */
    {false, false, 3, 2, true, SCAN_FILTERED, SCAN_REASON_PROTO_UNREACH},
    {false, true, 3, 13, true, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED},
    {true, false, 1, 4, true, SCAN_CLOSED, SCAN_REASON_PORT_UNREACH},
    {true, true, 1, 1, true, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED},
    {true, true, 2, 0, false, 0, 0}, /* packet too big is no verdict */
};

int technique_udp_test(void)
{
    int failed = 0;
    const struct scan_technique *t = scan_technique_find("udp");
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct frame_probe probe = reply_probe(errors[i].ip6);
        struct addr router = probe.src;
        router.byte[3] ^= 0x40;
        struct reply r;
        struct scan_verdict v;
        CHECK_ROW(i, reply_make_error(&r, &probe, t, errors[i].by_router ? &router : &probe.dst,
                                      errors[i].type, errors[i].code));
        CHECK_ROW(i, reply_judge(&r, t, &v) == errors[i].counts);
        CHECK_ROW(i, !errors[i].counts ||
                         (v.state == errors[i].state && v.because.reason == errors[i].reason));
    }
    for (int ip6 = 0; ip6 < 2; ip6++) { /* an answer, even an empty one */
        struct frame_probe probe = reply_probe(ip6);
        struct udp_head h = {.src = probe.dst_port, .dst = probe.src_port};
        uint8_t body[16];
        struct bytes_out out = bytes_out_of(body, sizeof body);
        struct reply r;
        struct scan_verdict v;
        udp_encode(&out, &h, &probe.dst, &probe.src, bytes_in_of(NULL, 0));
        CHECK_ROW(ip6, reply_make(&r, &probe, IP_PROTO_UDP, body, bytes_out_len(&out)));
        CHECK_ROW(ip6, reply_judge(&r, t, &v) && v.state == SCAN_OPEN &&
                           v.because.reason == SCAN_REASON_UDP_RESPONSE &&
                           v.because.ttl == REPLY_TTL);
    }
    return failed;
}
