/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/text/escape.h"

enum {
    CONFIRMED_CONFIDENCE = 6, /* nmap: up to 5 a service name is the port table's guess */
};

bool scan_words_is_open(enum scan_state state)
{
    return state == SCAN_OPEN || state == SCAN_OPEN_FILTERED || state == SCAN_UNFILTERED;
}

static bool has_open_port(const struct scan_host *host)
{
    for (size_t i = 0; i < host->port_count; i++)
        if (scan_words_is_open(host->port[i].state))
            return true;
    return false;
}

bool scan_words_shows_host(const struct scan_head *head, const struct scan_host *host)
{
    if (host->state == SCAN_HOST_DOWN)
        return head->debugging > 0 || (head->verbosity > 0 && !head->open_only);
    if (head->open_only && host->ports_scanned && !host->timed_out)
        return has_open_port(host);
    return true;
}

const char *scan_words_host_name(const struct scan_host *host, bool by_user)
{
    for (size_t i = 0; i < host->name_count; i++)
        if (host->name[i].by_user == by_user)
            return host->name[i].name;
    return NULL;
}

/* UAX 9: embeddings, overrides and isolates show a line in another order than it is read. */
static bool is_safe_char(uint32_t code)
{
    if (code < 0x20)
        return code == '\t';
    if (code >= 0x7f && code < 0xa0)
        return false;
    return !(code >= 0x202a && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069);
}

static const char *clean_rule(uint32_t code, const uint8_t *byte, size_t len,
                              char room[ESCAPE_TEXT_MAX])
{
    if (len > 0 && is_safe_char(code))
        return NULL;
    for (size_t i = 0; i < (len ? len : 1); i++)
        snprintf(room + 4 * i, ESCAPE_TEXT_MAX - 4 * i, "\\x%02X", byte[i]);
    return room;
}

void scan_words_clean(struct str *out, const char *text)
{
    escape_add(out, text, strlen(text), clean_rule);
}

void scan_words_host(struct str *out, const struct scan_host *host)
{
    char addr[ADDR_TEXT_MAX];
    addr_format(&host->addr, addr);
    const char *name = scan_words_host_name(host, true);
    if (!name)
        name = scan_words_host_name(host, false);
    if (!name) {
        str_add(out, addr);
        return;
    }
    scan_words_clean(out, name);
    str_addf(out, " (%s)", addr);
}

/* The form of asctime(3), which nmap's readers know.  UTC, as all times of picket. */
void scan_words_date(struct str *out, uint64_t wall_ns)
{
    static const char weekday[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char month[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = clock_civil(wall_ns);
    str_addf(out, "%s %s %2u %02u:%02u:%02u %d", weekday[c.weekday], month[c.month - 1], c.day,
             c.hour, c.minute, c.second, c.year);
}

/* 82 us -> 0.000082, 179 us -> 0.00018, 1.234 s -> 1.2: two digits that count, never an exponent.
 * printf finds the exponent, since it also rounds: 99999 us is 0.10. */
void scan_words_latency(struct str *out, uint64_t srtt_us)
{
    char text[32];
    double seconds = (double)srtt_us / 1e6;
    snprintf(text, sizeof text, "%.1e", seconds);
    long decimals = 1 - strtol(strchr(text, 'e') + 1, NULL, 10);
    str_addf(out, "%.*f", decimals > 0 ? (int)decimals : 0, seconds);
}

void scan_words_because(struct str *out, const struct scan_because *because)
{
    str_add(out, scan_reason_name(because->reason, 1));
    if (because->from.family != ADDR_NONE) {
        char from[ADDR_TEXT_MAX];
        str_addf(out, " from %s", addr_format(&because->from, from));
    }
    if (because->ttl)
        str_addf(out, " ttl %u", because->ttl);
}

void scan_words_service(struct str *out, const struct scan_head *head, const struct scan_port *port)
{
    const struct scan_service *s = &port->service;
    bool known = s->name && strcmp(s->name, "unknown") != 0;
    if (s->ssl)
        str_add(out, "ssl/");
    scan_words_clean(out, known ? s->name : "unknown");
    if (known && head->version_scan && port->state == SCAN_OPEN &&
        s->confidence < CONFIRMED_CONFIDENCE)
        str_add_char(out, '?');
}

void scan_words_version(struct str *out, const struct scan_service *s)
{
    const char *word[] = {s->product, s->version};
    bool any = false;
    for (size_t i = 0; i < ARRAY_COUNT(word); i++) {
        if (!word[i])
            continue;
        if (any)
            str_add_char(out, ' ');
        scan_words_clean(out, word[i]);
        any = true;
    }
    if (!s->extra_info)
        return;
    str_add(out, any ? " (" : "(");
    scan_words_clean(out, s->extra_info);
    str_add_char(out, ')');
}

void scan_words_totals(struct str *out, const struct scan_tail *tail)
{
    str_addf(out, "%zu IP address%s (%zu host%s up) scanned in %.2f seconds", tail->hosts_total,
             tail->hosts_total == 1 ? "" : "es", tail->hosts_up, tail->hosts_up == 1 ? "" : "s",
             tail->elapsed_s);
}

const char *scan_words_trace_proto(const struct scan_trace *trace, char room[SCAN_WORDS_PROTO_MAX])
{
    static const struct {
        uint8_t number;
        const char *name;
    } protocol[] = {{1, "icmp"}, {6, "tcp"}, {17, "udp"}, {58, "ipv6-icmp"}, {132, "sctp"}};
    if (trace->proto != SCAN_IP)
        return scan_proto_name(trace->proto);
    for (size_t i = 0; i < ARRAY_COUNT(protocol); i++)
        if (protocol[i].number == trace->port)
            return protocol[i].name;
    snprintf(room, SCAN_WORDS_PROTO_MAX, "%u", trace->port);
    return room;
}

size_t scan_words_port_count(const struct scan_host *host)
{
    size_t count = host->port_count;
    for (size_t i = 0; i < host->extra_count; i++)
        count += host->extra[i].count;
    return count;
}
