/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bus: tools publish records, listeners take them, neither knows the other.  Each publishing
 * thread has a port (a bounded ring); one writer thread empties all rings and calls the listeners,
 * so that listeners need no locks and a slow one delays no packet.  What does not fit is dropped
 * and counted at the port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/counter.h"
#include "core/base/err.h"
#include "hub/model/record.h"

struct bus;
struct bus_port; /* belongs to one publishing thread */

enum { BUS_LISTENER_MAX = 16, BUS_PORT_MAX = 64 };

/* Called on the writer thread.  The record's texts live for the call only. */
typedef void bus_listener_fn(void *ctx, const struct record *record);

/* Called on the writer thread when the rings have run empty, or after at most 50 ms of work: the
 * moment to end a transaction or flush a file.  May be NULL. */
typedef void bus_pause_fn(void *ctx);

struct bus *bus_new(void);

/* Both before bus_start. */
void bus_listen(struct bus *b, bus_listener_fn *fn, bus_pause_fn *pause, void *ctx);
struct bus_port *bus_port_new(struct bus *b, size_t ring_bytes);

int bus_start(struct bus *b, struct err *e) MUST_CHECK;

/* Publish; false when the ring was full and the record was dropped (and counted). */
bool bus_publish(struct bus_port *p, const struct record *record);

/* As above, but wait for room: for tools that would rather be slow than lose (scan, assess). */
void bus_publish_wait(struct bus_port *p, const struct record *record);

/* Deliver what is left, call each pause once more, end the thread.  Ports and bus are freed. */
void bus_stop(struct bus *b);

/* bus.published, bus.dropped, bus.waited of one port; values are the port's own. */
struct counter_set bus_port_counters(struct bus_port *p);
