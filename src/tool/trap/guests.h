/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections to trapped ports that are not closed at once: held for a while without reading, so
 * that a scanner waits (a tarpit), or read from, so that one learns what it was after.  Nothing
 * that comes is answered or interpreted. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sys/loop/loop.h"
#include "tool/trap/probe.h"

enum { GUESTS_MAX = 1024, GUEST_RECORD_MAX = 65536, GUEST_READ_S = 10 };

struct guests_spec {
    uint32_t hold_s;     /* 0: not longer than reading takes */
    uint32_t record_max; /* bytes read of each; 0: none */
};

/* What a guest said, when it has ended; only with record_max. */
typedef void guests_said_fn(void *ctx, const struct probe *probe, const void *data, size_t len);

struct guests;
struct guests *guests_new(struct loop *loop, const struct guests_spec *spec, guests_said_fn *said,
                          void *ctx);
void guests_free(struct guests *g); /* ends all; takes NULL */

/* Take the connection over; beyond GUESTS_MAX it is closed at once. */
void guests_take(struct guests *g, int fd, const struct probe *probe);

size_t guests_count(const struct guests *g);
