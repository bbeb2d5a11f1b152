/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manner of OpenBSD's nc (Debian's 1.219). */
#include <errno.h>
#include <string.h>

#include "sys/io/service_name.h"
#include "tool/nc/manner.h"

static const char *protocol_of(const struct nc_options *o)
{
    return o->sctp ? "sctp" : o->udp ? "udp" : "tcp";
}

static void add_host(struct str *out, const struct nc_peer *peer)
{
    char text[ADDR_TEXT_MAX];
    if (peer->path)
        str_add(out, peer->path);
    else if (peer->is_typed)
        str_addf(out, "%s (%s)", peer->name, addr_format(&peer->at.addr, text));
    else
        str_add(out, addr_format(&peer->at.addr, text));
}

static void failed(struct str *out, const struct nc_options *o, const struct nc_peer *to, int code)
{
    if (to->path) {
        str_addf(out, "nc: %s: %s\n", to->path, strerror(-code));
        return;
    }
    if (o->verbose == 0)
        return;
    str_add(out, "nc: connect to ");
    add_host(out, to);
    str_addf(out, " port %u (%s) ", to->at.port, protocol_of(o));
    if (code == -ETIMEDOUT && o->connect_ns) /* what a poll that ran out leaves in errno there */
        str_addf(out, "timed out: %s\n", strerror(EINPROGRESS));
    else
        str_addf(out, "failed: %s\n", strerror(-code));
}

static void opened(struct str *out, const struct nc_options *o, const struct nc_peer *to)
{
    char service[SERVICE_NAME_MAX];
    const char *name = NULL;
    if (o->verbose == 0)
        return;
    if (to->path) {
        str_addf(out, "Connection to %s succeeded!\n", to->path);
        return;
    }
    if (!o->no_dns)
        name = service_name(to->at.port, protocol_of(o), service);
    str_add(out, "Connection to ");
    add_host(out, to);
    str_addf(out, " %u port [%s/%s] succeeded!\n", to->at.port, protocol_of(o), name ? name : "*");
}

/* "WORDS PLACE PORT": the name where DNS found one. */
static void add_place(struct str *out, const char *words, const struct nc_peer *at)
{
    char text[ADDR_TEXT_MAX];
    if (at->path)
        str_addf(out, "%s on %s\n", words, at->path);
    else
        str_addf(out, "%s on %s %u\n", words, at->name ? at->name : addr_format(&at->at.addr, text),
                 at->at.port);
}

static void listening(struct str *out, const struct nc_options *o, const struct nc_peer *at)
{
    if (o->verbose)
        add_place(out, o->udp ? "Bound" : "Listening", at);
}

static void accepted(struct str *out, const struct nc_options *o, const struct nc_peer *from,
                     const struct nc_peer *at)
{
    (void)at;
    if (o->verbose)
        add_place(out, "Connection received", from);
}

static void unknown_host(struct str *out, const struct nc_options *o, const char *host,
                         const char *why)
{
    str_addf(out, "nc: getaddrinfo for host \"%s\" port %u: %s\n", host,
             o->port_count ? o->port[0] : 0, why);
}

static void cannot_bind(struct str *out, const struct nc_options *o, const struct nc_peer *at,
                        int code)
{
    (void)o;
    (void)at;
    str_addf(out, "nc: bind failed: %s\n", strerror(-code));
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
    str_addf(out, "nc: %s\n", words);
}

static void totals(struct str *out, const struct nc_options *o, uint64_t sent, uint64_t received)
{
    (void)out;
    (void)o;
    (void)sent;
    (void)received;
}

const struct nc_manner nc_manner_openbsd = {
    .name = "openbsd",
    .usage_status = 1,
    .names_guests = true,
    .names_places = true,
    .idle_status = 0,
    .wait_is_idle = true,
    .quit_shuts = true,
    .max_connections = -1,
    .proxy = PROXY_SOCKS5,
    .no_host = "missing host name",
    .no_port = "missing port number",
    .usage = "usage: nc [-46bCDdFhklNnrStUuvz] [-c command] [-e program] [-I length]\n"
             "\t  [-i interval] [-M ttl] [-m minttl] [-O length] [-o file] [-P proxy_user]\n"
             "\t  [-p source_port] [-q seconds] [-s source] [-T keyword] [-W recvlimit]\n"
             "\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]] [destination]\n"
             "\t  [port]\n",
    .version = "nc",
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
