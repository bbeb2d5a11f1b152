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
    const char *checksums; /* -k */
    /* configuration */
    const char *snort_conf, *yaml;
    struct text_list rules, set, define;
    bool test, fatal, simulate_ips;
    /* what to write */
    const char *log_folder, *eve, *alert_mode, *log_mode, *log_name, *winpopup, *home_net;
    bool log_binary, no_log, syslog, interface_in_alerts, obfuscate, utc, year, quiet;
    /* what to show */
    bool verbose, payload, link_head, whole_frame, characters;
    bool help, version;
};

extern const struct option_table ids_cli_table;
