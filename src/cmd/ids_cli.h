/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of ids: snort's, and those for Suricata's files. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/text/option.h"

struct ids_cli {
    /* what to read */
    const char *interface, *capture;
    int64_t packet_count;
    const char *filter_file;
    /* configuration */
    const char *snort_conf, *yaml;
    struct text_list rules, set, define;
    bool test, fatal;
    const char *checksums; /* -k */
    const char *home_net;
    bool simulate_ips, inline_mode;
    int64_t threads;
    /* what to write */
    const char *log_folder, *eve, *alert_mode, *log_mode, *log_name, *winpopup;
    bool log_binary, no_log, syslog, quiet, verbose, payload, link_head, whole_frame, characters;
    bool utc, year, interface_in_alerts, obfuscate, daemon;
    const char *event_id;
    bool help, version;
};

extern const struct option_table ids_cli_table;
