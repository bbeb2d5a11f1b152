/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services of invented manners on the loopback, served by the loop that asks them. */
#include "tool/scan/service/service_scan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/sock.h"

/* The probes; some are for certain ports only. */
static void write_probes(struct str *out, unsigned sink, unsigned idle, unsigned silent)
{
    str_addf(out,
             "Exclude T:9\n"
             "Probe TCP NULL q||\n"
             "totalwaitms 1000\n"
             "tcpwrappedms 500\n"
             "match banner m|^hello (\\w+)\\n"
             "| v/$1/\n"
             "softmatch family m|^220 |\n"
             "Probe TCP Ask q|ask\\n"
             "|\n"
             "totalwaitms 800\n"
             "rarity 1\n"
             "match asked m|^yes ([^\\n"
             "]+)\\n"
             "| v/$1/\n"
             "Probe TCP Member q|who\\n"
             "|\n"
             "rarity 9\n"
             "match family m|^220 .*am (\\w+)|s v/$1/\n"
             "Probe TCP Flood q|0123456789abcdef| repeat 30000\n"
             "rarity 7\n"
             "ports %u,%u\n"
             "match sink m|^$|\n"
             "Probe UDP AskUdp q|ask|\n"
             "totalwaitms 800\n"
             "match udp m|^yes|\n"
             "Probe UDP Silent q|anybody?| beside\n"
             "rarity 7\n"
             "ports %u\n"
             "match silent m|^$|\n",
             sink, idle, silent);
}

/* What a service does when somebody connects, and with what it is told. */
struct manner {
    const char *name;
    const char *at_once;        /* said when somebody connects; NULL: nothing */
    const char *asked, *answer; /* to what begins so; NULL: silence */
    bool closes, endless, swallows;
    enum service_state state;
    const char *service, *version;
    bool fingerprint;
};

static const struct manner manners[] = {
    {"speaks first", "hello world\n", NULL, NULL, false, false, true, SERVICE_NAMED, "banner",
     "world", false},
    {"waits to be asked", NULL, "ask", "yes 1.2\n", false, false, true, SERVICE_NAMED, "asked",
     "1.2", false},
    {"asks to be named", "220 hi\n", "who", "I am joe\n", false, false, true, SERVICE_NAMED,
     "family", "joe", false}, /* rarer than the intensity, but it may name a family */
    {"closes at once", NULL, NULL, NULL, true, false, true, SERVICE_WRAPPED, NULL, NULL, false},
    {"talks without end", "na ", NULL, NULL, false, true, true, SERVICE_UNKNOWN, NULL, NULL, true},
    {"takes all it gets", NULL, NULL, NULL, false, false, true, SERVICE_NAMED, "sink", NULL, false},
    {"takes nothing", NULL, NULL, NULL, false, false, false, SERVICE_UNKNOWN, NULL, NULL, false},
    {"says what nobody knows", "what?\n", NULL, NULL, false, false, true, SERVICE_UNKNOWN, NULL,
     NULL, true},
};

enum { MANNERS = ARRAY_LEN(manners), CLIENTS_MAX = 64 };

struct client {
    struct loop_fd watch;
    const struct manner *manner;
    struct loop *loop;
    int fd;
};

struct server {
    struct loop_fd watch;
    struct loop *loop;
    struct client *client; /* of all servers */
    size_t *client_count;
    const struct manner *manner;
    int fd;
    uint16_t port;
};

static void on_client(struct loop_fd *watch, unsigned ready)
{
    struct client *c = watch->ctx;
    char data[65536];
    static const char endless[16384] = "na na na";
    if (ready & LOOP_WRITE)
        (void)!send(c->fd, endless, sizeof endless, MSG_NOSIGNAL);
    if (!(ready & LOOP_READ))
        return;
    ssize_t got = recv(c->fd, data, sizeof data, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        loop_fd_remove(c->loop, &c->watch);
        return;
    }
    const struct manner *m = c->manner;
    if (got > 0 && m->asked && (size_t)got >= strlen(m->asked) &&
        memcmp(data, m->asked, strlen(m->asked)) == 0)
        (void)!send(c->fd, m->answer, strlen(m->answer), MSG_NOSIGNAL);
}

static void on_accept(struct loop_fd *watch, unsigned ready)
{
    struct server *s = watch->ctx;
    struct err e = {0};
    (void)ready;
    int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 || s->manner->closes || *s->client_count == CLIENTS_MAX) {
        close(fd);
        return;
    }
    struct client *c = &s->client[(*s->client_count)++];
    *c = (struct client){.manner = s->manner, .loop = s->loop, .fd = fd};
    c->watch = (struct loop_fd){.fn = on_client, .ctx = c, .fd = fd};
    if (s->manner->at_once)
        (void)!send(fd, s->manner->at_once, strlen(s->manner->at_once), MSG_NOSIGNAL);
    unsigned wanted =
        (s->manner->swallows ? LOOP_READ : 0U) | (s->manner->endless ? LOOP_WRITE : 0U);
    if (wanted && loop_fd_add(s->loop, &c->watch, wanted, &e) < 0)
        close(fd);
}

static int serve(struct server *s, struct err *e)
{
    struct endpoint at = {addr_ip4(0x7f000001), 0};
    struct endpoint got;
    if (sock_listen(&at, 64, &s->fd, e) < 0 || sock_local(s->fd, &got, e) < 0)
        return e->code;
    s->port = got.port;
    s->watch = (struct loop_fd){.fn = on_accept, .ctx = s, .fd = s->fd};
    return loop_fd_add(s->loop, &s->watch, LOOP_READ, e);
}

/* Answers from another port, as TFTP does. */
struct datagram_server {
    struct loop_fd watch;
    int fd, other;
};

static void on_datagram(struct loop_fd *watch, unsigned ready)
{
    struct datagram_server *s = watch->ctx;
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    char data[64];
    (void)ready;
    if (recvfrom(s->fd, data, sizeof data, 0, (struct sockaddr *)&from, &len) > 0)
        (void)!sendto(s->other, "yes", 3, 0, (struct sockaddr *)&from, len);
}

static uint16_t serve_datagrams(struct loop *loop, struct datagram_server *s, struct err *e)
{
    struct endpoint at = {addr_ip4(0x7f000001), 0}, got;
    s->fd = sock_new(ADDR_IP4, SOCK_DGRAM);
    s->other = sock_new(ADDR_IP4, SOCK_DGRAM);
    s->watch = (struct loop_fd){.fn = on_datagram, .ctx = s, .fd = s->fd};
    if (sock_bind(s->fd, &at, e) < 0 || sock_bind(s->other, &at, e) < 0 ||
        sock_local(s->fd, &got, e) < 0 || loop_fd_add(loop, &s->watch, LOOP_READ, e) < 0)
        return 0;
    return got.port;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct service_target target_of(enum scan_proto proto, uint16_t port)
{
    struct scan_timing timing = scan_timing_of(5);
    return (struct service_target){
        .addr = addr_ip4(0x7f000001), .proto = proto, .port = port, .rtt = rtt_of(&timing)};
}

static bool stop_at_once(void *ctx, size_t done, size_t total)
{
    (void)ctx, (void)done, (void)total;
    return false;
}

static void check_targets(int *failures, const struct service_target *t)
{
    int failed = 0;
    for (size_t i = 0; i < MANNERS; i++) {
        const struct manner *m = &manners[i];
        CHECK_ROW(i, t[i].state == m->state && same(t[i].hit.service, m->service));
        CHECK_ROW(i, same(t[i].hit.field[PROBE_VERSION], m->version));
        CHECK_ROW(i, (t[i].fingerprint != NULL) == m->fingerprint);
    }
    CHECK(t[MANNERS].state == SERVICE_EXCLUDED && !t[MANNERS].answered);
    CHECK(t[MANNERS + 1].state == SERVICE_UNKNOWN); /* nobody listens */
    CHECK(t[MANNERS + 2].state == SERVICE_NAMED && same(t[MANNERS + 2].hit.service, "udp"));
    CHECK(t[MANNERS + 3].state == SERVICE_UNKNOWN && !t[MANNERS + 3].answered);
    CHECK(same(t[MANNERS + 4].hit.service, "silent") && !t[MANNERS + 4].answered);
    *failures += failed;
}

static void close_all(const struct server *server, const struct client *client, size_t clients)
{
    for (size_t i = 0; i < MANNERS; i++)
        close(server[i].fd);
    for (size_t i = 0; i < clients; i++)
        close(client[i].fd);
}

int service_service_scan_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct loop *loop;
    struct probe_db db;
    struct arena arena = {0};
    struct server server[MANNERS];
    static struct client client[CLIENTS_MAX];
    size_t client_count = 0;
    struct datagram_server datagrams = {0};
    struct service_target target[MANNERS + 5];
    if (!CHECK(loop_open(&loop, &clock_system, &e) == 0))
        return failed;
    for (size_t i = 0; i < MANNERS; i++) {
        server[i] = (struct server){
            .loop = loop, .client = client, .client_count = &client_count, .manner = &manners[i]};
        CHECK_ROW(i, serve(&server[i], &e) == 0);
        target[i] = target_of(SCAN_TCP, server[i].port);
    }
    target[MANNERS] = target_of(SCAN_TCP, 9);
    target[MANNERS + 1] = target_of(SCAN_TCP, 1);
    target[MANNERS + 2] = target_of(SCAN_UDP, serve_datagrams(loop, &datagrams, &e));
    target[MANNERS + 3] = target_of(SCAN_UDP, 1);
    struct endpoint nobody = {addr_ip4(0x7f000001), 0};
    int silent = sock_new(ADDR_IP4, SOCK_DGRAM);
    CHECK(sock_bind(silent, &nobody, &e) == 0 && sock_local(silent, &nobody, &e) == 0);
    target[MANNERS + 4] = target_of(SCAN_UDP, nobody.port);
    struct str probes = str_of(0);
    write_probes(&probes, server[5].port, server[6].port, nobody.port);
    probe_db_parse(&db, probes.text, probes.len, "probes", NULL, NULL);
    str_done(&probes);
    struct scan_timing timing = scan_timing_of(5);
    struct service_scan_setup setup = {.loop = loop,
                                       .clock = &clock_system,
                                       .db = &db,
                                       .timing = &timing,
                                       .intensity = 7,
                                       .arena = &arena};
    CHECK(service_scan_run(&setup, target, ARRAY_LEN(target), &e) == 0);
    check_targets(&failed, target);
    setup.events.progress = stop_at_once;
    CHECK(service_scan_run(&setup, target, ARRAY_LEN(target), &e) == -ECANCELED);
    setup.events.progress = NULL;
    timing.host_timeout_ns = 50 * NS_PER_MS;
    CHECK(service_scan_run(&setup, &target[6], 1, &e) == 0 && target[6].given_up);
    timing.host_timeout_ns = 0;
    setup.all_ports = true;
    CHECK(service_scan_run(&setup, &target[MANNERS], 1, &e) == 0);
    CHECK(target[MANNERS].state == SERVICE_UNKNOWN); /* asked now, but nobody listens */
    close_all(server, client, client_count);
    close(silent);
    close(datagrams.fd);
    close(datagrams.other);
    probe_db_done(&db);
    arena_done(&arena);
    loop_close(loop);
    return failed;
}
