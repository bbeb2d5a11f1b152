/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what travels on the bus into the store, in batches: a transaction each time the bus
 * pauses, or every STORE_OUTLET_BATCH records. */
#pragma once

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "hub/bus/bus.h"

enum { STORE_OUTLET_BATCH = 1000 };

struct store_outlet;

/* Open the store in `folder` for writing and listen on the bus (before bus_start). */
int store_outlet_open(struct store_outlet **out, const char *folder, struct bus *bus,
                      const struct clock *clock, struct err *e) MUST_CHECK;

/* After bus_stop: close.  0, or the first error that writing met; what came after it was not kept.
 */
int store_outlet_close(struct store_outlet *o, struct err *e) MUST_CHECK;
