/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/nc_setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "sys/io/file.h"
#include "tool/nc/manner.h"

enum { NCAT_PORT = 31337, NCAT_CLIENTS = 100, SECRET_MAX = 4096 };

static const char *protocol_of(const struct nc_options *o)
{
    return o->sctp ? "sctp" : o->udp ? "udp" : "tcp";
}

/* ---- which options go together ---- */

static int check_together(const struct nc_cli *cli, struct err *e)
{
    const struct nc_options *o = &cli->o;
    const struct {
        bool bad;
        const char *words;
    } row[] = {
        {cli->ip4 && cli->ip6, "cannot use both -4 and -6"},
        {o->keep_open && !o->listen, "must use -l with -k"},
        {o->listen && o->scan, "cannot use -z and -l"},
        {o->listen && o->proxy_place, "cannot use a proxy and -l"},
        {o->udp && o->proxy_place, "no proxy for -u"},
        {o->udp && o->serve, "no proxy for -u"},
        {o->udp && o->sctp, "cannot use both -u and --sctp"},
        {o->udp && (o->broker || o->chat), "no broker for -u"},
        {o->send_only && o->recv_only, "cannot use both --send-only and --recv-only"},
        {o->broker && o->program, "cannot use --broker and run a program"},
        {o->serve && o->program, "cannot be a proxy and run a program"},
        {(o->broker || o->chat || o->serve) && !o->listen, "this needs -l"},
        {o->pass_descriptor && (o->listen || o->tls || o->scan || o->program),
         "cannot use -F with -l, -z, TLS or a program"},
        {o->medium != NC_IP && (o->scan || o->proxy_place), "-U and --vsock take no -z, no proxy"},
        {cli->md5 && !cli->md5_key_file, "-S needs --md5-key-file"},
        {cli->dccp, "-Z: DCCP was removed from Linux (6.16)"},
        {cli->routing_table != NULL, "-V: Linux sockets have no routing table by number"},
        {cli->proxy_dns && strcmp(cli->proxy_dns, "remote") != 0 &&
             strcmp(cli->proxy_dns, "local") != 0,
         "--proxy-dns is remote or local"},
        {o->proxy_place && o->hop_count, "no source route through a proxy"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].bad)
            return err_set(e, -EINVAL, "%s", row[i].words);
    return 0;
}

/* ---- the times ---- */

/* -w means something else to each: OpenBSD connect and idle, traditional connect, listen and the
 * last read, ncat connect alone. */
static void set_times(struct nc_cli *cli)
{
    struct nc_options *o = &cli->o;
    bool given = cli->wait_ns >= 0;
    o->connect_ns = given ? cli->wait_ns : o->manner->connect_ns;
    if (given && o->manner->wait_is_idle)
        o->idle_ns = cli->wait_ns;
    if (given && o->manner->wait_is_listen) {
        o->listen_ns = cli->wait_ns;
        o->last_read_ns = cli->wait_ns;
    }
    if (cli->idle_ns >= 0) {
        o->idle_ns = cli->idle_ns;
        o->idle_is_fault = true;
    }
    if (o->quit_after_ns >= 0 && o->manner->quit_shuts)
        o->shut_at_eof = true;
    o->shut_at_eof |= o->manner->shuts_at_eof;
}

/* ---- host and ports ---- */

static int take_port(struct nc_cli *cli, const char *text, struct port_list *ports, struct err *e)
{
    const struct nc_options *o = &cli->o;
    if (port_list_add(ports, text, protocol_of(o), o->manner->ports_descend, e) == 0)
        return 0;
    bool digits = text[strspn(text, "0123456789-")] == '\0';
    return digits ? err_set(e, -EINVAL, "port number invalid: %s", text)
                  : err_set(e, -EINVAL, "service \"%s\" unknown", text);
}

static int take_ports(struct nc_cli *cli, const struct text_list *words, size_t from,
                      struct port_list *ports, struct err *e)
{
    int rc = 0;
    for (size_t i = from; i < words->count && rc == 0; i++)
        rc = take_port(cli, words->text[i], ports, e);
    return rc;
}

/* -l: "PORT", "HOST PORT", "-p PORT [HOST]"; a word alone is a port where it can be one. */
static int place_to_listen(struct nc_cli *cli, const struct text_list *words,
                           struct port_list *ports, struct err *e)
{
    struct nc_options *o = &cli->o;
    bool lone_is_port =
        words->count == 1 && !cli->port && port_list_one(words->text[0], protocol_of(o)) >= 0;
    if (words->count > 2)
        return err_set(e, -EINVAL, "too many arguments");
    if (words->count == 1 && !lone_is_port) {
        if (!cli->port && !o->manner->default_port)
            return take_port(cli, words->text[0], ports, e);
        o->host = words->text[0];
    }
    if (words->count == 2)
        o->host = words->text[0];
    if (o->source_host && !o->host)
        o->host = o->source_host;
    const char *port =
        words->count == 2 || lone_is_port ? words->text[words->count - 1] : cli->port;
    return port ? take_port(cli, port, ports, e) : 0;
}

/* traditional: the host and ports behind -l are who may call. */
static int callers_to_let_in(struct nc_cli *cli, const struct text_list *words,
                             struct port_list *ports, struct err *e)
{
    struct nc_options *o = &cli->o;
    o->host = o->source_host;
    if (words->count)
        text_list_add(&o->allow, words->text[0]);
    return cli->port ? take_port(cli, cli->port, ports, e) : 0;
}

static int place_to_connect(struct nc_cli *cli, const struct text_list *words,
                            struct port_list *ports, struct err *e)
{
    struct nc_options *o = &cli->o;
    if (words->count == 0)
        return err_set(e, -EINVAL, "%s", o->manner->no_host);
    o->host = words->text[0];
    int rc = take_ports(cli, words, 1, ports, e);
    if (rc == 0 && cli->port) {
        int port = port_list_one(cli->port, protocol_of(o));
        if (port < 0)
            return err_set(e, -EINVAL, "port number invalid: %s", cli->port);
        o->source_port = (uint16_t)port;
    }
    if (rc == 0 && ports->count == 0 && !o->manner->default_port)
        return err_set(e, -EINVAL, "%s", o->manner->no_port);
    return rc;
}

static int place_unix(struct nc_cli *cli, const struct text_list *words, struct err *e)
{
    if (words->count != 1)
        return err_set(e, -EINVAL, "-U takes one path");
    cli->o.host = words->text[0];
    return 0;
}

static int place_vsock(struct nc_cli *cli, const struct text_list *words, struct port_list *ports,
                       struct err *e)
{
    size_t count = words->count;
    if (count < (cli->o.listen ? 1 : 2) || count > 2)
        return err_set(e, -EINVAL, "--vsock takes a CID and a port");
    cli->o.host = count == 2 ? words->text[0] : NULL;
    return take_port(cli, words->text[count - 1], ports, e);
}

static int find_place(struct nc_cli *cli, const struct text_list *words, struct port_list *ports,
                      struct err *e)
{
    struct nc_options *o = &cli->o;
    if (cli->unix_socket)
        return place_unix(cli, words, e);
    if (cli->vsock)
        return place_vsock(cli, words, ports, e);
    int rc = !o->listen                   ? place_to_connect(cli, words, ports, e)
             : o->manner->words_are_peers ? callers_to_let_in(cli, words, ports, e)
                                          : place_to_listen(cli, words, ports, e);
    if (rc == 0 && ports->count == 0 && o->manner->default_port)
        rc = take_port(cli, o->manner->default_port, ports, e);
    else if (rc == 0 && ports->count == 0 && !o->manner->words_are_peers)
        rc = err_set(e, -EINVAL, "%s", o->manner->no_port);
    return rc;
}

/* ---- proxies, routes, secrets ---- */

static int read_secret(const char *path, const char **out, struct arena *arena, struct err *e)
{
    struct str text = str_of(SECRET_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        *out = arena_copy(arena, str_text(&text), strcspn(str_text(&text), "\r\n"));
    str_done(&text);
    return rc;
}

static int set_proxy(struct nc_cli *cli, struct arena *arena, struct err *e)
{
    struct nc_options *o = &cli->o;
    int kind = cli->proxy_type ? proxy_kind_of(cli->proxy_type) : (int)o->manner->proxy;
    if (kind < 0)
        return err_set(e, -EINVAL, "unsupported proxy protocol %s", cli->proxy_type);
    if (o->listen && cli->proxy_type && !o->proxy_place)
        o->serve = (enum proxy_kind)kind;
    else if (o->proxy_place)
        o->proxy = (enum proxy_kind)kind;
    o->proxy_local_dns = cli->proxy_dns && strcmp(cli->proxy_dns, "local") == 0;
    if (o->proxy == PROXY_SOCKS4 && cli->proxy_dns && !o->proxy_local_dns)
        o->proxy = PROXY_SOCKS4A;
    if (cli->proxy_auth_file)
        return read_secret(cli->proxy_auth_file, &o->proxy_auth, arena, e);
    if (!o->proxy_auth)
        o->proxy_auth = getenv("NCAT_PROXY_AUTH");
    if (cli->proxy_user && !o->proxy_auth)
        o->proxy_auth = cli->proxy_user; /* cmd_nc.c asks for the password */
    return 0;
}

static void split_hops(struct nc_cli *cli, struct arena *arena)
{
    size_t count = 0;
    const char **hop = arena_array(arena, SOURCE_ROUTE_HOPS_MAX + 1, sizeof *hop);
    for (size_t i = 0; i < cli->hops.count; i++)
        for (const char *at = cli->hops.text[i]; *at && count <= SOURCE_ROUTE_HOPS_MAX;) {
            size_t len = strcspn(at, ",");
            if (len)
                hop[count++] = arena_copy(arena, at, len);
            at += len + (at[len] == ',');
        }
    cli->o.hop = hop;
    cli->o.hop_count = count;
}

static void set_medium(struct nc_cli *cli)
{
    struct nc_options *o = &cli->o;
    o->medium = cli->unix_socket ? NC_UNIX : cli->vsock ? NC_VSOCK : NC_IP;
    o->family = cli->ip4 ? ADDR_IP4 : cli->ip6 ? ADDR_IP6 : o->manner->family;
    if (cli->hops.count)
        o->family = ADDR_IP4;
    if (o->max_connections < 0 && o->listen)
        o->max_connections = o->manner->max_connections;
}

int nc_setup(struct nc_cli *cli, const struct text_list *words, struct port_list *ports,
             struct arena *arena, struct err *e)
{
    struct nc_options *o = &cli->o;
    set_medium(cli);
    split_hops(cli, arena);
    int rc = o->hop_count > SOURCE_ROUTE_HOPS_MAX
                 ? err_set(e, -EINVAL, "over %d hops", SOURCE_ROUTE_HOPS_MAX)
                 : set_proxy(cli, arena, e);
    rc = rc ? rc : check_together(cli, e);
    rc = rc ? rc : find_place(cli, words, ports, e);
    if (rc == 0 && cli->md5)
        rc = read_secret(cli->md5_key_file, &o->sock.md5_key, arena, e);
    if (rc)
        return rc;
    set_times(cli);
    if (cli->random) {
        struct rng chance = rng_system();
        port_list_shuffle(ports, &chance);
        o->random_source = o->manner->random_source && !o->listen;
    }
    o->port = ports->port;
    o->port_count = ports->count;
    return 0;
}
