/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scan from options to report.  Hosts are taken in groups; each group is discovered, named,
 * probed and told, in the order in which its targets were given. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "hub/model/scan_report.h"
#include "sys/io/sock.h"
#include "tool/scan/data/service_table.h"
#include "tool/scan/frame_shape.h"
#include "tool/scan/port_spec.h"
#include "tool/scan/prober.h"
#include "tool/scan/target.h"
#include "tool/scan/timing.h"

struct os_db;
struct probe_db;
struct script_options;

enum { SCAN_TECHNIQUES_MAX = 8, SCAN_DISCOVERY_MAX = 1024 };

enum scan_names { SCAN_NAMES_UP, SCAN_NAMES_NEVER, SCAN_NAMES_ALWAYS }; /* default, -n, -R */

/* -b: the FTP server that connects for us. */
struct scan_ftp {
    struct endpoint server;
    const char *user, *password;
};

struct scan_options {
    /* what: the lists are the caller's */
    const struct target_list *targets, *excludes;
    uint8_t family; /* ADDR_IP6: -6 */
    bool resolve_all, unique, randomize_hosts, random_forever;
    uint64_t random_count;
    const struct scan_technique
        *technique[SCAN_TECHNIQUES_MAX]; /* at most one a protocol; ends with NULL */
    struct scan_ports ports;
    const char *flags_text; /* --scanflags as typed; NULL: the techniques' own */
    uint8_t tcp_flags;
    struct endpoint zombie; /* -sI */
    struct scan_ftp ftp;    /* -b */
    bool list_only;         /* -sL */
    bool no_ports;          /* -sn */

    /* is a host there? */
    bool skip_discovery;                        /* -Pn */
    struct probe_item ping[SCAN_DISCOVERY_MAX]; /* what each host is asked */
    uint32_t ping_count;
    bool no_link_ping; /* --disable-arp-ping: do not take an answer on the link as proof */
    bool frames;       /* make frames of our own where a technique needs them (CAP_NET_RAW) */

    bool traceroute, ident;
    const struct os_db *os_db; /* -O: known systems; NULL: not asked */
    bool os_limit, os_guess;   /* --osscan-limit, --osscan-guess */
    uint32_t shard, shards;    /* --shard 2/5: every fifth target, from the second on; 0: all */
    struct addr resume_after;  /* --resume: the targets up to this one are done; ADDR_NONE */

    /* how */
    struct scan_timing timing;
    bool in_order; /* -r */
    enum scan_names names;
    const char *dns_servers; /* NULL: the system's */
    const char *interface;   /* -e */
    struct addr source;      /* -S */
    uint16_t source_port;    /* -g */
    struct frame_shape shape;
    uint64_t seed;
    const struct service_table *services;

    /* -sV: which services are they? */
    struct probe_db *probes; /* NULL: not asked; its patterns are compiled on the way */
    unsigned intensity;
    bool all_ports, version_trace;

    const struct script_options *scripts; /* NULL: none are asked for */

    /* what is told */
    int verbosity, debugging;
    bool open_only, show_reasons;
};

/* Who is told.  Texts and structs live for the call only; ctx is handed to each.  `so_far` has an
 * `error`: if nothing more is told, the scan did not come to its end. */
struct scan_events {
    void *ctx;
    /* 0, or a negative errno value that ends the scan (an output file is full). */
    int (*host)(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                struct err *e);
    /* The hosts of a group have all been told; may be NULL. */
    int (*group)(void *ctx, const struct scan_tail *so_far, struct err *e);
    /* On the way, for who watches; both may be NULL.  hint: the host answered, its ports are going
     * to be asked.  found: a port is open. */
    int (*hint)(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                struct err *e);
    int (*found)(void *ctx, const struct scan_found *found, const struct scan_tail *so_far,
                 struct err *e);
    int (*task)(void *ctx, const struct scan_task *task, const struct scan_tail *so_far,
                struct err *e);
    int (*bad_target)(void *ctx, const char *text, const char *why, const struct scan_tail *so_far,
                      struct err *e);
    /* What scripts that ran before the first host or behind the last have to say; may be NULL. */
    int (*scripts)(void *ctx, const struct scan_run_scripts *scripts,
                   const struct scan_tail *so_far, struct err *e);
    void (*script_log)(void *ctx, const char *text); /* what they print on the way; may be NULL */
    void (*trace)(void *ctx, const char *line);      /* --version-trace; may be NULL */
    bool (*stop)(void *ctx); /* asked ten times a second: true ends the scan (-ECANCELED) */
};

/* The lines of "what is being scanned" for a report's head; pointers go into *options. */
size_t scan_infos(const struct scan_options *options, struct scan_info *out, size_t max);

/* Run it.  *out_tail holds the totals, also after a failure (then without `error`, which is the
 * caller's to word).  0, -ECANCELED, -EINVAL for `dns_servers`, or what an event or the system
 * returned. */
int scan_run(const struct scan_options *options, const struct scan_events *events,
             const struct clock *clock, struct scan_tail *out_tail, struct err *e) MUST_CHECK;
