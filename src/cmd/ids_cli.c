/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ids_cli.h"

#include <stddef.h>

#define AT(field) .offset = offsetof(struct ids_cli, field)

static const struct option source[] = {
    {.short_name = "i",
     .kind = OPTION_TEXT,
     .value = "INTERFACE",
     AT(interface),
     .help = "watch this interface"},
    {.short_name = "r",
     .kind = OPTION_TEXT,
     .value = "FILE",
     AT(capture),
     .help = "read a capture (pcap, pcapng; \"-\": standard input)"},
    {.short_name = "n",
     .kind = OPTION_INT,
     .value = "COUNT",
     AT(packet_count),
     .min = 1,
     .max = INT64_MAX,
     .help = "stop after so many packets"},
    {.short_name = "k",
     .kind = OPTION_TEXT,
     .value = "MODE",
     AT(checksums),
     .help = "checksums to look at: all or none"},
};

static const struct option configuration[] = {
    {.short_name = "c",
     .kind = OPTION_TEXT,
     .value = "FILE",
     AT(snort_conf),
     .help = "snort.conf or snort.lua; rules are tried as Snort does"},
    {.long_name = "yaml",
     .kind = OPTION_TEXT,
     .value = "FILE",
     AT(yaml),
     .help = "suricata.yaml; rules are tried as Suricata does"},
    {.long_name = "set",
     .kind = OPTION_LIST,
     .value = "NAME=VALUE",
     AT(set),
     .help = "a value of suricata.yaml, over the file's"},
    {.long_name = "rules",
     .kind = OPTION_LIST,
     .value = "FILE",
     AT(rules),
     .help = "rules of Snort 2, Snort 3 or Suricata"},
    {.short_name = "S",
     .kind = OPTION_LIST,
     .value = "NAME=VALUE",
     AT(define),
     .help = "a variable of rules, over the files'"},
    {.short_name = "T",
     .kind = OPTION_SET,
     AT(test),
     .help = "read the configuration and the rules, tell their faults, and end"},
    {.long_name = "init-errors-fatal",
     .kind = OPTION_SET,
     AT(fatal),
     .help = "end when a rule or setting cannot be used"},
    {.long_name = "simulate-ips",
     .kind = OPTION_SET,
     AT(simulate_ips),
     .help = "apply drops to the rest of a capture, as if inline"},
};

static const struct option output[] = {
    {.short_name = "l", .kind = OPTION_TEXT, .value = "FOLDER", AT(log_folder), .help = "folder of logs; without rules all packets are logged there"},
    {.long_name = "eve", .kind = OPTION_TEXT, .value = "FILE", AT(eve), .help = "write Suricata's JSON log here"},
    {.short_name = "A", .kind = OPTION_TEXT, .value = "MODE", AT(alert_mode), .help = "alerts as fast, full, console, cmg, unsock or none"},
    {.short_name = "K", .kind = OPTION_TEXT, .value = "MODE", AT(log_mode), .help = "log packets as pcap, ascii or none"},
    {.short_name = "b", .kind = OPTION_SET, AT(log_binary), .help = "the same as -K pcap"},
    {.short_name = "L", .kind = OPTION_TEXT, .value = "NAME", AT(log_name), .help = "name of the packet log, before the moment's number"},
    {.short_name = "N", .kind = OPTION_SET, AT(no_log), .help = "log no packets"},
    {.short_name = "s", .kind = OPTION_SET, AT(syslog), .help = "alerts to the system log"},
    {.short_name = "M", .kind = OPTION_TEXT, .value = "FILE", AT(winpopup), .help = "alerts to the workstations that the file names, through smbclient"},
    {.short_name = "h", .kind = OPTION_TEXT, .value = "NET", AT(home_net), .help = "home net: folders of -K ascii are named after the others"},
    {.short_name = "I", .kind = OPTION_SET, AT(interface_in_alerts), .help = "the interface's name in alerts"},
    {.short_name = "O", .kind = OPTION_SET, AT(obfuscate), .help = "hide addresses in text"},
    {.short_name = "U", .kind = OPTION_SET, AT(utc), .help = "times in UTC"},
    {.short_name = "y", .kind = OPTION_SET, AT(year), .help = "times with the year"},
    {.short_name = "q", .kind = OPTION_SET, AT(quiet), .help = "say nothing at start and end"},
};

static const struct option show[] = {
    {.short_name = "v", .kind = OPTION_SET, AT(verbose), .help = "show packets"},
    {.short_name = "d", .kind = OPTION_SET, AT(payload), .help = "with their payload"},
    {.short_name = "e", .kind = OPTION_SET, AT(link_head), .help = "with the head of the second layer"},
    {.short_name = "X", .kind = OPTION_SET, AT(whole_frame), .help = "with all bytes of the frame"},
    {.short_name = "C", .kind = OPTION_SET, AT(characters), .help = "payload as characters only"},
};

static const struct option other[] = {
    {.short_name = "?", .long_name = "help", .kind = OPTION_SET, AT(help), .help = "this text"},
    {.short_name = "V", .long_name = "version", .kind = OPTION_SET, AT(version), .help = "version"},
};

static const struct option_group group[] = {
    {"What to watch", source, ARRAY_COUNT(source)},
    {"Configuration and rules", configuration, ARRAY_COUNT(configuration)},
    {"What to write", output, ARRAY_COUNT(output)},
    {"What to show", show, ARRAY_COUNT(show)},
    {"Other", other, ARRAY_COUNT(other)},
};

const struct option_table ids_cli_table = {
    .command = "ids",
    .synopsis = "[OPTION...]",
    .summary = "watch the network: show packets, log them, or try rules on them",
    .group = group,
    .group_count = ARRAY_COUNT(group),
};
