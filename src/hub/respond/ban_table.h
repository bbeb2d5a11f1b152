/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ban table: the keeper's memory of who is banned, by whom, until when.  It decides
 * (never-block list, limits, strength of evidence), remembers (hub/store) and tells a backend what
 * to change; it touches no firewall itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/net/cidr_set.h"
#include "hub/respond/ban_request.h"
#include "hub/store/store_ban.h"

#define BAN_NFT_FAMILY "inet"
#define BAN_NFT_TABLE  "picket"

/* A firewall, as the table sees it: sets of prefixes with a time to live. */
struct ban_backend {
    const char *name;
    void *ctx;
    /* Make these prefixes banned for `ttl_s` more seconds (0: without end) in one transaction. */
    int (*add)(void *ctx, const struct cidr *who, const uint32_t *ttl_s, size_t count,
               struct err *e);
    int (*remove)(void *ctx, const struct cidr *who, size_t count,
                  struct err *e); /* what is not there is no error */
    /* Make what add and remove need (table, sets), where it is not there.  Called at the start, and
     * when add or remove fail with -ENOENT, because somebody has flushed the firewall: then all
     * that is in force is given anew.  May be NULL. */
    int (*prepare)(void *ctx, struct err *e);
};

struct ban_limits {
    bool block_claimed; /* ban on claimed evidence alone (PortSentry's way) */
    uint32_t bans_max;  /* entries; 0: BAN_TABLE_MAX */
};

enum { BAN_TABLE_MAX = 1 << 20 };

struct ban_table;

/* `never` (sealed) is copied: own addresses, gateway, resolvers, allow list.  `store` may be NULL
 * (tests); with one, bans that are still in force are taken over from it and given to the backend.
 */
int ban_table_open(struct ban_table **out, const struct clock *clock,
                   const struct ban_limits *limits, const struct cidr_set *never,
                   const struct ban_backend *backend, struct store *store,
                   struct err *e) MUST_CHECK;
/* Another never-block list (sealed, copied) from now on; bans in force stay. */
void ban_table_set_never(struct ban_table *t, const struct cidr_set *never);

void ban_table_close(struct ban_table *t); /* the firewall keeps what is in force */

/* 0; -EINVAL (malformed), -EPERM (touches the never-block list), -EACCES (evidence too weak),
 * -ENOSPC (full), or the backend's error.  The same source again: the later end counts.  A store
 * that cannot be written is logged and holds no ban up. */
int ban_table_add(struct ban_table *t, const struct ban_request_add *request,
                  struct err *e) MUST_CHECK;
int ban_table_lift(struct ban_table *t, const struct ban_request_lift *request,
                   struct err *e) MUST_CHECK; /* -ENOENT */
void ban_table_list(struct ban_table *t, uint64_t after, struct ban_answer_list *out);

/* Give all that is in force to the backend again. */
int ban_table_restore(struct ban_table *t, struct err *e) MUST_CHECK;

/* Forget what has run out; returns when to call again (mono), UINT64_MAX: never. */
uint64_t ban_table_expire(struct ban_table *t);
