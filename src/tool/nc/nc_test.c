/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole runs against each other: a server in a child process, a client in this one. */
#include "tool/nc/nc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/sock.h"
#include "tool/nc/manner.h"

enum { WAIT_MS = 5000, STEP_MS = 20 };

/* What is said, for the test to look at. */
static void note(void *ctx, const char *lines)
{
    str_add(ctx, lines);
}

static struct nc_options options_of(const struct nc_manner *m)
{
    return (struct nc_options){.manner = m,
                               .quit_after_ns = -1,
                               .max_connections = -1,
                               .connect_ns = 3 * (int64_t)NS_PER_S,
                               .shut_at_eof = true};
}

static uint16_t free_port(void)
{
    struct endpoint at = {.addr = addr_ip4(0x7f000001)};
    struct err e;
    int fd = -1;
    if (sock_listen(&at, 1, &fd, &e) || sock_local(fd, &at, &e))
        return 0;
    close(fd);
    return at.port;
}

/* A run in a child, with a pipe to its input and one from its output. */
struct other {
    pid_t pid;
    int in, out;
};

static struct other start(const struct nc_options *o)
{
    int in[2], out[2];
    struct other other = {-1, -1, -1};
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        return other;
    other = (struct other){fork(), in[1], out[0]};
    if (other.pid == 0) {
        struct str said = str_of(0);
        signal(SIGPIPE, SIG_IGN);
        alarm(20);
        close(in[1]); /* or its input would never end */
        close(out[0]);
        _exit(nc_run(o, &(struct nc_streams){in[0], out[1], note, &said}));
    }
    close(in[0]);
    close(out[1]);
    return other;
}

static int finish(struct other *other)
{
    int status = 0;
    if (other->in >= 0)
        close(other->in);
    close(other->out);
    waitpid(other->pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The client's run: `text` is its input, what came goes to *got.  Tried until the server is up. */
static int call(const struct nc_options *o, const char *text, struct str *got)
{
    int status = -1;
    for (int waited = 0; status && waited < WAIT_MS; waited += STEP_MS) {
        int in[2], out[2];
        char data[256];
        struct str said = str_of(0);
        if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC | O_NONBLOCK))
            return -1;
        (void)!write(in[1], text, strlen(text));
        close(in[1]);
        status = nc_run(o, &(struct nc_streams){in[0], out[1], note, &said});
        close(in[0]);
        close(out[1]);
        ssize_t len = read(out[0], data, sizeof data);
        if (len > 0)
            str_add_len(got, data, (size_t)len);
        close(out[0]);
        str_done(&said);
        if (status)
            usleep(STEP_MS * 1000);
    }
    return status;
}

static bool hears(int fd, const char *text)
{
    char data[256];
    size_t len = 0, want = strlen(text);
    while (len < want) {
        ssize_t got = read(fd, data + len, sizeof data - len);
        if (got <= 0)
            return false;
        len += (size_t)got;
    }
    return len == want && memcmp(data, text, len) == 0;
}

static const struct row {
    const char *why;
    bool udp, tls, unix_path;
    const char *alpn;
} rows[] = {
    {"TCP", false, false, false, NULL},
    {"TLS", false, true, false, "h2"},
    {"a UNIX socket", false, false, true, NULL},
    {"DTLS", true, true, false, NULL},
};

static int test_pairs(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *row = &rows[i];
        uint16_t port = free_port();
        struct nc_options server = options_of(&nc_manner_openbsd), client;
        server.udp = row->udp;
        server.tls = row->tls;
        server.tls_alpn = row->alpn;
        server.medium = row->unix_path ? NC_UNIX : NC_IP;
        server.host = row->unix_path ? "sock" : "127.0.0.1";
        server.port = &port;
        server.port_count = 1;
        client = server;
        client.shut_at_eof = false; /* a listener ends with its client, whatever it has to say */
        server.listen = true;
        server.idle_ns = row->udp ? (int64_t)NS_PER_S : 0;
        client.quit_after_ns = row->udp ? (int64_t)NS_PER_S / 2 : -1;
        struct other other = start(&server);
        struct str got = str_of(0);
        CHECK_ROW(i, write(other.in, "down", 4) == 4);
        close(other.in);
        other.in = -1;
        CHECK_ROW(i, call(&client, "up", &got) == 0);
        CHECK_ROW(i, strcmp(str_text(&got), "down") == 0);
        CHECK_ROW(i, hears(other.out, "up"));
        CHECK_ROW(i, finish(&other) == 0);
        CHECK_ROW(i, access("sock", F_OK) != 0); /* its file is gone */
        str_done(&got);
    }
    return failed;
}

/* Many clients of one server, whose program answers each. */
static int test_programs(void)
{
    int failed = 0;
    uint16_t port = free_port();
    struct nc_options server = options_of(&nc_manner_ncat), client = server;
    server.listen = server.keep_open = true;
    server.program = NC_EXEC_SHELL;
    server.program_text = "tr a-z A-Z; echo $NCAT_PROTO";
    server.host = client.host = "127.0.0.1";
    server.port = client.port = &port;
    server.port_count = client.port_count = 1;
    struct other other = start(&server);
    for (int tls = 0; tls < 3; tls++) {
        struct str got = str_of(0);
        CHECK_ROW(tls, call(&client, "shout", &got) == 0);
        CHECK_ROW(tls, strcmp(str_text(&got), "SHOUTTCP\n") == 0);
        str_done(&got);
    }
    kill(other.pid, SIGTERM);
    CHECK(finish(&other) == 128 + SIGTERM);
    return failed;
}

static int test_proxies(void)
{
    static const enum proxy_kind kind[] = {PROXY_HTTP, PROXY_SOCKS4, PROXY_SOCKS4A, PROXY_SOCKS5};
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        uint16_t port = free_port(), behind = free_port();
        char place[64];
        struct nc_options proxy = options_of(&nc_manner_openbsd), server = proxy, client = proxy;
        snprintf(place, sizeof place, "127.0.0.1:%u", port);
        proxy.listen = server.listen = true;
        proxy.serve = kind[i] == PROXY_HTTP ? PROXY_HTTP : PROXY_SOCKS5;
        proxy.host = server.host = client.host = "127.0.0.1";
        client.shut_at_eof = false;
        bool login = kind[i] == PROXY_HTTP || kind[i] == PROXY_SOCKS5;
        proxy.proxy_auth = client.proxy_auth = login ? "user:word" : NULL;
        proxy.port = &port;
        server.port = client.port = &behind;
        proxy.port_count = server.port_count = client.port_count = 1;
        client.proxy = kind[i];
        client.proxy_place = place;
        struct other first = start(&proxy), second = start(&server);
        struct str got = str_of(0);
        CHECK_ROW(i, write(second.in, "down", 4) == 4);
        close(second.in);
        second.in = -1;
        CHECK_ROW(i, call(&client, "up", &got) == 0 && strcmp(str_text(&got), "down") == 0);
        CHECK_ROW(i, hears(second.out, "up") && finish(&second) == 0);
        kill(first.pid, SIGKILL);
        (void)finish(&first);
        str_done(&got);
    }
    return failed;
}

static int test_refusals(void)
{
    static const struct {
        const struct nc_manner *manner;
        const char *host;
        int verbose, status;
        const char *words;
    } row[] = {
        {&nc_manner_openbsd, "127.0.0.1", 0, 1, ""},
        {&nc_manner_openbsd, "127.0.0.1", 1, 1, "nc: connect to 127.0.0.1 port "},
        {&nc_manner_traditional, "127.0.0.1", 1, 1, "(UNKNOWN) [127.0.0.1] "},
        {&nc_manner_ncat, "127.0.0.1", 0, 1, "Ncat: Connection refused.\n"},
        {&nc_manner_openbsd, "no name", 0, 1, "nc: getaddrinfo for host \"no name\" port "},
        {&nc_manner_ncat, "no name", 0, 2, "Ncat: Could not resolve hostname \"no name\": Name"},
    };
    int failed = 0;
    uint16_t port = free_port();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct nc_options o = options_of(row[i].manner);
        struct str said = str_of(0);
        o.host = row[i].host;
        o.port = &port;
        o.port_count = 1;
        o.verbose = row[i].verbose;
        o.no_dns = true;
        CHECK_ROW(i, nc_run(&o, &(struct nc_streams){0, 1, note, &said}) == row[i].status);
        CHECK_ROW(i, strncmp(str_text(&said), row[i].words, strlen(row[i].words)) == 0);
        CHECK_ROW(i, row[i].words[0] || said.len == 0);
        str_done(&said);
    }
    return failed;
}

int nc_nc_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-nc-XXXXXX";
    signal(SIGPIPE, SIG_IGN);
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    failed += test_pairs() + test_programs() + test_proxies() + test_refusals();
    CHECK(rmdir(folder) == 0);
    return failed;
}
