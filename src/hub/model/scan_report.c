/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of nmap.dtd and of nmap's normal output. */
#include "hub/model/scan_report.h"

#include "hub/model/name_table.h"

static const char *const proto_names[SCAN_PROTO_COUNT] = {
    [SCAN_TCP] = "tcp",
    [SCAN_UDP] = "udp",
    [SCAN_SCTP] = "sctp",
    [SCAN_IP] = "ip",
};

static const char *const state_names[SCAN_STATE_COUNT] = {
    [SCAN_UNKNOWN] = "unknown",
    [SCAN_OPEN] = "open",
    [SCAN_CLOSED] = "closed",
    [SCAN_FILTERED] = "filtered",
    [SCAN_UNFILTERED] = "unfiltered",
    [SCAN_OPEN_FILTERED] = "open|filtered",
    [SCAN_CLOSED_FILTERED] = "closed|filtered",
};

static const char *const host_state_names[SCAN_HOST_STATE_COUNT] = {
    [SCAN_HOST_UNKNOWN] = "unknown",
    [SCAN_HOST_UP] = "up",
    [SCAN_HOST_DOWN] = "down",
    [SCAN_HOST_SKIPPED] = "skipped",
};

static const char *const reason_names[SCAN_REASON_COUNT] = {
#define SCAN_REASON(upper, singular, plural) [SCAN_REASON_##upper] = singular,
#include "hub/model/scan_reason.def"
#undef SCAN_REASON
};

static const char *const reason_plurals[SCAN_REASON_COUNT] = {
#define SCAN_REASON(upper, singular, plural) [SCAN_REASON_##upper] = plural,
#include "hub/model/scan_reason.def"
#undef SCAN_REASON
};

const char *scan_proto_name(enum scan_proto proto)
{
    return name_table_name(proto_names, SCAN_PROTO_COUNT, proto);
}

const char *scan_state_name(enum scan_state state)
{
    return name_table_name(state_names, SCAN_STATE_COUNT, state);
}

const char *scan_host_state_name(enum scan_host_state state)
{
    return name_table_name(host_state_names, SCAN_HOST_STATE_COUNT, state);
}

const char *scan_reason_name(enum scan_reason reason, size_t count)
{
    return name_table_name(count == 1 ? reason_names : reason_plurals, SCAN_REASON_COUNT, reason);
}
