/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `picket ids` over a capture file: what cmd/ calls once settings and rules are read.
 * Not for: reading configuration (conf/), options (cmd/). */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "tool/ids/pipeline.h"

struct ids_read_spec {
    const char *path;   /* capture, "-": standard input */
    uint64_t count_max; /* stop after so many frames; 0: all */
    const bool *stop;   /* set by a signal: end as if the input did; may be NULL */
};

struct ids_read_result {
    uint64_t frames, bytes, bad_sums;
    uint64_t wall_ns; /* of the last frame */
};

/* Feed the frames of a capture to the worker.  Flows stay open (ids_worker_finish ends them).  0,
 * or a negative errno value: the file cannot be read, or is broken from some frame on. */
int ids_read_capture(struct ids_worker *w, const struct ids_read_spec *spec,
                     struct ids_read_result *out, struct err *e) MUST_CHECK;

/* The record "stats" of a worker, with what the engine counts in *more (may be empty). */
void ids_write_stats(struct ids_worker *w, const struct ids_settings *settings,
                     const struct eve_sink *sink, struct stat_list *more,
                     void (*members)(void *ctx, struct json_out *json), void *ctx);
