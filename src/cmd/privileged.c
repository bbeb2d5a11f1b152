/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's side of the ban table: the table is opened by the first request that needs it, in
 * the keeper's process, with the store and nftables behind it. */
#include "cmd/privileged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/config.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "hub/respond/ban_table.h"
#include "hub/respond/nft.h"
#include "sys/host/trusted.h"
#include "sys/io/file.h"
#include "sys/priv/keeper.h"

/* How long an idle keeper stays: what is in force is the kernel's and the store's. */
static const uint64_t IDLE_END_NS = 60 * NS_PER_S;

/* Of the keeper's process; opened on demand. */
struct bans {
    struct ban_table *table;
    struct nft *nft;
    struct store *store;
    struct arena arena;
    struct trusted trusted;
    uint64_t trusted_ns; /* when it was read; 0: never */
};

/* ---- who is never banned ---- */

/* Gateways change and administrators log in: what is older than this is read anew. */
static const uint64_t trusted_age_ns = UINT64_C(10) * 1000000000;

static int refresh_trusted(struct bans *b, struct err *e)
{
    uint64_t now = clock_mono_ns(&clock_system);
    if (b->trusted_ns && now - b->trusted_ns < trusted_age_ns)
        return 0;
    if (trusted_read(&b->trusted, "/etc/resolv.conf", e) < 0)
        return e->code;
    b->trusted_ns = now;
    if (b->table)
        ban_table_set_never(b->table, &b->trusted.all);
    return 0;
}

/* ---- the table ---- */

static int open_store(struct bans *b, struct err *e)
{
    struct config config = {0};
    int rc = config_read(&config, NULL, &b->arena, e);
    if (rc < 0)
        return rc;
    return store_open(&b->store, config.store_folder ? config.store_folder : STORE_FOLDER,
                      STORE_WRITE, &clock_system, e);
}

static int open_table(struct bans *b, struct err *e)
{
    struct ban_limits limits = {0};
    int rc = b->nft ? 0 : nft_open(&b->nft, e);
    if (rc == 0 && !b->store && open_store(b, e) < 0) {
        /* without a store bans are in force, and forgotten when the keeper ends */
        log_at(LOG_LEVEL_WARN, "bans are not kept: %s", e->text);
        *e = (struct err){0};
    }
    if (rc == 0) {
        struct ban_backend backend = nft_backend(b->nft);
        rc = ban_table_open(&b->table, &clock_system, &limits, &b->trusted.all, &backend, b->store,
                            e);
    }
    return rc;
}

static int ready_table(struct bans *b)
{
    struct err e = {0};
    int rc = refresh_trusted(b, &e);
    if (rc == 0 && !b->table)
        rc = open_table(b, &e);
    if (rc < 0)
        log_at(LOG_LEVEL_ERROR, "ban table: %s", e.text);
    else
        ban_table_expire(b->table);
    return rc;
}

/* ---- operations ---- */

static int check_add(const struct keeper_peer *peer, const void *body)
{
    return peer->uid == 0 ? ban_request_add_check(body) : -EPERM;
}

static int act_add(void *ctx, struct keeper_peer *peer, const void *body,
                   struct channel_message *answer)
{
    struct bans *b = ctx;
    struct err e = {0};
    (void)peer, (void)answer;
    int rc = ready_table(b);
    return rc < 0 ? rc : ban_table_add(b->table, body, &e);
}

static int check_lift(const struct keeper_peer *peer, const void *body)
{
    return peer->uid == 0 ? ban_request_lift_check(body) : -EPERM;
}

static int act_lift(void *ctx, struct keeper_peer *peer, const void *body,
                    struct channel_message *answer)
{
    struct bans *b = ctx;
    struct err e = {0};
    (void)peer, (void)answer;
    int rc = ready_table(b);
    return rc < 0 ? rc : ban_table_lift(b->table, body, &e);
}

static int check_list(const struct keeper_peer *peer, const void *body)
{
    (void)peer, (void)body;
    return 0;
}

static int act_list(void *ctx, struct keeper_peer *peer, const void *body,
                    struct channel_message *answer)
{
    struct bans *b = ctx;
    struct ban_answer_list list = {0};
    (void)peer;
    int rc = ready_table(b);
    if (rc < 0)
        return rc;
    ban_table_list(b->table, ((const struct ban_request_list *)body)->after, &list);
    memcpy(answer->body, &list, sizeof list);
    answer->head.len = sizeof list;
    return 0;
}

_Static_assert(sizeof(struct ban_answer_list) <= CHANNEL_BODY_MAX, "a list fits into an answer");

static const struct keeper_operation operations[] = {
    {BAN_REQUEST_ADD, "ban", sizeof(struct ban_request_add), 0, 0, check_add, act_add},
    {BAN_REQUEST_LIFT, "lift", sizeof(struct ban_request_lift), 0, 0, check_lift, act_lift},
    {BAN_REQUEST_LIST, "list", sizeof(struct ban_request_list), 0, 0, check_list, act_list},
};

int privileged_connect(void *unused, int *out_fd, struct err *e)
{
    struct bans *bans = mem_zero(sizeof *bans); /* used in the keeper, which is forked from here */
    const char *path = getenv("PICKET_KEEPER");
    struct keeper_spec spec = {.socket_path = path && *path ? path : KEEPER_SOCKET,
                               .operation = operations,
                               .operation_count = ARRAY_COUNT(operations),
                               .ctx = bans,
                               .idle_end_ns = IDLE_END_NS};
    (void)unused;
    int rc = path ? 0 : file_make_folders("/run/picket", 0755, e);
    if (rc == 0)
        rc = keeper_connect(&spec, out_fd, e);
    mem_free(bans);
    return rc;
}
