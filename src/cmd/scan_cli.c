/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_cli.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "hub/outlet/scan_outlet.h"
#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/tcp.h"

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

/* -sI ZOMBIE, -b SERVER */
static int set_helper(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    const char **field = strcmp(option->short_name, "b") == 0 ? &cli->ftp : &cli->zombie;
    *field = value;
    return set_technique(to, option, value, e);
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

static int add_ping(struct scan_cli *cli, enum scan_cli_ping_kind kind, const char *ports,
                    struct err *e)
{
    if (cli->ping_count == SCAN_CLI_PINGS_MAX)
        return err_set(e, -EINVAL, "more than %d -P options", SCAN_CLI_PINGS_MAX);
    cli->ping[cli->ping_count++] = (struct scan_cli_ping){kind, ports};
    return 0;
}

/* -PS22,80: without a list it is the port that nmap(1) takes then. */
static int set_ping(void *to, const struct option *option, const char *value, struct err *e)
{
    return add_ping(to, (enum scan_cli_ping_kind)option->detail, value && *value ? value : NULL, e);
}

/* -PB, of old */
static int set_ping_both(void *to, const struct option *option, const char *value, struct err *e)
{
    (void)option, (void)value;
    int rc = add_ping(to, SCAN_CLI_PING_ECHO, NULL, e);
    return rc < 0 ? rc : add_ping(to, SCAN_CLI_PING_ACK, NULL, e);
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

/* "URGPSHFIN" or a number: nmap(1), --scanflags. */
static int set_flags(void *to, const struct option *option, const char *value, struct err *e)
{
    static const struct {
        const char *name;
        uint8_t flag;
    } names[] = {{"FIN", TCP_FIN}, {"SYN", TCP_SYN}, {"RST", TCP_RST}, {"PSH", TCP_PSH},
                 {"ACK", TCP_ACK}, {"URG", TCP_URG}, {"ECE", TCP_ECE}, {"CWR", TCP_CWR}};
    struct scan_cli *cli = to;
    int64_t number;
    (void)option;
    cli->flags_text = value;
    if (option_read_int(value, 0, UINT8_MAX, &number, &(struct err){0}) == 0) {
        cli->tcp_flags = (uint8_t)number;
        return 0;
    }
    cli->tcp_flags = 0;
    for (const char *c = value; *c || c == value;) {
        size_t i = 0;
        while (i < ARRAY_COUNT(names) && strncasecmp(c, names[i].name, 3) != 0)
            i++;
        if (i == ARRAY_COUNT(names))
            return err_set(
                e, -EINVAL,
                "--scanflags: \"%s\" is no flag of TCP (URG ACK PSH RST SYN FIN ECE CWR)", c);
        cli->tcp_flags |= names[i].flag;
        c += 3;
    }
    return 0;
}

/* "2/5" */
static int set_shard(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    const char *slash = strchr(value, '/');
    char first[16];
    (void)option;
    if (!slash || (size_t)(slash - value) >= sizeof first)
        return err_set(e, -EINVAL, "--shard: \"%s\" is not NUMBER/COUNT", value);
    memcpy(first, value, (size_t)(slash - value));
    first[slash - value] = '\0';
    if (option_read_int(slash + 1, 1, UINT16_MAX, &cli->shards, e) < 0 ||
        option_read_int(first, 1, cli->shards, &cli->shard, e) < 0)
        return err_wrap(e, "--shard %s", value);
    return 0;
}

static int set_stylesheet(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)option, (void)value, (void)e;
    cli->stylesheet = "https://svn.nmap.org/nmap/docs/nmap.xsl";
    return 0;
}

static int set_intensity(void *to, const struct option *option, const char *value, struct err *e)
{
    struct scan_cli *cli = to;
    (void)value, (void)e;
    cli->intensity = option->detail;
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
    {NULL, "shard", OPTION_CALL, "NUMBER/COUNT", .set = set_shard,
     .help = "of the targets, only every COUNTth from the NUMBERth on"},
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
    {"PS", NULL, OPTION_CALL, "[PORTS]", .set = set_ping, .detail = SCAN_CLI_PING_SYN,
     .help = "ask by TCP SYN (without rights: connect) to these ports"},
    {"PA", NULL, OPTION_CALL, "[PORTS]", .set = set_ping, .detail = SCAN_CLI_PING_ACK,
     .help = "ask by TCP ACK (without rights: connect) to these ports"},
    {"PT", NULL, OPTION_CALL, "[PORTS]", .set = set_ping, .detail = SCAN_CLI_PING_ACK,
     .help = NULL},
    {"PU", NULL, OPTION_CALL, "[PORTS]", .set = set_ping, .detail = SCAN_CLI_PING_UDP,
     .help = "ask by UDP to these ports"},
    {"PY", NULL, OPTION_CALL, "[PORTS]", .set = set_ping, .detail = SCAN_CLI_PING_SCTP,
     .help = "ask by SCTP INIT to these ports"},
    {"PO", NULL, OPTION_CALL, "[PROTOCOLS]", .set = set_ping, .detail = SCAN_CLI_PING_PROTOCOL,
     .help = "ask by these IP protocols"},
    {"PE", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = SCAN_CLI_PING_ECHO,
     .help = "ask by ICMP echo"},
    {"PI", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = SCAN_CLI_PING_ECHO, .help = NULL},
    {"PB", NULL, OPTION_CALL, NULL, .set = set_ping_both, .help = NULL},
    {"PP", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = SCAN_CLI_PING_TIMESTAMP,
     .help = "ask by ICMP timestamp"},
    {"PM", NULL, OPTION_CALL, NULL, .set = set_ping, .detail = SCAN_CLI_PING_MASK,
     .help = "ask by ICMP address mask"},
    {NULL, "disable-arp-ping", OPTION_SET, NULL, FIELD(no_link_ping),
     .help = "an ARP or ND answer proves no neighbour up"},
    {"n", NULL, OPTION_SET, NULL, FIELD(no_names), .help = "look up no names of addresses"},
    {"R", NULL, OPTION_SET, NULL, FIELD(all_names),
     .help = "look up the names of hosts that are down, too"},
    {NULL, "dns-servers", OPTION_TEXT, "SERVERS", FIELD(dns_servers),
     .help = "ask these for names of addresses"},
    {NULL, "traceroute", OPTION_SET, NULL, FIELD(traceroute),
     .help = "find the routers on the way to each host"},
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
    {"sU", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "UDP, with what the port's service answers"},
    {"sY", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "SCTP INIT"},
    {"sZ", NULL, OPTION_CALL, NULL, .set = set_technique,
     .help = "SCTP COOKIE-ECHO: tells closed ports from the rest"},
    {"sO", NULL, OPTION_CALL, NULL, .set = set_technique, .help = "IP protocols"},
    {"sI", NULL, OPTION_CALL, "ZOMBIE", .set = set_helper,
     .help = "in the name of an idle host, whose IP IDs are watched"},
    {"b", NULL, OPTION_CALL, "SERVER", .set = set_helper,
     .help = "bounced by an FTP server: [USER:PASSWORD@]HOST[:PORT]"},
    {"I", NULL, OPTION_SET, NULL, FIELD(ident),
     .help = "ask the ident server whose each open TCP port is"},
    {NULL, "scanflags", OPTION_CALL, "FLAGS", .set = set_flags,
     .help = "TCP flags of our choice: URGACKPSHRSTSYNFIN, or a number"},
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

static const struct option versions[] = {
    {"sV", NULL, OPTION_SET, NULL, FIELD(versions),
     .help = "ask open ports which service and version they are"},
    {NULL, "version-intensity", OPTION_INT, "LEVEL", FIELD(intensity), .min = 0, .max = 9,
     .help = "ask with probes up to this rarity: 0 to 9, usually 7"},
    {NULL, "version-light", OPTION_CALL, NULL, .set = set_intensity, .detail = 2,
     .help = "ask only the likeliest questions: intensity 2"},
    {NULL, "version-all", OPTION_CALL, NULL, .set = set_intensity, .detail = 9,
     .help = "ask every question: intensity 9"},
    {NULL, "version-trace", OPTION_SET, NULL, FIELD(version_trace),
     .help = "tell what is asked and found while it happens"},
    {NULL, "allports", OPTION_SET, NULL, FIELD(all_ports),
     .help = "ask ports, too, that the probe file excludes (printers)"},
    {NULL, "versiondb", OPTION_TEXT, "FILE", FIELD(version_file),
     .help = "read probes from FILE, in the form of nmap-service-probes"},
    {NULL, "servicedb", OPTION_TEXT, "FILE", FIELD(service_file),
     .help = "read names of ports from FILE, in the form of nmap-services"},
};

static const struct option scripts[] = {
    {"sC", NULL, OPTION_SET, NULL, FIELD(script_default),
     .help = "run nmap's scripts of the category default"},
    {NULL, "script", OPTION_TEXT, "NAMES", FIELD(scripts),
     .help = "run these scripts, categories, folders or expressions of them"},
    {NULL, "script-args", OPTION_TEXT, "ARGS", FIELD(script_args),
     .help = "give them NAME=VALUE, separated by commas"},
    {NULL, "script-args-file", OPTION_TEXT, "FILE", FIELD(script_args_file),
     .help = "read such arguments from FILE"},
    {NULL, "script-timeout", OPTION_DURATION, "TIME", FIELD(script_timeout_ns),
     .help = "give a script up after so long"},
    {NULL, "script-help", OPTION_TEXT, "NAMES", FIELD(script_help),
     .help = "say what these scripts do, scan nothing"},
};

static const struct option systems[] = {
    {"O", NULL, OPTION_SET, NULL, FIELD(systems), .help = "find out which systems the hosts are"},
    {NULL, "osscan-limit", OPTION_SET, NULL, FIELD(os_limit),
     .help = "only of hosts with an open and a closed TCP port"},
    {NULL, "osscan-guess", OPTION_SET, NULL, FIELD(os_guess),
     .help = "tell the nearest ones where none fits"},
    {NULL, "fuzzy", OPTION_SET, NULL, FIELD(os_guess), .help = NULL},
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
    {"f", NULL, OPTION_COUNT, NULL, FIELD(fragments),
     .help = "send fragments of 8 bytes; given twice: of 16"},
    {NULL, "mtu", OPTION_INT, "BYTES", FIELD(mtu), .min = 1, .max = FRAME_DATA_MAX,
     .help = "send fragments of so many bytes, a multiple of 8"},
    {"D", NULL, OPTION_TEXT, "DECOYS", FIELD(decoys),
     .help = "seem to scan from these, too: addresses, RND[:COUNT], ME"},
    {"e", NULL, OPTION_TEXT, "INTERFACE", FIELD(interface), .help = "send through this interface"},
    {"S", NULL, OPTION_TEXT, "ADDRESS", FIELD(source), .help = "send from this address"},
    {"g", "source-port", OPTION_INT, "PORT", FIELD(source_port), .min = 1, .max = 65535,
     .help = "send from this port"},
    {NULL, "data", OPTION_TEXT, "HEX", FIELD(data), .help = "put these bytes behind each head"},
    {NULL, "data-string", OPTION_TEXT, "TEXT", FIELD(data_string),
     .help = "put this text behind each head"},
    {NULL, "data-length", OPTION_INT, "BYTES", FIELD(data_length), .min = 0, .max = FRAME_DATA_MAX,
     .help = "put so many random bytes behind each head"},
    {NULL, "ip-options", OPTION_TEXT, "OPTIONS", FIELD(ip_options),
     .help = "IP options: R, T, U, S ADDRESS..., L ADDRESS..., or hex"},
    {NULL, "ttl", OPTION_INT, "HOPS", FIELD(ttl), .min = 1, .max = UINT8_MAX,
     .help = "the packets' time to live"},
    {NULL, "spoof-mac", OPTION_TEXT, "MAC", FIELD(spoof_mac),
     .help = "send from this MAC; a beginning of one, or 0: random"},
    {NULL, "badsum", OPTION_SET, NULL, FIELD(bad_sum),
     .help = "send wrong checksums: only filters answer"},
    {NULL, "adler32", OPTION_SET, NULL, FIELD(adler32), .help = "the old checksum in SCTP"},
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
    {NULL, "resume", OPTION_TEXT, "FILE", FIELD(resume_file),
     .help = "go on with the scan that left this report; no other options"},
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
    {"A", NULL, OPTION_SET, NULL, FIELD(aggressive),
     .help = "find out much: -sV -sC -O --traceroute"},
    {NULL, "privileged", OPTION_SET, NULL, FIELD(privileged),
     .help = "take it that raw sockets may be used"},
    {NULL, "unprivileged", OPTION_SET, NULL, FIELD(unprivileged),
     .help = "take it that they may not"},
    {NULL, "iflist", OPTION_SET, NULL, FIELD(iflist), .help = "print interfaces and routes"},
    {NULL, "check-data", OPTION_TEXT, "DIR", FIELD(check_folder),
     .help = "check nmap's data files in DIR and count what they hold, as JSON"},
    {"V", "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {
    {"Targets", ROWS(targets)},       {"Host discovery", ROWS(discovery)},
    {"Techniques", ROWS(techniques)}, {"Ports", ROWS(ports)},
    {"Versions", ROWS(versions)},     {"Scripts", ROWS(scripts)},
    {"Systems", ROWS(systems)},       {"Timing", ROWS(timing)},
    {"Shaping", ROWS(shaping)},       {"Output", ROWS(output)},
    {"Other", ROWS(other)},
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
        .mtu = -1,
        .ttl = -1,
        .data_length = -1,
        .intensity = -1,
    };
}
