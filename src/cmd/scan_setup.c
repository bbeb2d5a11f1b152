/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what the user typed to what tool/scan wants: defaults, contradictions, files, rights. */
#include "cmd/scan_setup.h"

#include <errno.h>
#include <string.h>

#include "core/base/rng.h"
#include "sys/priv/capability.h"
#include "tool/scan/technique/technique.h"

static int read_targets(const struct scan_cli *cli, const struct text_list *words,
                        struct scan_setup *s, struct err *e)
{
    for (size_t i = 0; i < words->count; i++)
        if (target_list_add(&s->targets, words->text[i], &s->arena, e) < 0)
            return e->code;
    if (cli->list_file && target_list_add_file(&s->targets, cli->list_file, &s->arena, e) < 0)
        return e->code;
    if (cli->exclude && cli->exclude_file)
        return err_set(e, -EINVAL, "--exclude and --excludefile exclude each other");
    if (cli->exclude_file)
        return target_list_add_file(&s->excludes, cli->exclude_file, &s->arena, e);
    for (const char *pos = cli->exclude; pos && *pos;) {
        /* A comma separates targets here, unless what follows is the rest of an octet list. */
        size_t len = strcspn(pos, ",");
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

static int read_ports(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    unsigned protos = protos_of(o);
    int given = (cli->ports != NULL) + cli->fast + (cli->top_ports > 0) + (cli->port_ratio >= 0);
    if (given > 1 && !(given == 2 && cli->fast && cli->ports == NULL))
        return err_set(e, -EINVAL, "only one of -p, -F, --top-ports and --port-ratio");
    if (cli->ports && port_spec_parse(cli->ports, protos, &s->services, &o->ports, e) < 0)
        return err_wrap(e, "-p");
    if (cli->port_ratio > 1)
        return err_set(e, -EINVAL, "--port-ratio: %g is not between 0 and 1", cli->port_ratio);
    size_t top = cli->top_ports > 0 ? (size_t)cli->top_ports
                 : cli->fast        ? SCAN_TOP_FAST
                                    : SCAN_TOP_DEFAULT;
    for (enum scan_proto p = 0; p < SCAN_IP && !cli->ports; p++) {
        if (!(protos & 1U << p))
            continue;
        if (cli->port_ratio >= 0)
            service_table_ratio(&s->services, p, cli->port_ratio, &o->ports.of[p]);
        else
            service_table_top(&s->services, p, top, &o->ports.of[p]);
    }
    if (cli->exclude_ports) {
        struct scan_ports out = {0};
        if (port_spec_parse(cli->exclude_ports, protos, &s->services, &out, e) < 0)
            return err_wrap(e, "--exclude-ports");
        for (enum scan_proto p = 0; p < SCAN_PROTO_COUNT; p++)
            port_set_remove(&o->ports.of[p], &out.of[p]);
    }
    for (size_t i = 0; o->technique[i]; i++)
        if (port_set_count(&o->ports.of[o->technique[i]->proto]) == 0)
            return err_set(e, -EINVAL, "no %s ports are left to scan",
                           scan_proto_name(o->technique[i]->proto));
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

static int read_timing(const struct scan_cli *cli, struct scan_timing *t, struct err *e)
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
    if (cli->rtt_min_ns >= 0 && t->rtt_timeout_max_ns < t->rtt_timeout_min_ns)
        return err_set(e, -EINVAL, "--min-rtt-timeout is above --max-rtt-timeout");
    if (t->rtt_timeout_min_ns > t->rtt_timeout_max_ns)
        t->rtt_timeout_min_ns = t->rtt_timeout_max_ns;
    if (t->rtt_timeout_initial_ns > t->rtt_timeout_max_ns)
        t->rtt_timeout_initial_ns = t->rtt_timeout_max_ns;
    if (t->rtt_timeout_initial_ns < t->rtt_timeout_min_ns)
        t->rtt_timeout_initial_ns = t->rtt_timeout_min_ns;
    if (t->rate_max > 0 && t->rate_min > t->rate_max)
        return err_set(e, -EINVAL, "--min-rate is above --max-rate");
    if (t->parallel_max && t->parallel_min > t->parallel_max)
        return err_set(e, -EINVAL, "--min-parallelism is above --max-parallelism");
    if (t->hostgroup_max && t->hostgroup_min > t->hostgroup_max)
        return err_set(e, -EINVAL, "--min-hostgroup is above --max-hostgroup");
    return 0;
}

static void add_ping(struct scan_options *o, const char *technique, uint16_t port)
{
    if (o->ping_count < SCAN_DISCOVERY_MAX)
        o->ping[o->ping_count++] = (struct probe_item){scan_technique_find(technique), port};
}

static void add_port_pings(struct scan_options *o, const char *technique,
                           const struct port_set *asked)
{
    for (int port = -1; (port = port_set_next(asked, port + 1)) >= 0;)
        add_ping(o, technique, (uint16_t)port);
}

/* The default is nmap(1)'s: with rights an ICMP echo, a SYN to 443, an ACK to 80 and an ICMP
 * timestamp; without, a connection to 80 and one to 443.  Without rights every kind of question
 * becomes one. */
static void choose_pings(const struct scan_cli *cli, struct scan_options *o)
{
    struct port_set syn = cli->ping_syn, ack = cli->ping_ack;
    bool echo = cli->ping_echo || !cli->ping_given,
         timestamp = cli->ping_timestamp || !cli->ping_given;
    if (!cli->ping_given) {
        port_set_add(&syn, 443);
        port_set_add(&ack, 80);
    }
    if (!o->frames) {
        bool icmp_only = port_set_count(&syn) == 0 && port_set_count(&ack) == 0;
        if (icmp_only)
            port_set_add(&ack, 80);
        for (int port = -1; (port = port_set_next(&ack, port + 1)) >= 0;)
            port_set_add(&syn, (uint16_t)port);
        add_port_pings(o, "connect", &syn);
        return;
    }
    if (echo)
        add_ping(o, "echo", 0);
    add_port_pings(o, "syn", &syn);
    add_port_pings(o, "ack", &ack);
    if (timestamp)
        add_ping(o, "timestamp", 0);
    if (cli->ping_mask)
        add_ping(o, "mask", 0);
}

/* Which techniques can be used, and what to say when one cannot. */
static int choose_techniques(const struct scan_cli *cli, struct scan_options *o, struct err *e)
{
    if (cli->privileged && cli->unprivileged)
        return err_set(e, -EINVAL, "--privileged and --unprivileged exclude each other");
    o->frames = cli->privileged || (!cli->unprivileged && capability_has(CAPABILITY_NET_RAW));
    memcpy(o->technique, cli->technique, sizeof o->technique);
    if (!o->technique[0])
        o->technique[0] = scan_technique_find(o->frames ? "syn" : "connect");
    for (size_t i = 0; o->technique[i]; i++)
        if (o->technique[i]->way == SCAN_WAY_FRAME && !o->frames)
            return err_set(e, -EPERM, "-%s needs root privilege or %s; -sT works without",
                           o->technique[i]->option, capability_name(CAPABILITY_NET_RAW));
    return 0;
}

static int read_rest(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    if (cli->no_names && cli->all_names)
        return err_set(e, -EINVAL, "-n and -R exclude each other");
    if (cli->source && addr_parse(&o->source, cli->source, e) < 0)
        return err_wrap(e, "-S");
    o->names = cli->no_names    ? SCAN_NAMES_NEVER
               : cli->all_names ? SCAN_NAMES_ALWAYS
                                : SCAN_NAMES_UP;
    if (cli->seed >= 0) {
        o->seed = (uint64_t)cli->seed;
    } else {
        struct rng rng = rng_system();
        o->seed = rng_u64(&rng);
    }
    return 0;
}

int scan_setup_make(struct scan_setup *out, const struct scan_cli *cli,
                    const struct text_list *words, struct err *e)
{
    *out = (struct scan_setup){0};
    struct scan_options *o = &out->options;
    *o = (struct scan_options){
        .targets = &out->targets,
        .excludes = &out->excludes,
        .services = &out->services,
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
        .dns_servers = cli->dns_servers,
        .no_link_ping = cli->no_link_ping,
        .interface = cli->interface,
        .source_port = (uint16_t)cli->source_port,
        .verbosity = cli->verbosity,
        .debugging = cli->debugging,
        .open_only = cli->open_only,
        .show_reasons = cli->reasons || cli->debugging > 0,
    };
    if (choose_techniques(cli, o, e) < 0)
        return e->code;
    choose_pings(cli, o);
    if (read_rest(cli, out, e) < 0 || read_timing(cli, &o->timing, e) < 0)
        return e->code;
    if (service_table_open(&out->services, cli->data_folder, e) < 0)
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
    arena_done(&setup->arena);
}
