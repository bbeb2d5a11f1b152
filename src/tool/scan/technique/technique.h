/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scan technique: one file and one row each.  It says what a probe is and what an answer, or none,
 * means; when to send, how often and how fast is the prober's business, and how the bytes travel the
 * transport's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "hub/model/scan_report.h"

enum scan_way {
    SCAN_WAY_SOCKET, /* ordinary sockets: no rights needed */
    SCAN_WAY_FRAME,  /* frames of our own making: CAP_NET_RAW */
};

/* What one answer says about a port. */
struct scan_verdict {
    enum scan_state state;
    struct scan_because because;
};

struct scan_technique {
    const char *name;   /* "connect": the file and the row */
    const char *option; /* "sT" */
    const char *type;   /* as nmap.dtd names it: "connect" */
    const char *title;  /* "Connect Scan": what progress lines say */
    const char *doc;    /* one line for --help */
    enum scan_proto proto;
    enum scan_way way;
    enum scan_state silent; /* the state of a port that answers no try */

    /* SCAN_WAY_SOCKET: what a finished connect says; `error` is 0 or a negative errno value, `icmp_type`
     * and `icmp_code` (-1: none) what the error queue of the socket held (ip(7), IP_RECVERR). */
    struct scan_verdict (*judge_socket)(int error, bool ip6, int icmp_type, int icmp_code);
};

extern const struct scan_technique *const scan_techniques[]; /* in the order of modules.def; ends with NULL */

const struct scan_technique *scan_technique_find(const char *name); /* NULL: no such row */
