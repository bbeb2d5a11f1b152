/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/nc_cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool/nc/manner.h"

#define FIELD(name) .offset = offsetof(struct nc_cli, name)
#define ROWS(array) (array), ARRAY_COUNT(array)

enum { BUFFER_MAX = 1 << 30, PACKETS_MAX = 1 << 30 };

/* ---- values with a meaning of their own ---- */

static int set_tos(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    (void)option;
    cli->o.sock.has_tos = true;
    cli->o.sock.tos = sock_tos_value(value);
    return cli->o.sock.tos < 0 ? err_set(e, -EINVAL, "illegal tos value %s", value) : 0;
}

static int set_number(void *to, const struct option *option, const char *value, struct err *e)
{
    int64_t number;
    int rc = option_read_int(value, option->min, option->max, &number, e);
    if (rc == 0)
        *(int *)((char *)to + option->offset) = (int)number;
    return rc;
}

/* -q -1: never, which is where it begins. */
static int set_quit(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    (void)option;
    if (value[0] != '-')
        return option_read_duration(value, &cli->o.quit_after_ns, e);
    cli->o.quit_after_ns = -1;
    return 0;
}

static int set_program(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    if (cli->o.program)
        return err_set(e, -EINVAL, "one program at a time");
    cli->o.program = (enum nc_program)option->detail;
    cli->o.program_text = value;
    return 0;
}

static int set_dump(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    enum nc_dump form = (enum nc_dump)option->detail;
    int slot = form == NC_DUMP_RAW ? 0 : 1;
    if (cli->o.dump[slot].path)
        return err_set(e, -EINVAL, "given twice");
    cli->o.dump[slot] = (struct nc_dump_file){value, form};
    return 0;
}

static int set_pointer(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    int64_t number;
    (void)option;
    int rc = option_read_int(value, 4, 28, &number, e);
    if (rc == 0 && number % 4)
        rc = err_set(e, -EINVAL, "%s: a source route's pointer is a multiple of 4", value);
    cli->o.hop_pointer = rc ? 0 : (uint8_t)number;
    return rc;
}

/* What asks for TLS by asking something of it. */
static int imply_tls(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    (void)option, (void)value, (void)e;
    cli->o.tls = true;
    return 0;
}

static int imply_vsock(void *to, const struct option *option, const char *value, struct err *e)
{
    struct nc_cli *cli = to;
    (void)option, (void)value, (void)e;
    cli->o.medium = NC_VSOCK;
    return 0;
}

static int refuse_late(void *to, const struct option *option, const char *value, struct err *e)
{
    const struct nc_cli *cli = to;
    (void)value;
    if (strcmp(cli->o.manner->name, option->long_name) == 0)
        return 0;
    return err_set(e, -EINVAL, "this must be the first option");
}

/* ---- what all share ---- */

static const struct option personality[] = {
    {NULL, "openbsd", OPTION_CALL, NULL, .set = refuse_late,
     .help = "as OpenBSD's nc (the default); must come first"},
    {NULL, "traditional", OPTION_CALL, NULL, .set = refuse_late,
     .help = "as netcat-traditional; must come first"},
    {NULL, "ncat", OPTION_CALL, NULL, .set = refuse_late, .help = "as ncat; must come first"},
};

static const struct option connection[] = {
    {"4", NULL, OPTION_SET, NULL, FIELD(ip4), .help = "IPv4 only"},
    {"6", NULL, OPTION_SET, NULL, FIELD(ip6), .help = "IPv6 only"},
    {"u", "udp", OPTION_SET, NULL, FIELD(o.udp), .help = "UDP (with -U: datagrams)"},
    {NULL, "sctp", OPTION_SET, NULL, FIELD(o.sctp), .help = "SCTP"},
    {"U", "unixsock", OPTION_SET, NULL, FIELD(unix_socket),
     .help = "a UNIX socket; @NAME is abstract"},
    {NULL, "vsock", OPTION_SET, NULL, FIELD(vsock), .set = imply_vsock,
     .help = "a vsock, between host and guest"},
    {"p", "source-port", OPTION_TEXT, "PORT", FIELD(port),
     .help = "local port (with -l: to listen on)"},
    {"s", "source", OPTION_TEXT, "ADDR", FIELD(o.source_host), .help = "local address"},
    {"g", NULL, OPTION_LIST, "HOP[,HOP]", FIELD(hops), .help = "loose source route; repeatable"},
    {"G", NULL, OPTION_CALL, "N", .set = set_pointer, .help = "pointer of the source route"},
    {"l", "listen", OPTION_SET, NULL, FIELD(o.listen), .help = "wait for a connection"},
    {"n", "nodns", OPTION_SET, NULL, FIELD(o.no_dns), .help = "numbers only, no DNS"},
    {NULL, "dns-check", OPTION_SET, NULL, FIELD(o.dns_check),
     .help = "hold names and addresses against each other, warn"},
    {"z", NULL, OPTION_SET, NULL, FIELD(o.scan), .help = "only see which ports are open"},
    {"r", NULL, OPTION_SET, NULL, FIELD(random), .help = "ports in random order"},
    {"w", "wait", OPTION_DURATION, "TIME", FIELD(wait_ns),
     .help = "give up connecting after TIME (idle too, by manner)"},
    {"v", "verbose", OPTION_COUNT, "[LEVEL]", FIELD(o.verbose), .help = "say more"},
};

static const struct option copying[] = {
    {"C", "crlf", OPTION_SET, NULL, FIELD(o.crlf), .help = "send LF as CR LF"},
    {"t", "telnet", OPTION_SET, NULL, FIELD(o.telnet), .help = "refuse telnet options"},
    {"q", NULL, OPTION_CALL, "TIME", .set = set_quit,
     .help = "end TIME after the end of input; -1: never"},
    {NULL, "no-shutdown", OPTION_SET, NULL, FIELD(o.no_shutdown),
     .help = "the end of input does not end what is sent"},
    {NULL, "send-only", OPTION_SET, NULL, FIELD(o.send_only),
     .help = "read nothing, end with input"},
    {NULL, "recv-only", OPTION_SET, NULL, FIELD(o.recv_only), .help = "send nothing"},
    {"W", NULL, OPTION_INT, "N", FIELD(o.packet_max), 1, PACKETS_MAX,
     .help = "end after N received packets"},
    {NULL, "output", OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_RAW,
     .help = "keep what was sent and received"},
    {NULL, "hex-dump", OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_PLAIN,
     .help = "the same as a hex dump"},
    {NULL, "append-output", OPTION_SET, NULL, FIELD(o.dump_append),
     .help = "write behind what these files hold"},
};

static const struct option programs[] = {
    {"e", "exec", OPTION_CALL, "PROGRAM", .set = set_program, .detail = NC_EXEC_WORDS,
     .help = "run a program on the connection"},
    {"c", "sh-exec", OPTION_CALL, "COMMAND", .set = set_program, .detail = NC_EXEC_SHELL,
     .help = "run /bin/sh -c COMMAND on it"},
    {NULL, "lua-exec", OPTION_CALL, "FILE", .set = set_program, .detail = NC_EXEC_LUA,
     .help = "run a Lua script on it"},
    {NULL, "run-lua", OPTION_TEXT, "FILE", FIELD(run_lua), .help = NULL},
};

static const struct option serving[] = {
    {NULL, "broker", OPTION_SET, NULL, FIELD(o.broker),
     .help = "pass what a client sends to all others"},
    {NULL, "chat", OPTION_SET, NULL, FIELD(o.chat), .help = "a chat room"},
    {NULL, "allow", OPTION_LIST, "HOST[,HOST]", FIELD(o.allow), .help = "let only these connect"},
    {NULL, "allowfile", OPTION_LIST, "FILE", FIELD(o.allow_file), .help = "those in FILE"},
    {NULL, "deny", OPTION_LIST, "HOST[,HOST]", FIELD(o.deny), .help = "let these not connect"},
    {NULL, "denyfile", OPTION_LIST, "FILE", FIELD(o.deny_file), .help = "those in FILE"},
};

static const struct option proxies[] = {
    {NULL, "proxy", OPTION_TEXT, "HOST[:PORT]", FIELD(o.proxy_place), .help = "go through a proxy"},
    {NULL, "proxy-type", OPTION_TEXT, "TYPE", FIELD(proxy_type),
     .help = "http, socks4, socks4a, socks5; with -l: be one"},
    {NULL, "proxy-auth", OPTION_TEXT, "USER:PASSWORD", FIELD(o.proxy_auth),
     .help = "log in (or: NCAT_PROXY_AUTH); with -l: demand it"},
    {NULL, "proxy-auth-file", OPTION_TEXT, "FILE", FIELD(proxy_auth_file),
     .help = "the same, from the first line of FILE"},
    {NULL, "proxy-dns", OPTION_TEXT, "WHO", FIELD(proxy_dns),
     .help = "who resolves the host: remote, local"},
};

static const struct option tls[] = {
    {NULL, "ssl", OPTION_SET, NULL, FIELD(o.tls), .help = "TLS (with -u: DTLS)"},
    {NULL, "ssl-cert", OPTION_TEXT, "FILE", FIELD(o.tls_cert), .set = imply_tls,
     .help = "own certificate, PEM"},
    {NULL, "ssl-key", OPTION_TEXT, "FILE", FIELD(o.tls_key), .set = imply_tls,
     .help = "its key, PEM"},
    {NULL, "ssl-verify", OPTION_SET, NULL, FIELD(o.tls_verify), .set = imply_tls,
     .help = "verify the peer's certificate"},
    {NULL, "ssl-trustfile", OPTION_TEXT, "FILE", FIELD(o.tls_ca), .set = imply_tls,
     .help = "by these (default: the system's)"},
    {NULL, "ssl-ciphers", OPTION_TEXT, "LIST", FIELD(o.tls_ciphers), .set = imply_tls,
     .help = "ciphers, as OpenSSL names them"},
    {NULL, "ssl-servername", OPTION_TEXT, "NAME", FIELD(o.tls_name), .set = imply_tls,
     .help = "ask for this server (SNI), expect its name"},
    {NULL, "ssl-alpn", OPTION_TEXT, "LIST", FIELD(o.tls_alpn), .set = imply_tls,
     .help = "protocols to agree on: h2,http/1.1"},
};

static const struct option other[] = {
    {NULL, "md5-key-file", OPTION_TEXT, "FILE", FIELD(md5_key_file),
     .help = "key of TCP signatures (-S)"},
    {NULL, "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

/* ---- the letters of each ---- */

static const struct option openbsd[] = {
    {"b", NULL, OPTION_SET, NULL, FIELD(o.sock.broadcast), .help = "allow broadcast addresses"},
    {"D", NULL, OPTION_SET, NULL, FIELD(o.sock.debug), .help = "set SO_DEBUG"},
    {"d", NULL, OPTION_SET, NULL, FIELD(o.no_stdin), .help = "do not read standard input"},
    {"F", NULL, OPTION_SET, NULL, FIELD(o.pass_descriptor),
     .help = "pass the connected socket to standard output"},
    {"I", NULL, OPTION_CALL, "LENGTH", FIELD(o.sock.receive_len), 1, BUFFER_MAX, set_number,
     .help = "receive buffer"},
    {"O", NULL, OPTION_CALL, "LENGTH", FIELD(o.sock.send_len), 1, BUFFER_MAX, set_number,
     .help = "send buffer"},
    {"i", NULL, OPTION_DURATION, "TIME", FIELD(o.interval_ns),
     .help = "wait between lines sent, and ports"},
    {"k", "keep-open", OPTION_SET, NULL, FIELD(o.keep_open), .help = "listen again"},
    {"M", NULL, OPTION_CALL, "TTL", FIELD(o.sock.ttl), 1, 255, set_number,
     .help = "hops that packets may take"},
    {"m", "min-ttl", OPTION_CALL, "TTL", FIELD(o.sock.min_ttl), 1, 255, set_number,
     .help = "least TTL of what is received"},
    {"N", NULL, OPTION_SET, NULL, FIELD(o.shut_at_eof),
     .help = "shut the connection down at the end of input"},
    {"o", NULL, OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_BOTH_WAYS,
     .help = "hex dump of both directions"},
    {"P", NULL, OPTION_TEXT, "USER", FIELD(proxy_user),
     .help = "user of the proxy; its password is asked for"},
    {"S", NULL, OPTION_SET, NULL, FIELD(md5), .help = "sign TCP segments (RFC 2385)"},
    {"T", NULL, OPTION_CALL, "TOS", .set = set_tos, .help = "type of service: a name or number"},
    {"V", NULL, OPTION_TEXT, "TABLE", FIELD(routing_table),
     .help = "routing table (refused: Linux has none by number)"},
    {"X", NULL, OPTION_TEXT, "PROTOCOL", FIELD(proxy_type), .help = "proxy: 5, 4, 4A, connect"},
    {"x", NULL, OPTION_TEXT, "ADDR[:PORT]", FIELD(o.proxy_place), .help = "go through this proxy"},
    {"Z", NULL, OPTION_SET, NULL, FIELD(dccp), .help = "DCCP (refused: gone from Linux)"},
    {NULL, "delay", OPTION_DURATION, "TIME", FIELD(o.delay_ns), .help = "wait between chunks"},
    {NULL, "idle-timeout", OPTION_DURATION, "TIME", FIELD(idle_ns),
     .help = "end after TIME without a byte"},
    {NULL, "keepalive", OPTION_SET, NULL, FIELD(o.sock.keepalive), .help = "set SO_KEEPALIVE"},
    {NULL, "max-conns", OPTION_INT, "N", FIELD(o.max_connections), 0, PACKETS_MAX,
     .help = "clients at once"},
};

static const struct option traditional[] = {
    {"b", NULL, OPTION_SET, NULL, FIELD(o.sock.broadcast), .help = "allow broadcast addresses"},
    {"i", NULL, OPTION_DURATION, "TIME", FIELD(o.interval_ns),
     .help = "wait between lines sent, and ports"},
    {"k", "keepalive", OPTION_SET, NULL, FIELD(o.sock.keepalive), .help = "set SO_KEEPALIVE"},
    {"o", NULL, OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_BOTH_WAYS,
     .help = "hex dump of both directions"},
    {"T", NULL, OPTION_CALL, "TOS", .set = set_tos,
     .help = "Minimize-Delay, Maximize-Throughput, ..."},
    {NULL, "delay", OPTION_DURATION, "TIME", FIELD(o.delay_ns), .help = "wait between chunks"},
    {NULL, "idle-timeout", OPTION_DURATION, "TIME", FIELD(idle_ns),
     .help = "end after TIME without a byte"},
    {NULL, "keep-open", OPTION_SET, NULL, FIELD(o.keep_open), .help = "listen again"},
    {NULL, "max-conns", OPTION_INT, "N", FIELD(o.max_connections), 0, PACKETS_MAX,
     .help = "clients at once"},
    {NULL, "min-ttl", OPTION_CALL, "TTL", FIELD(o.sock.min_ttl), 1, 255, set_number,
     .help = "least TTL of what is received"},
};

static const struct option ncat[] = {
    {"d", "delay", OPTION_DURATION, "TIME", FIELD(o.delay_ns), .help = "wait between chunks"},
    {"i", "idle-timeout", OPTION_DURATION, "TIME", FIELD(idle_ns),
     .help = "end after TIME without a byte"},
    {"k", "keep-open", OPTION_SET, NULL, FIELD(o.keep_open),
     .help = "serve many clients, side by side"},
    {"m", "max-conns", OPTION_INT, "N", FIELD(o.max_connections), 0, PACKETS_MAX,
     .help = "clients at once (default 100)"},
    {"o", NULL, OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_RAW,
     .help = "keep what was sent and received"},
    {"x", NULL, OPTION_CALL, "FILE", .set = set_dump, .detail = NC_DUMP_PLAIN,
     .help = "the same as a hex dump"},
    {NULL, "keepalive", OPTION_SET, NULL, FIELD(o.sock.keepalive), .help = "set SO_KEEPALIVE"},
    {NULL, "min-ttl", OPTION_CALL, "TTL", FIELD(o.sock.min_ttl), 1, 255, set_number,
     .help = "least TTL of what is received"},
};

#define SHARED_GROUPS                                                                              \
    {"Manner", ROWS(personality)}, {"Connection", ROWS(connection)}, {"Copying", ROWS(copying)},   \
        {"Programs", ROWS(programs)}, {"Serving", ROWS(serving)}, {"Proxies", ROWS(proxies)},      \
    {                                                                                              \
        "TLS", ROWS(tls)                                                                           \
    }

static const struct option_group openbsd_groups[] = {
    SHARED_GROUPS, {"Letters of OpenBSD's nc", ROWS(openbsd)}, {"Other", ROWS(other)}};
static const struct option_group traditional_groups[] = {
    SHARED_GROUPS, {"Letters of netcat-traditional", ROWS(traditional)}, {"Other", ROWS(other)}};
static const struct option_group ncat_groups[] = {
    SHARED_GROUPS, {"Letters of ncat", ROWS(ncat)}, {"Other", ROWS(other)}};

#define TABLE(groups)                                                                              \
    {                                                                                              \
        .command = "nc", .synopsis = "[OPTION...] [HOST] [PORT...]",                               \
        .summary = "connect, listen, copy bytes (beside OpenBSD's nc, netcat-traditional, ncat)",  \
        .group = groups, .group_count = ARRAY_COUNT(groups)                                        \
    }

const struct option_table nc_cli_table = TABLE(openbsd_groups);
static const struct option_table traditional_table = TABLE(traditional_groups);
static const struct option_table ncat_table = TABLE(ncat_groups);

static const struct nc_personality personalities[] = {
    {"openbsd", &nc_manner_openbsd, &nc_cli_table},
    {"traditional", &nc_manner_traditional, &traditional_table},
    {"ncat", &nc_manner_ncat, &ncat_table},
};

const struct nc_personality *nc_cli_personality(const char *called, const char *first)
{
    const char *dot = strrchr(called, '.');
    const char *name = first && strncmp(first, "--", 2) == 0 ? first + 2 : "";
    for (size_t i = 0; i < ARRAY_COUNT(personalities); i++)
        if (strcmp(name, personalities[i].name) == 0)
            return &personalities[i];
    name = dot ? dot + 1 : called; /* nc.traditional, ncat */
    for (size_t i = 0; i < ARRAY_COUNT(personalities); i++)
        if (strcmp(name, personalities[i].name) == 0)
            return &personalities[i];
    return &personalities[0];
}

struct nc_cli nc_cli_default(const struct nc_personality *p)
{
    return (struct nc_cli){.o = {.manner = p->manner, .quit_after_ns = -1, .max_connections = -1},
                           .wait_ns = -1,
                           .idle_ns = -1};
}

void nc_cli_done(struct nc_cli *cli)
{
    text_list_done(&cli->hops);
    text_list_done(&cli->o.allow);
    text_list_done(&cli->o.deny);
    text_list_done(&cli->o.allow_file);
    text_list_done(&cli->o.deny_file);
}
