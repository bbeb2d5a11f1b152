/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a name server of some lines that runs on the same loop, on 127.0.0.1. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/bytes.h"
#include "core/base/mem.h"
#include "sys/io/resolver.h"
#include "sys/io/sock.h"

enum { DNS_A = 1, DNS_PTR = 12, DNS_AAAA = 28, DNS_HEAD_LEN = 12, DNS_TRUNCATED = 0x0200 };

struct server {
    struct loop *loop;
    struct loop_fd udp, tcp, peer;
    int udp_fd, tcp_fd;
    char address[32];
    int asked, unanswered, most_at_once, held;
    struct { /* questions that wait until some have come together */
        struct sockaddr_storage from;
        uint8_t text[512];
        size_t len;
    } hold[400];
};

/* What a question is answered: by its first label. */
struct reply {
    uint16_t type;
    int code; /* DNS RCODE; -1: no answer at all */
    int count;
    bool truncated;
};

static struct reply reply_to(const char *name, uint16_t type)
{
    if (strncmp(name, "silent", 6) == 0)
        return (struct reply){.code = -1};
    if (strncmp(name, "broken", 6) == 0)
        return (struct reply){.code = 2}; /* SERVFAIL */
    if (strncmp(name, "only4", 5) == 0)
        return (struct reply){.type = DNS_A, .count = type == DNS_A};
    if (strncmp(name, "big", 3) == 0)
        return (struct reply){.type = type, .count = 100, .truncated = true};
    if (strncmp(name, "host", 4) == 0)
        return (struct reply){.type = type, .count = type == DNS_PTR ? 0 : 2};
    if (type == DNS_PTR && strstr(name, "2.0.192"))
        return (struct reply){.type = DNS_PTR, .count = 1};
    if (type == DNS_PTR && strstr(name, "ip6"))
        return (struct reply){.type = DNS_PTR, .count = 1};
    return (struct reply){.code = 3}; /* NXDOMAIN */
}

static void put_name(struct bytes_out *out, const char *dotted)
{
    for (const char *at = dotted; *at;) {
        size_t len = strcspn(at, ".");
        bytes_put_u8(out, (uint8_t)len);
        bytes_put(out, at, len);
        at += len + (at[len] == '.');
    }
    bytes_put_u8(out, 0);
}

static void put_record(struct bytes_out *out, const char *name, uint16_t type, int i)
{
    static const uint8_t ip6[16] = {0x20, 1, 0xd, 0xb8};
    bytes_put_u16be(out, 0xc00c); /* the question's name (RFC 1035 4.1.4) */
    bytes_put_u16be(out, type);
    bytes_put_u16be(out, 1);
    bytes_put_u32be(out, 60);
    size_t at = bytes_out_len(out);
    bytes_put_u16be(out, 0);
    if (type == DNS_A) { /* 192.0.2.N where the name is hostN */
        int n = 0;
        (void)sscanf(name, "host%d", &n);
        bytes_put_u32be(out, 0xc0000200U + (uint32_t)(n + i));
    } else if (type == DNS_AAAA) {
        bytes_put(out, ip6, 14);
        bytes_put_u16be(out, (uint16_t)(i + 1));
    } else {
        char text[64];
        snprintf(text, sizeof text, "n%.*s.example", (int)strcspn(name, "."), name);
        put_name(out, text);
    }
    bytes_patch_u16be(out, at, (uint16_t)(bytes_out_len(out) - at - 2));
}

static uint16_t read_question(struct bytes_in *in, char name[256])
{
    size_t at = 0;
    for (uint8_t len; (len = bytes_u8(in)) != 0 && !in->bad && at + len + 2 < 256;) {
        bytes_copy(in, name + at, len);
        at += len;
        name[at++] = '.';
    }
    name[at ? at - 1 : 0] = '\0';
    uint16_t type = bytes_u16be(in);
    bytes_skip(in, 2);
    return type;
}

/* The answer to the question at `query`; 0: none. */
static size_t make_answer(const uint8_t *query, size_t len, uint8_t *to, size_t size, bool tcp)
{
    char name[256] = "";
    struct bytes_in in = bytes_in_of(query, len);
    uint16_t id = bytes_u16be(&in);
    bytes_skip(&in, DNS_HEAD_LEN - 2);
    uint16_t type = read_question(&in, name);
    size_t question_len = len - bytes_left(&in) - DNS_HEAD_LEN;
    struct reply reply = reply_to(name, type);
    if (in.bad || reply.code < 0)
        return 0;
    bool cut = reply.truncated && !tcp;
    struct bytes_out out = bytes_out_of(to, size);
    bytes_put_u16be(&out, id);
    bytes_put_u16be(&out, (uint16_t)(0x8180 | (cut ? DNS_TRUNCATED : 0) | reply.code));
    bytes_put_u16be(&out, 1);
    bytes_put_u16be(&out, (uint16_t)(cut ? 0 : reply.count));
    bytes_put_u32be(&out, 0);
    bytes_put(&out, query + DNS_HEAD_LEN, question_len);
    for (int i = 0; i < reply.count && !cut; i++)
        put_record(&out, name, reply.type, i);
    return out.full ? 0 : bytes_out_len(&out);
}

static void send_answer(struct server *s, const uint8_t *query, size_t len,
                        const struct sockaddr_storage *to)
{
    uint8_t text[512];
    size_t out = make_answer(query, len, text, sizeof text, false);
    if (out == 0)
        s->unanswered++;
    else
        sendto(s->udp_fd, text, out, 0, (const struct sockaddr *)to, sizeof(struct sockaddr_in));
}

static void udp_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    struct server *s = w->ctx;
    struct sockaddr_storage from;
    uint8_t query[512];
    for (;;) {
        socklen_t from_len = sizeof from;
        ssize_t len =
            recvfrom(s->udp_fd, query, sizeof query, 0, (struct sockaddr *)&from, &from_len);
        if (len < DNS_HEAD_LEN)
            return;
        s->asked++;
        if (s->held == 0) {
            send_answer(s, query, (size_t)len, &from);
            continue;
        }
        int at = s->most_at_once++;
        s->hold[at].from = from;
        memcpy(s->hold[at].text, query, (size_t)len);
        s->hold[at].len = (size_t)len;
        if (s->most_at_once == s->held) {
            s->held = 0;
            for (int i = 0; i <= at; i++)
                send_answer(s, s->hold[i].text, s->hold[i].len, &s->hold[i].from);
        }
    }
}

/* One connection at a time, one question each. */
static void peer_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    struct server *s = w->ctx;
    uint8_t query[514] = {0}, text[8192];
    int fd = w->fd;
    ssize_t len = recv(fd, query, sizeof query, 0);
    if (len > 2 + DNS_HEAD_LEN) {
        size_t out = make_answer(query + 2, (size_t)len - 2, text + 2, sizeof text - 2, true);
        text[0] = (uint8_t)(out >> 8);
        text[1] = (uint8_t)out;
        (void)!send(fd, text, out + 2, MSG_NOSIGNAL);
        return;
    }
    loop_fd_remove(s->loop, w);
    close(fd);
}

static void tcp_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    struct server *s = w->ctx;
    struct err e;
    int fd = accept4(s->tcp_fd, NULL, NULL, SOCK_CLOEXEC);
    s->peer = (struct loop_fd){.fn = peer_ready, .ctx = s, .fd = fd};
    if (fd >= 0 && loop_fd_add(s->loop, &s->peer, LOOP_READ, &e))
        close(fd);
}

static int server_open(struct server *s, struct loop *l)
{
    struct err e = {0};
    struct endpoint at = {.addr = addr_ip4(0x7f000001)};
    *s = (struct server){.loop = l, .peer.fd = -1, .udp_fd = sock_new(ADDR_IP4, SOCK_DGRAM)};
    int rc = sock_bind(s->udp_fd, &at, &e);
    rc = rc ? rc : sock_local(s->udp_fd, &at, &e);
    rc = rc ? rc : sock_listen(&at, 4, &s->tcp_fd, &e);
    snprintf(s->address, sizeof s->address, "127.0.0.1:%u", at.port);
    s->udp = (struct loop_fd){.fn = udp_ready, .ctx = s, .fd = s->udp_fd};
    s->tcp = (struct loop_fd){.fn = tcp_ready, .ctx = s, .fd = s->tcp_fd};
    rc = rc ? rc : loop_fd_add(l, &s->udp, LOOP_READ, &e);
    return rc ? rc : loop_fd_add(l, &s->tcp, LOOP_READ, &e);
}

static void server_close(struct server *s, struct loop *l)
{
    loop_fd_remove(l, &s->udp);
    loop_fd_remove(l, &s->tcp);
    int peer = s->peer.fd;
    loop_fd_remove(l, &s->peer);
    if (peer >= 0)
        close(peer);
    close(s->udp_fd);
    close(s->tcp_fd);
}

struct got {
    int calls, result;
    size_t count;
    struct addr first, last;
    char name[64];
    struct resolver *ask_again;
};

static void got_addr(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct got *g = ctx;
    g->calls++;
    g->result = result;
    g->count = count;
    if (count) {
        g->first = addr[0];
        g->last = addr[count - 1];
    }
    if (g->ask_again) { /* a question out of an answer */
        struct resolver *r = g->ask_again;
        g->ask_again = NULL;
        resolver_forward(r, "localhost", ADDR_IP4, got_addr, g);
    }
}

static void got_name(void *ctx, int result, const char *name)
{
    struct got *g = ctx;
    g->calls++;
    g->result = result;
    snprintf(g->name, sizeof g->name, "%s", name ? name : "");
}

static int finish(struct loop *l, const struct resolver *r)
{
    struct err e = {0};
    int rc = 0;
    for (int i = 0; i < 20000 && rc == 0 && resolver_pending(r); i++)
        rc = loop_step(l, NS_PER_S, &e);
    return resolver_pending(r) ? -ETIMEDOUT : rc;
}

static const struct {
    const char *name;
    uint8_t family;
    int result;
    size_t count;
    const char *first; /* NULL: not looked at */
} forward_row[] = {
    {"host7.example", ADDR_IP4, 0, 2, NULL},
    {"host7.example", ADDR_IP6, 0, 2, NULL},
    {"host7.example", ADDR_NONE, 0, 4, NULL},
    {"only4.example", ADDR_NONE, 0, 1, "192.0.2.0"}, /* one family is enough */
    {"only4.example", ADDR_IP6, -ENOENT, 0, NULL},   /* the name exists, no such record */
    {"nobody.example", ADDR_NONE, -ENOENT, 0, NULL},
    {"broken.example", ADDR_IP4, -ECONNREFUSED, 0, NULL},  /* SERVFAIL from each server */
    {"big.example", ADDR_IP4, 0, RESOLVER_ADDR_MAX, NULL}, /* over TCP; more than fit */
    {"192.0.2.55", ADDR_NONE, 0, 1, "192.0.2.55"},         /* no question is sent */
    {"2001:db8::7", ADDR_NONE, 0, 1, "2001:db8::7"},
    {"localhost", ADDR_IP4, 0, 1, "127.0.0.1"},
};

static int test_forward(struct loop *l, struct server *s)
{
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    CHECK(resolver_open(&r, l, s->address, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(forward_row); i++) {
        struct got g = {0};
        char text[ADDR_TEXT_MAX];
        resolver_forward(r, forward_row[i].name, forward_row[i].family, got_addr, &g);
        CHECK_ROW(i, g.calls == 0 && resolver_pending(r) == 1); /* never from the call itself */
        CHECK_ROW(i, finish(l, r) == 0 && g.calls == 1);
        CHECK_ROW(i, g.result == forward_row[i].result && g.count == forward_row[i].count);
        CHECK_ROW(i, !forward_row[i].first ||
                         strcmp(addr_format(&g.first, text), forward_row[i].first) == 0);
    }
    struct got g = {.ask_again = r};
    resolver_forward(r, "localhost", ADDR_IP4, got_addr, &g);
    CHECK(finish(l, r) == 0 && g.calls == 2 && g.result == 0);
    resolver_close(r);
    return failed;
}

static int test_reverse(struct loop *l, struct server *s)
{
    static const struct {
        const char *addr;
        int result;
        const char *name;
    } row[] = {
        {"192.0.2.9", 0, "n9.example"},
        {"198.51.100.1", -ENOENT, ""},
        {"2001:db8::5", 0, "n5.example"},
    };
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    CHECK(resolver_open(&r, l, s->address, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct got g = {0};
        struct addr a;
        CHECK_ROW(i, addr_parse(&a, row[i].addr, &e) == 0);
        resolver_reverse(r, &a, got_name, &g);
        CHECK_ROW(i, finish(l, r) == 0 && g.calls == 1 && g.result == row[i].result);
        CHECK_ROW(i, strcmp(g.name, row[i].name) == 0);
    }
    resolver_close(r);
    return failed;
}

/* Two thousand names; the server answers only when 200 questions have come together. */
static int test_parallel(struct loop *l, struct server *s)
{
    enum { MANY = 2000, TOGETHER = 200 };
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    struct got *g = mem_zero(MANY * sizeof *g);
    CHECK(resolver_open(&r, l, s->address, &e) == 0);
    s->asked = s->most_at_once = 0;
    s->held = TOGETHER;
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "host%d.example", i % 200);
        resolver_forward(r, name, ADDR_IP4, got_addr, &g[i]);
    }
    CHECK(resolver_pending(r) == MANY && finish(l, r) == 0);
    CHECK(s->most_at_once == TOGETHER && s->asked == MANY);
    for (int i = 0; i < MANY; i++) {
        uint32_t want = 0xc0000200U + (uint32_t)(i % 200);
        CHECK_ROW(i, g[i].calls == 1 && g[i].result == 0 && g[i].count == 2);
        uint32_t a = addr_ip4_value(&g[i].first), b = addr_ip4_value(&g[i].last);
        CHECK_ROW(i, (a == want && b == want + 1) || (b == want && a == want + 1));
    }
    mem_free(g);
    resolver_close(r);
    return failed;
}

/* Closed with questions under way and waiting: each is told so once. */
static int test_close(struct loop *l, struct server *s)
{
    enum { MANY = 300 };
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    static struct got g[MANY];
    CHECK(resolver_open(&r, l, s->address, &e) == 0);
    for (int i = 0; i < MANY; i++)
        resolver_forward(r, "silent.example", ADDR_IP4, got_addr, &g[i]);
    g[0].ask_again = r;
    g[MANY - 1].ask_again = r;
    CHECK(loop_step(l, 0, &e) == 0);
    resolver_close(r);
    for (int i = 0; i < MANY; i++)
        CHECK_ROW(i, g[i].result == -ECANCELED && g[i].calls == (i % (MANY - 1) ? 1 : 2));
    resolver_close(NULL);
    return failed;
}

/* resolv.conf(5)'s options count; the environment stands in for the file. */
static int test_timeout(struct loop *l, struct server *s)
{
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    struct got g = {0};
    setenv("RES_OPTIONS", "retrans:60 retry:2", 1);
    s->asked = 0;
    uint64_t from_ns = clock_mono_ns(&clock_system);
    CHECK(resolver_open(&r, l, s->address, &e) == 0);
    resolver_forward(r, "silent.example", ADDR_IP4, got_addr, &g);
    CHECK(finish(l, r) == 0 && g.result == -ETIMEDOUT && g.calls == 1 && s->asked == 2);
    CHECK(clock_mono_ns(&clock_system) - from_ns < 5 * NS_PER_S);
    resolver_close(r);
    unsetenv("RES_OPTIONS");
    return failed;
}

static int test_faults(struct loop *l)
{
    int failed = 0;
    struct err e = {0};
    struct resolver *r = NULL;
    CHECK(resolver_open(&r, l, "no address", &e) == -EINVAL && strstr(e.text, "no address"));
    struct addr a[4];
    size_t count = 77;
    CHECK(resolver_lookup("127.0.0.9", ADDR_NONE, a, 4, &count, &e) == 0 && count == 1);
    CHECK(addr_ip4_value(&a[0]) == 0x7f000009);
    CHECK(resolver_lookup("localhost", ADDR_IP4, a, 1, &count, &e) == 0 && count == 1);
    CHECK(resolver_lookup("", ADDR_NONE, a, 4, &count, &e) < 0 && e.text[0] && count == 1);
    return failed;
}

int io_resolver_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct loop *l = NULL;
    static struct server s;
    CHECK(loop_open(&l, &clock_system, &e) == 0 && server_open(&s, l) == 0);
    failed += test_forward(l, &s) + test_reverse(l, &s) + test_parallel(l, &s);
    failed += test_close(l, &s) + test_timeout(l, &s) + test_faults(l);
    server_close(&s, l);
    CHECK(loop_run(l, &e) == 0); /* nothing is left in the loop */
    loop_close(l);
    return failed;
}
