/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a tool gets an address banned: it says who, for how long and because of what evidence, and
 * the keeper's ban table decides (never-block list, strength of the evidence, limits), remembers,
 * and tells the firewall.  ban, trap, ids, guard and people all go this way; nobody else touches
 * the firewall for a ban.
 *
 *     struct respond *r;
 *     respond_open(&r, privileged_connect, NULL);            cmd/ hands the way to the keeper down
 *     respond_ban(r, &(struct respond_wish){.who = cidr_of(&addr, 255), .source = "trap",
 *                                           .why = "probed port 23", .strength = STRENGTH_HELD,
 *                                           .duration_s = 3600}, &e);
 *     respond_event(r, &event, "trap", &e);                  or by the wish of an event
 *     respond_lift(r, &who, "trap", &e);
 *     respond_list(r, row, ctx, &e);
 *
 * A source that bans again makes its ban longer, never shorter; each source lifts its own.  Each
 * call is one question to the keeper over a local socket and takes well under a millisecond. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "hub/model/event.h"
#include "hub/respond/ban_request.h"

struct respond; /* belongs to one thread */

/* Connect to the keeper, as cmd/privileged.h has it; the descriptor is the caller's to close. */
typedef int respond_connect_fn(void *ctx, int *out_fd, struct err *e);

struct respond_wish {
    struct cidr who;
    uint32_t duration_s;    /* 0: without end */
    enum strength strength; /* what the evidence proves of the address */
    const char *source;     /* "ban:sshd", "trap", "ids", "user" */
    const char *why;   /* one line for people, perhaps a stranger's words; cut where too long */
    uint64_t event_id; /* of the evidence; 0: none */
};

/* Connects when it is first needed, and anew when the keeper has gone. */
void respond_open(struct respond **out, respond_connect_fn *connect, void *ctx);
void respond_close(struct respond *r); /* NULL is nothing */

/* 0; -EPERM: on the never-block list; -EACCES: the evidence is too weak; -ENOSPC: the table is
 * full; or what the way to the keeper met. */
int respond_ban(struct respond *r, const struct respond_wish *wish, struct err *e) MUST_CHECK;

/* Do what the event wishes for its source address: nothing unless it is a ban. */
int respond_event(struct respond *r, const struct event *event, const char *source,
                  struct err *e) MUST_CHECK;

/* `source` "": of every source.  -ENOENT: it is not banned. */
int respond_lift(struct respond *r, const struct cidr *who, const char *source,
                 struct err *e) MUST_CHECK;

/* All bans in force, by rising number.  Return false to stop. */
typedef bool respond_row_fn(void *ctx, const struct ban_row *row);
int respond_list(struct respond *r, respond_row_fn *fn, void *ctx, struct err *e) MUST_CHECK;
