/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many frames a second does one core decode?  A handful of shapes, most of them small, over and
 * over: the time of the decoder itself, without the memory traffic of a real capture. */
#include <string.h>

#include "bench/clock.h"
#include "core/base/attr.h"
#include "wire/packet/packet.h"

enum { FRAME_MAX = 128, BATCH = 256 };

/* Ethernet, then IPv4 or IPv6, then TCP or UDP; what is not said is zero. */
static const struct {
    const char *name;
    size_t len;
    uint8_t byte[FRAME_MAX];
} frames[] = {
    {"decode IPv4 TCP", 74, {[12] = 0x08, 0x00,      [14] = 0x45, 0,        0, 60, [22] = 64,
                             6,           [26] = 10, 0,           0,        1, 10, 0,
                             0,           2,         [34] = 0xc0, 1,        0, 80, [46] = 0xa0,
                             2,           0xfa,      0xf0,        [54] = 2, 4, 5,  0xb4,
                             4,           2,         1,           1,        1, 1}},
    {"decode IPv4 UDP",
     90,
     {[12] = 0x08, 0x00, [14] = 0x45, 0, 0, 76,          [22] = 64, 17, [26] = 10, 0, 0,
      1,           10,   0,           0, 2, [34] = 0xc0, 1,         0,  53,        0, 56}},
    {"decode IPv6 TCP",
     74,
     {[12] = 0x86,
      0xdd,
      [14] = 0x60,
      0,
      0,
      0,
      0,
      20,
      6,
      64,
      [22] = 0xfd,
      [38] = 0xfd,
      [54] = 0xc0,
      1,
      0,
      80,
      [66] = 0x50,
      2}},
    {"decode VLAN IPv4 TCP",
     78,
     {[12] = 0x81, 0x00,      0,           7, 0x08, 0x00, [18] = 0x45, 0, 0, 60,          [26] = 64,
      6,           [30] = 10, 0,           0, 1,    10,   0,           0, 2, [38] = 0xc0, 1,
      0,           80,        [50] = 0xa0, 2, 0xfa, 0xf0, [58] = 2,    4, 5, 0xb4}},
};

static int measure(const char *name, const uint8_t *frame, size_t len)
{
    struct packet packet;
    uint64_t start_ns = clock_mono_ns(&clock_system), now_ns = start_ns, count = 0;
    while (now_ns - start_ns < bench_run_ns) {
        for (int i = 0; i < BATCH; i++) {
            enum packet_verdict verdict = packet_decode(&packet, frame, len, PACKET_LINK_ETHERNET);
            if (verdict != PACKET_OK || packet.transport == PACKET_NONE) {
                fprintf(stderr, "%s: verdict %d\n", name, (int)verdict);
                return 1;
            }
        }
        count += BATCH;
        now_ns = clock_mono_ns(&clock_system);
    }
    bench_print(name, (double)count, now_ns - start_ns, "packets/s");
    return 0;
}

int main(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(frames); i++)
        failed |= measure(frames[i].name, frames[i].byte, frames[i].len);
    return failed;
}
