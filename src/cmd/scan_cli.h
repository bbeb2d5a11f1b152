/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `picket scan` as the user types them.  What they mean together is scan_setup's. */
#pragma once

#include "cmd/scan_resume.h"
#include "core/text/option.h"
#include "tool/scan/scan.h"

enum { SCAN_CLI_REPORTS_MAX = 16, SCAN_CLI_PINGS_MAX = 32 };

/* One -oX FILE. */
struct scan_cli_report {
    const struct scan_outlet_format *format;
    const char *path;
    bool with_suffix; /* of -oA: the format's suffix is put behind */
};

/* One -P option that asks hosts: how, and of which ports. */
enum scan_cli_ping_kind {
    SCAN_CLI_PING_SYN,
    SCAN_CLI_PING_ACK,
    SCAN_CLI_PING_UDP,
    SCAN_CLI_PING_SCTP,
    SCAN_CLI_PING_PROTOCOL,
    SCAN_CLI_PING_ECHO,
    SCAN_CLI_PING_TIMESTAMP,
    SCAN_CLI_PING_MASK,
    SCAN_CLI_PING_KINDS,
};

struct scan_cli_ping {
    enum scan_cli_ping_kind kind;
    const char *ports; /* as typed; NULL: the kind's own */
};

/* A field that is negative (or NULL) was not given. */
struct scan_cli {
    bool help, version, iflist;
    const char *check_folder; /* --check-data */
    /* targets */
    const char *list_file, *exclude, *exclude_file;
    int64_t random_count, shard, shards;
    bool randomize_hosts, unique, resolve_all, ip6;
    /* discovery */
    bool list_only, no_ports, skip_discovery, no_names, all_names;
    struct scan_cli_ping ping[SCAN_CLI_PINGS_MAX];
    size_t ping_count;
    bool no_link_ping, traceroute, ident;
    bool systems, os_limit, os_guess; /* -O */
    bool aggressive;                  /* -A */
    bool privileged, unprivileged;    /* whatever the kernel says of our rights */
    const char *dns_servers;
    /* techniques and ports */
    const struct scan_technique *technique[SCAN_TECHNIQUES_MAX];
    const char *zombie, *ftp; /* -sI, -b */
    const char *flags_text;   /* --scanflags */
    uint8_t tcp_flags;
    const char *ports, *exclude_ports, *data_folder;
    bool fast, in_order;
    int64_t top_ports;
    double port_ratio;
    /* versions */
    bool versions, version_trace, all_ports;
    int64_t intensity;
    const char *version_file, *service_file;
    /* scripts */
    bool script_default;
    const char *scripts, *script_args, *script_args_file, *script_help;
    int64_t script_timeout_ns;
    /* timing: the template, and what was said about single fields */
    int level;
    int64_t rtt_min_ns, rtt_max_ns, rtt_initial_ns, scan_delay_ns, host_timeout_ns;
    double rate_min, rate_max;
    int64_t retries_max, parallel_min, parallel_max, hostgroup_min, hostgroup_max;
    /* how */
    const char *interface, *source;
    int64_t source_port, seed;
    /* what frames look like */
    int fragments; /* -f, so often */
    int64_t mtu, ttl, data_length;
    const char *decoys, *data, *data_string, *ip_options, *spoof_mac;
    bool bad_sum, adler32;
    /* output */
    struct scan_cli_report report[SCAN_CLI_REPORTS_MAX];
    size_t report_count;
    int verbosity, debugging;
    bool open_only, reasons, append, no_stylesheet, quiet;
    const char *stylesheet, *resume_file;
    const struct scan_resume *resume; /* what it says; NULL: nothing is resumed */
    const char *store_folder;
    int64_t stats_every_ns;
};

extern const struct option_table scan_cli_table;

struct scan_cli scan_cli_default(void);
