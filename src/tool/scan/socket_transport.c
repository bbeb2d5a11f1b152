/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/socket_transport.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/sock.h"

enum {
    SLOTS_MAX = 16384,
    DESCRIPTORS_KEPT = 64, /* for outlets, the resolver, the store */
    NO_SLOT = UINT16_MAX,
    SPARES_MAX = 64,
    PEEK_TRIAL = 64, /* sends after which it is judged whether peeking pays */
    PEEK_EVERY = 16, /* where it does not: how often it is tried again */
};

/* One socket under way. */
struct slot {
    struct loop_fd watch;
    struct socket_transport *transport;
    uint32_t host, item;
    uint64_t sent_ns;
    uint8_t try;
    bool watched;
    uint16_t next_free;
};

/* Sockets that wait for their next probe. */
struct spare {
    int fd[SPARES_MAX];
    uint32_t count;
};

struct socket_transport {
    struct socket_transport_setup setup;
    struct probe_transport as_transport;
    struct slot *slot;
    uint16_t *slot_of; /* of each position; NO_SLOT: none */
    uint16_t first_free;
    uint32_t used;
    struct prober *prober; /* during a call of the prober */
    bool *has_route;       /* of each host: a probe to it has got out */
    int gone;              /* the network went away: what the kernel said .. */
    struct addr gone_host; /* .. when this host was asked */
    uint32_t sends, peeks, peek_hits;
    struct spare spare[2]; /* IPv4, IPv6 */
};

static size_t position_of(const struct socket_transport *t, uint32_t host, uint32_t item)
{
    return (size_t)host * t->setup.item_count + item;
}

struct queued_error {
    int type, code; /* ICMP; -1: the queue is empty or holds something else */
    struct addr from;
};

static void read_offender(const struct sock_extended_err *ee, struct addr *out)
{
    struct sockaddr_storage storage = {0};
    struct endpoint from;
    const struct sockaddr *offender = SO_EE_OFFENDER(ee);
    size_t len =
        offender->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    memcpy(&storage, offender, len);
    if (sock_addr_to(&from, &storage))
        *out = from.addr;
}

static struct queued_error read_error_queue(int fd)
{
    struct queued_error q = {-1, -1, {0}};
    _Alignas(struct cmsghdr) char control[512];
    char data[64];
    struct iovec iov = {data, sizeof data};
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return q;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        bool is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
        if (!is_error ||
            c->cmsg_len < CMSG_LEN(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in)))
            continue;
        struct sock_extended_err ee;
        memcpy(&ee, CMSG_DATA(c), sizeof ee);
        if (ee.ee_origin != SO_EE_ORIGIN_ICMP && ee.ee_origin != SO_EE_ORIGIN_ICMP6)
            continue;
        q.type = ee.ee_type;
        q.code = ee.ee_code;
        read_offender((const struct sock_extended_err *)(const void *)CMSG_DATA(c), &q.from);
    }
    return q;
}

/* Take the socket out of its slot, which is free then. */
static int empty_slot(struct slot *s)
{
    struct socket_transport *t = s->transport;
    int fd = s->watch.fd;
    if (s->watched)
        loop_fd_remove(t->setup.loop, &s->watch);
    s->watched = false;
    s->watch.fd = -1;
    t->slot_of[position_of(t, s->host, s->item)] = NO_SLOT;
    s->next_free = t->first_free;
    t->first_free = (uint16_t)(s - t->slot);
    t->used--;
    return fd;
}

static void release(struct slot *s)
{
    close(empty_slot(s));
}

static struct spare *spare_of(struct socket_transport *t, uint8_t family)
{
    return &t->spare[family == ADDR_IP6];
}

/* A socket whose connect(2) returned "refused" is unconnected again (Linux does as POSIX allows it
 * not to), so the next probe can have it: to make and close sockets is a third of what a closed
 * port costs.  Nothing may be left in its error queue, or the next probe would be judged by it. */
static void recycle(struct slot *s, uint8_t family)
{
    struct spare *spare = spare_of(s->transport, family);
    int fd = empty_slot(s);
    if (spare->count == SPARES_MAX || read_error_queue(fd).type >= 0)
        close(fd);
    else
        spare->fd[spare->count++] = fd;
}

/* On this machine the kernel may choose as source the very port that is asked, if nobody listens
 * there: then the socket is connected with itself (RFC 9293 3.5, simultaneous open). */
static bool is_own_peer(int fd, const struct addr *to, uint16_t port)
{
    struct endpoint local;
    struct err ignored = {0};
    return sock_local(fd, &local, &ignored) == 0 && local.port == port &&
           addr_equal(&local.addr, to);
}

/* The connection is made or has failed: tell the prober and let the socket go. */
static void finish(struct slot *s, int error, bool reusable)
{
    struct socket_transport *t = s->transport;
    struct queued_error q = {-1, -1, {0}};
    const struct addr *to = &prober_host(t->prober, s->host)->addr;
    if (error == 0 && is_own_peer(s->watch.fd, to, prober_item(t->prober, s->item)->port))
        error = -ECONNREFUSED;
    if (error == 0)
        sock_reset_on_close(s->watch.fd); /* no TIME-WAIT for each open port */
    else if (error != -ECONNREFUSED)
        q = read_error_queue(s->watch.fd);
    const struct scan_technique *technique = prober_item(t->prober, s->item)->technique;
    struct scan_verdict v = technique->judge_socket(error, to->family == ADDR_IP6, q.type, q.code);
    if (q.type >= 0 && !addr_equal(&q.from, to))
        v.because.from = q.from;
    uint64_t rtt_ns = clock_mono_ns(loop_clock(t->setup.loop)) - s->sent_ns;
    uint32_t host = s->host, item = s->item;
    uint8_t try = s->try;
    if (reusable)
        recycle(s, to->family);
    else
        release(s);
    prober_answer(t->prober, host, item, try, &v, rtt_ns);
}

static void on_ready(struct loop_fd *watch, unsigned ready)
{
    struct slot *s = watch->ctx;
    (void)ready;
    finish(s, sock_error(watch->fd), false);
}

/* An answer often is there before the next system call (loopback, veth, a quick neighbour): asking
 * the socket again is cheaper than to put it into the loop and take it out.  Where that seldom
 * hits, it is only tried now and then. */
static bool worth_peeking(const struct socket_transport *t)
{
    return t->peeks < PEEK_TRIAL || t->peek_hits * 4 >= t->peeks || t->sends % PEEK_EVERY == 0;
}

static int peek(struct socket_transport *t, struct slot *s, const struct endpoint *to)
{
    t->peeks++;
    int rc = sock_connect(s->watch.fd, to);
    if (rc == -EISCONN)
        rc = 0;
    if (rc != -EALREADY && rc != -EINPROGRESS)
        t->peek_hits++;
    if (t->peeks == PEEK_TRIAL * 16) { /* forget old times slowly */
        t->peeks /= 2;
        t->peek_hits /= 2;
    }
    return rc == -EALREADY ? -EINPROGRESS : rc;
}

/* A socket as the setup wants it, or a negative errno value. */
static int open_socket(struct socket_transport *t, const struct addr *to)
{
    struct spare *spare = spare_of(t, to->family);
    if (spare->count)
        return spare->fd[--spare->count];
    int one = 1, fd = sock_new(to->family, SOCK_STREAM);
    if (fd < 0)
        return fd;
    bool ip6 = to->family == ADDR_IP6;
    (void)setsockopt(fd, ip6 ? IPPROTO_IPV6 : IPPROTO_IP, ip6 ? IPV6_RECVERR : IP_RECVERR, &one,
                     sizeof one);
    const char *interface = t->setup.interface;
    if (interface &&
        setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) < 0) {
        int rc = -errno;
        close(fd);
        return rc;
    }
    if (t->setup.source.family == to->family || t->setup.source_port) {
        struct endpoint from = {t->setup.source, t->setup.source_port};
        struct err ignored = {0};
        if (from.addr.family != to->family)
            from.addr = (struct addr){.family = to->family};
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        int rc = sock_bind(fd, &from, &ignored);
        if (rc < 0) {
            close(fd);
            return rc;
        }
    }
    return fd;
}

/* Lack of a resource that others of our own probes will give back. */
static bool is_shortage(const struct socket_transport *t, int rc)
{
    bool shortage = rc == -EMFILE || rc == -ENFILE || rc == -ENOBUFS || rc == -ENOMEM ||
                    rc == -EADDRNOTAVAIL || rc == -EADDRINUSE || rc == -EAGAIN;
    return shortage && t->used > 0;
}

/* The kernel itself, not an ICMP message, says that there is no way: of a host that had one before
 * this tells nothing, but that the network went away under the scan. */
static bool is_network_gone(struct socket_transport *t, uint32_t host, const struct addr *to,
                            int rc)
{
    if (rc == 0 || rc == -EINPROGRESS)
        t->has_route[host] = true;
    bool no_way = rc == -ENETUNREACH || rc == -ENETDOWN;
    if (rc != -ENODEV && !(no_way && t->has_route[host]))
        return false;
    t->gone = rc;
    t->gone_host = *to;
    return true;
}

static struct slot *take_slot(struct socket_transport *t, uint32_t host, uint32_t item, int fd)
{
    uint16_t number = t->first_free;
    struct slot *s = &t->slot[number];
    t->first_free = s->next_free;
    t->used++;
    t->slot_of[position_of(t, host, item)] = number;
    *s = (struct slot){
        .watch = {.fn = on_ready, .ctx = s, .fd = fd}, .transport = t, .host = host, .item = item};
    return s;
}

static int send_probe(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    struct socket_transport *t = ctx;
    if (t->first_free == NO_SLOT)
        return -EAGAIN;
    t->prober = p;
    t->sends++;
    struct endpoint to = {prober_host(p, host)->addr, prober_item(p, item)->port};
    OWN_FD int fd = open_socket(t, &to.addr);
    uint64_t sent_ns = clock_mono_ns(loop_clock(t->setup.loop));
    int rc = fd < 0 ? fd : sock_connect(fd, &to);
    if (is_shortage(t, rc) || is_network_gone(t, host, &to.addr, rc))
        return -EAGAIN; /* in the second case the wait that follows ends it all */
    if (fd < 0)
        return rc;
    struct slot *s = take_slot(t, host, item, fd_take(&fd));
    s->try = try;
    s->sent_ns = sent_ns;
    if (rc == -EINPROGRESS && worth_peeking(t))
        rc = peek(t, s, &to);
    if (rc != -EINPROGRESS) {
        /* one that was connected to a link-local address stays bound to that link */
        finish(s, rc, rc == -ECONNREFUSED && !addr_is_link_local(&to.addr));
        return 0;
    }
    struct err ignored = {0};
    rc = loop_fd_add(t->setup.loop, &s->watch, LOOP_WRITE, &ignored);
    s->watched = rc == 0;
    if (rc < 0)
        release(s);
    return rc;
}

static void forget(void *ctx, uint32_t host, uint32_t item)
{
    struct socket_transport *t = ctx;
    uint16_t number = t->slot_of[position_of(t, host, item)];
    if (number != NO_SLOT)
        release(&t->slot[number]);
}

static int wait_for_answers(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    struct socket_transport *t = ctx;
    char text[ADDR_TEXT_MAX];
    t->prober = p;
    if (t->gone && t->setup.interface)
        return err_set(e, t->gone, "interface %s: %s", t->setup.interface, strerror(-t->gone));
    if (t->gone)
        return err_set(e, t->gone, "%s can no longer be reached: %s",
                       addr_format(&t->gone_host, text), strerror(-t->gone));
    return loop_step(t->setup.loop, wait_ns, e);
}

/* May we send from where the user wants it?  Else every probe would fail, and look like a result.
 */
static int check_source(struct socket_transport *t, struct err *e)
{
    const struct addr *source = &t->setup.source;
    char text[ADDR_TEXT_MAX];
    if (source->family == ADDR_NONE && !t->setup.source_port)
        return 0;
    struct addr any = {.family = source->family ? source->family : ADDR_IP4};
    OWN_FD int fd = open_socket(t, &any);
    if (fd != -EADDRNOTAVAIL && fd != -EACCES)
        return 0;
    if (fd == -EACCES)
        return err_set(e, fd, "source port %u: %s", t->setup.source_port, strerror(-fd));
    return err_set(e, fd, "source address %s: %s", addr_format(source, text), strerror(-fd));
}

int socket_transport_open(struct socket_transport **out, const struct socket_transport_setup *setup,
                          struct err *e)
{
    if (setup->interface && !sock_interface_index(setup->interface))
        return err_set(e, -ENODEV, "interface \"%s\" does not exist", setup->interface);
    uint64_t descriptors = sock_raise_limit();
    if (descriptors <= DESCRIPTORS_KEPT)
        return err_set(e, -EMFILE, "only %llu open files allowed (ulimit -n)",
                       (unsigned long long)descriptors);
    uint64_t slots = descriptors - DESCRIPTORS_KEPT;
    if (slots > SLOTS_MAX)
        slots = SLOTS_MAX;
    size_t positions = (size_t)setup->host_count * setup->item_count;
    struct socket_transport *t = mem_zero(sizeof *t);
    t->setup = *setup;
    if (check_source(t, e) < 0) {
        socket_transport_close(t);
        return e->code;
    }
    t->has_route = mem_zero(setup->host_count * sizeof *t->has_route);
    memset(t->has_route, setup->hosts_answered, setup->host_count);
    t->slot = mem_zero(slots * sizeof *t->slot);
    t->slot_of = mem_zero(positions * sizeof *t->slot_of);
    memset(t->slot_of, 0xff, positions * sizeof *t->slot_of);
    for (size_t i = 0; i < slots; i++) {
        t->slot[i].next_free = (uint16_t)(i + 1 < slots ? i + 1 : NO_SLOT);
        t->slot[i].watch.fd = -1;
    }
    t->as_transport =
        (struct probe_transport){t, (uint32_t)slots, send_probe, forget, wait_for_answers};
    *out = t;
    return 0;
}

void socket_transport_close(struct socket_transport *t)
{
    if (!t)
        return;
    for (int family = 0; family < 2; family++)
        while (t->spare[family].count)
            close(t->spare[family].fd[--t->spare[family].count]);
    mem_free(t->slot);
    mem_free(t->slot_of);
    mem_free(t->has_route);
    mem_free(t);
}

const struct probe_transport *socket_transport_of(struct socket_transport *t)
{
    return &t->as_transport;
}
