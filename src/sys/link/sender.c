/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/sender.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "core/base/own.h"

enum {
    HEAD_ROOM = 14 + 2 * 4,          /* Ethernet and two tags */
    SOCKET_BUFFER = 4 * 1024 * 1024, /* a batch never meets the socket's own limit */
};

struct sender {
    int fd;
    uint32_t batch, frame_max;
    uint32_t count, first; /* queued: message[first .. first + count) */
    uint8_t *frame;        /* batch of frame_max bytes */
    struct iovec *piece;
    struct mmsghdr *message;
    struct sender_stats stats;
};

static int fail(struct err *e, const char *what)
{
    int code = -errno;
    if (code == -EPERM)
        return err_set(e, code, "%s: needs CAP_NET_RAW (run as root)", what);
    return err_set(e, code, "%s: %s", what, strerror(-code));
}

static int mtu_of(int fd, uint32_t interface, uint32_t *out, struct err *e)
{
    struct ifreq ask = {.ifr_ifindex = (int)interface};
    if (ioctl(fd, SIOCGIFNAME, &ask) < 0 || ioctl(fd, SIOCGIFMTU, &ask) < 0)
        return fail(e, "sender: MTU");
    *out = (uint32_t)ask.ifr_mtu;
    return 0;
}

static int set_up(struct sender *s, const struct sender_spec *spec, struct err *e)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_ifindex = (int)spec->interface};
    int bypass = !spec->through_qdisc, size = SOCKET_BUFFER;
    uint32_t mtu = 0;
    if (bind(s->fd, (struct sockaddr *)&at, sizeof at) < 0)
        return fail(e, "sender: bind");
    if (setsockopt(s->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass) < 0)
        return fail(e, "sender: PACKET_QDISC_BYPASS");
    /* without CAP_NET_ADMIN the limit of the system holds, and -EAGAIN comes a little earlier */
    if (setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
        (void)setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (spec->frame_max == 0 && mtu_of(s->fd, spec->interface, &mtu, e))
        return e->code;
    s->frame_max = spec->frame_max ? spec->frame_max : mtu + HEAD_ROOM;
    return 0;
}

static void make_queue(struct sender *s)
{
    s->frame = mem_resize(NULL, s->batch, s->frame_max);
    s->piece = mem_zero(s->batch * sizeof *s->piece);
    s->message = mem_zero(s->batch * sizeof *s->message);
    for (uint32_t i = 0; i < s->batch; i++) {
        s->piece[i].iov_base = s->frame + (size_t)i * s->frame_max;
        s->message[i].msg_hdr.msg_iov = &s->piece[i];
        s->message[i].msg_hdr.msg_iovlen = 1;
    }
}

int sender_adopt(struct sender **out, int fd, const struct sender_spec *spec, struct err *e)
{
    struct sender *s = mem_zero(sizeof *s);
    s->fd = fd;
    s->batch = spec->batch ? spec->batch : SENDER_BATCH;
    int result = spec->batch > SENDER_BATCH_MAX
                     ? err_set(e, -EINVAL, "sender: a batch of over %d", SENDER_BATCH_MAX)
                     : set_up(s, spec, e);
    if (result) {
        sender_close(s);
        return result;
    }
    make_queue(s);
    *out = s;
    return 0;
}

int sender_open(struct sender **out, const struct sender_spec *spec, struct err *e)
{
    /* protocol 0: the socket receives nothing; the kernel reads the frame's own ethertype */
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return fd < 0 ? fail(e, "sender") : sender_adopt(out, fd, spec, e);
}

void sender_close(struct sender *s)
{
    if (!s)
        return;
    own_close_fd(&s->fd);
    mem_free(s->frame);
    mem_free(s->piece);
    mem_free(s->message);
    mem_free(s);
}

uint8_t *sender_room(struct sender *s)
{
    if (s->first + s->count == s->batch)
        return NULL;
    return s->piece[s->first + s->count].iov_base;
}

void sender_commit(struct sender *s, size_t len)
{
    s->piece[s->first + s->count++].iov_len = len;
}

uint32_t sender_frame_max(const struct sender *s)
{
    return s->frame_max;
}

uint32_t sender_queued(const struct sender *s)
{
    return s->count;
}

static void advance(struct sender *s, uint32_t count)
{
    s->first += count;
    s->count -= count;
    if (s->count == 0)
        s->first = 0;
}

/* What to do about the frame at the head of the queue. */
static int handle_failure(struct sender *s, int code)
{
    switch (code) {
    case EINTR:
        return 0;
    case EAGAIN:
    case ENOBUFS: /* the driver's or the discipline's queue is full: the frame was not sent */
        s->stats.busy++;
        return -EAGAIN;
    case ENETDOWN:
    case ENXIO:
    case ENODEV:
        return -ENETDOWN;
    default:
        s->stats.refused++;
        advance(s, 1);
        return 0;
    }
}

int sender_flush(struct sender *s)
{
    while (s->count) {
        int sent = sendmmsg(s->fd, s->message + s->first, s->count, MSG_DONTWAIT);
        if (sent < 0) {
            int result = handle_failure(s, errno);
            if (result)
                return result;
            continue;
        }
        for (int i = 0; i < sent; i++)
            s->stats.bytes += s->message[s->first + (uint32_t)i].msg_len;
        s->stats.sent += (uint64_t)sent;
        advance(s, (uint32_t)sent);
    }
    return 0;
}

int sender_fd(const struct sender *s)
{
    return s->fd;
}

void sender_stats_read(const struct sender *s, struct sender_stats *out)
{
    *out = s->stats;
}
