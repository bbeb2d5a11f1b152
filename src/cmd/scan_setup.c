/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what the user typed to what tool/scan wants: defaults, contradictions, files, rights. */
#include "cmd/scan_setup.h"

#include <errno.h>
#include <string.h>

#include "cmd/scan_ping.h"
#include "cmd/scan_shape.h"
#include "cmd/scan_script.h"
#include "core/base/rng.h"
#include "sys/io/resolver.h"
#include "sys/io/sock.h"
#include "sys/priv/capability.h"
#include "tool/scan/service/own_probes.h"
#include "tool/scan/service/service_scan.h"
#include "tool/scan/technique/technique.h"

/* What the user asked for twice, in two ways, or for nothing: saying so beats ignoring one. */
static int check_contradictions(const struct scan_cli *cli, struct err *e)
{
    bool ports_chosen =
        cli->ports || cli->fast || cli->exclude_ports || cli->top_ports > 0 || cli->port_ratio >= 0;
    const struct {
        bool both;
        const char *words;
    } row[] = {
        {cli->exclude && cli->exclude_file, "--exclude and --excludefile exclude each other"},
        {cli->no_names && cli->all_names, "-n and -R exclude each other"},
        {cli->privileged && cli->unprivileged,
         "--privileged and --unprivileged exclude each other"},
        {cli->ports && cli->fast, "-p and -F exclude each other; -p with --top-ports does not"},
        {cli->top_ports > 0 && cli->port_ratio >= 0,
         "--top-ports and --port-ratio exclude each other"},
        {(cli->list_only || cli->no_ports) && ports_chosen,
         "-sL and -sn scan no ports: no ports can be chosen"},
        {(cli->list_only || cli->no_ports) && (cli->technique[0] || cli->flags_text),
         "-sL and -sn scan no ports: no port scan can be asked for"},
        {cli->list_file && cli->exclude_file && strcmp(cli->list_file, "-") == 0 &&
             strcmp(cli->exclude_file, "-") == 0,
         "-iL and --excludefile cannot both be standard input"},
        {cli->rtt_min_ns >= 0 && cli->rtt_max_ns >= 0 && cli->rtt_min_ns > cli->rtt_max_ns,
         "--min-rtt-timeout is above --max-rtt-timeout"},
        {cli->rate_min > 0 && cli->rate_max > 0 && cli->rate_min > cli->rate_max,
         "--min-rate is above --max-rate"},
        {cli->parallel_max > 0 && cli->parallel_min > cli->parallel_max,
         "--min-parallelism is above --max-parallelism"},
        {cli->hostgroup_max > 0 && cli->hostgroup_min > cli->hostgroup_max,
         "--min-hostgroup is above --max-hostgroup"},
        {(cli->list_only || cli->no_ports) && cli->systems,
         "-sL and -sn scan no ports: -O has nothing to go by"},
        {cli->list_only && cli->traceroute, "-sL sends nothing: no route can be traced"},
        {cli->resume && (cli->randomize_hosts || cli->random_count >= 0),
         "--resume: a scan of random targets, or in random order, cannot be gone on with"},
        {cli->port_ratio > 1, "--port-ratio is between 0 and 1"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].both)
            return err_set(e, -EINVAL, "%s", row[i].words);
    return 0;
}

static int read_targets(const struct scan_cli *cli, const struct text_list *words,
                        struct scan_setup *s, struct err *e)
{
    for (size_t i = 0; i < words->count; i++)
        if (target_list_add(&s->targets, words->text[i], &s->arena, e) < 0)
            return e->code;
    if (cli->list_file && target_list_add_file(&s->targets, cli->list_file, &s->arena, e) < 0)
        return err_wrap(e, "-iL");
    if (cli->exclude_file &&
        target_list_add_file(&s->excludes, cli->exclude_file, &s->arena, e) < 0)
        return err_wrap(e, "--excludefile");
    for (const char *pos = cli->exclude; pos && *pos;) {
        size_t len = strcspn(pos, ","); /* so that no octet can be a list here, as in nmap */
        if (target_list_add(&s->excludes, arena_copy(&s->arena, pos, len), &s->arena, e) < 0)
            return err_wrap(e, "--exclude");
        pos += len + (pos[len] == ',');
    }
    return 0;
}

static unsigned protos_of(const struct scan_options *o)
{
    unsigned protos = 0;
    for (size_t i = 0; o->technique[i]; i++)
        protos |= 1U << o->technique[i]->proto;
    return protos;
}

/* Of the protocols being scanned: what -p says (all ports, if there is no -p) without what
 * --exclude-ports says. */
static int read_candidates(const struct scan_cli *cli, struct scan_setup *s, struct scan_ports *out,
                           struct err *e)
{
    struct scan_ports excluded = {0};
    unsigned protos = protos_of(&s->options);
    if (cli->ports && port_spec_parse(cli->ports, protos, &s->services, out, e) < 0)
        return err_wrap(e, "-p");
    if (cli->exclude_ports &&
        port_spec_parse(cli->exclude_ports, protos, &s->services, &excluded, e) < 0)
        return err_wrap(e, "--exclude-ports");
    for (enum scan_proto p = 0; p < SCAN_PROTO_COUNT; p++) {
        if (!cli->ports && protos & 1U << p)
            port_set_add_range(&out->of[p], p != SCAN_IP,
                               p != SCAN_IP ? PORT_COUNT - 1 : UINT8_MAX);
        port_set_remove(&out->of[p], &excluded.of[p]);
    }
    return 0;
}

static int read_ports(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    struct scan_ports candidates = {0};
    if (read_candidates(cli, s, &candidates, e) < 0)
        return e->code;
    size_t top = cli->top_ports > 0 ? (size_t)cli->top_ports
                 : cli->fast        ? SCAN_TOP_FAST
                                    : SCAN_TOP_DEFAULT;
    for (size_t i = 0; o->technique[i]; i++) {
        enum scan_proto p = o->technique[i]->proto;
        if (cli->port_ratio >= 0)
            service_table_ratio(&s->services, p, cli->port_ratio, &candidates.of[p],
                                &o->ports.of[p]);
        else if (cli->ports && cli->top_ports < 0)
            o->ports.of[p] = candidates.of[p];
        else
            service_table_top(&s->services, p, top, &candidates.of[p], &o->ports.of[p]);
        if (port_set_count(&o->ports.of[p]) == 0)
            return err_set(e, -EINVAL, "no %s ports are left to scan", scan_proto_name(p));
    }
    return 0;
}

static void take_time(uint64_t *to, int64_t value)
{
    if (value >= 0)
        *to = (uint64_t)value;
}

static void take_count(unsigned *to, int64_t value)
{
    if (value >= 0)
        *to = (unsigned)value;
}

static void read_timing(const struct scan_cli *cli, struct scan_timing *t)
{
    *t = scan_timing_of(cli->level);
    take_time(&t->rtt_timeout_min_ns, cli->rtt_min_ns);
    take_time(&t->rtt_timeout_max_ns, cli->rtt_max_ns);
    take_time(&t->rtt_timeout_initial_ns, cli->rtt_initial_ns);
    take_time(&t->scan_delay_ns, cli->scan_delay_ns);
    take_time(&t->host_timeout_ns, cli->host_timeout_ns);
    take_count(&t->retries_max, cli->retries_max);
    take_count(&t->parallel_min, cli->parallel_min);
    take_count(&t->parallel_max, cli->parallel_max);
    take_count(&t->hostgroup_min, cli->hostgroup_min);
    take_count(&t->hostgroup_max, cli->hostgroup_max);
    t->rate_min = cli->rate_min > 0 ? cli->rate_min : 0;
    t->rate_max = cli->rate_max > 0 ? cli->rate_max : 0;
    /* one bound given moves the template's other one out of its way */
    if (t->rtt_timeout_min_ns > t->rtt_timeout_max_ns && cli->rtt_max_ns < 0)
        t->rtt_timeout_max_ns = t->rtt_timeout_min_ns;
    if (t->rtt_timeout_min_ns > t->rtt_timeout_max_ns)
        t->rtt_timeout_min_ns = t->rtt_timeout_max_ns;
    if (t->rtt_timeout_initial_ns > t->rtt_timeout_max_ns)
        t->rtt_timeout_initial_ns = t->rtt_timeout_max_ns;
    if (t->rtt_timeout_initial_ns < t->rtt_timeout_min_ns)
        t->rtt_timeout_initial_ns = t->rtt_timeout_min_ns;
    if (t->parallel_max && t->parallel_min > t->parallel_max)
        t->parallel_max = t->parallel_min;
}

static bool may_send_frames(const struct scan_cli *cli)
{
    return cli->privileged || (!cli->unprivileged && capability_has(CAPABILITY_NET_RAW));
}

/* Which techniques can be used, and what to say when one cannot. */
static int choose_techniques(const struct scan_cli *cli, struct scan_options *o, struct err *e)
{
    o->frames = may_send_frames(cli);
    memcpy(o->technique, cli->technique, sizeof o->technique);
    if (!o->technique[0])
        o->technique[0] = scan_technique_find(o->frames ? "syn" : "connect");
    for (size_t i = 0; o->technique[i]; i++)
        if (o->technique[i]->by_protocol && (i || o->technique[1]))
            return err_set(e, -EINVAL, "-%s goes with no other scan", o->technique[i]->option);
        else if (!o->frames &&
                 (o->technique[i]->way == SCAN_WAY_FRAME || o->technique[i]->way == SCAN_WAY_IDLE))
            return err_set(e, -EPERM, "-%s needs root privilege or %s; -sT works without",
                           o->technique[i]->option, capability_name(CAPABILITY_NET_RAW));
    if (cli->traceroute && !o->frames)
        return err_set(e, -EPERM, "--traceroute needs root privilege or %s",
                       capability_name(CAPABILITY_NET_RAW));
    if (cli->flags_text && !o->frames)
        return err_set(e, -EPERM, "--scanflags needs root privilege or %s",
                       capability_name(CAPABILITY_NET_RAW));
    if (cli->flags_text && cli->technique[0] && cli->technique[0]->way != SCAN_WAY_FRAME)
        return err_set(e, -EINVAL, "--scanflags: with -sT the kernel chooses the flags");
    return 0;
}

/* "HOST[:PORT]" of -sI and -b. */
static int read_endpoint(const char *text, uint16_t port, struct endpoint *out, struct err *e)
{
    char host[256];
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : strlen(text), count = 0;
    int64_t number = port;
    if (len == 0 || len >= sizeof host)
        return err_set(e, -EINVAL, "\"%s\" is no host", text);
    if (colon && option_read_int(colon + 1, 1, PORT_COUNT - 1, &number, e) < 0)
        return err_wrap(e, "\"%s\"", text);
    memcpy(host, text, len);
    host[len] = '\0';
    out->port = (uint16_t)number;
    if (addr_parse(&out->addr, host, &(struct err){0}) < 0 &&
        (resolver_lookup(host, ADDR_IP4, &out->addr, 1, &count, e) < 0 || count == 0))
        return err_set(e, -ENOENT, "\"%s\" is neither an address nor a name", host);
    return out->addr.family == ADDR_IP4 ? 0 : err_set(e, -EINVAL, "%s: IPv4 only", host);
}

/* "[USER:PASSWORD@]SERVER[:PORT]" */
static int read_ftp(const char *text, struct scan_setup *s, struct err *e)
{
    enum { FTP_PORT = 21 };
    struct scan_ftp *ftp = &s->options.ftp;
    const char *at = strrchr(text, '@'),
               *colon = at ? memchr(text, ':', (size_t)(at - text)) : NULL;
    *ftp = (struct scan_ftp){.user = "anonymous", .password = "-wwwuser@"};
    if (at) {
        size_t user_len = (size_t)((colon ? colon : at) - text);
        ftp->user = arena_copy(&s->arena, text, user_len);
        if (colon)
            ftp->password = arena_copy(&s->arena, colon + 1, (size_t)(at - colon - 1));
    }
    return read_endpoint(at ? at + 1 : text, FTP_PORT, &ftp->server, e);
}

static int read_helpers(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    enum { ZOMBIE_PORT = 80 };
    if (cli->zombie && read_endpoint(cli->zombie, ZOMBIE_PORT, &s->options.zombie, e) < 0)
        return err_wrap(e, "-sI");
    if (cli->ftp && read_ftp(cli->ftp, s, e) < 0)
        return err_wrap(e, "-b");
    return 0;
}

static int read_sender(const struct scan_cli *cli, struct scan_options *o, struct err *e)
{
    if (cli->source && addr_parse(&o->source, cli->source, e) < 0)
        return err_wrap(e, "-S");
    if (cli->interface && !sock_interface_index(cli->interface))
        return err_set(e, -ENODEV, "-e: there is no interface \"%s\"", cli->interface);
    return 0;
}

static uint64_t seed_of(const struct scan_cli *cli)
{
    struct rng rng = rng_system();
    return cli->seed >= 0 ? (uint64_t)cli->seed : rng_u64(&rng);
}

/* What is taken over as it is. */
static struct scan_options options_of(const struct scan_cli *cli, struct scan_setup *s)
{
    return (struct scan_options){
        .targets = &s->targets,
        .excludes = &s->excludes,
        .services = &s->services,
        .family = cli->ip6 ? ADDR_IP6 : ADDR_NONE,
        .resolve_all = cli->resolve_all,
        .unique = cli->unique,
        .shard = (uint32_t)cli->shard,
        .shards = (uint32_t)cli->shards,
        .randomize_hosts = cli->randomize_hosts,
        .random_forever = cli->random_count == 0,
        .random_count = cli->random_count > 0 ? (uint64_t)cli->random_count : 0,
        .list_only = cli->list_only,
        .flags_text = cli->flags_text,
        .tcp_flags = cli->tcp_flags,
        .no_ports = cli->no_ports,
        .skip_discovery = cli->skip_discovery,
        .in_order = cli->in_order,
        .names = cli->no_names    ? SCAN_NAMES_NEVER
                 : cli->all_names ? SCAN_NAMES_ALWAYS
                                  : SCAN_NAMES_UP,
        .dns_servers = cli->dns_servers,
        .no_link_ping = cli->no_link_ping,
        .traceroute = cli->traceroute || (cli->aggressive && may_send_frames(cli)),
        .ident = cli->ident,
        .os_limit = cli->os_limit,
        .os_guess = cli->os_guess,
        .interface = cli->interface,
        .source_port = (uint16_t)cli->source_port,
        .seed = seed_of(cli),
        .verbosity = cli->verbosity,
        .debugging = cli->debugging,
        .open_only = cli->open_only,
        .show_reasons = cli->reasons || cli->debugging > 0,
    };
}

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    struct scan_setup *setup = ctx;
    text_list_add(&setup->remarks, arena_print(&setup->arena, "%s:%u: %s", file, line, why));
}

static void read_scripts(const struct scan_cli *cli, struct scan_setup *s)
{
    if (scan_script_choose(cli, &s->options, &s->arena, &s->scripts))
        s->options.scripts = &s->scripts;
}

static int read_services(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    if (cli->service_file)
        return service_table_read(&s->services, cli->service_file, e);
    return service_table_open(&s->services, cli->data_folder, e);
}

/* -sV: the probes.  Intensity 7 is what nmap(1) takes when nothing is said. */
static int read_probes(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    o->intensity = cli->intensity >= 0 ? (unsigned)cli->intensity : SERVICE_INTENSITY_DEFAULT;
    o->all_ports = cli->all_ports;
    o->version_trace = cli->version_trace;
    if ((!cli->versions && !cli->aggressive) || o->list_only || o->no_ports)
        return 0;
    if (own_probes_open(&s->probes, cli->version_file, cli->data_folder, on_fault, s, e) < 0)
        return e->code;
    o->probes = &s->probes;
    return 0;
}

/* -O, or -A where it can be done: the known systems. */
static int read_systems(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    bool wanted = cli->systems || (cli->aggressive && s->options.frames);
    if (cli->systems && !s->options.frames)
        return err_set(e, -EPERM, "-O needs root privilege or %s",
                       capability_name(CAPABILITY_NET_RAW));
    if (!wanted || s->options.list_only || s->options.no_ports)
        return 0;
    int rc = os_db_open(&s->systems, cli->data_folder, on_fault, s, e);
    if (rc == -ENOENT)
        return err_wrap(e, "-O compares with nmap's file of known systems");
    if (rc == 0)
        s->options.os_db = &s->systems;
    return rc;
}

int scan_setup_make(struct scan_setup *out, const struct scan_cli *cli,
                    const struct text_list *words, struct err *e)
{
    *out = (struct scan_setup){0};
    struct scan_options *o = &out->options;
    *o = options_of(cli, out);
    if (cli->resume)
        o->resume_after = cli->resume->last;
    read_timing(cli, &o->timing);
    if (check_contradictions(cli, e) < 0 || choose_techniques(cli, o, e) < 0 ||
        read_sender(cli, o, e) < 0 || read_helpers(cli, out, e) < 0 ||
        read_services(cli, out, e) < 0 || scan_ping_choose(cli, out, e) < 0 ||
        scan_shape_make(cli, out, e) < 0 || read_probes(cli, out, e) < 0 ||
        read_systems(cli, out, e) < 0)
        return e->code;
    if (!o->list_only && !o->no_ports && read_ports(cli, out, e) < 0)
        return e->code;
    read_scripts(cli, out);
    return read_targets(cli, words, out, e);
}

void scan_setup_done(struct scan_setup *setup)
{
    target_list_done(&setup->targets);
    target_list_done(&setup->excludes);
    service_table_done(&setup->services);
    payload_set_done(&setup->payloads);
    os_db_done(&setup->systems);
    probe_db_done(&setup->probes);
    text_list_done(&setup->remarks);
    arena_done(&setup->arena);
}
