/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/netlink.h"

#include <assert.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "core/base/mem.h"

/* The kernel fills up to 32 KiB a read of a dump when the reader offers as much. */
enum { BUFFER_SIZE = 64 * 1024 };

struct netlink {
    struct mnl_socket *socket;
    uint32_t serial;
    struct nlmsghdr *request; /* at the begin of build */
    _Alignas(8) uint8_t build[4096];
    _Alignas(8) uint8_t answer[BUFFER_SIZE];
};

int netlink_open(struct netlink **out, int bus, struct err *e)
{
    struct mnl_socket *s = mnl_socket_open2(bus, SOCK_CLOEXEC);
    if (!s)
        return err_set(e, -errno, "netlink: %s", strerror(errno));
    if (mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0) {
        int code = -errno;
        mnl_socket_close(s);
        return err_set(e, code, "netlink: bind: %s", strerror(-code));
    }
    /* a kernel that does not know the option dumps without the check it asks for */
    int one = 1;
    (void)mnl_socket_setsockopt(s, NETLINK_GET_STRICT_CHK, &one, sizeof one);
    struct netlink *n = mem_zero(sizeof *n);
    n->socket = s;
    n->serial = (uint32_t)time(NULL);
    *out = n;
    return 0;
}

void netlink_close(struct netlink *n)
{
    if (!n)
        return;
    mnl_socket_close(n->socket);
    mem_free(n);
}

void netlink_begin(struct netlink *n, uint16_t type, uint16_t flags, const void *head,
                   size_t head_len)
{
    memset(n->build, 0, 256);
    n->request = mnl_nlmsg_put_header(n->build);
    n->request->nlmsg_type = type;
    /* a dump ends with NLMSG_DONE; any other answer ends with the acknowledgement */
    n->request->nlmsg_flags =
        (uint16_t)(NLM_F_REQUEST | flags | ((flags & NLM_F_DUMP) == NLM_F_DUMP ? 0 : NLM_F_ACK));
    n->request->nlmsg_seq = ++n->serial;
    memcpy(mnl_nlmsg_put_extra_header(n->request, head_len), head, head_len);
}

void netlink_put(struct netlink *n, uint16_t type, const void *data, size_t len)
{
    bool fits = mnl_attr_put_check(n->request, sizeof n->build, type, len, data);
    assert(fits); /* requests are our own, and small */
    (void)fits;
}

void netlink_put_u32(struct netlink *n, uint16_t type, uint32_t value)
{
    netlink_put(n, type, &value, sizeof value);
}

struct pass {
    netlink_message_fn *fn;
    void *ctx;
    int result;
};

static int pass_on(const struct nlmsghdr *message, void *data)
{
    struct pass *pass = data;
    if (pass->result == 0 && pass->fn)
        pass->result = pass->fn(pass->ctx, message);
    return MNL_CB_OK; /* also after an error: the rest of the answer must leave the socket */
}

int netlink_ask(struct netlink *n, netlink_message_fn *fn, void *ctx)
{
    struct pass pass = {fn, ctx, 0};
    bool disturbed = false;
    if (mnl_socket_sendto(n->socket, n->request, n->request->nlmsg_len) < 0)
        return -errno;
    for (;;) {
        ssize_t len = mnl_socket_recvfrom(n->socket, n->answer, sizeof n->answer);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return -errno;
        int state = mnl_cb_run(n->answer, (size_t)len, n->request->nlmsg_seq,
                               mnl_socket_get_portid(n->socket), pass_on, &pass);
        if (state < 0 && errno == EINTR) /* NLM_F_DUMP_INTR: read on to the end, then say so */
            disturbed = true;
        else if (state < 0 && errno != ESRCH) /* ESRCH: an answer to an earlier question */
            return -errno;
        if (state == MNL_CB_STOP)
            return pass.result ? pass.result : disturbed ? -EINTR : 0;
    }
}

int netlink_dump(struct netlink *n, netlink_message_fn *fn, void (*restart)(void *ctx), void *ctx)
{
    int result = -EINTR;
    for (int i = 0; i < NETLINK_TRIES && result == -EINTR; i++) {
        restart(ctx);
        n->request->nlmsg_seq = ++n->serial;
        result = netlink_ask(n, fn, ctx);
    }
    return result;
}

const void *netlink_head(const struct nlmsghdr *message, size_t head_len)
{
    if (mnl_nlmsg_get_payload_len(message) < head_len)
        return NULL;
    return mnl_nlmsg_get_payload(message);
}

static void note_attr(const struct nlattr *a, const struct nlattr **attr, uint16_t max)
{
    uint16_t type = mnl_attr_get_type(a);
    if (type <= max)
        attr[type] = a;
}

void netlink_within(struct bytes_in in, const struct nlattr **attr, uint16_t max)
{
    memset(attr, 0, (max + 1u) * sizeof *attr);
    const struct nlattr *a = (const void *)in.pos;
    while (mnl_attr_ok(a, (int)((const char *)in.end - (const char *)a))) {
        note_attr(a, attr, max);
        a = mnl_attr_next(a);
    }
}

struct bytes_in netlink_bytes(const struct nlattr *a)
{
    return a ? bytes_in_of(mnl_attr_get_payload(a), mnl_attr_get_payload_len(a))
             : bytes_in_of(NULL, 0);
}

bool netlink_next(struct bytes_in *list, uint16_t *out_type, struct bytes_in *out_value)
{
    const struct nlattr *a = (const void *)list->pos;
    if (!mnl_attr_ok(a, (int)bytes_left(list)))
        return false;
    size_t used = MNL_ALIGN(a->nla_len), left = bytes_left(list);
    *out_type = mnl_attr_get_type(a);
    *out_value = netlink_bytes(a);
    bytes_skip(list, used < left ? used : left);
    return true;
}

void netlink_attrs(const struct nlmsghdr *message, size_t head_len, const struct nlattr **attr,
                   uint16_t max)
{
    const uint8_t *end = mnl_nlmsg_get_payload_tail(message);
    const uint8_t *pos = mnl_nlmsg_get_payload_offset(message, head_len);
    netlink_within(bytes_in_of(pos, pos < end ? (size_t)(end - pos) : 0), attr, max);
}

void netlink_nested(const struct nlattr *outer, const struct nlattr **attr, uint16_t max)
{
    netlink_within(netlink_bytes(outer), attr, max);
}

uint8_t netlink_u8(const struct nlattr *a, uint8_t otherwise)
{
    struct bytes_in in = netlink_bytes(a);
    return bytes_left(&in) == sizeof(uint8_t) ? bytes_u8(&in) : otherwise;
}

uint32_t netlink_u32(const struct nlattr *a, uint32_t otherwise)
{
    struct bytes_in in = netlink_bytes(a);
    uint32_t value;
    if (bytes_left(&in) != sizeof value)
        return otherwise;
    bytes_copy(&in, &value, sizeof value); /* the kernel writes in the machine's order */
    return value;
}

struct addr netlink_addr(const struct nlattr *a)
{
    struct bytes_in in = netlink_bytes(a);
    size_t len = bytes_left(&in);
    struct addr out = {0};
    if (len != 4 && len != 16)
        return out;
    out.family = len == 4 ? ADDR_IP4 : ADDR_IP6;
    bytes_copy(&in, out.byte, len);
    return out;
}

void netlink_text(const struct nlattr *a, char *to, size_t size)
{
    struct bytes_in in = netlink_bytes(a);
    size_t len = bytes_left(&in) < size ? bytes_left(&in) : size - 1;
    bytes_copy(&in, to, len);
    to[len] = '\0';
}
