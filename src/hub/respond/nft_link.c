/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linux/netfilter/nfnetlink.h: messages between BATCH_BEGIN and BATCH_END are one transaction.  The
 * kernel answers each message that failed, and the last one because we ask for it: with that answer
 * all others have come before.  Errors of a transaction that was given up stay in the queue: they
 * are told by their serial and skipped. */
#include "hub/respond/nft_link.h"

#include <errno.h>
#include <libnftnl/common.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/base/mem.h"

enum {
    SEND_BUFFER = 16 << 20, /* a transaction is one datagram */
    RECEIVE_SIZE = 65536,
    ANSWER_LIMIT_S = 10,
    HEAD_ROOM = 4096,
};

int nft_link_open(struct nft_link *l, struct err *e)
{
    const int size = SEND_BUFFER;
    struct timeval limit = {.tv_sec = ANSWER_LIMIT_S};
    struct sockaddr_nl at = {.nl_family = AF_NETLINK};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (fd < 0)
        return err_set(e, -errno, "netlink: %s", strerror(errno));
    *l = (struct nft_link){.fd = fd};
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size))
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (bind(fd, (struct sockaddr *)&at, sizeof at)) {
        int code = errno;
        nft_link_close(l);
        return err_set(e, -code, "netlink: bind: %s", strerror(code));
    }
    return 0;
}

void nft_link_close(struct nft_link *l)
{
    if (l->fd >= 0)
        close(l->fd);
    mem_free(l->data);
    *l = (struct nft_link){.fd = -1};
}

/* ---- writing ---- */

static char *make_room(struct nft_link *l)
{
    size_t need = l->len + HEAD_ROOM + NFT_PAYLOAD_MAX;
    if (need > l->capacity) {
        l->capacity = need * 2;
        l->data = mem_resize(l->data, l->capacity, 1);
    }
    return l->data + l->len;
}

void nft_link_begin(struct nft_link *l)
{
    l->len = 0;
    l->first = ++l->serial;
    l->len = NLMSG_ALIGN(nftnl_batch_begin(make_room(l), l->first)->nlmsg_len);
}

struct nlmsghdr *nft_link_put(struct nft_link *l, uint16_t type, uint16_t flags)
{
    return nftnl_nlmsg_build_hdr(make_room(l), type, NFPROTO_INET, flags, ++l->serial);
}

void nft_link_end(struct nft_link *l, const struct nlmsghdr *message)
{
    l->len += NLMSG_ALIGN(message->nlmsg_len);
}

struct nlmsghdr *nft_link_question(struct nft_link *l, uint16_t type)
{
    l->len = 0;
    return nft_link_put(l, type, NLM_F_DUMP);
}

static int send_all(const struct nft_link *l, size_t len, struct err *e)
{
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent;
    do
        sent = sendto(l->fd, l->data, len, 0, (struct sockaddr *)&kernel, sizeof kernel);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? err_set(e, -errno, "nftables: send %zu bytes: %s", len, strerror(errno)) : 0;
}

/* ---- reading ---- */

/* One datagram of the kernel's; its length or a negative errno value. */
static ssize_t receive(const struct nft_link *l, void *data, size_t size)
{
    struct sockaddr_nl from = {0};
    for (;;) {
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(l->fd, data, size, 0, (struct sockaddr *)&from, &from_len);
        if (len < 0 && errno != EINTR)
            return errno == EAGAIN ? -ETIMEDOUT : -errno;
        if (len >= 0 && from.nl_pid == 0) /* other processes may write to us, too */
            return len;
    }
}

static int error_of(const struct nlmsghdr *message)
{
    const struct nlmsgerr *error = NLMSG_DATA(message);
    return message->nlmsg_len < NLMSG_LENGTH(sizeof *error) ? -EBADMSG : error->error;
}

struct verdict {
    uint32_t first, last;
    int rc;
    bool complete;
};

/* The first failure counts: the others follow from it. */
static void read_verdict(struct verdict *v, const struct nlmsghdr *message)
{
    if (message->nlmsg_seq < v->first || message->nlmsg_seq > v->last ||
        message->nlmsg_type != NLMSG_ERROR)
        return;
    int rc = error_of(message);
    v->rc = v->rc ? v->rc : rc;
    v->complete |= message->nlmsg_seq == v->last || (message->nlmsg_seq == v->first && rc);
}

/* The last message before the end asks for an answer. */
static void ask_for_answer(struct nft_link *l)
{
    struct nlmsghdr *message = (struct nlmsghdr *)l->data, *last = message;
    for (size_t at = 0; at < l->len; at += NLMSG_ALIGN(message->nlmsg_len)) {
        message = (struct nlmsghdr *)(l->data + at);
        last = message;
    }
    last->nlmsg_flags |= NLM_F_ACK;
}

int nft_link_commit(struct nft_link *l, struct err *e)
{
    _Alignas(8) char data[RECEIVE_SIZE];
    struct verdict v = {.first = l->first, .last = l->serial};
    ask_for_answer(l);
    size_t end_len = NLMSG_ALIGN(nftnl_batch_end(make_room(l), ++l->serial)->nlmsg_len);
    int rc = send_all(l, l->len + end_len, e);
    while (rc == 0 && !v.complete) {
        ssize_t len = receive(l, data, sizeof data);
        if (len < 0)
            return err_set(e, (int)len, "nftables: receive: %s", strerror((int)-len));
        for (struct nlmsghdr *m = (struct nlmsghdr *)data; NLMSG_OK(m, len); m = NLMSG_NEXT(m, len))
            read_verdict(&v, m);
    }
    rc = rc ? rc : v.rc;
    return rc ? err_set(e, rc, "nftables: %s", strerror(-rc)) : 0;
}

int nft_link_ask(struct nft_link *l, const struct nlmsghdr *question, nft_answer_fn *fn, void *ctx,
                 struct err *e)
{
    _Alignas(8) char data[RECEIVE_SIZE];
    int rc = send_all(l, question->nlmsg_len, e);
    for (bool done = rc != 0; !done;) {
        ssize_t len = receive(l, data, sizeof data);
        if (len < 0)
            return err_set(e, (int)len, "nftables: receive: %s", strerror((int)-len));
        for (struct nlmsghdr *m = (struct nlmsghdr *)data; NLMSG_OK(m, len) && !done;
             m = NLMSG_NEXT(m, len)) {
            if (m->nlmsg_seq != l->serial)
                continue;
            done = m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR;
            if (m->nlmsg_type == NLMSG_ERROR && (rc = error_of(m)))
                return err_set(e, rc, "nftables: %s", strerror(-rc));
            if (!done)
                fn(ctx, m);
        }
    }
    return rc;
}
