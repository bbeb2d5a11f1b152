/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hosts that are scanned together, and what is known of them so far. */
#pragma once

#include "core/base/arena.h"
#include "core/base/map.h"
#include "tool/scan/frame_net.h"
#include "tool/scan/scan.h"

struct service_target;

/* What -O found out; all of it lives in the group's arena. */
struct group_os {
    const struct scan_os *os;
    uint8_t distance;
    uint64_t uptime_s, last_boot_wall_ns;
    const char *sequence_index, *sequence_difficulty, *sequence_values;
    const char *id_class, *id_values, *timestamp_class, *timestamp_values;
};

/* -I: whose an open port is. */
struct group_owner {
    uint16_t port;
    const char *owner;
    const struct group_owner *next;
};

struct group_host {
    struct addr addr;
    const char *user_name, *ptr_name; /* NULL: none */
    const struct addr *other;         /* addresses of the name that are not scanned */
    size_t other_count;
    enum scan_host_state state;
    struct scan_because because;
    struct rtt rtt;
    bool rtt_of_link; /* measured by ARP or ND: how quick the link is, not how quick the host */
    bool timed_out;
    const struct probe_item *proved_by; /* which question of discovery; NULL: none was asked */
    const struct scan_trace *trace;     /* --traceroute; NULL: none */
    const struct group_owner *owners;   /* -I */
    const struct group_os *os;          /* -O; NULL: not asked */
    struct frame_path *path;            /* NULL: frames cannot be sent there, or need not */
    uint64_t start_wall_ns, end_wall_ns;
    const struct service_target *service; /* what -sV found, by protocol and port */
    size_t service_count;
    struct scan_host *report; /* made early, for scripts; NULL: not yet */
    bool shown;               /* .. and not hidden by --open */
    uint32_t number; /* in the port scans: which host of the prober; GROUP_NOT_PROBED: none */
};

enum { GROUP_NOT_PROBED = UINT32_MAX };

/* One technique's work on the group. */
struct group_scan {
    const struct scan_technique *technique;
    struct probe_item *item;
    uint32_t item_count;
    struct prober *prober; /* NULL: not run */
};

struct group {
    struct arena arena; /* dies with the group */
    struct group_host *host;
    size_t count, capacity;
    struct map members; /* addresses -> anything */
    struct group_scan scan[SCAN_TECHNIQUES_MAX];
    size_t scan_count;
};

/* How many hosts to take at once for this many probes each. */
size_t group_size(const struct scan_options *options, size_t items);

/* Take the target in; names and addresses are copied.  False: its address is a member already, and
 * two hosts of one address cannot share a group, since an answer tells no more than the address. */
bool group_add(struct group *g, const struct target_addr *target) MUST_CHECK;

void group_reset(struct group *g); /* empty it; the probers are freed */
void group_done(struct group *g);
