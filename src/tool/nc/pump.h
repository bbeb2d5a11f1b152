/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two-way copier: bytes between a local end (standard input and output, a program, another
 * socket) and a remote one, until the rules of the manner say that it is over.  The rules are data,
 * so that all the ways in which netcats end are one piece of code. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sys/loop/loop.h"
#include "tool/nc/crlf.h"
#include "tool/nc/dump.h"
#include "tool/nc/end.h"
#include "tool/nc/telnet.h"

/* What follows from what.  Zero: copy both ways until both sources have ended. */
struct pump_rules {
    bool no_input;              /* the local source is not read, and its end means nothing */
    bool no_output;             /* the remote source is not read */
    bool shut_remote;           /* the local source ended: so does what we send */
    bool shut_local;            /* the remote source ended: so does what we write locally */
    bool end_with_local;        /* the local source ended and was sent: over */
    bool end_with_remote;       /* the remote source ended and was written: over */
    bool has_quit;              /* the local source ended: over after quit_ns */
    uint64_t quit_ns;           /* ... */
    bool quit_at_silence;       /* quit_ns counts from the last byte received */
    uint64_t idle_ns;           /* no byte either way: over; 0: never */
    uint64_t messages_max;      /* received: over; 0: never */
    uint64_t line_ns, chunk_ns; /* wait behind each line sent, behind each chunk either way */
    bool crlf, telnet;
};

enum pump_end {
    PUMP_DONE,
    PUMP_IDLE,       /* idle_ns passed */
    PUMP_FAULT,      /* the connection broke: *e */
    PUMP_LOCAL_GONE, /* nobody reads what we write */
};

struct pump;
typedef void pump_done_fn(void *ctx, enum pump_end end, const struct err *e);

struct pump_spec {
    struct loop *loop;
    struct nc_end *local, *remote; /* stay the caller's */
    struct pump_rules rules;
    struct dump *dump[2]; /* NULL: none */
    pump_done_fn *done;   /* called once, from the loop; pump_close may be called there */
    void *ctx;
};

struct pump *pump_new(const struct pump_spec *spec);
void pump_close(struct pump *p); /* takes NULL; leaves the ends open */

uint64_t pump_sent(const struct pump *p);     /* bytes to the remote end */
uint64_t pump_received(const struct pump *p); /* ... from it */
bool pump_was_cut(const struct pump *p);      /* TLS ended without close_notify */
