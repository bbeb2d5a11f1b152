/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ban table as it is kept on disk: who, why, until when, on what evidence.  Only the keeper
 * writes it (hub/respond/ban_table); everybody may read. */
#pragma once

#include "hub/store/store.h"

struct ban {
    struct cidr who;
    const char *source;          /* "ban:sshd", "trap", "ids", "user" */
    const char *why;             /* one line */
    uint64_t since_ns, until_ns; /* wall; until 0: without end */
    uint32_t count;              /* how often this address has been banned */
    uint64_t event_id;           /* the event that decided; 0: none */
    enum strength strength;      /* of the evidence */
};

int store_put_ban(struct store *s, const struct ban *ban,
                  struct err *e) MUST_CHECK; /* one row for (who, source) */

/* Mark as lifted at `now_ns`; the row stays as history.  `source` NULL: of every source.  -ENOENT
 * when it is not banned. */
int store_lift_ban(struct store *s, const struct cidr *who, const char *source, uint64_t now_ns,
                   struct err *e) MUST_CHECK;

/* How often `who` has been banned by `source`, lifted and past bans included; 0: never. */
int store_count_bans(struct store *s, const struct cidr *who, const char *source,
                     uint32_t *out_count, struct err *e) MUST_CHECK;

typedef bool store_ban_fn(void *ctx, const struct ban *ban);
int store_read_bans(struct store *s, uint64_t now_ns, store_ban_fn *fn, void *ctx,
                    struct err *e) MUST_CHECK; /* in force */
