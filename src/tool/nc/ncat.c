/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manner of ncat (7.93). */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "tool/nc/manner.h"

static void add_place(struct str *out, const struct nc_peer *peer)
{
    char text[ADDR_TEXT_MAX];
    if (peer->path)
        str_add(out, peer->path);
    else
        str_addf(out, "%s:%u", addr_format(&peer->at.addr, text), peer->at.port);
}

static const char *words_of(int code)
{
    return code == -ETIMEDOUT ? "TIMEOUT" : strerror(-code);
}

/* Of several addresses only the last one's failure is told, unless one asks. */
static void failed(struct str *out, const struct nc_options *o, const struct nc_peer *to, int code)
{
    if (o->verbose == 0)
        return;
    str_add(out, "Ncat: Connection to ");
    add_place(out, to);
    str_addf(out, " failed: %s.\n", words_of(code));
}

static void opened(struct str *out, const struct nc_options *o, const struct nc_peer *to)
{
    if (o->verbose == 0)
        return;
    str_add(out, "Ncat: Connected to ");
    add_place(out, to);
    str_add(out, ".\n");
}

static void listening(struct str *out, const struct nc_options *o, const struct nc_peer *at)
{
    if (o->verbose == 0)
        return;
    str_add(out, "Ncat: Listening on ");
    add_place(out, at);
    str_add(out, "\n");
}

static void accepted(struct str *out, const struct nc_options *o, const struct nc_peer *from,
                     const struct nc_peer *at)
{
    (void)at;
    if (o->verbose == 0)
        return;
    str_add(out, "Ncat: Connection from ");
    add_place(out, from);
    str_add(out, ".\n");
}

static void unknown_host(struct str *out, const struct nc_options *o, const char *host,
                         const char *why)
{
    (void)o;
    str_addf(out, "Ncat: Could not resolve hostname \"%s\": %s. QUITTING.\n", host, why);
}

static void cannot_bind(struct str *out, const struct nc_options *o, const struct nc_peer *at,
                        int code)
{
    (void)o;
    str_add(out, "Ncat: bind to ");
    add_place(out, at);
    str_addf(out, ": %s. QUITTING.\n", strerror(-code));
}

static void proxy_refused(struct str *out, const struct proxy_client *p, const char *words)
{
    if (p->status)
        str_addf(out, "Proxy returned status code %d", p->status);
    else
        str_addf(out, "Proxy: %s", words);
}

static void complain(struct str *out, const char *words)
{
    str_addf(out, "Ncat: %s.\n", words);
}

static void totals(struct str *out, const struct nc_options *o, uint64_t sent, uint64_t received)
{
    if (o->verbose && !o->listen)
        str_addf(out, "Ncat: %llu bytes sent, %llu bytes received.\n", (unsigned long long)sent,
                 (unsigned long long)received);
}

const struct nc_manner nc_manner_ncat = {
    .name = "ncat",
    .usage_status = 2,
    .names_bind_place = true,
    .idle_status = 2,
    .ends_with_peer = true,
    .udp_ends_at_eof = true,
    .serves_many = true,
    .both_families = true,
    .faults_count = true,
    .tells_refusal = true,
    .shuts_at_eof = true,
    .connect_ns = 10 * (int64_t)NS_PER_S,
    .max_connections = 100,
    .proxy = PROXY_HTTP,
    .default_port = "31337",
    .no_host = "You must specify a host to connect to. QUITTING",
    .no_port = "You must specify a port",
    .banner = "Ncat: picket " PICKET_VERSION "\n",
    .usage = "Ncat: Try `--help' for the usage. QUITTING.\n",
    .version = "Ncat",
    .failed = failed,
    .opened = opened,
    .listening = listening,
    .accepted = accepted,
    .unknown_host = unknown_host,
    .cannot_bind = cannot_bind,
    .proxy_refused = proxy_refused,
    .complain = complain,
    .totals = totals,
};
