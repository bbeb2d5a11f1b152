/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "wire/packet/pcap_file.h"

/* clang-format off */
static const uint8_t classic_le[] = { /* microseconds, little endian, one frame of 3 bytes */
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    10, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 60, 0, 0, 0, 'a', 'b', 'c',
};
static const uint8_t nano_be[] = {
    0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 101,
    0, 0, 0, 10, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1, 'x',
};
static const uint8_t ng_le[] = {
    0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
    1, 0, 0, 0, 32, 0, 0, 0, 113, 0, 0, 0, 0, 0, 1, 0, 9, 0, 1, 0, 9, 0, 0, 0,
    0, 0, 0, 0, 32, 0, 0, 0,
    5, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0, /* a block that is not read */
    6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 202, 154, 59, 2, 0, 0, 0, 9, 0, 0, 0,
    'h', 'i', 0, 0, 36, 0, 0, 0,
};
/* clang-format on */

static const struct {
    const uint8_t *data;
    size_t size;
    uint32_t link, len, wire_len;
    uint64_t wall_ns;
} row[] = {
    {classic_le, sizeof classic_le, PCAP_LINK_ETHERNET, 3, 60, 10000007000},
    {nano_be, sizeof nano_be, PCAP_LINK_RAW, 1, 1, 10000000007},
    {ng_le, sizeof ng_le, PCAP_LINK_SLL, 2, 9, 1000000000},
};

/* Cut anywhere, a capture ends early or is refused, but gives no frame that is not whole. */
static int cuts(size_t i)
{
    int failed = 0;
    for (size_t len = 0; len < row[i].size; len++) {
        struct pcap_file f;
        struct pcap_frame frame;
        struct err e = {0};
        if (pcap_file_open(&f, row[i].data, len, &e) == 0)
            CHECK_ROW(len, pcap_file_next(&f, &frame, &e) <= 0);
    }
    return failed;
}

static int written(void)
{
    int failed = 0;
    uint8_t room[64];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    pcap_put_head(&out, PCAP_LINK_RAW, 65535);
    pcap_put_frame_head(&out, 1500000000123456789, 2, 40);
    bytes_put(&out, "ab", 2);
    struct pcap_file f;
    struct pcap_frame frame;
    struct err e = {0};
    CHECK(pcap_file_open(&f, room, bytes_out_len(&out), &e) == 0);
    CHECK(pcap_file_next(&f, &frame, &e) == 1);
    CHECK(frame.wall_ns == 1500000000123456000 && frame.wire_len == 40 && frame.len == 2);
    CHECK(frame.link == PCAP_LINK_RAW && memcmp(frame.data, "ab", 2) == 0);
    return failed;
}

int packet_pcap_file_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct pcap_file f;
        struct pcap_frame frame;
        struct err e = {0};
        CHECK_ROW(i, pcap_file_open(&f, row[i].data, row[i].size, &e) == 0);
        CHECK_ROW(i, pcap_file_next(&f, &frame, &e) == 1);
        CHECK_ROW(i, frame.link == row[i].link && frame.len == row[i].len);
        CHECK_ROW(i, frame.wire_len == row[i].wire_len && frame.wall_ns == row[i].wall_ns);
        CHECK_ROW(i, pcap_file_next(&f, &frame, &e) == 0);
        failed += cuts(i);
    }
    struct pcap_file f;
    struct err e = {0};
    CHECK(pcap_file_open(&f, "not a capture at all....", 24, &e) == -EINVAL);
    uint8_t huge[sizeof classic_le];
    memcpy(huge, classic_le, sizeof huge);
    huge[34] = 0x10; /* over PCAP_FRAME_MAX */
    struct pcap_frame frame;
    CHECK(pcap_file_open(&f, huge, sizeof huge, &e) == 0 &&
          pcap_file_next(&f, &frame, &e) == -EINVAL);
    CHECK(strcmp(pcap_link_name(PCAP_LINK_ETHERNET), "EN10MB") == 0);
    return failed + written();
}
