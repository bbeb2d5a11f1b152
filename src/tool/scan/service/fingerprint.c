/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/fingerprint.h"

#include <string.h>

#include "core/base/clock.h"

/* Of each answer so much is told; of all answers together so much: what nmap prints, too. */
enum { ANSWER_MAX = 900, TOTAL_MAX = 2200 };

#define PLATFORM "linux"

void fingerprint_begin(struct str *out, const struct fingerprint_head *head)
{
    struct civil now = clock_civil(head->wall_ns);
    str_addf(out, "SF-Port%u-%s:V=%s%s%%I=%u%%D=%u/%u%%Time=%llX%%P=" PLATFORM, head->port,
             head->proto == SCAN_UDP ? "UDP" : "TCP", PICKET_VERSION, head->ssl ? "%T=SSL" : "",
             head->intensity, now.month, now.day, (unsigned long long)(head->wall_ns / NS_PER_S));
}

static void add_byte(struct str *out, uint8_t c, uint8_t next)
{
    static const char special[] = "\\?\"[]().*+$^|";
    bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c == '\0')
        str_add(out, next >= '0' && next <= '9' ? "\\x00" : "\\0");
    else if (c == '\n' || c == '\r' || c == '\t')
        str_add(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    else if (strchr(special, c))
        str_addf(out, "\\%c", c);
    else if (alnum || (c > ' ' && c < 0x7f))
        str_add_char(out, (char)c);
    else
        str_addf(out, "\\x%02x", c);
}

void fingerprint_add(struct str *out, const char *probe, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    if (out->len > TOTAL_MAX)
        return;
    size_t told = len < ANSWER_MAX ? len : ANSWER_MAX;
    str_addf(out, "%%r(%s,%zX,\"", probe, told);
    for (size_t i = 0; i < told; i++)
        add_byte(out, bytes[i], i + 1 < told ? bytes[i + 1] : 0);
    str_add(out, "\")");
}

void fingerprint_end(struct str *out)
{
    str_add(out, ";");
}
