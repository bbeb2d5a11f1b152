/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/echo.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "sys/link/raw_ip.h"
#include "sys/loop/child.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

/* Answers to addresses that no neighbour resolves wait in the kernel, 208 KiB for each next hop,
 * and are charged to our socket: with its default size one dead gateway would silence us. */
enum { SEND_BUFFER = 8 << 20 };

enum { TTL = 64, WINDOW = 1024, DATAGRAM_MAX = IP6_HEAD_LEN + TCP_HEAD_LEN };

static const uint64_t nft_limit_ns = UINT64_C(10000000000);

struct echo {
    struct hash_key secret;
    int fd4, fd6; /* fd6 -1: a machine without IPv6 */
};

static const char hold_back[] =
    "add table inet picket_trap\n"
    "flush table inet picket_trap\n"
    "add chain inet picket_trap output { type filter hook output priority -300; }\n"
    "add rule inet picket_trap output tcp flags & (rst | ack) == rst | ack tcp sequence 0 drop\n";

static int run_nft(const char *script, struct err *e)
{
    const char *const argv[] = {"nft", script, NULL};
    struct str out = str_of(4096);
    int status = 0;
    int rc = child_run("nft", argv, nft_limit_ns, &out, &status, e);
    if (rc == 0 && status != 0)
        rc = err_set(e, -EPERM, "nft refuses: %.100s", str_text(&out));
    str_done(&out);
    return rc;
}

static int open_raw(uint8_t family, int *out_fd, struct err *e)
{
    static const int size = SEND_BUFFER;
    if (raw_ip_open(family, out_fd, e) < 0)
        return e->code;
    if (setsockopt(*out_fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
        (void)!setsockopt(*out_fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return 0;
}

int echo_open(struct echo **out, struct err *e)
{
    struct err none = {0};
    struct echo *o = mem_zero(sizeof *o);
    *o = (struct echo){.secret = hash_key_secret(), .fd4 = -1, .fd6 = -1};
    if (open_raw(ADDR_IP4, &o->fd4, e) < 0 || run_nft(hold_back, e) < 0) {
        err_wrap(e, "echo");
        if (o->fd4 >= 0)
            close(o->fd4);
        mem_free(o);
        return e->code;
    }
    (void)!open_raw(ADDR_IP6, &o->fd6, &none);
    *out = o;
    return 0;
}

void echo_close(struct echo *o)
{
    struct err e = {0};
    if (!o)
        return;
    if (run_nft("delete table inet picket_trap", &e) < 0)
        log_at(LOG_LEVEL_WARN, "echo: %s", e.text);
    close(o->fd4);
    if (o->fd6 >= 0)
        close(o->fd6);
    mem_free(o);
}

uint32_t echo_cookie(const struct echo *o, const struct endpoint *from, const struct endpoint *to)
{
    uint8_t ends[36];
    struct bytes_out out = bytes_out_of(ends, sizeof ends);
    bytes_put(&out, from->addr.byte, 16);
    bytes_put(&out, to->addr.byte, 16);
    bytes_put_u16be(&out, from->port);
    bytes_put_u16be(&out, to->port);
    return (uint32_t)hash_bytes(&o->secret, ends, sizeof ends);
}

bool echo_is_proven(const struct echo *o, const struct probe *reset)
{
    return reset->seq == echo_cookie(o, &reset->from, &reset->to);
}

void echo_answer(struct echo *o, const struct probe *syn)
{
    uint8_t datagram[DATAGRAM_MAX];
    struct bytes_out out = bytes_out_of(datagram, sizeof datagram);
    uint32_t cookie = echo_cookie(o, &syn->from, &syn->to);
    bool is_ip4 = syn->from.addr.family == ADDR_IP4;
    if (is_ip4)
        ip4_encode(&out,
                   &(struct ip4_head){.src = syn->to.addr,
                                      .dst = syn->from.addr,
                                      .ttl = TTL,
                                      .proto = IP_PROTO_TCP,
                                      .dont_fragment = true},
                   TCP_HEAD_LEN);
    else
        ip6_encode(
            &out,
            &(struct ip6_head){
                .src = syn->to.addr, .dst = syn->from.addr, .next = IP_PROTO_TCP, .hop_limit = TTL},
            TCP_HEAD_LEN);
    tcp_encode(&out,
               &(struct tcp_head){.src = syn->to.port,
                                  .dst = syn->from.port,
                                  .seq = ~cookie,
                                  .ack = cookie,
                                  .flags = TCP_SYN | TCP_ACK,
                                  .window = WINDOW},
               &syn->to.addr, &syn->from.addr, bytes_in_of(NULL, 0));
    int fd = is_ip4 ? o->fd4 : o->fd6;
    if (fd >= 0)
        (void)!raw_ip_send(fd, &syn->from.addr, datagram, bytes_out_len(&out));
}
