/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alert of ids as the alert formats of Snort want it: the rule in words and the packet it spoke
 * of.  What travels on the bus is the event (event.h); this one lives while its packet does. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "wire/packet/packet.h"

enum alert_verdict { ALERT_ALLOWED, ALERT_DROPPED, ALERT_WOULD_DROP };

struct alert {
    uint64_t wall_ns;
    uint32_t id; /* counts the alerts of a run, from 1 */
    uint32_t gid, sid, rev;
    const char *message;
    const char *class_text; /* "Misc activity"; NULL: none */
    uint32_t class_id;      /* its line in classification.config, from 1; 0: none */
    uint32_t priority;      /* 0: none */
    enum alert_verdict verdict;
    const char *const *reference; /* whole URLs, or "system,id" where the system has none */
    size_t reference_count;
    struct endpoint src, dst;
    uint8_t ip_proto;
    const struct packet *packet; /* NULL: none */
    uint32_t wire_len;           /* bytes the frame had */
    uint32_t link;               /* PCAP_LINK_ of its frame */
    const char *interface;       /* NULL: not known */
    const char *log_to;          /* file that the rule names (logto); NULL: none */
};
