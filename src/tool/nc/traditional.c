/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manner of netcat-traditional (Debian's 1.10-47). */
#include <errno.h>
#include <string.h>

#include "sys/io/service_name.h"
#include "tool/nc/manner.h"

/* "NAME [ADDR]", "(UNKNOWN) [ADDR]" */
static void add_host(struct str *out, const struct nc_peer *peer)
{
    char text[ADDR_TEXT_MAX];
    if (peer->path)
        str_add(out, peer->path);
    else
        str_addf(out, "%s [%s]", peer->name ? peer->name : "(UNKNOWN)",
                 addr_format(&peer->at.addr, text));
}

/* "HOST PORT (SERVICE)"; it asks services(5) also with -n. */
static void add_place(struct str *out, const struct nc_options *o, const struct nc_peer *peer)
{
    char service[SERVICE_NAME_MAX];
    const char *name = service_name(peer->at.port, o->udp ? "udp" : "tcp", service);
    add_host(out, peer);
    str_addf(out, " %u (%s)", peer->at.port, name ? name : "?");
}

/* In a scan the refused ports are the rule, so they are told to who asks twice. */
static void failed(struct str *out, const struct nc_options *o, const struct nc_peer *to, int code)
{
    bool usual = code == -ECONNREFUSED && o->port_count > 1;
    if (o->verbose < (usual ? 2 : 1))
        return;
    add_place(out, o, to);
    str_addf(out, " : %s\n", strerror(-code));
}

static void opened(struct str *out, const struct nc_options *o, const struct nc_peer *to)
{
    if (o->verbose == 0)
        return;
    add_place(out, o, to);
    str_add(out, " open\n");
}

static void listening(struct str *out, const struct nc_options *o, const struct nc_peer *at)
{
    char text[ADDR_TEXT_MAX];
    if (o->verbose == 0)
        return;
    if (at->path)
        str_addf(out, "listening on %s ...\n", at->path);
    else if (addr_is_unspecified(&at->at.addr))
        str_addf(out, "listening on [any] %u ...\n", at->at.port);
    else
        str_addf(out, "listening on [%s] %u ...\n", addr_format(&at->at.addr, text), at->at.port);
}

static void accepted(struct str *out, const struct nc_options *o, const struct nc_peer *from,
                     const struct nc_peer *at)
{
    char text[ADDR_TEXT_MAX];
    if (o->verbose == 0)
        return;
    if (at->path)
        str_addf(out, "connect to %s\n", at->path);
    else {
        str_addf(out, "connect to [%s] from ", addr_format(&at->at.addr, text));
        add_host(out, from);
        str_addf(out, " %u\n", from->at.port);
    }
}

static void unknown_host(struct str *out, const struct nc_options *o, const char *host,
                         const char *why)
{
    (void)o;
    (void)why;
    str_addf(out, "%s: forward host lookup failed: Unknown host\n", host);
}

static void cannot_bind(struct str *out, const struct nc_options *o, const struct nc_peer *at,
                        int code)
{
    char text[ADDR_TEXT_MAX];
    (void)o;
    const char *place = at->path ? at->path : addr_format(&at->at.addr, text);
    str_addf(out, "Can't grab %s:%u with bind : %s\n", place, at->at.port, strerror(-code));
}

/* `words` are the first line of an HTTP answer. */
static void proxy_refused(struct str *out, const struct proxy_client *p, const char *words)
{
    if (p->status)
        str_addf(out, "Proxy error: \"%s\"", words);
    else
        str_add(out, words);
}

static void complain(struct str *out, const char *words)
{
    str_addf(out, "%s\n", words);
}

static void totals(struct str *out, const struct nc_options *o, uint64_t sent, uint64_t received)
{
    if (o->verbose > 1)
        str_addf(out, " sent %llu, rcvd %llu\n", (unsigned long long)sent,
                 (unsigned long long)received);
}

const struct nc_manner nc_manner_traditional = {
    .name = "traditional",
    .usage_status = 1,
    .names_bind_place = true,
    .names_guests = true,
    .idle_status = 0,
    .ports_descend = true,
    .ends_with_peer = true,
    .resolves_numbers = true,
    .quiet_range_tells = true,
    .wait_is_listen = true,
    .words_are_peers = true,
    .random_source = true,
    .asks_arguments = true,
    .family = ADDR_IP4,
    .max_connections = -1,
    .proxy = PROXY_SOCKS5,
    .no_host = "no destination",
    .no_port = "no port[s] to connect to",
    .usage = "nc -h for help\n",
    .version = "nc.traditional",
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
