/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first knowledge about a host: picket's own scan instead of a port scanner written in NASL. */
#pragma once

#include "tool/nasl/host.h"
#include "tool/scan/scan.h"

struct assess_scan {
    struct addr addr;
    const struct port_set *tcp; /* which ports are asked */
    const struct service_table *services;
    struct probe_db *probes;
    bool (*stop)(void *ctx); /* may be NULL */
    void *ctx;
};

/* Ask the ports which are open and which service each is, and put it into the knowledge base:
 * Ports/tcp/N, Services/NAME, Known/tcp/N, Transports/TCP/N, Host/scanned.  The number of open
 * ports, or a negative errno value. */
int assess_scan_host(const struct assess_scan *what, struct nasl_kb *kb, const struct clock *clock,
                     struct err *e) MUST_CHECK;

/* The same from a report that is there. */
int assess_know_ports(struct nasl_kb *kb, const struct scan_host *host);

/* The name scripts know a service by ("www" for http). */
const char *assess_service_name(const char *service);
