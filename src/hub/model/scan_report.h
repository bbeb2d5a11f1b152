/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scan tells: everything nmap's XML can hold (nmap.dtd), as plain structs, so that outlets
 * need not know the scanner.  All memory belongs to the scanner and lives for the one call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/mac.h"
#include "core/net/port_set.h"

enum scan_proto { SCAN_TCP, SCAN_UDP, SCAN_SCTP, SCAN_IP, SCAN_PROTO_COUNT };
const char *scan_proto_name(enum scan_proto proto); /* "tcp" .. "ip" */

enum scan_state {
    SCAN_UNKNOWN,
    SCAN_OPEN,
    SCAN_CLOSED,
    SCAN_FILTERED,
    SCAN_UNFILTERED,
    SCAN_OPEN_FILTERED,
    SCAN_CLOSED_FILTERED,
    SCAN_STATE_COUNT,
};
const char *scan_state_name(enum scan_state state); /* "open|filtered" */

enum scan_reason {
#define SCAN_REASON(upper, singular, plural) SCAN_REASON_##upper,
#include "hub/model/scan_reason.def"
#undef SCAN_REASON
    SCAN_REASON_COUNT,
};
const char *scan_reason_name(enum scan_reason reason,
                             size_t count); /* "reset", or "resets" where count is not 1 */

struct scan_because {
    enum scan_reason reason;
    uint8_t ttl;      /* of the answer; 0: none */
    struct addr from; /* who answered, where that was not the target; else ADDR_NONE */
};

/* Structured output of a script: a table of tables and elements.  Outlets leave out what lies
 * deeper than SCAN_SCRIPT_DEPTH_MAX tables. */
enum { SCAN_SCRIPT_DEPTH_MAX = 16 };

struct scan_script_node {
    const char *key;  /* NULL: an array's member */
    const char *text; /* an element; NULL: a table */
    const struct scan_script_node *child;
    size_t child_count;
};

struct scan_script {
    const char *id, *output;
    const struct scan_script_node *node;
    size_t node_count;
};

struct scan_service {
    const char *name; /* NULL: none known */
    const char *product, *version, *extra_info, *hostname, *os_type, *device_type, *fingerprint;
    const char *const *cpe;
    size_t cpe_count;
    uint8_t confidence; /* 0-10: 3 from the table, 10 probed */
    bool probed;        /* method "probed", else "table" */
    bool ssl;           /* tunnel */
    bool rpc;
    uint32_t rpc_number, rpc_low, rpc_high;
};

struct scan_port {
    enum scan_proto proto;
    uint16_t number;
    enum scan_state state;
    struct scan_because because;
    const char *owner; /* reverse ident; NULL: none */
    struct scan_service service;
    const struct scan_script *script;
    size_t script_count;
};

/* Ports of one state that are too many to list. */
struct scan_extra_reason {
    enum scan_reason reason;
    enum scan_proto proto;
    size_t count;
    const struct port_set *ports;
};

struct scan_extra {
    enum scan_state state;
    size_t count;
    const struct scan_extra_reason *reason;
    size_t reason_count;
};

struct scan_name {
    const char *name;
    bool by_user; /* typed by the user, else from a PTR record */
};

struct scan_os_class {
    const char *vendor, *generation, *type, *family;
    uint8_t accuracy;
    const char *const *cpe;
    size_t cpe_count;
};

struct scan_os_match {
    const char *name;
    uint8_t accuracy;
    unsigned line;
    const struct scan_os_class *class;
    size_t class_count;
};

struct scan_port_used {
    enum scan_state state;
    enum scan_proto proto;
    uint16_t number;
};

struct scan_os {
    const struct scan_port_used *used;
    size_t used_count;
    const struct scan_os_match *match;
    size_t match_count;
    const char *fingerprint; /* NULL: none to print */
};

struct scan_hop {
    uint8_t ttl;
    struct addr addr; /* ADDR_NONE: no answer */
    const char *host; /* NULL: no name */
    double rtt_ms;    /* negative: not measured */
};

struct scan_trace {
    enum scan_proto proto; /* SCAN_IP: `port` is the IP protocol number of the probes */
    uint16_t port;         /* 0: the target is a neighbour, no probe was chosen */
    const struct scan_hop *hop;
    size_t hop_count;
};

enum scan_host_state {
    SCAN_HOST_UNKNOWN,
    SCAN_HOST_UP,
    SCAN_HOST_DOWN,
    SCAN_HOST_SKIPPED,
    SCAN_HOST_STATE_COUNT
};
const char *scan_host_state_name(enum scan_host_state state);

struct scan_host {
    enum scan_host_state state;
    struct scan_because because;
    struct addr addr;
    bool has_mac;
    struct mac mac;
    const char *vendor; /* of the MAC; NULL: unknown */
    const struct scan_name *name;
    size_t name_count;
    const struct addr *other_addr; /* further addresses of the name that were not scanned */
    size_t other_count;
    uint64_t start_wall_ns, end_wall_ns;
    bool timed_out;
    const char *comment;
    bool listed_only;             /* -sL: nothing was sent */
    bool ports_scanned;           /* false for -sn */
    const struct scan_port *port; /* by protocol, then number */
    size_t port_count;
    const struct scan_extra *extra; /* most ports first */
    size_t extra_count;
    const struct scan_os *os;             /* NULL: not asked for */
    uint8_t distance;                     /* hops; 0: unknown */
    uint64_t uptime_s, last_boot_wall_ns; /* 0: unknown */
    const char *tcp_sequence_index, *tcp_sequence_difficulty,
        *tcp_sequence_values; /* NULL: not measured */
    const char *ip_id_class, *ip_id_values, *tcp_ts_class, *tcp_ts_values;
    const struct scan_script *script;
    size_t script_count;
    const struct scan_trace *trace; /* NULL: not asked for */
    size_t smurf_responses;
    bool has_times;
    uint64_t srtt_us, rttvar_us, timeout_us;
};

/* One line of "what is being scanned": a technique and its ports. */
struct scan_info {
    const char *type; /* as nmap.dtd names it: "connect", "syn", "sctpinit", "ipproto" ... */
    enum scan_proto proto;
    const char *flags; /* --scanflags; NULL: none */
    const struct port_set *ports;
};

struct scan_head {
    const char *program, *version; /* "picket scan", "0.1.0" */
    const char *args;              /* the command line as typed */
    uint64_t start_wall_ns;
    const struct scan_info *info;
    size_t info_count;
    int verbosity, debugging;
    bool show_reasons, open_only, version_scan;
    const char *stylesheet; /* href; NULL: none */
};

struct scan_tail {
    uint64_t end_wall_ns;
    double elapsed_s;
    size_t hosts_up, hosts_down, hosts_total;
    uint64_t packets_sent, bytes_sent, packets_received, bytes_received; /* raw ones; 0: none */
    const char *error;                                                   /* NULL: success */
};

/* A port found open while the scan goes on: for who watches. */
struct scan_found {
    struct addr addr;
    enum scan_proto proto;
    uint16_t number;
};

/* What scripts said that ran before the first host or after the last. */
struct scan_run_scripts {
    bool post;
    const struct scan_script *script;
    size_t script_count;
};

enum scan_task_phase { SCAN_TASK_BEGIN, SCAN_TASK_PROGRESS, SCAN_TASK_END };

struct scan_task {
    enum scan_task_phase phase;
    const char *name; /* "Connect Scan" */
    uint64_t wall_ns;
    double percent;                        /* PROGRESS */
    uint64_t remaining_s, expected_wall_s; /* PROGRESS: time left, moment of the end; 0: unknown */
    const char *extra;                     /* END: "1000 total ports"; NULL: none */
};

struct arena;

/* A copy of a host that lives as long as the arena: all that a scan without scripts, OS detection
 * and traces fills in; those parts are left out. */
struct scan_host *scan_host_copy(struct arena *arena, const struct scan_host *host);
