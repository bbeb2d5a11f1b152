/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ties a command to the bus and those who listen there: the store for now.  Without a store the
 * port is NULL and nothing is published. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/bus/bus.h"

struct wiring {
    struct bus *bus;
    struct bus_port *port; /* NULL: nobody listens */
    struct store_outlet *store;
};

/* `folder` NULL: the one of picket.conf, if it names one.  0 or a negative errno value (-EINVAL:
 * the configuration is wrong). */
int wiring_open(struct wiring *w, const char *folder, struct err *e) MUST_CHECK;

void wiring_publish_run(struct wiring *w, const struct run *run); /* nothing without a port */

/* Deliver everything and close.  0, or what writing met. */
int wiring_close(struct wiring *w, struct err *e) MUST_CHECK;
