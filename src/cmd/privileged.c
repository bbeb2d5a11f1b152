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
#include "sys/io/file.h"
#include "sys/link/iface.h"
#include "sys/link/route.h"
#include "sys/priv/keeper.h"

/* How long an idle keeper stays: what is in force is the kernel's and the store's. */
static const uint64_t IDLE_END_NS = 60 * NS_PER_S;

/* Of the keeper's process; opened on demand. */
struct bans {
    struct ban_table *table;
    struct nft *nft;
    struct store *store;
    struct arena arena;
};

/* ---- who is never banned: this machine, its gateways and name servers ---- */

static void never_add(struct cidr_set *never, const struct addr *a)
{
    struct cidr single = cidr_of(a, 255);
    if (a->family != ADDR_NONE && !addr_is_unspecified(a))
        cidr_set_add(never, &single);
}

static int never_add_links(struct cidr_set *never, struct arena *arena, struct err *e)
{
    struct iface_list ifaces;
    struct route_list routes;
    int rc = iface_read(arena, &ifaces, e);
    for (size_t i = 0; rc == 0 && i < ifaces.count; i++)
        for (size_t k = 0; k < ifaces.item[i].addr_count; k++)
            never_add(never, &ifaces.item[i].addr[k].addr);
    if (rc == 0)
        rc = route_read(arena, &routes, e);
    for (size_t i = 0; rc == 0 && i < routes.count; i++)
        if (routes.item[i].dst.prefix_len == 0)
            never_add(never, &routes.item[i].gateway);
    return rc;
}

/* "nameserver ADDRESS" of resolv.conf(5); a file that cannot be read names none. */
static void never_add_resolvers(struct cidr_set *never)
{
    struct str text = str_of(1 << 16);
    struct err ignored = {0};
    if (file_read("/etc/resolv.conf", &text, &ignored) < 0)
        str_reset(&text);
    for (const char *at = str_text(&text); *at; at += *at == '\n') {
        size_t len = strcspn(at, "\n"), word = strspn(at, " \t");
        struct addr a;
        if (strncmp(at + word, "nameserver", 10) == 0) {
            word += 10 + strspn(at + word + 10, " \t");
            size_t n = word < len ? strcspn(at + word, " \t\n") : 0;
            if (n && addr_parse_len(&a, at + word, n, &ignored) == 0)
                never_add(never, &a);
        }
        at += len;
    }
    str_done(&text);
}

static int never_collect(struct cidr_set *never, struct err *e)
{
    static const char *const always[] = {"127.0.0.0/8", "::1/128", "0.0.0.0/32", "::/128"};
    struct arena arena = {0};
    int rc = 0;
    for (size_t i = 0; i < ARRAY_COUNT(always) && rc == 0; i++) {
        struct cidr net;
        rc = cidr_parse(&net, always[i], e);
        if (rc == 0)
            cidr_set_add(never, &net);
    }
    if (rc == 0)
        rc = never_add_links(never, &arena, e);
    never_add_resolvers(never);
    cidr_set_seal(never);
    arena_done(&arena);
    return rc;
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
    struct cidr_set never = {0};
    struct ban_limits limits = {0};
    int rc = b->nft ? 0 : nft_open(&b->nft, e);
    if (rc == 0 && !b->store && open_store(b, e) < 0) {
        /* without a store bans are in force, and forgotten when the keeper ends */
        log_at(LOG_LEVEL_WARN, "bans are not kept: %s", e->text);
        *e = (struct err){0};
    }
    if (rc == 0)
        rc = never_collect(&never, e);
    if (rc == 0) {
        struct ban_backend backend = nft_backend(b->nft);
        rc = ban_table_open(&b->table, &clock_system, &limits, &never, &backend, b->store, e);
    }
    cidr_set_done(&never);
    return rc;
}

static int ready_table(struct bans *b)
{
    struct err e = {0};
    int rc = b->table ? 0 : open_table(b, &e);
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
