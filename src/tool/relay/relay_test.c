/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole run against a small mail server in a child process, which forwards what it accepts to our
 * sink, or does not. */
#include "tool/relay/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "sys/io/sock.h"

/* How the server is. */
struct habits {
    const char *banner, *ehlo, *rcpt; /* NULL: 250 */
    const char *takes;                /* recipients that hold this are taken; NULL: none */
    const char *after_data;           /* NULL: 250 */
    bool forwards, hangs_up;          /* after the banner */
    unsigned refusals_max;            /* then 421 and good bye; 0: no limit */
    uint16_t sink_port;
};

static void put(int fd, const char *text)
{
    (void)!write(fd, text, strlen(text));
}

static int dial(uint16_t port)
{
    struct endpoint at = {addr_ip4(0x7f000001), port};
    struct sockaddr_storage to;
    socklen_t len = sock_addr_from(&to, &at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&to, len) == 0 ? fd : -1;
}

static void forward(uint16_t port, const char *mail)
{
    char reply[256];
    int fd = dial(port);
    const char *const say[] = {"HELO x\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<x>\r\n", "DATA\r\n"};
    for (size_t i = 0; i < ARRAY_LEN(say); i++) {
        (void)!read(fd, reply, sizeof reply);
        put(fd, say[i]);
    }
    (void)!read(fd, reply, sizeof reply);
    put(fd, mail);
    put(fd, ".\r\nQUIT\r\n");
    while (read(fd, reply, sizeof reply) > 0)
        ;
    close(fd);
}

static bool read_line(FILE *in, char line[1024])
{
    return fgets(line, 1024, in) != NULL;
}

static void take_mail(const struct habits *h, FILE *in, int fd)
{
    char line[1024];
    struct str mail = str_of(1 << 16);
    put(fd, "354 go\r\n");
    while (read_line(in, line) && strcmp(line, ".\r\n") != 0)
        str_add(&mail, line);
    put(fd, h->after_data ? h->after_data : "250 taken\r\n");
    if (h->forwards && !h->after_data)
        forward(h->sink_port, str_text(&mail));
    str_done(&mail);
}

static void talk(const struct habits *h, int fd)
{
    FILE *in = fdopen(fd, "r");
    char line[1024];
    unsigned refused = 0;
    put(fd, h->banner ? h->banner : "220 mx.victim.test ESMTP Postfix\r\n");
    while (!h->hangs_up && read_line(in, line)) {
        if (strncmp(line, "RCPT", 4) == 0) {
            bool takes = h->takes && strstr(line, h->takes);
            if (!takes && h->refusals_max && ++refused > h->refusals_max) {
                put(fd, "421 too many errors\r\n");
                break;
            }
            put(fd, takes ? "250 ok\r\n" : h->rcpt ? h->rcpt : "550 5.7.1 no relaying\r\n");
        } else if (strncmp(line, "DATA", 4) == 0)
            take_mail(h, in, fd);
        else if (strncmp(line, "EHLO", 4) == 0)
            put(fd, h->ehlo ? h->ehlo : "250-mx.victim.test\r\n250 8BITMIME\r\n");
        else
            put(fd, "250 ok\r\n");
    }
    fclose(in);
}

static pid_t serve(const struct habits *h, int listener)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    alarm(20);
    fcntl(listener, F_SETFL, 0); /* wait in accept */
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0)
            talk(h, fd);
    }
}

static const struct relay_test tests[] = {
    {"plain", "{from_user}@{from_domain}", "{to_user}@{to_domain}", 0, "plain"},
    {"percent", "", "{to_user}%{to_domain}@{target_domain}", 0, "percent"},
    {"raw", "", "{to_user}@{to_domain}", RELAY_RAW, "raw"},
    {"local", "", "{to_user}@{to_domain}", RELAY_AFTER_LOCAL, "local"},
    {"auth", "", "{to_user}@{to_domain}", RELAY_BOGUS_AUTH, "auth"},
};

static const struct row {
    const char *why;
    struct habits habits;
    enum relay_verdict verdict;
    enum relay_outcome outcome[ARRAY_LEN(tests)];
    bool envelope_only;
} rows[] = {
    {"closed",
     {0},
     RELAY_CLOSED,
     {RELAY_REFUSED, RELAY_REFUSED, RELAY_REFUSED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"open",
     {.takes = "@", .forwards = true},
     RELAY_OPEN,
     {RELAY_DELIVERED, RELAY_DELIVERED, RELAY_DELIVERED, RELAY_DELIVERED, RELAY_SKIPPED},
     false},
    {"open by percent alone",
     {.takes = "%", .forwards = true},
     RELAY_OPEN,
     {RELAY_REFUSED, RELAY_DELIVERED, RELAY_REFUSED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"without angle brackets alone",
     {.takes = ":probe", .forwards = true},
     RELAY_OPEN,
     {RELAY_REFUSED, RELAY_REFUSED, RELAY_DELIVERED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"takes all, delivers nothing; odd ones are its own",
     {.takes = "@"},
     RELAY_UNVERIFIED,
     {RELAY_ACCEPTED, RELAY_LOCAL, RELAY_ACCEPTED, RELAY_ACCEPTED, RELAY_SKIPPED},
     false},
    {"refuses the message",
     {.takes = "@", .after_data = "554 no\r\n"},
     RELAY_CLOSED,
     {RELAY_REFUSED, RELAY_REFUSED, RELAY_REFUSED, RELAY_REFUSED, RELAY_SKIPPED},
     false},
    {"puts off",
     {.rcpt = "451 later\r\n"},
     RELAY_INCONCLUSIVE,
     {RELAY_DEFERRED, RELAY_DEFERRED, RELAY_DEFERRED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"hangs up after two refusals",
     {.refusals_max = 2},
     RELAY_CLOSED,
     {RELAY_REFUSED, RELAY_REFUSED, RELAY_REFUSED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"takes commands ahead",
     {.ehlo = "250-mx.victim.test\r\n250 PIPELINING\r\n"},
     RELAY_CLOSED,
     {RELAY_REFUSED, RELAY_REFUSED, RELAY_REFUSED, RELAY_SKIPPED, RELAY_SKIPPED},
     false},
    {"the envelope alone",
     {.takes = "@", .forwards = true},
     RELAY_UNVERIFIED,
     {RELAY_ACCEPTED, RELAY_LOCAL, RELAY_ACCEPTED, RELAY_ACCEPTED, RELAY_SKIPPED},
     true},
};

static const struct row silent[] = {
    {"bars us", {.banner = "554 go away\r\n"}, RELAY_INCONCLUSIVE, {0}, false},
    {"is no mail server", {.banner = "SSH-2.0-x\r\n"}, RELAY_INCONCLUSIVE, {0}, false},
    {"hangs up", {.hangs_up = true}, RELAY_INCONCLUSIVE, {0}, false},
};

static bool listen_on(struct endpoint *at, int *fd)
{
    struct err e;
    *at = (struct endpoint){.addr = addr_ip4(0x7f000001)};
    return sock_listen(at, 16, fd, &e) == 0 && sock_local(*fd, at, &e) == 0;
}

static bool run_row(const struct row *row, struct arena *arena, struct relay_report *report)
{
    struct endpoint at, sink;
    struct habits habits = row->habits;
    struct err e = {0};
    int listener = -1, spare = -1;
    if (!listen_on(&at, &listener) || !listen_on(&sink, &spare))
        return false;
    close(spare);
    habits.sink_port = sink.port;
    struct relay_options o = {
        .target = at.addr,
        .port = at.port,
        .from = "tester@outside.test",
        .to = "probe@sink.test",
        .domain = "victim.test",
        .helo = "outside.test",
        .local_rcpt = "postmaster@victim.test",
        .test = tests,
        .test_count = ARRAY_LEN(tests),
        .reply_ns = 5 * NS_PER_S,
        .envelope_only = row->envelope_only,
        .has_sink = true,
        .sink = sink,
        .sink_wait_ns = NS_PER_S / 2,
    };
    pid_t pid = serve(&habits, listener);
    bool ok = relay_run(&o, arena, report, &e) == 0;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(listener);
    return ok;
}

/* Where somebody else looks (IMAP) he is asked for each token that is outstanding. */
static int find_all(void *ctx, const char *token, bool *found, struct err *e)
{
    unsigned *asked = ctx;
    (void)e;
    ++*asked;
    *found = strncmp(token, "picket-relay-", 13) == 0;
    return 0;
}

static int test_search(void)
{
    int failed = 0;
    unsigned asked = 0;
    struct arena arena = {0};
    struct relay_report report;
    struct endpoint at;
    struct habits habits = {.takes = "@"};
    struct err e = {0};
    int listener = -1;
    CHECK(listen_on(&at, &listener));
    struct relay_options o = {
        .target = at.addr,
        .port = at.port,
        .from = "tester@outside.test",
        .to = "probe@sink.test",
        .domain = "victim.test",
        .helo = "outside.test",
        .local_rcpt = "postmaster@victim.test",
        .test = tests,
        .test_count = 1,
        .reply_ns = 5 * NS_PER_S,
        .maildir = "/no/such/folder",
        .search = find_all,
        .search_ctx = &asked,
        .sink_wait_ns = 3 * NS_PER_S,
    };
    pid_t pid = serve(&habits, listener);
    CHECK(relay_run(&o, &arena, &report, &e) == 0 && report.verdict == RELAY_OPEN);
    CHECK(asked == 1 && report.result[0].outcome == RELAY_DELIVERED);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(listener);
    arena_done(&arena);
    return failed;
}

int relay_relay_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena arena = {0};
        struct relay_report report;
        CHECK_ROW(i, run_row(&rows[i], &arena, &report));
        CHECK_ROW(i, report.verdict == rows[i].verdict && report.count == ARRAY_LEN(tests));
        for (size_t n = 0; n < report.count; n++)
            CHECK_ROW(100 * i + n, report.result[n].outcome == rows[i].outcome[n]);
        CHECK_ROW(i, report.software == RELAY_POSTFIX && !report.tls);
        CHECK_ROW(i, strcmp(report.server_name, "mx.victim.test") == 0);
        CHECK_ROW(i,
                  strstr(report.vantage, "itself") && strstr(report.result[0].dialogue, "> MAIL"));
        arena_done(&arena);
    }
    for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
        struct arena arena = {0};
        struct relay_report report;
        CHECK_ROW(i, run_row(&silent[i], &arena, &report));
        CHECK_ROW(i, report.verdict == RELAY_INCONCLUSIVE && report.reason[0]);
        arena_done(&arena);
    }
    failed += test_search();
    struct relay_options o = {.to = "no domain", .from = "a@b"};
    struct arena arena = {0};
    struct relay_report report;
    struct err e = {0};
    CHECK(relay_run(&o, &arena, &report, &e) == -EINVAL);
    arena_done(&arena);
    return failed;
}
