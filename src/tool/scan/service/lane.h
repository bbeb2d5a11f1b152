/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lane: one connection to a service (TCP, TLS over it, or a connected UDP socket) that puts one
 * probe at a time and collects what comes back.  What to ask, and what an answer means, is the
 * job's business. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/base/str.h"
#include "core/net/addr.h"
#include "sys/io/tls.h"
#include "sys/loop/loop.h"
#include "tool/scan/service/probe_db.h"

enum { LANE_ANSWER_MAX = 16384 }; /* endless banners end here */

enum lane_event {
    LANE_FAILED,  /* no connection, or no TLS: see lane->error */
    LANE_DATA,    /* more of the answer */
    LANE_CLOSED,  /* the service ended the connection; the lane is closed */
    LANE_SILENCE, /* the wait is over, or enough has come; the connection stands */
};

enum lane_state { LANE_IDLE, LANE_CONNECTING, LANE_HANDSHAKE, LANE_ASKING, LANE_STANDING };

/* What a lane needs to reach its service. */
struct lane_way {
    struct loop *loop;
    struct endpoint to;
    bool datagram;
    struct tls_context *tls; /* NULL: plain */
    const char *tls_name;    /* NULL: none */
    const char *interface;   /* NULL: as the routes say */
    struct addr source;      /* ADDR_NONE: as the routes say */
    uint64_t connect_ns;     /* patience with the connection and with TLS */
};

/* How long to wait for an answer, and for the next piece of one that has begun. */
struct lane_patience {
    uint64_t wait_ns, gap_ns, total_ns;
};

struct lane;
typedef void lane_fn(struct lane *lane, enum lane_event event);

/* Zeroed: idle.  fn and ctx are the owner's; fn may close, ask and open again. */
struct lane {
    lane_fn *fn;
    void *ctx;
    enum lane_state state;
    const struct service_probe *probe; /* being asked */
    struct str answer;                 /* to it */
    uint64_t asked_ns, heard_ns;       /* 0: not yet */
    int error;                         /* LANE_FAILED: a negative errno value */
    struct loop *loop;
    struct loop_fd watch;
    struct loop_timer timer;
    struct tls *tls;
    struct lane_patience patience;
    size_t sent;
    bool datagram, repeated;
    int fd;
    struct sockaddr_storage to;
    socklen_t to_len;
};

/* Connect and ask.  Events come later, from the loop. */
void lane_open(struct lane *lane, const struct lane_way *way, const struct service_probe *probe,
               const struct lane_patience *patience);

/* Ask on the connection that stands (after LANE_SILENCE). */
void lane_ask(struct lane *lane, const struct service_probe *probe,
              const struct lane_patience *patience);

bool lane_has_asked(const struct lane *lane); /* all of the probe has arrived there */
void lane_close(struct lane *lane);           /* idle again; no event */
void lane_done(struct lane *lane);            /* frees */
