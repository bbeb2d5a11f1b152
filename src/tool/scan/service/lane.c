/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/lane.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/io/sock.h"

enum { READ_SIZE = 8192, READS_AT_ONCE = 8 };

static void on_ready(struct loop_fd *watch, unsigned ready);
static void on_time(struct loop_timer *timer);

void lane_close(struct lane *l)
{
    if (l->state == LANE_IDLE)
        return;
    loop_timer_stop(l->loop, &l->timer);
    tls_close(l->tls);
    l->tls = NULL;
    if (l->fd >= 0) {
        loop_fd_remove(l->loop, &l->watch);
        close(l->fd);
    }
    l->fd = -1;
    l->state = LANE_IDLE;
}

void lane_done(struct lane *l)
{
    lane_close(l);
    str_done(&l->answer);
}

static void end_with(struct lane *l, enum lane_event event, int error)
{
    lane_close(l);
    l->error = error;
    l->fn(l, event);
}

static void set_timer(struct lane *l)
{
    uint64_t due = l->asked_ns + l->patience.wait_ns, last = l->asked_ns + l->patience.total_ns;
    if (l->heard_ns)
        due = l->heard_ns + l->patience.gap_ns;
    if (l->datagram && !l->heard_ns && !l->repeated)
        due = l->asked_ns + l->patience.wait_ns / 2; /* the probe may be lost: once more then */
    loop_timer_set(l->loop, &l->timer, due < last ? due : last);
}

/* ---- sending ---- */

/* Bytes taken, -EAGAIN or another negative errno value. */
static ssize_t send_some(struct lane *l, const uint8_t *data, size_t len, unsigned *want)
{
    *want = LOOP_READ | LOOP_WRITE;
    if (l->datagram) {
        ssize_t sent = sendto(l->fd, data, len, 0, (const struct sockaddr *)&l->to, l->to_len);
        return sent < 0 ? -errno : sent;
    }
    if (!l->tls) {
        ssize_t sent = send(l->fd, data, len, MSG_NOSIGNAL);
        return sent < 0 ? -errno : sent;
    }
    struct err e = {0};
    size_t sent = 0;
    switch (tls_write(l->tls, data, len, &sent, &e)) {
    case TLS_DONE:
        return (ssize_t)sent;
    case TLS_WANT_READ:
        *want = LOOP_READ;
        return -EAGAIN;
    case TLS_WANT_WRITE:
        return -EAGAIN;
    default:
        return -ECONNRESET;
    }
}

static bool is_sent(const struct lane *l)
{
    return l->sent >= l->probe->len * l->probe->repeat;
}

bool lane_has_asked(const struct lane *l)
{
    int unsent = 0; /* what the other side has not acknowledged: nobody reads it there */
    if (l->fd >= 0 && !l->datagram && ioctl(l->fd, SIOCOUTQ, &unsent) < 0)
        return false;
    return l->asked_ns && is_sent(l) && unsent == 0;
}

static void send_rest(struct lane *l)
{
    unsigned want = LOOP_READ;
    while (!is_sent(l)) {
        size_t at = l->sent % l->probe->len;
        ssize_t n = send_some(l, l->probe->data + at, l->probe->len - at, &want);
        if (n == -EAGAIN || n == -EINTR)
            break;
        if (n < 0) { /* what it said before it closed may still be there: reading will tell */
            want = LOOP_READ;
            break;
        }
        l->sent += (size_t)n;
        want = LOOP_READ;
        if (l->datagram)
            break;
    }
    loop_fd_want(l->loop, &l->watch, want);
}

void lane_ask(struct lane *l, const struct service_probe *probe,
              const struct lane_patience *patience)
{
    l->state = LANE_ASKING;
    l->probe = probe;
    l->patience = *patience;
    l->sent = 0;
    l->heard_ns = 0;
    l->repeated = false;
    str_reset(&l->answer);
    l->asked_ns = loop_now_ns(l->loop);
    send_rest(l);
    set_timer(l);
}

/* ---- receiving ---- */

/* TFTP (RFC 1350 4) and others answer from another port: any port of the host will do, and no other
 * host. */
static ssize_t read_datagram(struct lane *l, uint8_t *to, size_t room)
{
    struct sockaddr_storage from;
    struct endpoint asked, sender;
    socklen_t from_len = sizeof from;
    ssize_t got = recvfrom(l->fd, to, room, 0, (struct sockaddr *)&from, &from_len);
    if (got < 0)
        return -errno;
    bool known = sock_addr_to(&asked, &l->to) && sock_addr_to(&sender, &from);
    return known && addr_equal(&asked.addr, &sender.addr) ? got : -EAGAIN;
}

/* Bytes read, 0 at the end, -EAGAIN or another negative errno value. */
static ssize_t read_some(struct lane *l, uint8_t *to, size_t room)
{
    if (l->datagram)
        return read_datagram(l, to, room);
    if (!l->tls) {
        ssize_t got = recv(l->fd, to, room, 0);
        return got < 0 ? -errno : got;
    }
    struct err e = {0};
    size_t got = 0;
    switch (tls_read(l->tls, to, room, &got, &e)) {
    case TLS_DONE:
        return (ssize_t)got;
    case TLS_WANT_READ:
    case TLS_WANT_WRITE:
        return -EAGAIN;
    default:
        return 0;
    }
}

/* A round of reads; what came is told once.  Returns the result of the last read. */
static ssize_t read_round(struct lane *l, bool *got_data)
{
    uint8_t data[READ_SIZE];
    ssize_t n = -EAGAIN;
    for (int i = 0; i < READS_AT_ONCE && l->answer.len < LANE_ANSWER_MAX; i++) {
        n = read_some(l, data, sizeof data);
        if (n <= 0 && !(n == 0 && l->datagram))
            return n;
        size_t room = LANE_ANSWER_MAX - l->answer.len;
        str_add_len(&l->answer, data, (size_t)n < room ? (size_t)n : room);
        *got_data = true;
        if (l->datagram)
            return -EAGAIN;
    }
    return n > 0 ? -EAGAIN : n;
}

static void fall_silent(struct lane *l)
{
    loop_timer_stop(l->loop, &l->timer);
    loop_fd_want(l->loop, &l->watch, 0);
    l->state = LANE_STANDING;
    l->fn(l, LANE_SILENCE);
}

static void receive(struct lane *l)
{
    bool got_data = false;
    const struct service_probe *asked = l->probe;
    uint64_t asked_ns = l->asked_ns;
    ssize_t n = read_round(l, &got_data);
    if (got_data) {
        l->heard_ns = loop_now_ns(l->loop);
        set_timer(l);
        l->fn(l, LANE_DATA);
        if (l->state != LANE_ASKING || l->probe != asked || l->asked_ns != asked_ns)
            return; /* the owner has gone on */
    }
    if (n == -EAGAIN || n == -EINTR) {
        if (l->answer.len >= LANE_ANSWER_MAX)
            fall_silent(l);
        return;
    }
    end_with(l, n < 0 && l->datagram ? LANE_FAILED : LANE_CLOSED, (int)n);
}

/* ---- connecting ---- */

static void shake_hands(struct lane *l)
{
    struct err e = {0};
    switch (tls_handshake(l->tls, &e)) {
    case TLS_DONE:
        lane_ask(l, l->probe, &l->patience);
        return;
    case TLS_WANT_READ:
        loop_fd_want(l->loop, &l->watch, LOOP_READ);
        return;
    case TLS_WANT_WRITE:
        loop_fd_want(l->loop, &l->watch, LOOP_WRITE);
        return;
    default:
        end_with(l, LANE_FAILED, -EPROTO);
    }
}

static void connected(struct lane *l)
{
    if (l->tls) {
        l->state = LANE_HANDSHAKE;
        shake_hands(l);
    } else {
        lane_ask(l, l->probe, &l->patience);
    }
}

static void on_ready(struct loop_fd *watch, unsigned ready)
{
    struct lane *l = watch->ctx;
    if (l->state == LANE_CONNECTING) {
        int error = sock_error(l->fd);
        if (error < 0)
            end_with(l, LANE_FAILED, error);
        else
            connected(l);
        return;
    }
    if (l->state == LANE_HANDSHAKE) {
        shake_hands(l);
        return;
    }
    if (l->state != LANE_ASKING)
        return;
    if (ready & LOOP_WRITE && !is_sent(l))
        send_rest(l);
    if (ready & LOOP_READ)
        receive(l);
}

static void on_time(struct loop_timer *timer)
{
    struct lane *l = timer->ctx;
    if (l->state == LANE_CONNECTING || l->state == LANE_HANDSHAKE) {
        end_with(l, LANE_FAILED, -ETIMEDOUT);
    } else if (l->datagram && !l->heard_ns && !l->repeated) {
        l->repeated = true;
        l->sent = 0;
        send_rest(l);
        set_timer(l);
    } else {
        fall_silent(l);
    }
}

/* A socket that is not connected is told of ICMP errors only if it asks for them (ip(7)). */
static void ask_for_errors(struct lane *l, uint8_t family)
{
    int on = 1;
    if (family == ADDR_IP6)
        (void)setsockopt(l->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    else
        (void)setsockopt(l->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

static int open_socket(struct lane *l, const struct lane_way *way, struct err *e)
{
    l->fd = sock_new(way->to.addr.family, way->datagram ? SOCK_DGRAM : SOCK_STREAM);
    if (l->fd < 0)
        return err_set(e, l->fd, "socket");
    if (way->interface && setsockopt(l->fd, SOL_SOCKET, SO_BINDTODEVICE, way->interface,
                                     (socklen_t)strlen(way->interface) + 1) < 0)
        return err_set(e, -errno, "SO_BINDTODEVICE");
    struct endpoint from = {.addr = way->source};
    if (way->source.family == way->to.addr.family && sock_bind(l->fd, &from, e) < 0)
        return e->code;
    if (way->tls && !(l->tls = tls_open(way->tls, l->fd, way->tls_name, e)))
        return e->code;
    if (way->datagram)
        ask_for_errors(l, way->to.addr.family);
    int rc = way->datagram ? 0 : sock_connect(l->fd, &way->to);
    if (rc < 0 && rc != -EINPROGRESS)
        return err_set(e, rc, "connect");
    l->watch.fd = l->fd;
    return loop_fd_add(way->loop, &l->watch, LOOP_WRITE, e);
}

void lane_open(struct lane *l, const struct lane_way *way, const struct service_probe *probe,
               const struct lane_patience *patience)
{
    struct err e = {0};
    l->loop = way->loop;
    l->timer = (struct loop_timer){.fn = on_time, .ctx = l};
    l->to_len = sock_addr_from(&l->to, &way->to);
    l->watch = (struct loop_fd){.fn = on_ready, .ctx = l, .fd = -1};
    l->tls = NULL;
    l->probe = probe;
    l->patience = *patience;
    l->datagram = way->datagram;
    l->answer.max = LANE_ANSWER_MAX;
    str_reset(&l->answer);
    l->heard_ns = l->asked_ns = 0;
    l->state = LANE_CONNECTING;
    l->fd = -1;
    uint64_t now_ns = loop_now_ns(l->loop);
    if (open_socket(l, way, &e) == 0)
        loop_timer_set(l->loop, &l->timer, now_ns + way->connect_ns);
    else /* events never come out of lane_open itself: the timer tells it */
        loop_timer_set(l->loop, &l->timer, now_ns);
}
