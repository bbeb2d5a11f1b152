/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scan with every member of scan_report.h in it and a stranger's worst words, for the tests of
 * its formats. */
#pragma once

#include "core/base/attr.h"
#include "hub/outlet/scan_outlet.h"

#define SAMPLE_NS(seconds)                                                                         \
    ((UINT64_C(1795539600) + (seconds)) * 1000000000) /* 2026-11-24 17:00                          \
                                                       */

static const struct addr sample_addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}};
static const struct addr sample_other[] = {
    {.family = ADDR_IP4, .byte = {192, 0, 2, 11}},
    {.family = ADDR_IP6, .byte = {0x20, 1, 0x0d, 0xb8, [15] = 1}},
};
static const struct scan_name sample_name[] = {{"www.example", true}, {"mail.example", false}};

static const char *const sample_ssh_cpe[] = {"cpe:/a:openbsd:openssh:9.2p1",
                                             "cpe:/o:linux:linux_kernel"};
static const char *const sample_os_cpe[] = {"cpe:/o:linux:linux_kernel:6"};
static const char *const sample_box_cpe[] = {"cpe:/h:lab:box"};

static const struct scan_script_node sample_pair[] = {{.text = "one"}, {.text = "two"}};
static const struct scan_script_node sample_mixed[] = {{.key = "x", .text = "1"}, {.text = ""}};
static const struct scan_script_node sample_node[] = {
    {.key = "key", .text = "va<l"},
    {.key = "list", .child = sample_pair, .child_count = 2},
    {.key = "mixed", .child = sample_mixed, .child_count = 2},
    {.key = "empty"},
};
static const struct scan_script sample_script[] = {
    {.id = "banner", .output = "a\tb \x1b[31m</pre><script>\xff\xe2\x80\xae\r\nlast"},
    {.id = "table", .output = "\n  key: va<l\n", .node = sample_node, .node_count = 4},
};

static const struct scan_port sample_port[] = {
    {.proto = SCAN_TCP,
     .number = 22,
     .state = SCAN_OPEN,
     .because = {.reason = SCAN_REASON_SYN_ACK, .ttl = 64},
     .owner = "root",
     .service = {.name = "ssh",
                 .product = "OpenSSH",
                 .version = "9.2p1",
                 .os_type = "Linux",
                 .extra_info = "protocol 2.0",
                 .cpe = sample_ssh_cpe,
                 .cpe_count = 2,
                 .confidence = 10,
                 .probed = true},
     .script = sample_script,
     .script_count = 2},
    {.proto = SCAN_TCP,
     .number = 25,
     .state = SCAN_CLOSED,
     .because = {.reason = SCAN_REASON_RESET, .ttl = 64},
     .service = {.name = "smtp", .confidence = 3}},
    {.proto = SCAN_TCP,
     .number = 111,
     .state = SCAN_OPEN,
     .because = {.reason = SCAN_REASON_SYN_ACK, .ttl = 64},
     .service = {.name = "rpcbind",
                 .version = "2-4",
                 .extra_info = "RPC #100000",
                 .confidence = 10,
                 .probed = true,
                 .rpc = true,
                 .rpc_number = 100000,
                 .rpc_low = 2,
                 .rpc_high = 4}},
    {.proto = SCAN_TCP,
     .number = 443,
     .state = SCAN_OPEN,
     .because = {.reason = SCAN_REASON_SYN_ACK, .ttl = 64},
     .service = {.name = "http",
                 .product = "</script>/\t\x1b[2J",
                 .hostname = "mail.example",
                 .device_type = "router",
                 .ssl = true,
                 .confidence = 10,
                 .probed = true}},
    {.proto = SCAN_TCP,
     .number = 8000,
     .state = SCAN_OPEN,
     .because = {.reason = SCAN_REASON_SYN_ACK, .ttl = 64},
     .service = {.name = "http-alt",
                 .confidence = 3,
                 .fingerprint = "SF-Port8000-TCP:V=0.1.0%I=7%r(GetRequest,4,\"<&>\\\"\")"
                                "%r(Help,3,\"\\x01\\xff\\n\");"}},
    {.proto = SCAN_UDP,
     .number = 53,
     .state = SCAN_OPEN_FILTERED,
     .because = {.reason = SCAN_REASON_NO_RESPONSE}},
    {.proto = SCAN_UDP,
     .number = 161,
     .state = SCAN_FILTERED,
     .because = {.reason = SCAN_REASON_ADMIN_PROHIBITED,
                 .ttl = 63,
                 .from = {.family = ADDR_IP4, .byte = {192, 0, 2, 1}}},
     .service = {.name = "snmp", .confidence = 3}},
};

static const struct port_set sample_closed = {.word = {[1] = 0x7}};   /* 64-66 */
static const struct port_set sample_filtered = {.word = {[2] = 0x5}}; /* 128,130 */
static const struct scan_extra_reason sample_closed_reason[] = {
    {SCAN_REASON_RESET, SCAN_TCP, 3, &sample_closed},
};
static const struct scan_extra_reason sample_filtered_reason[] = {
    {SCAN_REASON_NO_RESPONSE, SCAN_TCP, 1, &sample_filtered},
    {SCAN_REASON_HOST_UNREACH, SCAN_UDP, 1, NULL},
};
static const struct scan_extra sample_extra[] = {
    {SCAN_CLOSED, 3, sample_closed_reason, 1},
    {SCAN_FILTERED, 2, sample_filtered_reason, 2},
};

static const struct scan_os_class sample_class[] = {
    {"Linux", "6.X", "general purpose", "Linux", 100, sample_os_cpe, 1},
    {"Lab", NULL, "firewall", "embedded", 100, sample_box_cpe, 1},
};
static const struct scan_os_match sample_match[] = {
    {"Lab Linux 6 <b>", 100, 4711, sample_class, 2},
    {"Linux 5.4", 95, 68194, sample_class, 1},
};
static const struct scan_port_used sample_used[] = {
    {SCAN_OPEN, SCAN_TCP, 22},
    {SCAN_CLOSED, SCAN_TCP, 25},
};
static const struct scan_os sample_os = {sample_used, 2, sample_match, 2,
                                         "OS:SCAN(V=0.1.0)\nOS:IE(R=N)\n"};

static const struct scan_hop sample_hop[] = {
    {.ttl = 1,
     .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 1}},
     .host = "gw.example",
     .rtt_ms = 0.0234},
    {.ttl = 2, .rtt_ms = -1},
    {.ttl = 3, .rtt_ms = -1},
    {.ttl = 4, .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}}, .rtt_ms = 12.5},
    {.ttl = 5, .rtt_ms = -1},
};
static const struct scan_trace sample_trace = {SCAN_TCP, 22, sample_hop, 5};

static const struct scan_host sample_host = {
    .state = SCAN_HOST_UP,
    .because = {.reason = SCAN_REASON_ECHO_REPLY, .ttl = 64},
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}},
    .has_mac = true,
    .mac = {{0x02, 0x77, 0, 0, 0x01, 0x10}},
    .vendor = "Lab & Co",
    .name = sample_name,
    .name_count = 2,
    .other_addr = sample_other,
    .other_count = 2,
    .start_wall_ns = SAMPLE_NS(1),
    .end_wall_ns = SAMPLE_NS(4),
    .comment = "the first",
    .ports_scanned = true,
    .port = sample_port,
    .port_count = 7,
    .extra = sample_extra,
    .extra_count = 2,
    .os = &sample_os,
    .distance = 4,
    .uptime_s = 43200,
    .last_boot_wall_ns = SAMPLE_NS(-43200),
    .tcp_sequence_index = "261",
    .tcp_sequence_difficulty = "Good luck!",
    .tcp_sequence_values = "9CA9C0D9,EAFC6F91",
    .ip_id_class = "All zeros",
    .ip_id_values = "0,0",
    .tcp_ts_class = "other",
    .tcp_ts_values = "1,2",
    .script = sample_script,
    .script_count = 1,
    .trace = &sample_trace,
    .smurf_responses = 2,
    .has_times = true,
    .srtt_us = 179,
    .rttvar_us = 144,
    .timeout_us = 100000,
};

/* Nothing was listed: all its ports are of one state. */
static const struct scan_host sample_quiet = {
    .state = SCAN_HOST_UP,
    .because = {.reason = SCAN_REASON_USER_SET},
    .addr = {.family = ADDR_IP6, .byte = {0x20, 1, 0x0d, 0xb8, [15] = 2}},
    .start_wall_ns = SAMPLE_NS(4),
    .end_wall_ns = SAMPLE_NS(4),
    .ports_scanned = true,
    .extra = sample_extra,
    .extra_count = 1,
};

static const struct scan_host sample_timed_out = {
    .state = SCAN_HOST_UP,
    .because = {.reason = SCAN_REASON_USER_SET},
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 12}},
    .start_wall_ns = SAMPLE_NS(4),
    .end_wall_ns = SAMPLE_NS(6),
    .timed_out = true,
    .ports_scanned = true,
};

static const struct scan_host sample_down = {
    .state = SCAN_HOST_DOWN,
    .because = {.reason = SCAN_REASON_NO_RESPONSE},
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 13}},
};

static const struct scan_host sample_listed = {
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}},
    .because = {.reason = SCAN_REASON_USER_SET},
    .name = sample_name,
    .name_count = 1,
    .listed_only = true,
};

static const struct scan_port sample_protocol[] = {
    {.proto = SCAN_IP,
     .number = 1,
     .state = SCAN_OPEN,
     .because = {.reason = SCAN_REASON_ECHO_REPLY, .ttl = 64},
     .service = {.name = "icmp", .confidence = 8}},
    {.proto = SCAN_IP,
     .number = 107,
     .state = SCAN_OPEN_FILTERED,
     .because = {.reason = SCAN_REASON_NO_RESPONSE},
     .service = {.name = "a/n", .confidence = 8}},
};
static const struct scan_extra_reason sample_protocol_reason[] = {
    {SCAN_REASON_PROTO_UNREACH, SCAN_IP, 1, &sample_closed},
};
static const struct scan_extra sample_protocol_extra[] = {
    {SCAN_CLOSED, 1, sample_protocol_reason, 1},
};
static const struct scan_trace sample_icmp_trace = {SCAN_IP, 1, sample_hop, 1};
static const struct scan_trace sample_near_trace = {SCAN_TCP, 0, sample_hop, 1};

static const struct scan_host sample_protocols = {
    .state = SCAN_HOST_UP,
    .because = {.reason = SCAN_REASON_ARP_RESPONSE},
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 14}},
    .start_wall_ns = SAMPLE_NS(6),
    .end_wall_ns = SAMPLE_NS(7),
    .ports_scanned = true,
    .port = sample_protocol,
    .port_count = 2,
    .extra = sample_protocol_extra,
    .extra_count = 1,
    .trace = &sample_icmp_trace,
};

static const struct port_set sample_tcp_ports = {.word = {[0] = 1u << 22 | 1u << 23 | 1u << 25}};
static const struct port_set sample_udp_ports = {.word = {[0] = UINT64_C(1) << 53}};
static const struct scan_info sample_info[] = {
    {.type = "syn", .proto = SCAN_TCP, .ports = &sample_tcp_ports},
    {.type = "udp", .proto = SCAN_UDP, .flags = "2", .ports = &sample_udp_ports},
};

/* All the words a scan may say: verbose, with reasons and versions. */
static const struct scan_head sample_head = {
    .program = "picket scan",
    .version = "0.1.0",
    .args = "picket scan -sSUV --reason -v -A \"a&b\" www.example",
    .start_wall_ns = SAMPLE_NS(0),
    .info = sample_info,
    .info_count = 2,
    .verbosity = 1,
    .show_reasons = true,
    .version_scan = true,
    .stylesheet = "file:///usr/share/nmap/nmap.xsl?a&b?>",
};

static const struct scan_head sample_plain_head = {
    .program = "picket scan",
    .version = "0.1.0",
    .args = "picket scan 192.0.2.10",
    .start_wall_ns = SAMPLE_NS(0),
};

static const struct scan_tail sample_tail = {
    .end_wall_ns = SAMPLE_NS(7),
    .elapsed_s = 7.126,
    .hosts_up = 4,
    .hosts_down = 1,
    .hosts_total = 5,
    .packets_sent = 6001,
    .bytes_sent = 264028,
    .packets_received = 1,
    .bytes_received = 28,
};

static const struct scan_task sample_task[] = {
    {.phase = SCAN_TASK_BEGIN, .name = "SYN Stealth Scan", .wall_ns = SAMPLE_NS(1)},
    {.phase = SCAN_TASK_PROGRESS,
     .name = "SYN Stealth Scan",
     .wall_ns = SAMPLE_NS(2),
     .percent = 0.17},
    {.phase = SCAN_TASK_PROGRESS,
     .name = "SYN Stealth Scan",
     .wall_ns = SAMPLE_NS(2),
     .percent = 33.333,
     .remaining_s = 3725,
     .expected_wall_s = 1795543325},
    {.phase = SCAN_TASK_END,
     .name = "SYN Stealth Scan",
     .wall_ns = SAMPLE_NS(4),
     .extra = "3000 total ports"},
};
static const struct scan_found sample_found = {
    .addr = {.family = ADDR_IP4, .byte = {192, 0, 2, 10}}, .proto = SCAN_TCP, .number = 22};
static const struct scan_run_scripts sample_before = {false, sample_script, 1};
static const struct scan_run_scripts sample_after = {true, sample_script + 1, 1};

/* The whole of it through one format, as the driver would do it; *out is replaced. */
static inline void sample_write(const struct scan_outlet_format *f, struct str *out)
{
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
    const struct scan_host *const host[] = {&sample_host, &sample_quiet, &sample_timed_out,
                                            &sample_down, &sample_protocols};
    str_reset(out);
    f->begin(state, &sample_head, out);
    if (f->scripts)
        f->scripts(state, &sample_head, &sample_before, out);
    if (f->target)
        f->target(state, &sample_head, "no<such>.invalid", out);
    if (f->hint)
        f->hint(state, &sample_head, &sample_host, out);
    for (size_t i = 0; f->task && i < ARRAY_COUNT(sample_task); i++)
        f->task(state, &sample_head, &sample_task[i], out);
    if (f->found)
        f->found(state, &sample_head, &sample_found, out);
    for (size_t i = 0; i < ARRAY_COUNT(host); i++)
        f->host(state, &sample_head, host[i], out);
    if (f->scripts)
        f->scripts(state, &sample_head, &sample_after, out);
    f->end(state, &sample_head, &sample_tail, out);
}

/* One host alone, under `head`; *out is replaced. */
static inline void sample_write_host(const struct scan_outlet_format *f,
                                     const struct scan_head *head, const struct scan_host *host,
                                     struct str *out)
{
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE] = {0};
    str_reset(out);
    f->host(state, head, host, out);
}
