/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/unified2.h"

#include "check.h"
#include "core/base/bytes.h"
#include "wire/packet/pcap_file.h"
#include "wire/packet/print_frames_test.h"

static const struct {
    enum print_frame frame;
    bool vlan_events;
    uint32_t type, len;
    uint16_t sport, dport; /* or ICMP's type and code */
} rows[] = {
    {FRAME_UDP, false, 7, 52, 5000, 6003},   {FRAME_UDP, true, 104, 60, 5000, 6003},
    {FRAME_UDP6, false, 72, 76, 7, 9},       {FRAME_UDP6, true, 105, 84, 7, 9},
    {FRAME_UNREACHABLE, false, 7, 52, 3, 3},
};

static int test_row(size_t i)
{
    int failed = 0;
    uint8_t bytes[PRINT_FRAME_MAX], record[UNIFIED2_EVENT_MAX + UNIFIED2_PACKET_HEAD];
    struct packet p = make_print_frame(rows[i].frame, bytes);
    const struct alert a = {.wall_ns = UINT64_C(1700000000125000000),
                            .id = 5,
                            .gid = 1,
                            .sid = 9510001,
                            .rev = 3,
                            .class_id = 29,
                            .priority = 3,
                            .verdict = ALERT_DROPPED,
                            .src = {packet_src(&p), p.src_port},
                            .dst = {packet_dst(&p), p.dst_port},
                            .ip_proto = p.ip_proto,
                            .packet = &p,
                            .link = PCAP_LINK_ETHERNET};
    struct bytes_out out = bytes_out_of(record, sizeof record);
    unified2_put_event(&out, &a, rows[i].vlan_events);
    CHECK_ROW(i, bytes_out_len(&out) == 8 + rows[i].len);
    unified2_put_packet_head(&out, &a);
    CHECK_ROW(i, !out.full);
    struct bytes_in in = bytes_in_of(record, bytes_out_len(&out));
    CHECK_ROW(i, bytes_u32be(&in) == rows[i].type && bytes_u32be(&in) == rows[i].len);
    static const uint32_t words[] = {0, 5, 1700000000, 125000, 9510001, 1, 3, 29, 3};
    for (size_t w = 0; w < ARRAY_COUNT(words); w++)
        CHECK_ROW(i, bytes_u32be(&in) == words[w]);
    size_t addr_len = a.src.addr.family == ADDR_IP4 ? 4 : 16;
    CHECK_ROW(i, memcmp(bytes_take(&in, addr_len), a.src.addr.byte, addr_len) == 0);
    CHECK_ROW(i, memcmp(bytes_take(&in, addr_len), a.dst.addr.byte, addr_len) == 0);
    CHECK_ROW(i, bytes_u16be(&in) == rows[i].sport && bytes_u16be(&in) == rows[i].dport);
    CHECK_ROW(i, bytes_u8(&in) == p.ip_proto && bytes_u8(&in) == 0x20);
    CHECK_ROW(i, bytes_u8(&in) == 0 && bytes_u8(&in) == 1);
    bytes_skip(&in, rows[i].vlan_events ? 8 : 0);
    const uint32_t packet[] = {2, 28 + p.len, 0, 5, 1700000000, 1700000000, 125000, 1, p.len};
    for (size_t w = 0; w < ARRAY_COUNT(packet); w++)
        CHECK_ROW(i, bytes_u32be(&in) == packet[w]);
    CHECK_ROW(i, bytes_left(&in) == 0 && !in.bad);
    return failed;
}

int outlet_unified2_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        failed += test_row(i);
    return failed;
}
