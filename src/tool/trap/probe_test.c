/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/probe.h"

#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum { NONE = PROBE_KIND_COUNT };

static const struct {
    uint8_t flags;
    int kind;
    const char *words;
} rows[] = {
    {TCP_SYN, PROBE_SYN, "TCP SYN/Normal scan"},
    {TCP_SYN | TCP_ECE | TCP_CWR, PROBE_SYN, "TCP SYN/Normal scan"}, /* RFC 3168 6.1.1 */
    {TCP_FIN, PROBE_FIN, "TCP FIN scan"},
    {0, PROBE_NULL, "TCP NULL scan"},
    {TCP_FIN | TCP_PSH | TCP_URG, PROBE_XMAS, "TCP XMAS scan"},
    {TCP_ACK, PROBE_ACK, "TCP ACK scan"},
    {TCP_ACK | TCP_PSH, PROBE_ACK, "TCP ACK scan"},
    {TCP_ACK | TCP_FIN, PROBE_MAIMON, "TCP Maimon scan"},
    {TCP_URG | TCP_FIN, PROBE_ODD,
     "Unknown Type: TCP Packet Flags: SYN: 0 FIN: 1 ACK: 0 PSH: 0 URG: 1 RST: 0"},
    {TCP_SYN | TCP_FIN, PROBE_ODD,
     "Unknown Type: TCP Packet Flags: SYN: 1 FIN: 1 ACK: 0 PSH: 0 URG: 0 RST: 0"},
    {TCP_RST, NONE, ""},
    {TCP_RST | TCP_ACK, NONE, ""},
    {TCP_SYN | TCP_ACK, NONE, ""},
};

int trap_probe_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct probe p = {.tcp_flags = rows[i].flags, .ip_proto = IP_PROTO_TCP};
        bool is_probe = probe_kind_of_flags(rows[i].flags, &p.kind);
        CHECK_ROW(i, is_probe == (rows[i].kind != NONE));
        if (!is_probe)
            continue;
        struct str words = str_of(0);
        probe_write_words(&p, &words);
        CHECK_ROW(i, (int)p.kind == rows[i].kind);
        CHECK_ROW(i, strcmp(str_text(&words), rows[i].words) == 0);
        CHECK_ROW(i, strcmp(probe_proto_name(&p), "TCP") == 0);
        str_done(&words);
    }
    for (int k = 0; k < PROBE_KIND_COUNT; k++)
        CHECK_ROW(k, probe_kind_name((enum probe_kind)k)[0] != '\0');
    CHECK(probe_is_quiet(PROBE_ACK) && probe_is_quiet(PROBE_MAIMON) && !probe_is_quiet(PROBE_SYN));
    return failed;
}
