/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One worker of `picket ids`: frames in, one after the other; decoded, put together, followed,
 * parsed, judged by the rules, told as records.  All state is the worker's own.
 * Not for: where frames come from and lines go to (ids.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tool/ids/detect/detect.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/eve/eve_stats.h"
#include "tool/ids/settings.h"

struct ids_worker;

struct ids_frame {
    const uint8_t *data;
    uint32_t len, wire_len;
    uint16_t link_type; /* as tcpdump.org numbers them */
    uint64_t wall_ns;
    uint64_t number; /* 1, 2, ... */
};

/* `settings` outlives the worker; `detect` may be NULL: no rules. */
struct ids_worker *ids_worker_new(const struct ids_settings *settings, struct detect_thread *detect,
                                  const struct eve_sink *sink);
/* Ends all flows, as the input is over. */
void ids_worker_finish(struct ids_worker *w);
void ids_worker_free(struct ids_worker *w);

/* Returns IDS_ACTION_ bits: what was decided of the frame. */
unsigned ids_worker_frame(struct ids_worker *w, const struct ids_frame *frame);

/* The worker's counters, added to the list; the record "stats" when it is wanted. */
void ids_worker_stats(struct ids_worker *w, struct stat_list *list);

uint64_t ids_worker_wall_ns(const struct ids_worker *w); /* of the latest frame */
uint64_t ids_worker_span_s(const struct ids_worker *w);  /* from the first frame to the latest */

/* What rules need of the parsers (INSPECT_MD5_ALL ...). */
void ids_worker_want(struct ids_worker *w, uint8_t want, bool frames);

/* PCAP_LINK_ -> enum packet_link; -1: a link that is not read. */
int ids_link_of(uint16_t type);
