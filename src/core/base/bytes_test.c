/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/bytes.h"

int base_bytes_test(void)
{
    int failed = 0;
    static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    /* Every length, cut at each byte: u64 + u8 is bad unless all nine are there. */
    for (size_t len = 0; len <= sizeof data; len++) {
        struct bytes_in in = bytes_in_of(data, len);
        uint64_t first = bytes_u64be(&in);
        uint8_t second = bytes_u8(&in);
        CHECK_ROW(len, in.bad == (len < 9));
        CHECK_ROW(len, len < 8 || first == 0x0102030405060708);
        CHECK_ROW(len, len < 9 ? second == 0 : second == 9);
    }
    struct bytes_in in = bytes_in_of(data, sizeof data);
    CHECK(bytes_u16be(&in) == 0x0102);
    CHECK(bytes_u24be(&in) == 0x030405);
    CHECK(bytes_u16le(&in) == 0x0706);
    struct bytes_in sub = bytes_sub(&in, 2);
    CHECK(bytes_left(&sub) == 2 && bytes_left(&in) == 0);
    CHECK(bytes_u8(&sub) == 8 && !in.bad);
    sub = bytes_sub(&in, 1);
    CHECK(in.bad && sub.bad && bytes_left(&sub) == 0);
    in = bytes_in_of(data, 4);
    CHECK(bytes_u32le(&in) == 0x04030201);
    uint8_t copy[3];
    bytes_copy(&in, copy, 3);
    CHECK(copy[0] == 0 && copy[2] == 0 && in.bad);
    in = bytes_in_of(NULL, 0);
    CHECK(bytes_take(&in, 0) == NULL && !in.bad);

    uint8_t room[7];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    bytes_put_u16be(&out, 0);
    bytes_put_u32be(&out, 0xa1b2c3d4);
    bytes_patch_u16be(&out, 0, 0x1234);
    bytes_patch_u16be(&out, 5, 0xffff); /* one byte past what was written: left out */
    CHECK(bytes_out_len(&out) == 6 && !out.full);
    CHECK(memcmp(room, "\x12\x34\xa1\xb2\xc3\xd4", 6) == 0);
    bytes_put_u16be(&out, 1);
    CHECK(out.full && bytes_out_len(&out) == 6);
    return failed;
}
