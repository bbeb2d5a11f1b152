/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "tool/scan/reply_test.h"

int technique_nd_test(void)
{
    int failed = 0;
    const struct scan_technique *nd = scan_technique_find("nd");
    struct frame_probe probe = reply_probe(true);
    static const struct {
        uint8_t type;
        bool counts;
    } row[] = {{ICMP6_TYPE_NEIGHBOUR_ADVERT, true}, {ICMP6_TYPE_NEIGHBOUR_SOLICIT, false}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct icmp6_nd message = {.type = row[i].type,
                                   .target = probe.dst,
                                   .solicited = true,
                                   .has_target_mac = row[i].type == ICMP6_TYPE_NEIGHBOUR_ADVERT,
                                   .target_mac = {{2, 0, 0, 0, 0, 7}}};
        uint8_t body[128];
        struct bytes_out out = bytes_out_of(body, sizeof body);
        struct reply r;
        icmp6_nd_encode(&out, &message, &probe.dst, &probe.src);
        CHECK_ROW(i, reply_make(&r, &probe, IP_PROTO_ICMP6, body, bytes_out_len(&out)));
        struct mac mac = {{0}};
        bool has_mac = false;
        struct frame_answer answer = {
            .packet = &r.packet, .out_mac = &mac, .out_has_mac = &has_mac};
        struct scan_verdict v;
        CHECK_ROW(i, nd->judge(&answer, &v) == row[i].counts && has_mac == row[i].counts);
        CHECK_ROW(i, !row[i].counts ||
                         (mac.byte[5] == 7 && v.because.reason == SCAN_REASON_ND_RESPONSE));
    }
    CHECK(!scan_technique_fits(nd, ADDR_IP4) && nd->asks_link);
    return failed;
}
