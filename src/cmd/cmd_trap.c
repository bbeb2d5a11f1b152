/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket trap: options, configuration file, daemon; the trap itself is tool/trap. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/privileged.h"
#include "cmd/syslog_sink.h"
#include "cmd/wiring.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "hub/respond/respond.h"
#include "sys/io/file.h"
#include "tool/trap/trap.h"

enum {
    CONF_MAX = 1 << 20,
    NO_MODE = -1,
    BOTH_CONNECT = TRAP_MODE_COUNT, /* of 2.x: TCP and UDP in one process */
    BOTH_STEALTH,
};

static const char default_conf[] = "/etc/portsentry/portsentry.conf";

struct trap_cli {
    bool help, foreground, echo, all_kinds;
    int mode; /* enum trap_mode, BOTH_... or NO_MODE */
    const char *conf, *store;
    int64_t ban_ns, tarpit_ns, record;
};

#define FIELD(name) offsetof(struct trap_cli, name)

static int set_mode(void *to, const struct option *option, const char *value, struct err *e)
{
    struct trap_cli *cli = to;
    (void)value;
    if (cli->mode != NO_MODE && cli->mode != option->detail)
        return err_set(e, -EINVAL, "only one mode at a time");
    cli->mode = (int)option->detail;
    return 0;
}

static const struct option mode_rows[] = {
    {"tcp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_TCP,
     .help = "bind the ports of TCP_PORTS, notice who connects"},
    {"udp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_UDP,
     .help = "bind the ports of UDP_PORTS, notice who sends there"},
    {"stcp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_STCP,
     .help = "watch the ports of TCP_PORTS, bind none: stealth scans, too"},
    {"sudp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_SUDP,
     .help = "watch the ports of UDP_PORTS, bind none"},
    {"atcp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_ATCP,
     .help = "watch all ports up to ADVANCED_PORTS_TCP that nobody serves"},
    {"audp", NULL, OPTION_CALL, .set = set_mode, .detail = TRAP_MODE_AUDP,
     .help = "watch all ports up to ADVANCED_PORTS_UDP that nobody serves"},
    {NULL, "connect", OPTION_CALL, .set = set_mode, .detail = BOTH_CONNECT,
     .help = "-tcp and -udp at once, in the words of PortSentry 2.x"},
    {NULL, "stealth", OPTION_CALL, .set = set_mode, .detail = BOTH_STEALTH,
     .help = "-stcp and -sudp at once, in the words of PortSentry 2.x"},
};

static const struct option rows[] = {
    {"c", "conf", OPTION_TEXT, "FILE", FIELD(conf),
     .help = "configuration (/etc/portsentry/portsentry.conf)"},
    {NULL, "echo", OPTION_SET, NULL, FIELD(echo),
     .help = "-stcp, -atcp: shut out only who answers at the address it gives"},
    {NULL, "all-kinds", OPTION_SET, NULL, FIELD(all_kinds),
     .help =
         "-stcp, -atcp: note SCTP, ACK and Maimon scans, too; for the latter two nobody is shut "
         "out"},
    {NULL, "tarpit", OPTION_DURATION, "TIME", FIELD(tarpit_ns),
     .help = "-tcp: hold a connection for so long instead of closing it"},
    {NULL, "record", OPTION_INT, "BYTES", FIELD(record), .min = 1, .max = GUEST_RECORD_MAX,
     .help = "-tcp: read up to so much of what the scanner sends, and note it"},
    {NULL, "ban", OPTION_DURATION, "TIME", FIELD(ban_ns),
     .help = "wish a ban of so long from the ban table for whom BLOCK_* would shut out"},
    {NULL, "store", OPTION_TEXT, "DIR", FIELD(store),
     .help = "keep events in this store (picket's own is /var/lib/picket)"},
    {NULL, "foreground", OPTION_SET, NULL, FIELD(foreground),
     .help = "stay in the foreground, log to standard error as well"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {
    {"Modes", mode_rows, ARRAY_COUNT(mode_rows)},
    {"Options", rows, ARRAY_COUNT(rows)},
};

static const struct option_table table = {
    .command = "trap",
    .synopsis = "[-c FILE] [OPTION...] MODE",
    .summary = "notice port scans as portsentry does, and react as portsentry.conf says",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

/* What local time is ahead of UTC at that moment. */
static int32_t local_offset_s(uint64_t wall_ns)
{
    time_t seconds = (time_t)(wall_ns / 1000000000);
    struct tm local;
    return localtime_r(&seconds, &local) ? (int32_t)local.tm_gmtoff : 0;
}

struct conf_trouble {
    const char *path;
};

static void on_conf_trouble(void *ctx, unsigned line, const char *why)
{
    const struct conf_trouble *trouble = ctx;
    command_complain("trap", "%s:%u: %s", trouble->path, line, why);
    log_at(LOG_LEVEL_WARN, "adminalert: %s:%u: %s", trouble->path, line, why);
}

static int read_conf(const char *path, struct arena *arena, struct trap_conf *out, struct err *e)
{
    struct str text = str_of(CONF_MAX);
    struct conf_trouble trouble = {path};
    int rc = file_read(path, &text, e);
    if (rc == 0)
        trap_conf_read(out, str_text(&text), text.len, arena, on_conf_trouble, &trouble);
    str_done(&text);
    return rc;
}

/* The ban table decides; what it refuses is told. */
static void on_ban(void *ctx, const struct event *event)
{
    struct err e = {0};
    char address[ADDR_TEXT_MAX];
    addr_format(&event->src.addr, address);
    if (respond_event(ctx, event, "trap", &e) < 0)
        log_at(LOG_LEVEL_ERROR, "attackalert: ERROR: Could not block host %s !! %s", address,
               e.text);
    else
        log_at(LOG_LEVEL_WARN, "attackalert: Host %s has been blocked by the ban table", address);
}

static void on_end(struct loop_signal *watch)
{
    loop_stop(watch->ctx);
}

/* Watch until told to end. */
static int serve(struct loop *loop, struct err *e)
{
    struct loop_signal term = {.fn = on_end, .ctx = loop, .signal_number = SIGTERM};
    struct loop_signal interrupt = {.fn = on_end, .ctx = loop, .signal_number = SIGINT};
    int rc = loop_signal_add(loop, &term, e);
    if (rc == 0)
        rc = loop_signal_add(loop, &interrupt, e);
    if (rc == 0)
        rc = loop_run(loop, e);
    log_at(LOG_LEVEL_WARN, "securityalert: PortSentry is shutting down");
    log_at(LOG_LEVEL_INFO, "adminalert: PortSentry is shutting down");
    return rc;
}

/* The modes that the command line stands for; of 2.x's two a protocol without ports is left out. */
static size_t modes_of(const struct trap_cli *cli, const struct trap_conf *conf,
                       enum trap_mode out[TRAP_PROTO_COUNT])
{
    size_t count = 0;
    if (cli->mode < TRAP_MODE_COUNT) {
        out[0] = (enum trap_mode)cli->mode;
        return 1;
    }
    bool stealth = cli->mode == BOTH_STEALTH;
    if (conf->ports[TRAP_TCP].given || !conf->ports[TRAP_UDP].given)
        out[count++] = stealth ? TRAP_MODE_STCP : TRAP_MODE_TCP;
    if (conf->ports[TRAP_UDP].given)
        out[count++] = stealth ? TRAP_MODE_SUDP : TRAP_MODE_UDP;
    return count;
}

/* Open them all, watch, close them all. */
static int run_traps(const struct trap_cli *cli, struct loop *loop, struct trap_options *options,
                     struct err *e)
{
    enum trap_mode mode[TRAP_PROTO_COUNT];
    struct trap *trap[TRAP_PROTO_COUNT] = {0};
    size_t count = modes_of(cli, options->conf, mode);
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        options->mode = mode[i];
        rc = trap_open(&trap[i], loop, options, e);
    }
    if (rc == 0)
        rc = serve(loop, e);
    for (size_t i = 0; i < count; i++)
        trap_close(trap[i]);
    return rc;
}

static int trap_with(const struct trap_cli *cli, const struct trap_conf *conf, struct err *e)
{
    struct loop *loop;
    struct wiring wiring;
    struct trap_options options = {.conf = conf,
                                   .words_2 = cli->mode >= TRAP_MODE_COUNT,
                                   .guests = {.hold_s = (uint32_t)(cli->tarpit_ns / 1000000000),
                                              .record_max = (uint32_t)cli->record},
                                   .hosts_deny = "/etc/hosts.deny",
                                   .utc_offset_s = local_offset_s,
                                   .all_kinds = cli->all_kinds,
                                   .echo = cli->echo,
                                   .ban_s = (uint32_t)(cli->ban_ns / 1000000000)};
    if (wiring_open(&wiring, cli->store, e) < 0)
        return e->code;
    options.port = wiring.port;
    struct respond *respond;
    respond_open(&respond, privileged_connect, NULL);
    options.ban = on_ban;
    options.ban_ctx = respond;
    int rc = loop_open(&loop, &clock_system, e);
    if (rc == 0) {
        rc = run_traps(cli, loop, &options, e);
        loop_close(loop);
    }
    respond_close(respond);
    struct err store_error = {0};
    if (wiring_close(&wiring, &store_error) < 0)
        log_at(LOG_LEVEL_ERROR, "adminalert: store: %s", store_error.text);
    return rc;
}

/* PortSentry goes to the background before it opens anything: what fails then is in the log. */
static int begin(const struct trap_cli *cli)
{
    struct arena arena = {0};
    struct trap_conf conf;
    struct err e = {0};
    const char *path = cli->conf ? cli->conf : default_conf;
    syslog_sink_open("portsentry", cli->foreground);
    log_at(LOG_LEVEL_INFO, "adminalert: PortSentry (picket " PICKET_VERSION ") is starting.");
    int rc = read_conf(path, &arena, &conf, &e);
    if (rc == 0 && !cli->foreground && daemon(0, 0) < 0)
        rc = err_set(&e, -errno, "could not go into daemon mode: %s", strerror(errno));
    if (rc == 0)
        rc = trap_with(cli, &conf, &e);
    if (rc < 0) {
        log_at(LOG_LEVEL_ERROR, "adminalert: ERROR: %s. Shutting down.", e.text);
        if (!cli->foreground)
            command_complain("trap", "%s", e.text);
    }
    arena_done(&arena);
    return rc < 0 ? EXIT_ENVIRONMENT : EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct trap_cli cli = {.mode = NO_MODE};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("trap", "%s", e.text);
    } else if (cli.help) {
        struct str text = str_of(0);
        option_help(&table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
        status = EXIT_DONE;
    } else if (words.count) {
        command_complain("trap",
                         "\"%s\": a mode begins with a dash: -tcp -udp -stcp -sudp -atcp -audp",
                         words.text[0]);
    } else if (cli.mode == NO_MODE) {
        command_complain("trap", "no mode: -tcp -udp -stcp -sudp -atcp -audp");
    } else {
        status = begin(&cli);
    }
    text_list_done(&words);
    return status;
}

const struct command command_trap = {
    .name = "trap",
    .beside = "portsentry",
    .summary = "notice port scans, and shut the scanner out",
    .options = &table,
    .run = run,
};
