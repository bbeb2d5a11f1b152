/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what the user typed to what tool/scan wants: defaults, contradictions, files, rights. */
#include "cmd/scan_setup.h"

#include <errno.h>
#include <string.h>

#include "core/base/rng.h"
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
            port_set_add_range(&out->of[p], 1, PORT_COUNT - 1);
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

static int add_ping(struct scan_options *o, const char *technique, uint16_t port, struct err *e)
{
    if (o->ping_count == SCAN_DISCOVERY_MAX)
        return err_set(e, -EINVAL, "-P options: more than %d questions to each host",
                       SCAN_DISCOVERY_MAX);
    o->ping[o->ping_count++] = (struct probe_item){scan_technique_find(technique), port};
    return 0;
}

static int add_port_pings(struct scan_options *o, const char *technique,
                          const struct port_set *asked, struct err *e)
{
    for (int port = -1; (port = port_set_next(asked, port + 1)) >= 0;)
        if (add_ping(o, technique, (uint16_t)port, e) < 0)
            return e->code;
    return 0;
}

/* Without rights every kind of question becomes a connection; to port 80 where ICMP was meant. */
static int choose_plain_pings(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct port_set ports = cli->ping_syn;
    bool icmp = cli->ping_echo || cli->ping_timestamp || cli->ping_mask;
    for (int port = -1; (port = port_set_next(&cli->ping_ack, port + 1)) >= 0;)
        port_set_add(&ports, (uint16_t)port);
    if (!cli->ping_given)
        port_set_add(&ports, 443);
    if (port_set_count(&ports) == 0 || !cli->ping_given)
        port_set_add(&ports, 80);
    if (icmp)
        s->remark = "without CAP_NET_RAW hosts are asked by TCP connections instead of ICMP";
    return add_port_pings(&s->options, "connect", &ports, e);
}

/* The default is nmap(1)'s: with rights an ICMP echo, a SYN to 443, an ACK to 80 and an ICMP
 * timestamp; without, a connection to 80 and one to 443. */
static int choose_pings(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    struct port_set syn = cli->ping_syn, ack = cli->ping_ack;
    bool by_default = !cli->ping_given;
    if (!o->frames)
        return choose_plain_pings(cli, s, e);
    if (by_default) {
        port_set_add(&syn, 443);
        port_set_add(&ack, 80);
    }
    if ((cli->ping_echo || by_default) && add_ping(o, "echo", 0, e) < 0)
        return e->code;
    if (add_port_pings(o, "syn", &syn, e) < 0 || add_port_pings(o, "ack", &ack, e) < 0)
        return e->code;
    if ((cli->ping_timestamp || by_default) && add_ping(o, "timestamp", 0, e) < 0)
        return e->code;
    return cli->ping_mask ? add_ping(o, "mask", 0, e) : 0;
}

/* Which techniques can be used, and what to say when one cannot. */
static int choose_techniques(const struct scan_cli *cli, struct scan_options *o, struct err *e)
{
    o->frames = cli->privileged || (!cli->unprivileged && capability_has(CAPABILITY_NET_RAW));
    memcpy(o->technique, cli->technique, sizeof o->technique);
    if (!o->technique[0])
        o->technique[0] = scan_technique_find(o->frames ? "syn" : "connect");
    for (size_t i = 0; o->technique[i]; i++)
        if (o->technique[i]->way == SCAN_WAY_FRAME && !o->frames)
            return err_set(e, -EPERM, "-%s needs root privilege or %s; -sT works without",
                           o->technique[i]->option, capability_name(CAPABILITY_NET_RAW));
    if (cli->flags_text && !o->frames)
        return err_set(e, -EPERM, "--scanflags needs root privilege or %s",
                       capability_name(CAPABILITY_NET_RAW));
    if (cli->flags_text && cli->technique[0] && cli->technique[0]->way != SCAN_WAY_FRAME)
        return err_set(e, -EINVAL, "--scanflags: with -sT the kernel chooses the flags");
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
    if (!cli->versions || o->list_only || o->no_ports)
        return 0;
    if (own_probes_open(&s->probes, cli->version_file, cli->data_folder, on_fault, s, e) < 0)
        return e->code;
    o->probes = &s->probes;
    return 0;
}

int scan_setup_make(struct scan_setup *out, const struct scan_cli *cli,
                    const struct text_list *words, struct err *e)
{
    *out = (struct scan_setup){0};
    struct scan_options *o = &out->options;
    *o = options_of(cli, out);
    read_timing(cli, &o->timing);
    if (check_contradictions(cli, e) < 0 || choose_techniques(cli, o, e) < 0 ||
        choose_pings(cli, out, e) < 0 || read_sender(cli, o, e) < 0 ||
        read_services(cli, out, e) < 0 || read_probes(cli, out, e) < 0)
        return e->code;
    if (!o->list_only && !o->no_ports && read_ports(cli, out, e) < 0)
        return e->code;
    return read_targets(cli, words, out, e);
}

void scan_setup_done(struct scan_setup *setup)
{
    target_list_done(&setup->targets);
    target_list_done(&setup->excludes);
    service_table_done(&setup->services);
    probe_db_done(&setup->probes);
    text_list_done(&setup->remarks);
    arena_done(&setup->arena);
}
