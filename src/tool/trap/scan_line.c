/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/scan_line.h"

#include <stdlib.h>

#include "core/base/clock.h"

static const char *answer(enum scan_answer a)
{
    return a == SCAN_TRUE ? "true" : a == SCAN_FALSE ? "false" : "unset";
}

/* Of a datagram 2.x says no more than "UDP", and of a socket it does not know the options. */
static void write_kind(const struct probe *p, struct str *out)
{
    if (p->kind == PROBE_UDP)
        str_add(out, "UDP");
    else
        probe_write_words(p, out);
}

void scan_line_write(const struct scan_line *line, const struct probe *p, const char *name,
                     struct str *out)
{
    char address[ADDR_TEXT_MAX];
    str_addf(out, "Scan from: [%s] (%s) protocol: [%s] port: [%u] type: [",
             addr_format(&p->from.addr, address), name, probe_proto_name(p), p->to.port);
    write_kind(p, out);
    str_addf(out, "] IP opts: [%s] ignored: [%s] triggered: [%s] noblock: [%s] blocked: [%s]",
             p->kind == PROBE_CONNECT ? "unknown"
             : p->ip_options          ? "set"
                                      : "not set",
             answer(line->ignored), answer(line->triggered), answer(line->noblock),
             answer(line->blocked));
}

void scan_line_write_time(uint64_t wall_ns, int32_t utc_offset_s, struct str *out)
{
    struct civil c = clock_civil((uint64_t)((int64_t)wall_ns + (int64_t)utc_offset_s * 1000000000));
    int minutes = abs(utc_offset_s) / 60;
    str_addf(out, "%04d-%02u-%02uT%02u:%02u:%02u.%03u%c%02d%02d ", c.year, c.month, c.day, c.hour,
             c.minute, c.second, c.ns / 1000000, utc_offset_s < 0 ? '-' : '+', minutes / 60,
             minutes % 60);
}
