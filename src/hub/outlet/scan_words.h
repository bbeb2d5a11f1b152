/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that several scan formats share: how nmap 7.93 names a host, a service, a reason, a
 * moment.  Text of strangers has passed scan_words_clean, so that no line of a report and no
 * terminal obeys it.  Not for markup: its writers do their own escaping. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "hub/model/scan_report.h"

/* Does a report show this host?  See scan_outlet.h. */
bool scan_words_shows_host(const struct scan_head *head, const struct scan_host *host);

/* The first name of that kind; NULL: none. */
const char *scan_words_host_name(const struct scan_host *host, bool by_user);

/* Control bytes (C1 too, but not tabs), bidirectional controls and bytes that are no UTF-8 become
 * \xNN. */
void scan_words_clean(struct str *out, const char *text);

void scan_words_host(struct str *out, const struct scan_host *host); /* "NAME (ADDR)" or "ADDR" */
void scan_words_date(struct str *out, uint64_t wall_ns);    /* "Tue Nov 24 17:00:00 2026" */
void scan_words_latency(struct str *out, uint64_t srtt_us); /* seconds, two digits that count */
void scan_words_because(struct str *out, const struct scan_because *because); /* "reset ttl 64" */

/* "ssl/http", "discard?" where a probe could not confirm the table, "unknown". */
void scan_words_service(struct str *out, const struct scan_head *head,
                        const struct scan_port *port);
void scan_words_version(struct str *out, const struct scan_service *service);

/* "2 IP addresses (1 host up) scanned in 1.26 seconds" */
void scan_words_totals(struct str *out, const struct scan_tail *tail);

/* The protocol of a trace's probes: "tcp", or of SCAN_IP "icmp" or the number. */
enum { SCAN_WORDS_PROTO_MAX = 8 };
const char *scan_words_trace_proto(const struct scan_trace *trace, char room[SCAN_WORDS_PROTO_MAX]);

size_t scan_words_port_count(const struct scan_host *host); /* listed and not listed */
bool scan_words_is_open(enum scan_state state);             /* open, or it cannot be ruled out */
