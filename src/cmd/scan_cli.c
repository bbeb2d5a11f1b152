/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_cli.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "hub/outlet/scan_outlet.h"
#include "sys/priv/capability.h"
#include "tool/scan/technique/technique.h"

/* ---- what single options do ---- */

static int set_technique(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)value;
    for (size_t t = 0; scan_techniques[t]; t++) {
        if (!scan_techniques[t]->option ||
            strcmp(scan_techniques[t]->option, option->short_name) != 0)
            continue;
        for (size_t i = 0; i < SCAN_TECHNIQUES_MAX - 1; i++) {
            if (cli->technique[i] == scan_techniques[t])
                return 0;
            if (cli->technique[i] && cli->technique[i]->proto == scan_techniques[t]->proto)
                return err_set(e, -EINVAL, "only one %s scan at a time: -%s or -%s",
                               scan_proto_name(scan_techniques[t]->proto),
                               cli->technique[i]->option, option->short_name);
            if (!cli->technique[i]) {
                cli->technique[i] = scan_techniques[t];
                return 0;
            }
        }
    }
    return err_set(e, -EINVAL, "no technique -%s", option->short_name);
}

static int set_level(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)option;
    cli->level = scan_timing_level(value);
    if (cli->level < 0)
        return err_set(e, -EINVAL, "-T%s: a timing template is 0 to 5, or paranoid to insane",
                       value);
    return 0;
}

enum ping { PING_SYN, PING_ACK, PING_ECHO, PING_TIMESTAMP, PING_MASK, PING_ECHO_AND_ACK };

/* -PS22,80: without a list it is the port that nmap(1) takes then. */
static int set_ping_ports(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    struct port_set *set = option->detail == PING_SYN ? &cli->ping_syn : &cli->ping_ack;
    cli->ping_given = true;
    if (!value || !*value) {
        port_set_add(set, 80);
        return 0;
    }
    if (port_set_parse(set, value, e) < 0)
        return err_wrap(e, "-%s%s", option->short_name, value);
    return 0;
}

static int set_ping(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)value, (void)e;
    cli->ping_given = true;
    cli->ping_echo |= option->detail == PING_ECHO || option->detail == PING_ECHO_AND_ACK;
    cli->ping_timestamp |= option->detail == PING_TIMESTAMP;
    cli->ping_mask |= option->detail == PING_MASK;
    if (option->detail == PING_ECHO_AND_ACK)
        port_set_add(&cli->ping_ack, 80);
    return 0;
}

static int add_report(struct scan_cli *cli, struct scan_cli_report report, struct err *e)
{
    if (cli->report_count == SCAN_CLI_REPORTS_MAX)
        return err_set(e, -EINVAL, "more than %d reports", SCAN_CLI_REPORTS_MAX);
    for (size_t i = 0; i < cli->report_count; i++)
        if (strcmp(cli->report[i].path, "-") == 0 && strcmp(report.path, "-") == 0)
            return err_set(e, -EINVAL, "two reports to standard output");
    cli->report[cli->report_count++] = report;
    return 0;
}

static int set_report(void *to, const struct option *option, const char *value, struct err *e)
{
    for (size_t i = 0; scan_outlet_formats[i]; i++)
        if (scan_outlet_formats[i]->option &&
            strcmp(scan_outlet_formats[i]->option, option->short_name) == 0)
            return add_report(to, (struct scan_cli_report){scan_outlet_formats[i], value, false},
                              e);
    return err_set(e, -EINVAL, "no format -%s", option->short_name);
}

/* -oA BASE: all formats that have a suffix. */
static int set_all_reports(void *to, const struct option *option, const char *value, struct err *e)
{
    (void)option;
    for (size_t i = 0; scan_outlet_formats[i]; i++)
        if (scan_outlet_formats[i]->suffix &&
            add_report(to, (struct scan_cli_report){scan_outlet_formats[i], value, true}, e) < 0)
            return e->code;
    return 0;
}

static int set_stylesheet(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)option, (void)value, (void)e;
    cli->stylesheet = "https://svn.nmap.org/nmap/docs/nmap.xsl";
    return 0;
}

/* ---- the table ---- */

#define FIELD(name) offsetof(struct scan_cli, name)
#define ROWS(rows)  rows, ARRAY_COUNT(rows)

static const struct option targets[] = {
    {"iL", NULL, OPTION_TEXT, "FILE", FIELD(list_file),
     .help = "read targets from FILE (- is standard input)"},
    {"iR", NULL, OPTION_INT, "COUNT", FIELD(random_count), .min = 0, .max = INT64_MAX,
     .help = "choose COUNT random targets; 0: without end"},
    {NULL, "exclude", OPTION_TEXT, "TARGETS", FIELD(exclude),
     .help = "leave these out, separated by commas"},
    {NULL, "excludefile", OPTION_TEXT, "FILE", FIELD(exclude_file),
     .help = "leave out what stands in FILE"},
    {"rH", "randomize-hosts", OPTION_SET, NULL, FIELD(randomize_hosts),
     .help = "shuffle the hosts of each group"},
    {NULL, "unique", OPTION_SET, NULL, FIELD(unique),
     .help = "scan each address once, however often it is named"},
    {NULL, "resolve-all", OPTION_SET, NULL, FIELD(resolve_all),
     .help = "scan all addresses of a name, not only the first"},
    {"6", NULL, OPTION_SET, NULL, FIELD(ip6), .help = "take the IPv6 addresses of names"},
};

static const struct option discovery[] = {
    {"sL", NULL, OPTION_SET, NULL, FIELD(list_only), .help = "list the targets, send them nothing"},
    {"sn", NULL, OPTION_SET, NULL, FIELD(no_ports), .help = "find hosts, scan no ports"},
    {"sP", NULL, OPTION_SET, NULL, FIELD(no_ports), .help = NULL},
    {"Pn", NULL, OPTION_SET, NULL, FIELD(skip_discovery), .help = "take every host as up"},
    {"P0", NULL, OPTION_SET, NULL, FIELD(skip_discovery), .help = NULL},
    {"PN", NULL, OPTION_SET, NULL, FIELD(skip_discovery), .help = NULL},
    {"PS", NULL, OPTION_CALL, "[PORTS]", .set = set_ping_ports, .detail = PING_SYN,
     .help = "ask by TCP SYN (without rights: connect) to these ports"},
    {"PA", NULL, OPTION_CALL, "[PORTS]", .set = set_ping_ports, .detail = PING_ACK,
     .help = "ask by TCP ACK (without rights: connect) to these ports"},
    {"PT", NULL, OPTION_CALL, "[PORTS]", .set = set_ping_ports, .detail = PING_ACK, .help = NULL},
    {"PE", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = PING_ECHO,
     .help = "ask by ICMP echo"},
    {"PI", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = PING_ECHO, .help = NULL},
    {"PB", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = PING_ECHO_AND_ACK, .help = NULL},
    {"PP", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = PING_TIMESTAMP,
     .help = "ask by ICMP timestamp"},
    {"PM", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = PING_MASK,
     .help = "ask by ICMP address mask"},
    {NULL, "disable-arp-ping", OPTION_SET, NULL, FIELD(no_link_ping),
     .help = "an ARP or ND answer proves no neighbour up"},
    {"n", NULL, OPTION_SET, NULL, FIELD(no_names), .help = "look up no names of addresses"},
    {"R", NULL, OPTION_SET, NULL, FIELD(all_names),
     .help = "look up the names of hosts that are down, too"},
    {NULL, "dns-servers", OPTION_TEXT, "SERVERS", FIELD(dns_servers),
     .help = "ask these, separated by commas"},
};

static const struct option techniques[] = {
    {"sS", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "TCP SYN: half a handshake (default with rights)"},
    {"sT", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "TCP connect() (default without)"},
    {"sA", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "TCP ACK: which ports a firewall lets through"},
    {"sW", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "TCP ACK and the window of the reset"},
    {"sM", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "TCP FIN and ACK (Maimon)"},
    {"sN", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "TCP without flags"},
    {"sF", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "TCP FIN"},
    {"sX", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "TCP FIN, PSH and URG (Xmas)"},
};

static const struct option ports[] = {
    {"p", NULL, OPTION_TEXT, "PORTS", FIELD(ports),
     .help = "22; 1-1024; http*; [1-100] (known ones); T:22,U:53; - (all)"},
    {NULL, "exclude-ports", OPTION_TEXT, "PORTS", FIELD(exclude_ports), .help = "leave these out"},
    {"F", NULL, OPTION_SET, NULL, FIELD(fast), .help = "the 100 likeliest ports instead of 1,000"},
    {"r", NULL, OPTION_SET, NULL, FIELD(in_order), .help = "ports in ascending order"},
    {NULL, "top-ports", OPTION_INT, "COUNT", FIELD(top_ports), .min = 1, .max = PORT_COUNT,
     .help = "the COUNT likeliest ports"},
    {NULL, "port-ratio", OPTION_REAL, "RATIO", FIELD(port_ratio),
     .help = "the ports that are open at least so often (0 to 1)"},
    {NULL, "datadir", OPTION_TEXT, "DIR", FIELD(data_folder),
     .help = "read nmap's data files there"},
};

static const struct option timing[] = {
    {"T", NULL, OPTION_CALL, "LEVEL", .set = set_level,
     .help = "a template: 0 (paranoid) to 5 (insane)"},
    {NULL, "min-hostgroup", OPTION_INT, "COUNT", FIELD(hostgroup_min), .min = 1, .max = 1 << 20,
     .help = "scan at least so many hosts at once"},
    {NULL, "max-hostgroup", OPTION_INT, "COUNT", FIELD(hostgroup_max), .min = 1, .max = 1 << 20,
     .help = "scan at most so many hosts at once"},
    {NULL, "min-parallelism", OPTION_INT, "COUNT", FIELD(parallel_min), .min = 1, .max = 65535,
     .help = "keep at least so many probes of a host under way"},
    {"M", "max-parallelism", OPTION_INT, "COUNT", FIELD(parallel_max), .min = 1, .max = 65535,
     .help = "have at most so many probes under way"},
    {NULL, "min-rtt-timeout", OPTION_DURATION, "TIME", FIELD(rtt_min_ns),
     .help = "wait at least so long for an answer"},
    {NULL, "max-rtt-timeout", OPTION_DURATION, "TIME", FIELD(rtt_max_ns),
     .help = "wait at most so long for an answer"},
    {NULL, "initial-rtt-timeout", OPTION_DURATION, "TIME", FIELD(rtt_initial_ns),
     .help = "wait so long before anything was measured"},
    {NULL, "max-retries", OPTION_INT, "COUNT", FIELD(retries_max), .min = 0, .max = 200,
     .help = "ask a silent port again at most so often"},
    {NULL, "host-timeout", OPTION_DURATION, "TIME", FIELD(host_timeout_ns),
     .help = "give a host up after so long"},
    {NULL, "scan-delay", OPTION_DURATION, "TIME", FIELD(scan_delay_ns),
     .help = "leave so long between two probes to one host"},
    {NULL, "min-rate", OPTION_REAL, "RATE", FIELD(rate_min),
     .help = "send at least so many probes a second"},
    {NULL, "max-rate", OPTION_REAL, "RATE", FIELD(rate_max),
     .help = "send at most so many probes a second"},
};

static const struct option shaping[] = {
    {"e", NULL, OPTION_TEXT, "INTERFACE", FIELD(interface), .help = "send through this interface"},
    {"S", NULL, OPTION_TEXT, "ADDRESS", FIELD(source), .help = "send from this address"},
    {"g", "source-port", OPTION_INT, "PORT", FIELD(source_port), .min = 1, .max = 65535,
     .help = "send from this port"},
    {NULL, "seed", OPTION_INT, "NUMBER", FIELD(seed), .min = 0, .max = INT64_MAX,
     .help = "the same number gives the same order again"},
};

static const struct option output[] = {
    {"oN", NULL, OPTION_CALL, "FILE", .set = set_report, .help = "the report as text"},
    {"oX", NULL, OPTION_CALL, "FILE", .set = set_report, .help = "as nmap's XML"},
    {"oG", NULL, OPTION_CALL, "FILE", .set = set_report, .help = "one line a host, for grep"},
    {"oJ", NULL, OPTION_CALL, "FILE", .set = set_report, .help = "as JSON, one line a run"},
    {"oH", NULL, OPTION_CALL, "FILE", .set = set_report, .help = "as one HTML page"},
    {"oA", NULL, OPTION_CALL, "BASE", .set = set_all_reports,
     .help = "to BASE.nmap, BASE.xml and BASE.gnmap"},
    {NULL, "store", OPTION_TEXT, "DIR", FIELD(store_folder),
     .help = "keep run and facts in this store (picket's own is /var/lib/picket)"},
    {NULL, "append-output", OPTION_SET, NULL, FIELD(append),
     .help = "keep what the files hold, write behind it"},
    {NULL, "open", OPTION_SET, NULL, FIELD(open_only),
     .help = "show only ports that are or may be open"},
    {NULL, "reason", OPTION_SET, NULL, FIELD(reasons), .help = "say why a port is in its state"},
    {"v", "verbose", OPTION_COUNT, "[LEVEL]", FIELD(verbosity),
     .help = "say more; again: still more"},
    {"d", "debug", OPTION_COUNT, "[LEVEL]", FIELD(debugging),
     .help = "say what is going on inside"},
    {NULL, "stats-every", OPTION_DURATION, "TIME", FIELD(stats_every_ns),
     .help = "print the progress this often"},
    {NULL, "stylesheet", OPTION_TEXT, "PATH", FIELD(stylesheet),
     .help = "name this XSL style sheet in the XML"},
    {NULL, "webxml", OPTION_CALL, NULL, .set = set_stylesheet,
     .help = "name nmap's own style sheet on the web"},
    {NULL, "no-stylesheet", OPTION_SET, NULL, FIELD(no_stylesheet), .help = "name none"},
    {NULL, "noninteractive", OPTION_SET, NULL, FIELD(quiet),
     .help = "no progress line on the terminal"},
};

static const struct option other[] = {
    {NULL, "privileged", OPTION_SET, NULL, FIELD(privileged),
     .help = "take it that raw sockets may be used"},
    {NULL, "unprivileged", OPTION_SET, NULL, FIELD(unprivileged),
     .help = "take it that they may not"},
    {NULL, "iflist", OPTION_SET, NULL, FIELD(iflist), .help = "print interfaces and routes"},
    {"V", "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {
    {"Targets", ROWS(targets)},       {"Host discovery", ROWS(discovery)},
    {"Techniques", ROWS(techniques)}, {"Ports", ROWS(ports)},
    {"Timing", ROWS(timing)},         {"Shaping", ROWS(shaping)},
    {"Output", ROWS(output)},         {"Other", ROWS(other)},
};

const struct option_table scan_cli_table = {
    .command = "scan",
    .synopsis = "[OPTION...] TARGET...",
    .summary = "which hosts are up and which ports are open (beside nmap)",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
    .families = "s",
};

struct scan_cli scan_cli_default(void)
{
    return (struct scan_cli){
        .random_count = -1,
        .top_ports = -1,
        .port_ratio = -1,
        .level = SCAN_TIMING_DEFAULT,
        .rtt_min_ns = -1,
        .rtt_max_ns = -1,
        .rtt_initial_ns = -1,
        .scan_delay_ns = -1,
        .host_timeout_ns = -1,
        .rate_min = -1,
        .rate_max = -1,
        .retries_max = -1,
        .parallel_min = -1,
        .parallel_max = -1,
        .hostgroup_min = -1,
        .hostgroup_max = -1,
        .seed = -1,
    };
}

/* ---- from there to what tool/scan wants ---- */

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

int scan_cli_apply(const struct scan_cli *cli, const struct text_list *words,
                   struct scan_setup *out, struct err *e)
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
