/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -z: which ports are open.  Many at once, told in the order in which they were asked for. */
#pragma once

#include "tool/nc/context.h"

struct port_scan;
typedef void port_scan_done_fn(void *ctx, size_t open);

struct port_scan_spec {
    struct nc_context *c;
    const struct addr *addr; /* of the host, tried in turn for each port */
    size_t addr_count;
    const char *name;
    bool name_is_typed;
    port_scan_done_fn *done; /* once, from the loop */
    void *ctx;
};

struct port_scan *port_scan_new(const struct port_scan_spec *spec);
void port_scan_close(struct port_scan *s); /* takes NULL */
