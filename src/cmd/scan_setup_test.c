/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines of scan, and what becomes of them: every option changes something, and what makes
 * no sense is refused by name. */
#include "cmd/scan_setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/scan_outlet.h"
#include "sys/io/file.h"
#include "test_folder.h"

enum { WORDS_MAX = 16, LINE_MAX_BYTES = 256 };

static char folder[TEST_FOLDER_MAX];
static char list_path[TEST_FOLDER_MAX + 16], services_path[TEST_FOLDER_MAX + 16],
    probes_path[TEST_FOLDER_MAX + 32];

/* A command line, cut at blanks.  LIST stands for a file of targets, DATA for a folder with a table
 * of services (SERVICES) and one of probes (PROBES). */
struct line {
    char text[LINE_MAX_BYTES];
    char *argv[WORDS_MAX];
    int argc;
};

static void cut(struct line *l, const char *text)
{
    static char command[] = "scan";
    *l = (struct line){.argv = {command}, .argc = 1};
    snprintf(l->text, sizeof l->text, "%s", text);
    char *rest = l->text, *word;
    const struct {
        const char *word;
        char *path;
    } stands[] = {{"LIST", list_path},
                  {"DATA", folder},
                  {"SERVICES", services_path},
                  {"PROBES", probes_path}};
    while ((word = strsep(&rest, " ")) && l->argc < WORDS_MAX) {
        for (size_t i = 0; i < ARRAY_LEN(stands); i++)
            word = strcmp(word, stands[i].word) == 0 ? stands[i].path : word;
        if (*word)
            l->argv[l->argc++] = word;
    }
}

static void print_ports(struct str *out, const char *key, const struct port_set *ports)
{
    str_addf(out, "%s=", key);
    port_set_format(ports, out);
    str_addf(out, "\n%s#=%zu\n", key, port_set_count(ports));
}

static void print_targets(struct str *out, const char *key, const struct target_list *list)
{
    str_addf(out, "%s=", key);
    for (size_t i = 0; i < list->count; i++)
        str_addf(out, "%s%s", i ? " " : "", list->spec[i].text);
    str_add_char(out, '\n');
}

static void print_timing(struct str *out, const struct scan_timing *t)
{
    str_addf(out, "level=%d\nrtt=%llu %llu %llu\ndelay=%llu\nhosttimeout=%llu\n", t->level,
             (unsigned long long)(t->rtt_timeout_min_ns / NS_PER_MS),
             (unsigned long long)(t->rtt_timeout_initial_ns / NS_PER_MS),
             (unsigned long long)(t->rtt_timeout_max_ns / NS_PER_MS),
             (unsigned long long)(t->scan_delay_ns / NS_PER_MS),
             (unsigned long long)(t->host_timeout_ns / NS_PER_MS));
    str_addf(out, "retries=%u\nparallel=%u %u\nhostgroup=%u %u\nrate=%g %g\n", t->retries_max,
             t->parallel_min, t->parallel_max, t->hostgroup_min, t->hostgroup_max, t->rate_min,
             t->rate_max);
}

static void print_hex(struct str *out, const char *key, const uint8_t *byte, size_t len)
{
    str_addf(out, "%s=", key);
    for (size_t i = 0; i < len; i++)
        str_addf(out, "%02x", byte[i]);
    str_add_char(out, '\n');
}

static void print_shape(struct str *out, const struct frame_shape *s)
{
    char addr[ADDR_TEXT_MAX], mac[MAC_TEXT_MAX];
    str_addf(out, "piece=%u ttl=%u\ndatalen=%zu\ndecoys=", s->piece_len, s->ttl, s->data_len);
    for (size_t i = 0; i < s->decoy_count; i++)
        str_addf(out, "%s ", addr_format(&s->decoy[i], addr));
    str_addf(out, "%zu\ndecoys#=%zu\n", s->decoy_self, s->decoy_count);
    print_hex(out, "data", s->data, s->data_len);
    print_hex(out, "ipoptions", s->option, s->option_len);
    str_addf(out, "mac=%s\n", s->spoofs_mac ? mac_format(&s->mac, mac) : "");
    str_addf(out, "macprefix=%.8s\n", s->spoofs_mac ? mac_format(&s->mac, mac) : "");
    str_addf(out, "%s%s", s->bad_sum ? "badsum\n" : "", s->adler32 ? "adler32\n" : "");
}

static void print_scripts(struct str *out, const struct script_options *s)
{
    if (!s)
        return;
    str_add(out, "scripts=");
    for (size_t i = 0; i < s->choice_count; i++)
        str_addf(out, "%s%s", i ? " " : "", s->choice[i]);
    str_addf(out, "%s%s\nargs=%s\nargsfile=%s\nscripttimeout=%llu\n",
             s->by_default ? " default" : "", s->versions ? " versions" : "",
             s->args ? s->args : "", s->args_file ? "file" : "", (unsigned long long)s->timeout_s);
}

static void print_options(struct str *out, const struct scan_options *o)
{
    static const char *const names[] = {"up", "never", "always"};
    char addr[ADDR_TEXT_MAX];
    str_add(out, "techniques=");
    for (size_t i = 0; o->technique[i]; i++)
        str_addf(out, "%s%s", i ? " " : "", o->technique[i]->name);
    str_add(out, "\nping=");
    for (size_t i = 0; i < o->ping_count; i++)
        str_addf(out, "%s%s %u", i ? ", " : "", o->ping[i].technique->name, o->ping[i].port);
    str_addf(out, "\nfamily=%u\nnames=%s\n", o->family, names[o->names]);
    str_addf(out, "random=%llu %d\nsource=%s %u\ndevice=%s\ndns=%s\n",
             (unsigned long long)o->random_count, o->random_forever, addr_format(&o->source, addr),
             o->source_port, o->interface ? o->interface : "",
             o->dns_servers ? o->dns_servers : "");
    str_addf(out, "zombie=%s %u\n", addr_format(&o->zombie.addr, addr), o->zombie.port);
    if (o->ftp.user)
        str_addf(out, "ftp=%s %s %s %u\n", o->ftp.user, o->ftp.password,
                 addr_format(&o->ftp.server.addr, addr), o->ftp.server.port);
    if (o->flags_text)
        str_addf(out, "flags=%x\n", o->tcp_flags);
    print_ports(out, "tcp", &o->ports.of[SCAN_TCP]);
    print_ports(out, "udp", &o->ports.of[SCAN_UDP]);
    print_ports(out, "sctp", &o->ports.of[SCAN_SCTP]);
    print_ports(out, "ip", &o->ports.of[SCAN_IP]);
    print_shape(out, &o->shape);
    print_timing(out, &o->timing);
    str_addf(out, "shard=%u %u\n", o->shard, o->shards);
    str_addf(out, "systems=%zu\n", o->os_db ? o->os_db->count : 0);
    print_scripts(out, o->scripts);
    if (o->probes)
        str_addf(out, "intensity=%u\nprobes=%zu\n", o->intensity, o->probes->count);
    const struct {
        const char *key;
        bool set;
    } flag[] = {
        {"oslimit", o->os_limit},        {"osguess", o->os_guess},    {"ident", o->ident},
        {"traceroute", o->traceroute},   {"frames", o->frames},       {"list", o->list_only},
        {"noports", o->no_ports},        {"skip", o->skip_discovery}, {"inorder", o->in_order},
        {"nolinkping", o->no_link_ping}, {"unique", o->unique},       {"all", o->resolve_all},
        {"shuffle", o->randomize_hosts}, {"open", o->open_only},      {"reasons", o->show_reasons},
        {"allports", o->all_ports},      {"trace", o->version_trace},
    };
    for (size_t i = 0; i < ARRAY_LEN(flag); i++)
        if (flag[i].set)
            str_addf(out, "%s\n", flag[i].key);
}

/* What stays with the command. */
static void print_cli(struct str *out, const struct scan_cli *c)
{
    str_addf(out, "help=%s\ncheck=%s\n", c->script_help ? c->script_help : "",
             c->check_folder ? "folder" : "");
    str_addf(out, "v=%d d=%d\nstats=%llu\nstylesheet=%s\nstore=%s\n", c->verbosity, c->debugging,
             (unsigned long long)(c->stats_every_ns / (int64_t)NS_PER_MS),
             c->stylesheet ? c->stylesheet : "", c->store_folder ? c->store_folder : "");
    str_addf(out, "resume=%s\n", c->resume_file ? c->resume_file : "");
    str_add(out, "reports=");
    for (size_t i = 0; i < c->report_count; i++)
        str_addf(out, "%s%s %s%s", i ? ", " : "", c->report[i].format->name, c->report[i].path,
                 c->report[i].with_suffix ? c->report[i].format->suffix : "");
    str_addf(out, "\n%s%s%s%s%s%s", c->append ? "append\n" : "", c->quiet ? "quiet\n" : "",
             c->no_stylesheet ? "nosheet\n" : "", c->help ? "help\n" : "",
             c->version ? "version\n" : "", c->iflist ? "iflist\n" : "");
}

/* A line of the dump for each command line.  Rights are stated, so that who runs the test does not
 * matter. */
#define PLAIN "--unprivileged 192.0.2.1 "
#define RAW   "--privileged 192.0.2.1 "

static const struct {
    const char *line, *want;
} accepted[] = {
    /* targets */
    {PLAIN "10.0.0.0/24 name.example", "targets=192.0.2.1 10.0.0.0/24 name.example"},
    {PLAIN "-iL LIST", "targets=192.0.2.1 198.51.100.7 2001:db8::/120"},
    {PLAIN "--excludefile LIST", "excluded=198.51.100.7 2001:db8::/120"},
    {PLAIN "--exclude 192.0.2.9,192.0.2.16/28,x.example",
     "excluded=192.0.2.9 192.0.2.16/28 x.example"},
    {"--unprivileged -iR 5", "random=5 0"},
    {"--unprivileged -iR 0", "random=0 1"},
    {PLAIN "-rH", "shuffle"},
    {PLAIN "--randomize-hosts", "shuffle"},
    {PLAIN "--unique", "unique"},
    {PLAIN "--shard 2/5", "shard=2 5"},
    {PLAIN "--resolve-all", "all"},
    {PLAIN "-6", "family=6"},
    /* discovery */
    {PLAIN "-sL", "list"},
    {PLAIN "-sn", "noports"},
    {PLAIN "-sP", "noports"},
    {PLAIN "-Pn", "skip"},
    {PLAIN "-P0", "skip"},
    {PLAIN "-PN", "skip"},
    {RAW, "ping=echo 0, syn 443, ack 80, timestamp 0"},
    {PLAIN, "ping=connect 80, connect 443"},
    {RAW "-PS", "ping=syn 80"},
    {RAW "-PS22,25-26 -PS9", "ping=syn 9, syn 22, syn 25, syn 26"},
    {RAW "-PA", "ping=ack 80"},
    {RAW "-PA113", "ping=ack 113"},
    {RAW "-PT113", "ping=ack 113"},
    {RAW "-PSssh,smtp", "ping=syn 22, syn 25"},
    {RAW "-PU", "ping=udp 40125"},
    {RAW "-PU53,snmp", "ping=udp 53, udp 161"},
    {RAW "-PY", "ping=sctp_init 80"},
    {RAW "-PO", "ping=protocol 1, protocol 2, protocol 4"},
    {RAW "-PO6,47", "ping=protocol 6, protocol 47"},
    {RAW "-PE", "ping=echo 0"},
    {RAW "-PI", "ping=echo 0"},
    {RAW "-PB", "ping=echo 0, ack 80"},
    {RAW "-PP", "ping=timestamp 0"},
    {RAW "-PM", "ping=mask 0"},
    {RAW "-PE -PS443 -PA80 -PP -PM", "ping=echo 0, syn 443, ack 80, timestamp 0, mask 0"},
    {PLAIN "-PS22 -PA80", "ping=connect 22, connect 80"},
    {PLAIN "-PS22", "remark="},
    {PLAIN "-PE", "ping=connect 80"},
    {PLAIN "-PE", "remark=without CAP_NET_RAW hosts are asked by TCP connections instead of ICMP"},
    {PLAIN "--disable-arp-ping", "nolinkping"},
    {PLAIN, "names=up"},
    {PLAIN "-n", "names=never"},
    {PLAIN "-R", "names=always"},
    {PLAIN "--dns-servers 192.0.2.53", "dns=192.0.2.53"},
    {RAW "--traceroute", "traceroute"},
    /* techniques */
    {RAW, "techniques=syn"},
    {RAW, "frames"},
    {PLAIN, "techniques=connect"},
    {RAW "-sS", "techniques=syn"},
    {RAW "-sT", "techniques=connect"},
    {RAW "-sA", "techniques=ack"},
    {RAW "-sW", "techniques=window"},
    {RAW "-sM", "techniques=maimon"},
    {RAW "-sN", "techniques=null"},
    {RAW "-sF", "techniques=fin"},
    {RAW "-sX -sX", "techniques=xmas"},
    {RAW "-sU", "techniques=udp"},
    {RAW "-sU", "udp#=1000"},
    {RAW "-sS -sU -p T:22,U:53", "udp=53"},
    {RAW "-sSU -p T:22,U:53", "tcp=22"},
    {RAW "-sY", "techniques=sctp_init"},
    {RAW "-sZ -p 2905", "sctp=2905"},
    {RAW "-sO", "ip=0-255"},
    {RAW "-sO -p 1,6", "ip=1,6"},
    {RAW "-sI 192.0.2.9", "zombie=192.0.2.9 80"},
    {RAW "-sI 192.0.2.9:113", "zombie=192.0.2.9 113"},
    {RAW "-sI 192.0.2.9", "techniques=idle"},
    {PLAIN "-b 192.0.2.9", "ftp=anonymous -wwwuser@ 192.0.2.9 21"},
    {PLAIN "-b me:secret:x@192.0.2.9:2121", "ftp=me secret:x 192.0.2.9 2121"},
    {PLAIN "-b 192.0.2.9", "techniques=bounce"},
    {PLAIN "-I", "ident"},
    {RAW "--scanflags URGsynFin", "flags=23"},
    {RAW "--scanflags 17 -sF", "flags=11"},
    {RAW "--scanflags ECECWR", "flags=c0"},
    /* ports */
    {PLAIN, "tcp#=1000"},
    {PLAIN "-p 22,80,8000-8002", "tcp=22,80,8000-8002"},
    {PLAIN "-p T:22", "tcp=22"},
    {PLAIN "-p-", "tcp=1-65535"},
    {PLAIN "-p 20-30 --exclude-ports 22-25", "tcp=20-21,26-30"},
    {PLAIN "--exclude-ports 1-65000", "tcp#=535"}, /* of all ports, the likeliest */
    {PLAIN "-F", "tcp#=100"},
    {PLAIN "-F --exclude-ports 80", "tcp#=100"},
    {PLAIN "--top-ports 7", "tcp#=7"},
    {PLAIN "-F --top-ports 7", "tcp#=7"},
    {PLAIN "-p 1-30 --top-ports 3 --datadir DATA", "tcp=21-23"},
    {PLAIN "-p 1-30 --top-ports 100", "tcp=1-30"},
    {PLAIN "--port-ratio 0.2 --datadir DATA", "tcp=22,80"},
    {PLAIN "-p 1-79 --port-ratio 0.2 --datadir DATA", "tcp=22"},
    {PLAIN "-r", "inorder"},
    /* versions */
    {PLAIN "-sV", "intensity=7"},
    {PLAIN "-sTV", "intensity=7"},
    {PLAIN "-sV --version-intensity 0", "intensity=0"},
    {PLAIN "-sV --version-light", "intensity=2"},
    {PLAIN "-sV --version-all", "intensity=9"},
    {PLAIN "-sV --versiondb PROBES", "probes=2"},
    {PLAIN "-sV --datadir DATA", "probes=2"},
    {PLAIN "--servicedb SERVICES -p 1-30 --top-ports 3", "tcp=21-23"},
    {PLAIN "--version-trace", "trace"},
    /* scripts */
    {PLAIN "-sC", "scripts= default"},
    {PLAIN "--script a,http-*", "scripts=a http-*"},
    {PLAIN "--script a -sV", "scripts=a versions"},
    {PLAIN "--script a --script-args x=1", "args=x=1"},
    {PLAIN "--script a --script-args-file LIST", "argsfile=file"},
    {PLAIN "--script a --script-timeout 2m", "scripttimeout=120"},
    {PLAIN "--script-help x", "help=x"},
    {PLAIN "--check-data DATA", "check=folder"},
    {PLAIN "--allports", "allports"},
    /* systems */
    {RAW "-O --datadir DATA", "systems=1"},
    {RAW "-O --osscan-limit --datadir DATA", "oslimit"},
    {RAW "-O --osscan-guess --datadir DATA", "osguess"},
    {RAW "-O --fuzzy --datadir DATA", "osguess"},
    {RAW "-A --datadir DATA", "systems=1"},
    {RAW "-A --datadir DATA", "traceroute"},
    {RAW "-A --datadir DATA", "intensity=7"},
    {PLAIN "-A --datadir DATA", "systems=0"}, /* what can be done without rights */
    /* timing: rtt is lowest, first, highest */
    {PLAIN, "level=3"},
    {PLAIN "-T4", "level=4"},
    {PLAIN "-T polite", "level=2"},
    {PLAIN "-T5", "rtt=50 250 300"},
    {PLAIN "--min-rtt-timeout 2s", "rtt=2000 2000 10000"},
    {PLAIN "--max-rtt-timeout 50ms", "rtt=50 50 50"},
    {PLAIN "-T5 --min-rtt-timeout 1", "rtt=1000 1000 1000"},
    {PLAIN "--initial-rtt-timeout 3s", "rtt=100 3000 10000"},
    {PLAIN "--max-retries 3", "retries=3"},
    {PLAIN "--host-timeout 2m", "hosttimeout=120000"},
    {PLAIN "--scan-delay 30ms", "delay=30"},
    {PLAIN "--min-parallelism 10", "parallel=10 0"},
    {PLAIN "--max-parallelism 20", "parallel=0 20"},
    {PLAIN "-M 20", "parallel=0 20"},
    {PLAIN "-T0 --min-parallelism 10", "parallel=10 10"},
    {PLAIN "--min-hostgroup 4", "hostgroup=4 0"},
    {PLAIN "--max-hostgroup 8", "hostgroup=0 8"},
    {PLAIN "--min-rate 50", "rate=50 0"},
    {PLAIN "--max-rate 0.5", "rate=0 0.5"},
    /* the sender */
    {PLAIN "-e lo", "device=lo"},
    {PLAIN "-S 192.0.2.77", "source=192.0.2.77 0"},
    {PLAIN "-g 53", "source= 53"},
    {PLAIN "--source-port 53", "source= 53"},
    {PLAIN "--seed 7", "seed=7"},
    /* what frames look like */
    {RAW "-f", "piece=8 ttl=0"},
    {RAW "-f -f", "piece=16 ttl=0"},
    {RAW "-ff", "piece=16 ttl=0"},
    {RAW "--mtu 24", "piece=24 ttl=0"},
    {RAW "--ttl 33", "piece=0 ttl=33"},
    {RAW "-D 192.0.2.5,ME,192.0.2.6", "decoys=192.0.2.5 192.0.2.6 1"},
    {RAW "-D RND:5,me", "decoys#=5"},
    {RAW "-D RND,RND", "decoys#=2"},
    {RAW "--data 0xAA0b", "data=aa0b"},
    {RAW "--data aa0B", "data=aa0b"},
    {RAW "--data \\xAA\\x0b", "data=aa0b"},
    {RAW "--data-string hello", "data=68656c6c6f"},
    {RAW "--data-length 25", "datalen=25"},
    {RAW "--data-length 0", "datalen=0"},
    {RAW "--ip-options \\x01\\x07*3", "ipoptions=01070707"},
    {RAW "--ip-options S,10.0.0.1,10.0.0.2", "ipoptions=890b040a0000010a000002"},
    {RAW "--ip-options L,10.0.0.1", "ipoptions=8307040a000001"},
    {RAW "--ip-options R", "ipoptions=072704"
                           "000000000000000000000000000000000000"
                           "000000000000000000000000000000000000"},
    {RAW "--ip-options U", "ipoptions=44280501"
                           "000000000000000000000000000000000000"
                           "000000000000000000000000000000000000"},
    {RAW "--spoof-mac 02:00:00:aa:bb:cc", "mac=02:00:00:AA:BB:CC"},
    {RAW "--spoof-mac 0200aa", "macprefix=02:00:AA"},
    {RAW "--badsum", "badsum"},
    {RAW "--adler32", "adler32"},
    /* what is told */
    {PLAIN "-oN a", "reports=normal a"},
    {PLAIN "-oX -", "reports=xml -"},
    {PLAIN "-oG a", "reports=grepable a"},
    {PLAIN "-oJ a", "reports=json a"},
    {PLAIN "-oH a", "reports=html a"},
    {PLAIN "-oA b -oJ c", "reports=grepable b.gnmap, normal b.nmap, xml b.xml, json c"},
    {PLAIN "--append-output", "append"},
    {PLAIN "--resume x.xml", "resume=x.xml"},
    {PLAIN "--open", "open"},
    {PLAIN "--reason", "reasons"},
    {PLAIN "-d", "reasons"}, /* as with nmap */
    {PLAIN "-vv -d3", "v=2 d=3"},
    {PLAIN "--verbose --debug", "v=1 d=1"},
    {PLAIN "--store /x", "store=/x"},
    {PLAIN "--stats-every 500ms", "stats=500"},
    {PLAIN "--stylesheet x.xsl", "stylesheet=x.xsl"},
    {PLAIN "--webxml", "stylesheet=https://svn.nmap.org/nmap/docs/nmap.xsl"},
    {PLAIN "--no-stylesheet", "nosheet"},
    {PLAIN "--noninteractive", "quiet"},
    /* the rest */
    {PLAIN "--iflist", "iflist"},
    {PLAIN "-V", "version"},
    {PLAIN "--version", "version"},
    {PLAIN "-h", "help"},
    {PLAIN "--help", "help"},
};

/* What is refused, with what, and a word that the message must have. */
static const struct {
    const char *line;
    int rc;
    const char *word;
} refused[] = {
    {PLAIN "--no-such-option", -EINVAL, "--no-such-option"},
    {RAW "-sS -sT", -EINVAL, "-sS or -sT"},
    {PLAIN "-sS", -EPERM, "CAP_NET_RAW"},
    {PLAIN "-sS", -EPERM, "-sT"}, /* what works instead */
    {PLAIN "-sF", -EPERM, "-sF"},
    {PLAIN "-sU", -EPERM, "-sU"},
    {RAW "-sO -sS", -EINVAL, "-sO"},
    {RAW "-sY -sZ", -EINVAL, "-sY or -sZ"},
    {RAW "-sO -p 256", -EINVAL, "255"},
    {PLAIN "-PU", -EPERM, "-PU"},
    {PLAIN "-O", -EPERM, "-O"},
    {PLAIN "--shard 6/5", -EINVAL, "--shard 6/5"},
    {PLAIN "--shard 0/5", -EINVAL, "--shard"},
    {PLAIN "--shard 5", -EINVAL, "--shard"},
    {RAW "-O -sn", -EINVAL, "-O"},
    {PLAIN "-sI 192.0.2.9", -EPERM, "-sI"},
    {RAW "-sI 192.0.2.9:x", -EINVAL, "-sI"},
    {RAW "-sI 2001:db8::9", -ENOENT, "-sI"},
    {RAW "-sI nobody.invalid", -ENOENT, "nobody.invalid"},
    {PLAIN "-b @:21", -EINVAL, "-b"},
    {PLAIN "--traceroute", -EPERM, "--traceroute"},
    {RAW "-sL --traceroute", -EINVAL, "-sL"},
    {RAW "-PO300", -EINVAL, "-PO300"},
    {RAW "-f --mtu 8", -EINVAL, "--mtu"},
    {RAW "--mtu 13", -EINVAL, "multiple of 8"},
    {PLAIN "-f", -EPERM, "-f"},
    {PLAIN "--badsum", -EPERM, "--badsum"},
    {RAW "--ttl 256", -EINVAL, "--ttl"},
    {RAW "--data abc", -EINVAL, "--data"},
    {RAW "--data ab --data-length 3", -EINVAL, "--data-length"},
    {RAW "--data-length 1401", -EINVAL, "--data-length"},
    {RAW "-D ME,ME", -EINVAL, "ME"},
    {RAW "-D RND:0", -EINVAL, "RND:0"},
    {RAW "-D 192.0.2.1,,192.0.2.2", -EINVAL, "-D"},
    {RAW "-D RND:100,RND:100", -EINVAL, "128"},
    {RAW "--ip-options Q", -EINVAL, "Q"},
    {RAW "--ip-options S,x", -EINVAL, "--ip-options"},
    {RAW "--ip-options \\x01*41", -EINVAL, "40"},
    {RAW "--spoof-mac 02:0", -EINVAL, "02:0"},
    {RAW "--spoof-mac zz", -EINVAL, "zz"},
    {PLAIN "--privileged", -EINVAL, "--privileged"},
    {PLAIN "--scanflags SYN", -EPERM, "CAP_NET_RAW"},
    {RAW "--scanflags SYN -sT", -EINVAL, "-sT"},
    {RAW "--scanflags SYN -sn", -EINVAL, "-sn"},
    {RAW "--scanflags SYX", -EINVAL, "SYX"},
    {RAW "--scanflags 256", -EINVAL, "256"},
    {RAW "--scanflags=", -EINVAL, "--scanflags"},
    {PLAIN "-n -R", -EINVAL, "-R"},
    {PLAIN "--exclude 10.0.0.1 --excludefile LIST", -EINVAL, "--excludefile"},
    {PLAIN "-iL - --excludefile -", -EINVAL, "standard input"},
    {PLAIN "-p 22 -F", -EINVAL, "-F"},
    {PLAIN "--top-ports 5 --port-ratio 0.5", -EINVAL, "--port-ratio"},
    {PLAIN "--port-ratio 1.5", -EINVAL, "--port-ratio"},
    {PLAIN "--top-ports 0", -EINVAL, "--top-ports"},
    {PLAIN "-sn -p 22", -EINVAL, "-sn"},
    {PLAIN "-sL -F", -EINVAL, "-sL"},
    {PLAIN "-sn --top-ports 3", -EINVAL, "-sn"},
    {RAW "-sn -sT", -EINVAL, "-sn"},
    {PLAIN "-p 22 --exclude-ports 22", -EINVAL, "no tcp ports"},
    {PLAIN "-p 99999", -EINVAL, "99999"},
    {PLAIN "-p 1,x$", -EINVAL, "x$"},
    {PLAIN "-p U:53", -EINVAL, "no tcp ports"},
    {PLAIN "--exclude-ports 5-1", -EINVAL, "--exclude-ports"},
    {RAW "-PS1-2000", -EINVAL, "1024"},
    {RAW "-PSx", -EINVAL, "-PS"},
    {PLAIN "-T9", -EINVAL, "-T9"},
    {PLAIN "--min-rtt-timeout 2s --max-rtt-timeout 1s", -EINVAL, "--min-rtt-timeout"},
    {PLAIN "--min-rate 9 --max-rate 8", -EINVAL, "--min-rate"},
    {PLAIN "--min-parallelism 9 -M 8", -EINVAL, "--min-parallelism"},
    {PLAIN "--min-hostgroup 9 --max-hostgroup 8", -EINVAL, "--min-hostgroup"},
    {PLAIN "--max-retries many", -EINVAL, "--max-retries"},
    {PLAIN "--host-timeout 5x", -EINVAL, "--host-timeout"},
    {PLAIN "-oX - -oN -", -EINVAL, "standard output"},
    {PLAIN "-oX", -EINVAL, "-oX"},
    {PLAIN "-S nonsense", -EINVAL, "-S"},
    {PLAIN "-e nosuch0", -ENODEV, "nosuch0"},
    {PLAIN "-iL /nonexistent/list", -ENOENT, "/nonexistent/list"},
    {PLAIN "--excludefile /nonexistent/list", -ENOENT, "--excludefile"},
    {PLAIN "--datadir /nonexistent", -ENOENT, "/nonexistent"},
    {PLAIN "--servicedb /nonexistent", -ENOENT, "/nonexistent"},
    {PLAIN "-sV --versiondb /nonexistent", -ENOENT, "/nonexistent"},
    {PLAIN "-sV --version-intensity 10", -EINVAL, "version-intensity"},
    {PLAIN "10.0.0.1/33", -EINVAL, "10.0.0.1/33"},
    {PLAIN "10.0.0.300", -EINVAL, "10.0.0.300"},
    {PLAIN "--exclude 10.0.0-3,9.1", -EINVAL, "--exclude"}, /* no lists there: nmap refuses, too */
};

/* Read a line to the end.  The dump of what it means goes to *out, and 0; else what is wrong. */
static int read_line(const char *text, struct str *out, struct err *e)
{
    struct line l;
    struct scan_cli cli = scan_cli_default();
    struct scan_setup setup = {0};
    struct text_list words = {0};
    cut(&l, text);
    int rc = option_parse(&scan_cli_table, l.argc, l.argv, &cli, &words, e);
    if (rc == 0)
        rc = scan_setup_make(&setup, &cli, &words, e);
    if (rc == 0) {
        print_targets(out, "targets", &setup.targets);
        print_targets(out, "excluded", &setup.excludes);
        print_options(out, &setup.options);
        print_cli(out, &cli);
        str_addf(out, "seed=%lld\nremark=%s\n", (long long)cli.seed,
                 setup.remark ? setup.remark : "");
    }
    scan_setup_done(&setup);
    text_list_done(&words);
    return rc;
}

static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && at[len] == '\n')
            return true;
    return false;
}

static void check_accepted(int *failures)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        struct str dump = str_of(0);
        struct err e = {0};
        if (!CHECK_ROW(i, read_line(accepted[i].line, &dump, &e) == 0))
            printf("  %s: %s\n", accepted[i].line, e.text);
        else if (!CHECK_ROW(i, has_line(str_text(&dump), accepted[i].want)))
            printf("  %s: no \"%s\" in\n%s", accepted[i].line, accepted[i].want, str_text(&dump));
        str_done(&dump);
    }
    *failures += failed;
}

static void check_refused(int *failures)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct str dump = str_of(0);
        struct err e = {0};
        bool good = CHECK_ROW(i, read_line(refused[i].line, &dump, &e) == refused[i].rc);
        if (!(CHECK_ROW(i, strstr(e.text, refused[i].word)) && good))
            printf("  %s: %s\n", refused[i].line, e.text);
        str_done(&dump);
    }
    *failures += failed;
}

/* A word of a row is the option, alone or with its value attached. */
static bool is_in_line(const struct option *o, const char *text)
{
    struct line l;
    cut(&l, text);
    for (int i = 1; i < l.argc; i++) {
        const char *word = l.argv[i] + 1;
        size_t len = o->short_name ? strlen(o->short_name) : 0;
        bool is_short = len && strncmp(word, o->short_name, len) == 0;
        bool is_long = o->long_name && *word == '-' && strcmp(word + 1, o->long_name) == 0;
        if (l.argv[i][0] == '-' && (is_short || is_long))
            return true;
    }
    return false;
}

/* No option without a row: what changes nothing would be found out. */
static void check_complete(int *failures)
{
    int failed = 0;
    const struct option *o;
    for (size_t n = 0; (o = option_at(&scan_cli_table, n)); n++) {
        bool found = false;
        for (size_t i = 0; i < ARRAY_LEN(accepted) && !found; i++)
            found = is_in_line(o, accepted[i].line);
        if (!CHECK_ROW(n, found))
            printf("  no row tries -%s --%s\n", o->short_name ? o->short_name : "",
                   o->long_name ? o->long_name : "");
    }
    *failures += failed;
}

static bool write_file(const char *name, const char *text)
{
    char path[sizeof list_path];
    struct err e = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_replace(path, text, strlen(text), 0600, &e) == 0;
}

int cmd_scan_setup_test(void)
{
    int failed = 0;
    CHECK(test_folder_make(folder));
    snprintf(list_path, sizeof list_path, "%s/list", folder);
    CHECK(write_file("list", "198.51.100.7 # a remark\n2001:db8::/120\n"));
    CHECK(write_file("nmap-os-db", "MatchPoints\nSEQ(SP=25)\n\nFingerprint a\nSEQ(SP=1)\n"));
    CHECK(write_file("nmap-services", "ftp 21/tcp 0.15\nssh 22/tcp 0.2\ntelnet 23/tcp 0.1\n"
                                      "smtp 25/tcp 0.09\nhttp 80/tcp 0.5\n"));
    snprintf(services_path, sizeof services_path, "%s/nmap-services", folder);
    CHECK(write_file("nmap-service-probes", "Probe TCP NULL q||\nProbe TCP Get q|GET|\n"));
    snprintf(probes_path, sizeof probes_path, "%s/nmap-service-probes", folder);
    check_accepted(&failed);
    check_refused(&failed);
    check_complete(&failed);
    CHECK(test_folder_remove(folder));
    return failed;
}
