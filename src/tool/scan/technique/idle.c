/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sI (Salvatore Sanfilippo, 1998): SYNs in the name of an idle host, the zombie.  An open port
 * answers the zombie, who resets that, and its IP ID counts it; a closed or filtered one makes it
 * send nothing.  How that is watched is idle_transport's business. */
#include "tool/scan/technique/technique.h"

const struct scan_technique scan_technique_idle = {
    .name = "idle",
    .option = "sI",
    .type = "idle",
    .title = "Idle Scan",
    .doc = "in the name of an idle host",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_IDLE,
    .silent = SCAN_CLOSED_FILTERED,
    .ip4_proto = 6,
    .ip6_proto = -1, /* IPv6 heads have no ID */
};
