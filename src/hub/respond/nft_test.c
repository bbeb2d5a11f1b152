/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a network namespace of the test's own: nothing of this machine is touched. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "hub/respond/nft.h"
#include "sys/io/sock.h"

static bool bring_loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags |= IFF_UP;
    up = up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return up;
}

/* Does a datagram from `text` arrive at the same family's loopback address? */
static bool arrives_from(const char *text)
{
    struct err e = {0};
    struct endpoint from = {0}, to = {0};
    if (addr_parse(&from.addr, text, &e))
        return false;
    int rc = addr_parse(&to.addr, from.addr.family == ADDR_IP4 ? "127.0.0.1" : "::1", &e);
    int in = sock_new(from.addr.family, SOCK_DGRAM), out = sock_new(from.addr.family, SOCK_DGRAM);
    struct sockaddr_storage at;
    rc = rc ? rc : sock_bind(in, &to, &e);
    rc = rc ? rc : sock_local(in, &to, &e);
    rc = rc ? rc : sock_bind(out, &from, &e);
    socklen_t len = sock_addr_from(&at, &to);
    bool sent = rc == 0 && sendto(out, "x", 1, 0, (struct sockaddr *)&at, len) == 1;
    bool came = sent && poll(&(struct pollfd){.fd = in, .events = POLLIN}, 1, 20) == 1;
    if (!sent)
        printf("%s: %s\n", text, e.text);
    close(in);
    close(out);
    return came;
}

static int change(const struct ban_backend *b, const char *text, int64_t ttl_s, struct err *e)
{
    struct cidr who;
    uint32_t ttl = (uint32_t)ttl_s;
    int rc = cidr_parse(&who, text, e);
    if (rc)
        return rc;
    return ttl_s >= 0 ? b->add(b->ctx, &who, &ttl, 1, e) : b->remove(b->ctx, &who, 1, e);
}

/* Each step changes one ban (a negative time lifts it); then: who gets through? */
static const struct {
    const char *who;
    int64_t ttl_s;
    const char *dropped, *passes;
} step[] = {
    {"127.0.0.5", 0, "127.0.0.5", "127.0.0.6"},
    {"127.0.0.5", 100, "127.0.0.5", "127.0.0.4"}, /* anew, now with an end */
    {"127.1.0.0/16", 100, "127.1.2.3", "127.2.0.1"},
    {"127.1.2.0/24", 50, "127.1.2.3", "127.2.0.1"}, /* within the other */
    {"127.1.0.0/16", -1, "127.1.2.3", "127.1.3.3"}, /* the inner one stays */
    {"127.1.2.3", 60, "127.1.2.3", "127.1.3.3"},
    {"127.1.2.0/24", -1, "127.1.2.3", "127.1.2.4"},
    {"127.1.2.3", -1, "127.0.0.5", "127.1.2.3"},
    {"127.1.2.3", -1, "127.0.0.5", "127.1.2.3"}, /* what is not there is no error */
    {"127.7.0.0/18", -1, "127.0.0.5", "127.7.0.1"},
    {"::1", 100, "::1", "127.0.0.1"},
    {"::1", -1, "127.0.0.5", "::1"},
    {"::/64", 100, "::1", "127.0.0.1"}, /* IPv6 alone */
    {"::/64", -1, "127.0.0.5", "::1"},
};

static int test_steps(struct nft *n)
{
    int failed = 0;
    struct err e = {0};
    struct ban_backend b = nft_backend(n);
    for (size_t i = 0; i < ARRAY_LEN(step); i++) {
        if (!CHECK_ROW(i, change(&b, step[i].who, step[i].ttl_s, &e) == 0))
            printf("%s\n", e.text);
        CHECK_ROW(i, !arrives_from(step[i].dropped) && arrives_from(step[i].passes));
    }
    return failed;
}

struct read_back {
    size_t count;
    uint64_t left_ms; /* of `wanted` */
    const char *wanted;
    bool found;
};

static void note(void *ctx, const struct cidr *who, uint64_t left_ms)
{
    struct read_back *r = ctx;
    char text[CIDR_TEXT_MAX];
    r->count++;
    if (r->wanted && strcmp(cidr_format(who, text), r->wanted) == 0) {
        r->found = true;
        r->left_ms = left_ms;
    }
}

static bool read_back(struct nft *n, const char *wanted, struct read_back *out)
{
    struct err e = {0};
    *out = (struct read_back){.wanted = wanted};
    int rc = nft_read(n, note, out, &e);
    if (rc)
        printf("%s\n", e.text);
    return rc == 0;
}

/* After many changes the kernel rebuilds its hash table beside the work, and a walk over it may see
 * an element twice or not at all: so read until `count` elements and `wanted` are seen, a second at
 * most. */
static bool read_settled(struct nft *n, const char *wanted, size_t count, struct read_back *out)
{
    bool settled = false;
    for (int i = 0; i < 50 && !settled; i++) {
        if (i)
            usleep(20000);
        settled = read_back(n, wanted, out) && out->count == count && (!wanted || out->found);
    }
    return settled;
}

/* Times: given, made longer and shorter, ended by the kernel. */
static int test_times(struct nft *n)
{
    static const struct {
        int64_t ttl_s;
        uint64_t low_ms, high_ms;
    } row[] = {{100, 90000, 100000}, {5000, 4990000, 5000000}, {20, 15000, 20000}, {0, 0, 0}};
    int failed = 0;
    struct err e = {0};
    struct ban_backend b = nft_backend(n);
    struct read_back r;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CHECK_ROW(i, change(&b, "10.0.0.1", row[i].ttl_s, &e) == 0);
        CHECK_ROW(i, change(&b, "2001:db8::/48", row[i].ttl_s, &e) == 0);
        CHECK_ROW(i, read_back(n, "10.0.0.1/32", &r) && r.found);
        CHECK_ROW(i, r.left_ms >= row[i].low_ms && r.left_ms <= row[i].high_ms);
        CHECK_ROW(i, read_back(n, "2001:db8::/48", &r) && r.found);
        CHECK_ROW(i, r.left_ms >= row[i].low_ms && r.left_ms <= row[i].high_ms);
    }
    CHECK(change(&b, "127.0.0.9", 1, &e) == 0 && !arrives_from("127.0.0.9"));
    bool ended = false;
    for (int i = 0; i < 60 && !ended; i++)
        ended = arrives_from("127.0.0.9");
    CHECK(ended);
    return failed;
}

/* Ten thousand in one transaction, and a transaction that fails leaves nothing. */
static int test_many(struct nft *n)
{
    enum { MANY = 10000 };
    int failed = 0;
    struct err e = {0};
    struct ban_backend b = nft_backend(n);
    struct read_back before, after;
    struct cidr *who = mem_zero(MANY * sizeof *who);
    uint32_t *ttl_s = mem_zero(MANY * sizeof *ttl_s);
    for (uint32_t i = 0; i < MANY; i++) {
        struct addr a = addr_ip4(0xc6000000 + i * 256);
        who[i] = cidr_of(&a, i % 4 == 3 ? 24 : 32);
        ttl_s[i] = 1000;
    }
    CHECK(read_back(n, NULL, &before) && b.add(b.ctx, who, ttl_s, MANY, &e) == 0);
    CHECK(read_settled(n, "198.0.3.0/24", before.count + MANY, &after));
    CHECK(after.left_ms > 900000);
    CHECK(b.add(b.ctx, who, ttl_s, MANY, &e) == 0); /* again: they are there already */
    CHECK(read_settled(n, NULL, before.count + MANY, &after));
    CHECK(b.remove(b.ctx, who, MANY, &e) == 0 && b.remove(b.ctx, who, 0, &e) == 0);
    CHECK(read_settled(n, NULL, before.count, &after));
    mem_free(who);
    mem_free(ttl_s);
    return failed;
}

/* Another keeper begins: it finds the sets and what is in them.  Somebody flushes: -ENOENT. */
static int test_again(struct nft *n)
{
    int failed = 0;
    struct err e = {0};
    struct nft *second = NULL;
    struct read_back r;
    CHECK(nft_open(&second, &e) == 0);
    struct ban_backend b = nft_backend(second), old = nft_backend(n);
    CHECK(change(&old, "127.3.0.0/20", 100, &e) == 0 && b.prepare(b.ctx, &e) == 0);
    CHECK(!arrives_from("127.3.1.1") && !arrives_from("127.0.0.5"));
    CHECK(change(&b, "127.3.0.0/20", -1, &e) == 0 && arrives_from("127.3.1.1"));
    CHECK(nft_remove(second, &e) == 0 && arrives_from("127.0.0.5"));
    CHECK(nft_remove(second, &e) == 0); /* it is gone already */
    CHECK(nft_read(second, note, &r, &e) == -ENOENT);
    CHECK(change(&old, "127.0.0.5", 100, &e) == -ENOENT);
    CHECK(change(&old, "127.0.0.5", -1, &e) == -ENOENT);
    CHECK(old.prepare(old.ctx, &e) == 0 && change(&old, "127.0.0.5", 100, &e) == 0);
    CHECK(!arrives_from("127.0.0.5") && arrives_from("127.0.0.6"));
    nft_close(second);
    return failed;
}

/* The table on top: bans survive a flush of the firewall by somebody else. */
static int test_with_table(struct nft *n)
{
    int failed = 0;
    struct err e = {0};
    struct cidr_set never = {0};
    struct ban_limits limits = {0};
    struct ban_table *t = NULL;
    struct ban_backend b = nft_backend(n);
    struct ban_request_add r = {.family = 4,
                                .prefix_len = 32,
                                .strength = STRENGTH_HELD,
                                .duration_s = 100,
                                .addr = {127, 0, 0, 20},
                                .source = "test"};
    CHECK(nft_remove(n, &e) == 0);
    cidr_set_seal(&never);
    CHECK(ban_table_open(&t, &clock_system, &limits, &never, &b, NULL, &e) == 0);
    CHECK(ban_table_add(t, &r, &e) == 0 && !arrives_from("127.0.0.20"));
    CHECK(nft_remove(n, &e) == 0 && arrives_from("127.0.0.20"));
    r.addr[3] = 21;
    CHECK(ban_table_add(t, &r, &e) == 0);
    CHECK(!arrives_from("127.0.0.20") && !arrives_from("127.0.0.21"));
    ban_table_close(t);
    CHECK(!arrives_from("127.0.0.20")); /* in force without us */
    cidr_set_done(&never);
    return failed;
}

static int test_in_namespace(void)
{
    int failed = 0;
    struct err e = {0};
    struct nft *n = NULL;
    if (!CHECK(bring_loopback_up() && nft_open(&n, &e) == 0))
        return failed;
    struct ban_backend b = nft_backend(n);
    struct read_back r;
    CHECK(nft_read(n, note, &r, &e) == -ENOENT);
    if (!CHECK(b.prepare(b.ctx, &e) == 0))
        printf("%s\n", e.text);
    CHECK(b.prepare(b.ctx, &e) == 0 && arrives_from("127.0.0.5")); /* twice is once */
    failed += test_steps(n) + test_times(n) + test_many(n) + test_again(n) + test_with_table(n);
    nft_close(n);
    nft_close(NULL);
    return failed;
}

int respond_nft_test(void)
{
    int failed = 0, status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
            printf("nft: no namespaces here (%s): not tested\n", strerror(errno));
            fflush(stdout);
            _exit(errno == EPERM || errno == ENOSPC || errno == EINVAL ? 0 : 1);
        }
        int inner = test_in_namespace();
        fflush(stdout);
        _exit(inner ? 1 : 0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return failed;
}
