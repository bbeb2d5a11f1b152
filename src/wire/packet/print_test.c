/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/print.h"

#include <string.h>

#include "check.h"
#include "wire/packet/print_frames_test.h"

#define END "=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+\n\n"

static const uint64_t moment_ns = UINT64_C(1700000000125000000);

static const struct {
    enum print_frame frame;
    struct packet_print how;
    const char *text;
} rows[] = {
    {FRAME_UDP,
     {0},
     "11/14-22:13:20.125000 192.0.2.10:5000 -> 198.51.100.20:6003\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:46 DF\n"
     "Len: 18\n" END},
    {FRAME_UDP,
     {.link_head = true, .payload = PACKET_PRINT_HEX, .year = true, .wire_len = 82},
     "11/14/23-22:13:20.125000 02:00:00:00:00:01 -> 02:00:00:00:00:02 type:0x800 len:0x52\n"
     "192.0.2.10:5000 -> 198.51.100.20:6003 UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:46 DF\n"
     "Len: 18\n"
     "7A 65 72 6F 00 65 6D 62 65 64 64 65 64 7C 70 69  zero.embedded|pi\n"
     "70 65                                            pe\n" END},
    {FRAME_UDP,
     {.payload = PACKET_PRINT_CHARS, .obfuscate = true, .utc_offset_s = 3600},
     "11/14-23:13:20.125000 xxx.xxx.xxx.xxx:5000 -> xxx.xxx.xxx.xxx:6003\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:46 DF\n"
     "Len: 18\n"
     "zero.embedded|pipe\n" END},
    {FRAME_TCP,
     {0},
     "11/14-22:13:20.125000 192.0.2.10:40000 -> 198.51.100.20:80\n"
     "TCP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:60\n"
     "**U***S* Seq: 0x3E8  Ack: 0x0  Win: 0x2000  TcpLen: 40  UrgPtr: 0x9\n"
     "TCP Options (5) => MSS: 1460 SackOK TS: 7 0 NOP WS: 7 \n" END},
    {FRAME_ECHO,
     {0},
     "11/14-22:13:20.125000 192.0.2.10 -> 198.51.100.20\n"
     "ICMP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:32\n"
     "Type:8  Code:0  ID:77   Seq:1  ECHO\n" END},
    {FRAME_UNREACHABLE,
     {0},
     "11/14-22:13:20.125000 192.0.2.10 -> 198.51.100.20\n"
     "ICMP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:56\n"
     "Type:3  Code:3  DESTINATION UNREACHABLE: PORT UNREACHABLE\n"
     "** ORIGINAL DATAGRAM DUMP:\n"
     "192.0.2.10:5000 -> 198.51.100.20:6003\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:46 DF\n"
     "Len: 18\n"
     "** END OF DUMP\n" END},
    {FRAME_FRAGMENT,
     {0},
     "11/14-22:13:20.125000 192.0.2.10 -> 198.51.100.20\n"
     "UDP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:44 MF\n"
     "Frag Offset: 0x0003   Frag Size: 0x0018\n" END},
    {FRAME_ARP, {0}, "11/14-22:13:20.125000 ARP who-has 198.51.100.20 tell 192.0.2.10\n" END},
    {FRAME_ARP_REPLY,
     {0},
     "11/14-22:13:20.125000 ARP reply 192.0.2.10 is-at 02:00:00:00:00:01\n" END},
    {FRAME_UDP6,
     {0},
     "11/14-22:13:20.125000 2001:db8::1:7 -> 2001:db8::1:9\n"
     "UDP TTL:3 TOS:0x0 ID:0 IpLen:40 DgmLen:49\n"
     "Len: 1\n" END},
    {FRAME_OTHER,
     {.payload = PACKET_PRINT_ALL},
     "11/14-22:13:20.125000 "
     "0x0000: 02 00 00 00 00 02 02 00 00 00 00 01 88 B5 00 00  ................\n"
     "0x0010: 00 00                                            ..\n" END},
};

int packet_print_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t bytes[PRINT_FRAME_MAX];
        struct packet p = make_print_frame(rows[i].frame, bytes);
        struct str text = str_of(0);
        packet_print(&rows[i].how, &p, moment_ns, &text);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].text) == 0);
        str_done(&text);
    }
    return failed;
}
