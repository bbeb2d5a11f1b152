/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper: the one process of this machine that holds rights for others.  It parses nothing but
 * numbered requests of a fixed size, each with a state in which it is allowed, all of them in one
 * table that the caller hands in (cmd/privileged.c).  Whoever needs it first starts it; there is
 * one a machine, held so by a lock beside its socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "sys/priv/channel.h"

#define KEEPER_SOCKET "/run/picket/keeper.sock"

struct keeper_peer { /* who asks, as the kernel tells it (SO_PEERCRED) */
    uid_t uid;
    gid_t gid;
    pid_t pid;
    uint32_t state; /* bits set by operations that were done for this peer */
};

struct keeper_operation {
    uint16_t number;
    const char *name;
    uint32_t body_len;        /* the exact size of the request's body */
    uint32_t needs_state;     /* bits of keeper_peer.state that must be set */
    uint32_t rate_per_second; /* a peer that asks more often is refused with -EAGAIN; 0: no limit */
    /* Is this body acceptable from this peer?  0 or a negative errno value.  Must not act. */
    int (*check)(const struct keeper_peer *peer, const void *body);
    /* Do it: fill the answer's body, its length and descriptor.  0 or a negative errno value. */
    int (*act)(void *ctx, struct keeper_peer *peer, const void *body,
               struct channel_message *answer);
};

struct keeper_spec {
    const char *socket_path; /* KEEPER_SOCKET, or a test's own */
    const struct keeper_operation *operation;
    size_t operation_count;
    void *ctx;            /* handed to act() */
    uint64_t idle_end_ns; /* ends when nobody was connected for so long; 0: never */
    gid_t allowed_gid;    /* who may connect beside root */
};

/* Serve until idle or told to stop (SIGTERM).  Returns -EALREADY at once when another keeper
 * serves. */
int keeper_serve(const struct keeper_spec *spec, struct err *e) MUST_CHECK;

/* Connect; when nobody serves and this process may, start one (fork, own session) and connect. */
int keeper_connect(const struct keeper_spec *spec, int *out_fd, struct err *e) MUST_CHECK;
