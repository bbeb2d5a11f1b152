/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/scan_line.h"

#include <string.h>

#include "check.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

static const struct {
    struct probe probe;
    struct scan_line line;
    const char *text;
} rows[] = {
    {{.kind = PROBE_CONNECT, .ip_proto = IP_PROTO_TCP},
     {SCAN_FALSE, SCAN_TRUE, SCAN_TRUE, SCAN_FALSE},
     "Scan from: [192.0.2.7] (x.example) protocol: [TCP] port: [79] type: [Connect] IP opts: "
     "[unknown] ignored: [false] triggered: [true] noblock: [true] blocked: [false]"},
    {{.kind = PROBE_CONNECT, .ip_proto = IP_PROTO_TCP},
     {SCAN_TRUE, SCAN_UNSET, SCAN_UNSET, SCAN_UNSET},
     "Scan from: [192.0.2.7] (x.example) protocol: [TCP] port: [79] type: [Connect] IP opts: "
     "[unknown] ignored: [true] triggered: [unset] noblock: [unset] blocked: [unset]"},
    {{.kind = PROBE_SYN, .tcp_flags = TCP_SYN, .ip_proto = IP_PROTO_TCP, .ip_options = true},
     {SCAN_FALSE, SCAN_FALSE, SCAN_UNSET, SCAN_UNSET},
     "Scan from: [192.0.2.7] (x.example) protocol: [TCP] port: [79] type: [TCP SYN/Normal scan] IP "
     "opts: [set] ignored: [false] triggered: [false] noblock: [unset] blocked: [unset]"},
    {{.kind = PROBE_UDP, .ip_proto = IP_PROTO_UDP},
     {SCAN_FALSE, SCAN_TRUE, SCAN_FALSE, SCAN_TRUE},
     "Scan from: [192.0.2.7] (x.example) protocol: [UDP] port: [79] type: [UDP] IP opts: [not set] "
     "ignored: [false] triggered: [true] noblock: [false] blocked: [true]"},
};

static const struct {
    int32_t offset_s;
    const char *text;
} times[] = {
    {0, "2023-11-14T22:13:20.125+0000 "},
    {3600, "2023-11-14T23:13:20.125+0100 "},
    {-12600, "2023-11-14T18:43:20.125-0330 "},
};

int trap_scan_line_test(void)
{
    int failed = 0;
    struct str text = str_of(0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct probe p = rows[i].probe;
        p.from.addr = addr_ip4(0xc0000207);
        p.to.port = 79;
        str_reset(&text);
        scan_line_write(&rows[i].line, &p, "x.example", &text);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].text) == 0);
    }
    for (size_t i = 0; i < ARRAY_COUNT(times); i++) {
        str_reset(&text);
        scan_line_write_time(UINT64_C(1700000000125000000), times[i].offset_s, &text);
        CHECK_ROW(i, strcmp(str_text(&text), times[i].text) == 0);
    }
    str_done(&text);
    return failed;
}
