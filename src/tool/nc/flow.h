/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One direction of a connection.  A step moves what can be moved without waiting: in the kernel
 * (splice, sendfile) where both ends allow and nobody has to see the bytes, through a buffer
 * otherwise.  Who waits for what, and what follows from an end, is the pump's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "tool/nc/dump.h"
#include "tool/nc/end.h"

enum {
    FLOW_BUFFER = 256 * 1024,
    FLOW_MESSAGE = 16384, /* of a stream that becomes datagrams: OpenBSD's buffer */
    FLOW_DUMPS = 2,
};

enum flow_way { FLOW_COPY, FLOW_SPLICE, FLOW_SPLICE_TWICE, FLOW_SENDFILE };

/* Write what becomes of in[0..len) to out[2 * len]; returns how many bytes. */
typedef size_t flow_filter_fn(void *ctx, const uint8_t *in, size_t len, uint8_t *out);

struct flow {
    struct nc_end *from, *to;
    flow_filter_fn *filter[2]; /* one after the other; NULL: none */
    void *filter_ctx;
    struct dump *dump[FLOW_DUMPS]; /* NULL: none */
    enum dump_way dump_way;
    struct str *inject;    /* bytes that go between those of the source; NULL: none */
    uint64_t messages_max; /* read no more than that many; 0: no limit */
    bool by_line;          /* stop behind each line: `pause` says so */
    bool by_chunk;         /* ... behind each chunk */

    bool readable, writable;                       /* as far as is known; false: ask poll */
    bool read_waits_to_write, write_waits_to_read; /* TLS */
    bool ended, broken;                            /* the source; the sink */
    bool cut;                                      /* the source ended without saying so */
    bool failed;                                   /* ... or by an error */
    bool pause;                                    /* the caller waits before the next step */
    uint64_t read_bytes, written_bytes, messages;
    struct err e; /* of failed and broken */

    enum flow_way way;
    int pipe_fd[2];
    size_t piped;
    uint8_t *buffer, *filtered;
    size_t at, len, chunk;
    const uint8_t *pending; /* what at and len speak of */
};

/* The fields above the flags are set by the caller. */
void flow_open(struct flow *f);
void flow_close(struct flow *f);

/* Move what can be moved.  true: something changed, a further step may do more. */
bool flow_step(struct flow *f);

bool flow_is_drained(const struct flow *f); /* the source ended and all of it was written */
bool flow_wants_read(const struct flow *f);
bool flow_wants_write(const struct flow *f);
