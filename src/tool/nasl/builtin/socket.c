/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections to the host under test, and to no other. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/net/addr.h"
#include "sys/io/sock.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum { RECEIVE_MAX = 64 << 20, TIMEOUT_MAX_S = 3600 };

static struct nasl_stream *stream_of(struct nasl_call *c, const struct nasl_value *v)
{
    return nasl_handle_get(c->vm, &nasl_stream_kind, nasl_arg_int(v, -1));
}

static uint64_t seconds(int64_t count, uint64_t otherwise_ns)
{
    if (count < 0)
        return otherwise_ns;
    return (uint64_t)(count < TIMEOUT_MAX_S ? count : TIMEOUT_MAX_S) * NS_PER_S;
}

static struct nasl_value open_with(struct nasl_call *c, const struct nasl_stream_options *o)
{
    struct nasl_stream *s = nasl_stream_open(c->vm, o);
    int64_t number = s ? nasl_handle_add(c->vm, &nasl_stream_kind, s) : 0;
    return nasl_int(number > 0 ? number : 0);
}

/* What the knowledge base says of the port, bare TCP where it says nothing. */
int64_t nasl_port_transport(struct nasl_call *c, uint16_t port);

int64_t nasl_port_transport(struct nasl_call *c, uint16_t port)
{
    struct nasl_kb_value v;
    struct str key = str_of(0);
    bool clean = false;
    int64_t transport = NASL_ENCAPS_IP;
    str_addf(&key, "Transports/TCP/%u", port);
    if (nasl_kb_get(nasl_vm_host(c->vm)->kb, str_text(&key), 0, &v))
        transport = v.is_number ? v.number : nasl_number_of(v.text, 10, &clean);
    str_done(&key);
    return transport;
}

enum { TCP_BUFSZ, TCP_PRIORITY, TCP_TIMEOUT, TCP_TRANSPORT };

/* First TLS, then bare; the answer is kept for others. */
static struct nasl_value open_either(struct nasl_call *c, struct nasl_stream_options *o)
{
    struct str key = str_of(0);
    o->transport = NASL_ENCAPS_TLS_CUSTOM;
    struct nasl_value v = open_with(c, o);
    if (v.number == 0) {
        o->transport = NASL_ENCAPS_IP;
        v = open_with(c, o);
    }
    str_addf(&key, "Transports/TCP/%u", o->port);
    if (v.number)
        (void)nasl_kb_add_number(nasl_vm_host(c->vm)->kb, str_text(&key), o->transport);
    str_done(&key);
    return v;
}

static struct nasl_value do_open_sock_tcp(struct nasl_call *c)
{
    struct str room = str_of(0);
    int64_t port = nasl_arg_int(nasl_arg(c, 0), -1);
    int64_t transport = nasl_arg_int(nasl_named(c, TCP_TRANSPORT), -1);
    int64_t buffer = nasl_arg_int(nasl_named(c, TCP_BUFSZ), 0);
    uint64_t usual = nasl_vm_host(c->vm)->read_timeout_ns * 2;
    if (port < 0 || port > 65535)
        return nasl_undef();
    struct nasl_stream_options o = {
        .port = (uint16_t)port,
        .transport = (int)transport,
        .priority = nasl_is_text(nasl_named(c, TCP_PRIORITY))
                        ? nasl_arg_text(nasl_named(c, TCP_PRIORITY), &room, NULL)
                        : NULL,
        .timeout_ns = seconds(nasl_arg_int(nasl_named(c, TCP_TIMEOUT), -1), usual),
        .buffer_size = buffer > 0 ? (size_t)buffer : 0,
    };
    struct nasl_value v = nasl_int(0);
    if (transport < 0)
        o.transport = (int)nasl_port_transport(c, (uint16_t)port);
    if (o.transport >= NASL_ENCAPS_MAX)
        nasl_complain(c, "%d is no transport", o.transport);
    else if (transport == NASL_ENCAPS_AUTO)
        v = open_either(c, &o);
    else
        v = open_with(c, &o);
    str_done(&room);
    return v;
}

static struct nasl_value do_open_sock_udp(struct nasl_call *c)
{
    int64_t port = nasl_arg_int(nasl_arg(c, 0), -1);
    if (port < 0 || port > 65535)
        return nasl_undef();
    struct nasl_stream_options o = {.port = (uint16_t)port, .datagram = true};
    return open_with(c, &o);
}

enum { PRIV_DPORT, PRIV_SPORT, PRIV_TIMEOUT };

/* From a port below 1024, as rsh and some NFS servers want it. */
static struct nasl_value open_privileged(struct nasl_call *c, bool datagram)
{
    int64_t to = nasl_arg_int(nasl_named(c, PRIV_DPORT), -1);
    int64_t from = nasl_arg_int(nasl_named(c, PRIV_SPORT), -1);
    if (to <= 0 || to > 65535 || from > 65535) {
        nasl_complain(c, "dport: is needed");
        return nasl_undef();
    }
    struct nasl_stream_options o = {
        .port = (uint16_t)to,
        .source_port = from > 0 ? (uint16_t)from : 0,
        .privileged = from <= 0,
        .datagram = datagram,
        .timeout_ns = seconds(nasl_arg_int(nasl_named(c, PRIV_TIMEOUT), -1),
                              nasl_vm_host(c->vm)->read_timeout_ns),
    };
    struct nasl_value v = open_with(c, &o);
    return v.number ? v : nasl_undef();
}

static struct nasl_value do_open_priv_sock_tcp(struct nasl_call *c)
{
    return open_privileged(c, false);
}

static struct nasl_value do_open_priv_sock_udp(struct nasl_call *c)
{
    return open_privileged(c, true);
}

enum { RECV_LENGTH, RECV_MIN, RECV_SOCKET, RECV_TIMEOUT };

static struct nasl_value do_recv(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_named(c, RECV_SOCKET));
    int64_t len = nasl_arg_int(nasl_named(c, RECV_LENGTH), -1);
    int64_t min = nasl_arg_int(nasl_named(c, RECV_MIN), -1);
    if (!s || len <= 0 || len > RECEIVE_MAX)
        return nasl_undef();
    uint64_t kept = s->timeout_ns;
    s->timeout_ns = seconds(nasl_arg_int(nasl_named(c, RECV_TIMEOUT), -1),
                            nasl_vm_host(c->vm)->read_timeout_ns);
    uint8_t *room = mem_resize(NULL, (size_t)len, 1);
    size_t got = nasl_stream_read(c->vm, s, room, min > 0 ? (size_t)min : 0, (size_t)len);
    s->timeout_ns = kept;
    struct nasl_value v = got ? nasl_data(c, room, got) : nasl_undef();
    mem_free(room);
    return v;
}

enum { LINE_LENGTH, LINE_SOCKET, LINE_TIMEOUT };

static struct nasl_value do_recv_line(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_named(c, LINE_SOCKET));
    int64_t len = nasl_arg_int(nasl_named(c, LINE_LENGTH), -1);
    if (!s || len <= 0 || len > RECEIVE_MAX) {
        nasl_complain(c, "recv_line(socket:, length:)");
        return nasl_undef();
    }
    uint64_t kept = s->timeout_ns;
    s->timeout_ns = seconds(nasl_arg_int(nasl_named(c, LINE_TIMEOUT), -1), kept);
    char *room = mem_resize(NULL, (size_t)len, 1);
    size_t got = nasl_stream_read_line(c->vm, s, room, (size_t)len);
    s->timeout_ns = kept;
    struct nasl_value v = got ? nasl_data(c, room, got) : nasl_undef();
    mem_free(room);
    return v;
}

enum { SEND_DATA, SEND_LENGTH, SEND_OPTION, SEND_SOCKET };

static struct nasl_value do_send(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_named(c, SEND_SOCKET));
    const struct nasl_value *data = nasl_named(c, SEND_DATA);
    int64_t size = (int64_t)nasl_arg_size(data);
    int64_t len = nasl_arg_int(nasl_named(c, SEND_LENGTH), 0);
    if (!s || data->type == NASL_UNDEF) {
        nasl_complain(c, "send(socket:, data:)");
        return nasl_undef();
    }
    if (len <= 0 || len > size)
        len = size;
    return nasl_int(nasl_stream_write(c->vm, s, size ? data->string->text : "", (size_t)len,
                                      (int)nasl_arg_int(nasl_named(c, SEND_OPTION), 0)));
}

static struct nasl_value do_close(struct nasl_call *c)
{
    int64_t number = nasl_arg_int(nasl_arg(c, 0), -1);
    if (!nasl_handle_close(c->vm, &nasl_stream_kind, number))
        nasl_complain(c, "%lld is no socket", (long long)number);
    return nasl_undef();
}

static struct nasl_value do_get_source_port(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_arg(c, 0));
    struct endpoint here;
    struct err e = {0};
    if (!s || sock_local(s->fd, &here, &e) < 0) {
        nasl_complain(c, "%s", s ? e.text : "no socket");
        return nasl_undef();
    }
    return nasl_int(here.port);
}

static struct nasl_value do_socket_get_error(struct nasl_call *c)
{
    struct nasl_stream *s = stream_of(c, nasl_arg(c, 0));
    if (!s)
        return nasl_undef();
    switch (s->error) {
    case 0:
        return nasl_int(NASL_SOCKET_NO_ERROR);
    case ETIMEDOUT:
        return nasl_int(NASL_SOCKET_TIMED_OUT);
    case ENETUNREACH:
    case EHOSTUNREACH:
        return nasl_int(NASL_SOCKET_UNREACHABLE);
    case EPIPE:
    case ECONNRESET:
    case EBADF:
    case ENOTSOCK:
        return nasl_int(NASL_SOCKET_RESET);
    default:
        return nasl_int(NASL_SOCKET_UNKNOWN);
    }
}

/* The largest datagram on the way to the host: the kernel tells it of a connected socket. */
static struct nasl_value do_get_mtu(struct nasl_call *c)
{
    struct nasl_stream_options o = {.port = 9, .datagram = true};
    struct nasl_stream *s = nasl_stream_open(c->vm, &o);
    bool ip6 = nasl_vm_host(c->vm)->addr.family == ADDR_IP6;
    int mtu = -1;
    socklen_t len = sizeof mtu;
    if (!s ||
        getsockopt(s->fd, ip6 ? IPPROTO_IPV6 : IPPROTO_IP, ip6 ? IPV6_MTU : IP_MTU, &mtu, &len) < 0)
        mtu = -1;
    nasl_stream_close(s);
    return nasl_int(mtu);
}

static void close_group(void *thing)
{
    struct nasl_stream *s = thing;
    nasl_stream_close(s);
}

/* A group is joined as long as its handle lives; its number in the list is the address itself. */
static const struct nasl_handle_kind group_kind = {"multicast group", 2000000, close_group};

static bool is_group(void *thing, int64_t detail)
{
    struct nasl_stream *s = thing;
    return s->sent_len == (size_t)detail;
}

static bool group_address(struct nasl_call *c, uint32_t *out)
{
    struct str room = str_of(0);
    struct addr a;
    struct err e = {0};
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    bool ok =
        text && addr_parse(&a, text, &e) == 0 && a.family == ADDR_IP4 && addr_is_multicast(&a);
    if (ok)
        *out = addr_ip4_value(&a);
    else
        nasl_complain(c, "an IPv4 multicast address is needed");
    str_done(&room);
    return ok;
}

static struct nasl_value do_join_multicast_group(struct nasl_call *c)
{
    uint32_t group;
    if (!group_address(c, &group))
        return nasl_undef();
    if (nasl_handle_find(c->vm, &group_kind, is_group, group) >= 0)
        return nasl_int(1);
    struct nasl_stream *s = mem_zero(sizeof *s);
    struct ip_mreq wish = {.imr_multiaddr.s_addr = htonl(group)};
    s->fd = sock_new(ADDR_IP4, SOCK_DGRAM);
    s->sent_len = group;
    if (s->fd < 0 || setsockopt(s->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wish, sizeof wish) < 0) {
        nasl_complain(c, "%s", strerror(errno));
        nasl_stream_close(s);
        return nasl_undef();
    }
    return nasl_int(nasl_handle_add(c->vm, &group_kind, s) > 0);
}

static struct nasl_value do_leave_multicast_group(struct nasl_call *c)
{
    uint32_t group;
    if (group_address(c, &group) &&
        !nasl_handle_close(c->vm, &group_kind,
                           nasl_handle_find(c->vm, &group_kind, is_group, group)))
        nasl_complain(c, "the group was not joined");
    return nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"close", do_close, {0}, 0},
    {"get_mtu", do_get_mtu, {0}, 0},
    {"get_source_port", do_get_source_port, {0}, 0},
    {"http_close_socket", do_close, {0}, 0},
    {"http_open_socket", do_open_sock_tcp, {"bufsz", "priority", "timeout", "transport"}, 0},
    {"join_multicast_group", do_join_multicast_group, {0}, 0},
    {"leave_multicast_group", do_leave_multicast_group, {0}, 0},
    {"open_priv_sock_tcp", do_open_priv_sock_tcp, {"dport", "sport", "timeout"}, 0},
    {"open_priv_sock_udp", do_open_priv_sock_udp, {"dport", "sport", "timeout"}, 0},
    {"open_sock_tcp", do_open_sock_tcp, {"bufsz", "priority", "timeout", "transport"}, 0},
    {"open_sock_udp", do_open_sock_udp, {0}, 0},
    {"recv", do_recv, {"length", "min", "socket", "timeout"}, 0},
    {"recv_line", do_recv_line, {"length", "socket", "timeout"}, 0},
    {"send", do_send, {"data", "length", "option", "socket"}, 0},
    {"socket_get_error", do_socket_get_error, {0}, 0},
};

const struct nasl_family nasl_family_socket = {"socket", rows, ARRAY_COUNT(rows)};
