/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket relay: its options and its output; the tests are tool/relay. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/relay_output.h"
#include "core/base/clock.h"
#include "core/net/cidr_set.h"
#include "sys/io/file.h"
#include "sys/io/mail_search.h"
#include "sys/io/resolver.h"
#include "tool/relay/relay.h"

#define FIELD(name) .offset = offsetof(struct relay_cli, name)

enum {
    HOST_MAX = 256,
    SECRET_MAX = 4096,
    SMTP_PORT_MAX = 65535,
    EXIT_UNSURE = 2,
    EXIT_RELAY_USAGE = 3
};

struct relay_cli {
    const char *from, *to, *domain, *helo, *local_rcpt, *tests, *only;
    const char *sink, *maildir, *imap, *imap_user, *imap_password_file;
    const char *source, *proxy, *proxy_type, *allowed;
    int64_t sink_wait_ns, timeout_ns, retry_ns, source_port;
    bool json, dialog, list, ip4, ip6, help;
};

static const struct option options[] = {
    {NULL, "to", OPTION_TEXT, "ADDRESS", FIELD(to),
     .help = "the recipient of the test mail: one of your own, elsewhere"},
    {NULL, "from", OPTION_TEXT, "ADDRESS", FIELD(from), .help = "the sender: yours, elsewhere"},
    {NULL, "domain", OPTION_TEXT, "NAME", FIELD(domain), .help = "a domain of the server's own"},
    {NULL, "helo", OPTION_TEXT, "NAME", FIELD(helo), .help = "how to introduce ourselves"},
    {NULL, "local-rcpt", OPTION_TEXT, "ADDRESS", FIELD(local_rcpt),
     .help = "a recipient of the server's own (default: postmaster)"},
    {NULL, "tests", OPTION_TEXT, "FILE", FIELD(tests), .help = "tests of a JSON file"},
    {NULL, "only", OPTION_TEXT, "ID[,ID]", FIELD(only), .help = "these tests alone"},
    {NULL, "list", OPTION_SET, NULL, FIELD(list), .help = "list the tests, ask nobody"},
    {NULL, "sink", OPTION_TEXT, "ADDR:PORT", FIELD(sink),
     .help = "await delivered mail here, as a mail server"},
    {NULL, "sink-maildir", OPTION_TEXT, "DIR", FIELD(maildir), .help = "... in this Maildir"},
    {NULL, "sink-imap", OPTION_TEXT, "URL", FIELD(imap),
     .help = "... in this folder: imaps://host/INBOX"},
    {NULL, "imap-user", OPTION_TEXT, "USER", FIELD(imap_user), .help = "who we are there"},
    {NULL, "imap-password-file", OPTION_TEXT, "FILE", FIELD(imap_password_file),
     .help = "and the password, its first line"},
    {NULL, "sink-wait", OPTION_DURATION, "TIME", FIELD(sink_wait_ns),
     .help = "how long to wait for it (default: 30 s)"},
    {NULL, "timeout", OPTION_DURATION, "TIME", FIELD(timeout_ns),
     .help = "for each reply of the server (default: 20 s)"},
    {NULL, "retry-deferred", OPTION_DURATION, "TIME", FIELD(retry_ns),
     .help = "ask again after TIME what was put off"},
    {"4", NULL, OPTION_SET, NULL, FIELD(ip4), .help = "IPv4 only"},
    {"6", NULL, OPTION_SET, NULL, FIELD(ip6), .help = "IPv6 only"},
    {"s", "source", OPTION_TEXT, "ADDR", FIELD(source), .help = "local address"},
    {NULL, "source-port", OPTION_INT, "PORT", FIELD(source_port), 1, SMTP_PORT_MAX,
     .help = "local port"},
    {NULL, "proxy", OPTION_TEXT, "ADDR:PORT", FIELD(proxy), .help = "go through this proxy"},
    {NULL, "proxy-type", OPTION_TEXT, "TYPE", FIELD(proxy_type),
     .help = "http, socks4, socks5 (the default)"},
    {NULL, "allowed", OPTION_TEXT, "NET[,NET]", FIELD(allowed),
     .help = "networks that may relay, for the cure"},
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "the report as JSON"},
    {NULL, "dialog", OPTION_SET, NULL, FIELD(dialog),
     .help = "show the session as a user of telnet would see it"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group group = {"Options", options, ARRAY_COUNT(options)};

static const struct option_table table = {
    .command = "relay",
    .synopsis = "[OPTION...] --to ADDRESS HOST[:PORT]",
    .summary = "is this mail server an open relay?",
    .group = &group,
    .group_count = 1,
};

/* ---- places ---- */

/* "HOST", "HOST:PORT", "[IPv6]:PORT", an IPv6 address alone. */
static int read_place(const char *text, uint8_t family, struct endpoint *out, struct err *e)
{
    char host[HOST_MAX];
    const char *colon = strrchr(text, ':');
    bool bracket = text[0] == '[';
    if (!bracket && colon && strchr(text, ':') != colon)
        colon = NULL; /* an IPv6 address */
    if (bracket && colon && colon[-1] != ']')
        colon = NULL;
    size_t len = (colon ? (size_t)(colon - text) : strlen(text)) - bracket;
    len -= bracket && len ? 1 : 0;
    snprintf(host, sizeof host, "%.*s", (int)(len < sizeof host ? len : 0), text + bracket);
    int64_t port = 0;
    int rc = colon ? option_read_int(colon + 1, 1, SMTP_PORT_MAX, &port, e) : 0;
    if (rc)
        return err_wrap(e, "%s", text);
    *out = (struct endpoint){.port = (uint16_t)port};
    size_t count = 0;
    if (addr_parse(&out->addr, host, e) == 0)
        return 0;
    rc = resolver_lookup(host, family, &out->addr, 1, &count, e);
    return rc;
}

static int set_places(const struct relay_cli *cli, struct relay_options *o, struct err *e)
{
    int rc = 0;
    if (cli->source)
        rc = addr_parse(&o->source.addr, cli->source, e);
    o->source.port = (uint16_t)cli->source_port;
    if (rc == 0 && cli->sink) {
        rc = read_place(cli->sink, ADDR_NONE, &o->sink, e);
        o->has_sink = true;
        if (rc == 0 && !o->sink.port)
            rc = err_set(e, -EINVAL, "--sink %s: a port is missing", cli->sink);
    }
    if (rc == 0 && cli->proxy) {
        int kind = proxy_kind_of(cli->proxy_type ? cli->proxy_type : "socks5");
        rc = kind < 0 ? err_set(e, -EINVAL, "--proxy-type %s: unknown", cli->proxy_type)
                      : read_place(cli->proxy, ADDR_NONE, &o->proxy_at, e);
        o->proxy = (enum proxy_kind)kind;
        if (rc == 0 && !o->proxy_at.port)
            o->proxy_at.port = proxy_kind_port(o->proxy);
    }
    return rc;
}

/* ---- tests ---- */

static bool is_listed(const char *list, const char *id)
{
    size_t len = strlen(id);
    for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strcspn(at, ",") == len && strncmp(at, id, len) == 0)
            return true;
    return false;
}

static int choose_tests(const struct relay_cli *cli, struct relay_options *o, struct arena *arena,
                        struct err *e)
{
    o->test = relay_battery;
    o->test_count = relay_battery_count;
    int rc = cli->tests ? battery_read(cli->tests, arena, &o->test, &o->test_count, e) : 0;
    if (rc || !cli->only)
        return rc;
    struct relay_test *chosen = arena_array(arena, o->test_count, sizeof *chosen);
    size_t count = 0;
    for (size_t i = 0; i < o->test_count; i++)
        if (is_listed(cli->only, o->test[i].id))
            chosen[count++] = o->test[i];
    if (count == 0)
        return err_set(e, -EINVAL, "--only %s: no such test", cli->only);
    o->test = chosen;
    o->test_count = count;
    return 0;
}

static void list_tests(const struct relay_options *o)
{
    for (size_t i = 0; i < o->test_count; i++)
        printf("%-30s %s\n", o->test[i].id, o->test[i].what ? o->test[i].what : "");
}

/* ---- the run ---- */

static int check_address(const char *option, const char *text, struct err *e)
{
    const char *at = text ? strrchr(text, '@') : NULL;
    if (!text)
        return err_set(e, -EINVAL, "%s is missing", option);
    if (!at || at == text || !at[1] || strpbrk(text, "<> \r\n"))
        return err_set(e, -EINVAL, "%s %s: not of the form user@domain", option, text);
    return 0;
}

static int search_imap(void *ctx, const char *token, bool *found, struct err *e)
{
    return mail_search(ctx, token, found, e);
}

static int set_imap(const struct relay_cli *cli, struct relay_options *o, struct mail_box *box,
                    struct arena *arena, struct err *e)
{
    struct str secret = str_of(SECRET_MAX);
    if (!cli->imap)
        return 0;
    if (!cli->imap_user || !cli->imap_password_file)
        return err_set(e, -EINVAL, "--sink-imap needs --imap-user and --imap-password-file");
    int rc = file_read(cli->imap_password_file, &secret, e);
    if (rc == 0)
        *box = (struct mail_box){
            cli->imap, cli->imap_user,
            arena_copy(arena, str_text(&secret), strcspn(str_text(&secret), "\r\n")), NULL};
    str_done(&secret);
    o->search = search_imap;
    o->search_ctx = box;
    return rc;
}

static const char *own_name(struct arena *arena)
{
    char name[HOST_MAX] = "localhost";
    (void)gethostname(name, sizeof name - 1);
    return arena_text(arena, name);
}

static int set_options(const struct relay_cli *cli, const char *host, struct relay_options *o,
                       struct arena *arena, struct err *e)
{
    struct endpoint target = {0};
    uint8_t family = cli->ip4 ? ADDR_IP4 : cli->ip6 ? ADDR_IP6 : ADDR_NONE;
    int rc = check_address("--to", cli->to, e);
    rc = rc || !cli->from ? rc : check_address("--from", cli->from, e);
    rc = rc ? rc : read_place(host, family, &target, e);
    rc = rc ? rc : set_places(cli, o, e);
    if (rc)
        return rc;
    bool is_number = host[strspn(host, "0123456789.:[]abcdefABCDEF")] == '\0';
    char *bare = arena_copy(arena, host, strcspn(host, ":"));
    o->target = target.addr;
    o->port = target.port;
    o->to = cli->to;
    o->from = cli->from ? cli->from : cli->to;
    o->helo = cli->helo ? cli->helo : own_name(arena);
    o->domain = cli->domain ? cli->domain : is_number ? "localhost" : bare;
    o->local_rcpt =
        cli->local_rcpt ? cli->local_rcpt : arena_print(arena, "postmaster@%s", o->domain);
    o->maildir = cli->maildir;
    o->reply_ns = (uint64_t)cli->timeout_ns;
    o->retry_ns = (uint64_t)cli->retry_ns;
    o->sink_wait_ns = (uint64_t)cli->sink_wait_ns;
    o->stop = interrupt_was_asked;
    return 0;
}

static int status_of(enum relay_verdict verdict)
{
    return verdict == RELAY_CLOSED ? EXIT_DONE : verdict == RELAY_OPEN ? EXIT_FAILED : EXIT_UNSURE;
}

static int test_host(const struct relay_cli *cli, struct relay_options *o, struct arena *arena)
{
    struct relay_report report;
    struct err e = {0};
    struct relay_cure cure[RELAY_CURES_MAX];
    interrupt_watch();
    if (cli->dialog)
        o->line = cli->json ? relay_output_line_aside : relay_output_line;
    if (relay_run(o, arena, &report, &e)) {
        command_complain("relay", "%s", e.text);
        return EXIT_RELAY_USAGE;
    }
    size_t cures = relay_cures(&report, cli->allowed, arena, cure);
    struct str text = str_of(0);
    if (cli->json)
        relay_output_json(&text, &report, cure, cures);
    else
        relay_output_text(&text, &report, cure, cures);
    fputs(str_text(&text), stdout);
    str_done(&text);
    return status_of(report.verdict);
}

static int run_parsed(const struct relay_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct relay_options o = {0};
    struct mail_box box = {0};
    struct err e = {0};
    int status = EXIT_DONE, rc = choose_tests(cli, &o, &arena, &e);
    if (rc == 0 && cli->list)
        list_tests(&o);
    else {
        if (rc == 0 && words->count != 1)
            rc = err_set(&e, -EINVAL, "one HOST[:PORT] is wanted");
        rc = rc ? rc : set_options(cli, words->text[0], &o, &arena, &e);
        rc = rc ? rc : set_imap(cli, &o, &box, &arena, &e);
        status = rc ? EXIT_RELAY_USAGE : test_host(cli, &o, &arena);
    }
    if (rc) {
        command_complain("relay", "%s", e.text);
        status = EXIT_RELAY_USAGE;
    }
    mail_box_done(&box);
    arena_done(&arena);
    return status;
}

static int run(int argc, char **argv)
{
    struct relay_cli cli = {.sink_wait_ns = 30 * (int64_t)NS_PER_S,
                            .timeout_ns = 20 * (int64_t)NS_PER_S};
    struct text_list words = {0};
    struct err e = {0};
    int status;
    if (option_parse(&table, argc, argv, &cli, &words, &e)) {
        command_complain("relay", "%s", e.text);
        status = EXIT_RELAY_USAGE;
    } else if (cli.help) {
        struct str help = str_of(0);
        option_help(&table, &help);
        fputs(str_text(&help), stdout);
        str_done(&help);
        status = EXIT_DONE;
    } else {
        status = run_parsed(&cli, &words);
    }
    text_list_done(&words);
    return status;
}

const struct command command_relay = {
    .name = "relay",
    .beside = "telnet, smtp-open-relay, swaks",
    .summary = "is this mail server an open relay?",
    .options = &table,
    .run = run,
};
