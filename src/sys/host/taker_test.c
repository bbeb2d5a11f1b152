/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/taker.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/sock.h"

struct ends {
    struct endpoint local, remote;
    int listener, client, server, datagram;
    struct endpoint at_datagram;
};

static int open_ends(struct ends *s)
{
    int failed = 0;
    struct err e = {0};
    struct endpoint any = {.addr = addr_ip4(0x7f000001)};
    CHECK(sock_listen(&any, 1, &s->listener, &e) == 0);
    CHECK(sock_local(s->listener, &s->local, &e) == 0);
    s->client = sock_new(ADDR_IP4, SOCK_STREAM);
    int rc = sock_connect(s->client, &s->local);
    CHECK(rc == 0 || rc == -EINPROGRESS);
    s->server = accept(s->listener, NULL, NULL);
    CHECK(s->server >= 0 && sock_local(s->client, &s->remote, &e) == 0);
    s->datagram = sock_new(ADDR_IP4, SOCK_DGRAM);
    CHECK(sock_bind(s->datagram, &any, &e) == 0);
    CHECK(sock_local(s->datagram, &s->at_datagram, &e) == 0);
    return failed;
}

int host_taker_test(void)
{
    struct ends s = {0};
    struct err e = {0};
    struct taker *t;
    int failed = open_ends(&s);
    const struct endpoint stranger = {addr_ip4(0x7f000009), 4000};
    CHECK(taker_open(&t, &e) == 0);
    int first = taker_find(t, IPPROTO_TCP, &s.local, &stranger);
    if (first < 0) { /* a kernel without the module: nothing to hold it against */
        taker_close(t);
        return failed;
    }
    CHECK(first == 1); /* the listener takes everybody */
    CHECK(taker_find(t, IPPROTO_TCP, &s.remote, &s.local) == 1);
    CHECK(taker_find(t, IPPROTO_TCP, &s.remote, &stranger) == 0); /* the client takes one peer */
    CHECK(taker_find(t, IPPROTO_UDP, &s.at_datagram, &stranger) == 1);
    close(s.listener); /* the connection it accepted lives on; strangers are refused */
    CHECK(taker_find(t, IPPROTO_TCP, &s.local, &s.remote) == 1);
    CHECK(taker_find(t, IPPROTO_TCP, &s.local, &stranger) == 0);
    close(s.server);
    close(s.client);
    CHECK(taker_find(t, IPPROTO_TCP, &s.local, &s.remote) == 1); /* TIME-WAIT */
    close(s.datagram);
    CHECK(taker_find(t, IPPROTO_UDP, &s.at_datagram, &stranger) == 0);
    taker_close(t);
    return failed;
}
