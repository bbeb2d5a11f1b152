/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/tls.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "sys/io/sock.h"
#include "sys/io/tls_test.h"

struct side {
    struct tls_context *context;
    struct tls *tls;
    int fd;
    enum tls_state state;
    struct err e;
};

struct pair {
    struct side client, server;
};

/* Two UDP sockets that talk to each other only. */
static bool udp_pair(int fd[2])
{
    struct endpoint at[2] = {{.addr = addr_ip4(0x7f000001)}, {.addr = addr_ip4(0x7f000001)}};
    struct err e;
    for (int i = 0; i < 2; i++) {
        fd[i] = sock_new(ADDR_IP4, SOCK_DGRAM);
        if (fd[i] < 0 || sock_bind(fd[i], &at[i], &e) || sock_local(fd[i], &at[i], &e))
            return false;
    }
    return sock_connect(fd[0], &at[1]) == 0 && sock_connect(fd[1], &at[0]) == 0;
}

static bool pair_open(struct pair *p, const struct tls_options *client,
                      const struct tls_options *server, const char *name)
{
    int fd[2];
    *p = (struct pair){0};
    bool ok = client->datagram ? udp_pair(fd)
                               : socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0;
    p->client.fd = fd[0];
    p->server.fd = fd[1];
    p->client.context = tls_context_new(client, &p->client.e);
    p->server.context = tls_context_new(server, &p->server.e);
    if (!ok || !p->client.context || !p->server.context)
        return false;
    p->client.tls = tls_open(p->client.context, fd[0], name, &p->client.e);
    p->server.tls = tls_open(p->server.context, fd[1], NULL, &p->server.e);
    return p->client.tls && p->server.tls;
}

static void side_close(struct side *s)
{
    tls_context_free(s->context);
    tls_close(s->tls); /* after its context: it keeps what it needs */
    if (s->fd >= 0)
        close(s->fd);
}

static void pair_close(struct pair *p)
{
    side_close(&p->client);
    side_close(&p->server);
}

static bool is_waiting(const struct side *s)
{
    return s->state == TLS_WANT_READ || s->state == TLS_WANT_WRITE;
}

/* Both sides go on until neither waits any more, or nothing comes for two seconds. */
static void shake(struct pair *p)
{
    p->client.state = p->server.state = TLS_WANT_READ;
    for (int round = 0; round < 40 && (is_waiting(&p->client) || is_waiting(&p->server)); round++) {
        struct side *side[2] = {&p->client, &p->server};
        for (int i = 0; i < 2; i++)
            if (is_waiting(side[i]))
                side[i]->state = tls_handshake(side[i]->tls, &side[i]->e);
        struct pollfd at[2] = {{p->client.fd, POLLIN, 0}, {p->server.fd, POLLIN, 0}};
        for (int i = 0; i < 2; i++)
            if (!is_waiting(side[i]))
                at[i].fd = -1;
        if (is_waiting(&p->client) || is_waiting(&p->server))
            poll(at, 2, 50);
    }
}

/* Read what the other wrote, waiting up to two seconds. */
static enum tls_state read_some(struct side *s, char *to, size_t room, size_t *got)
{
    for (int tries = 0; tries < 40; tries++) {
        enum tls_state state = tls_read(s->tls, to, room, got, &s->e);
        if (state != TLS_WANT_READ)
            return state;
        poll(&(struct pollfd){s->fd, POLLIN, 0}, 1, 50);
    }
    return TLS_WANT_READ;
}

static bool carries(struct side *from, struct side *to, const char *text)
{
    char in[64];
    size_t sent = 0, got = 0;
    return tls_write(from->tls, text, strlen(text), &sent, &from->e) == TLS_DONE &&
           sent == strlen(text) && read_some(to, in, sizeof in, &got) == TLS_DONE && got == sent &&
           memcmp(in, text, got) == 0;
}

/* ---- who is believed ---- */

static int test_verify(void)
{
    static const struct {
        const char *why, *ca, *name;
        bool own_cert, verify, datagram;
        enum tls_state client;
        const char *words;
    } row[] = {
        {"known CA, right name", "ca.pem", "good.test", true, true, false, TLS_DONE, ""},
        {"a wildcard", "ca.pem", "a.wild.test", true, true, false, TLS_DONE, ""},
        {"the address", "ca.pem", "127.0.0.1", true, true, false, TLS_DONE, ""},
        {"no name asked", "ca.pem", NULL, true, true, false, TLS_DONE, ""},
        {"another name", "ca.pem", "bad.test", true, true, false, TLS_FAILED, "ostname mismatch"},
        {"another address", "ca.pem", "127.0.0.2", true, true, false, TLS_FAILED,
         "IP address mismatch"},
        {"unknown CA", NULL, "good.test", true, true, false, TLS_FAILED, "unable to get local"},
        {"self-signed", "ca.pem", "localhost", false, true, false, TLS_FAILED, "self-signed"},
        {"not looked at", NULL, "bad.test", false, false, false, TLS_DONE, ""},
        {"DTLS, right name", "ca.pem", "good.test", true, true, true, TLS_DONE, ""},
        {"DTLS, another name", "ca.pem", "bad.test", true, true, true, TLS_FAILED, "ostname"},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct tls_options client = {.verify = row[i].verify, .ca = row[i].ca};
        struct tls_options server = {.server = true};
        client.datagram = server.datagram = row[i].datagram;
        server.cert = row[i].own_cert ? "cert.pem" : NULL;
        server.key = row[i].own_cert ? "key.pem" : NULL;
        struct pair p;
        CHECK_ROW(i, pair_open(&p, &client, &server, row[i].name));
        shake(&p);
        CHECK_ROW(i, p.client.state == row[i].client);
        CHECK_ROW(i, strstr(p.client.e.text, row[i].words));
        if (row[i].client == TLS_FAILED)
            CHECK_ROW(i,
                      p.client.e.code == -EKEYREJECTED && strstr(p.client.e.text, "certificate"));
        else {
            CHECK_ROW(i, p.server.state == TLS_DONE);
            CHECK_ROW(i, carries(&p.client, &p.server, "question"));
            CHECK_ROW(i, carries(&p.server, &p.client, "answer"));
        }
        pair_close(&p);
    }
    return failed;
}

static int test_client_certificate(void)
{
    int failed = 0;
    for (int with = 0; with < 2; with++) {
        struct tls_options client = {.cert = with ? "both.pem" : NULL};
        struct tls_options server = {.server = true, .verify = true, .ca = "ca.pem"};
        struct pair p;
        CHECK_ROW(with, pair_open(&p, &client, &server, NULL));
        shake(&p);
        CHECK_ROW(with, p.server.state == (with ? TLS_DONE : TLS_FAILED));
        size_t size = 0;
        CHECK_ROW(with, (tls_peer_cert(p.server.tls, 0, &size) != NULL) == with);
        CHECK_ROW(with, tls_peer_cert(p.server.tls, 1, &size) == NULL);
        pair_close(&p);
    }
    return failed;
}

/* ---- what is agreed on ---- */

static int test_alpn(void)
{
    static const struct {
        const char *client, *server, *agreed;
    } row[] = {
        {"http/1.1,h2", "h2", "h2"},
        {"http/1.1,h2", "h2,http/1.1", "h2"}, /* the server's order counts */
        {"h2", NULL, NULL},                   /* a server that knows nothing of it */
        {NULL, "h2", NULL},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct tls_options client = {.alpn = row[i].client, .modern = true};
        struct tls_options server = {.server = true, .alpn = row[i].server};
        struct pair p;
        CHECK_ROW(i, pair_open(&p, &client, &server, "good.test"));
        shake(&p);
        const char *got = tls_alpn(p.client.tls);
        CHECK_ROW(i, p.client.state == TLS_DONE && !got == !row[i].agreed);
        CHECK_ROW(i, !got || strcmp(got, row[i].agreed) == 0);
        CHECK_ROW(i, strcmp(tls_version(p.client.tls), "TLSv1.3") == 0);
        CHECK_ROW(i, strncmp(tls_cipher(p.server.tls), "TLS_", 4) == 0);
        pair_close(&p);
    }
    struct pair p;
    struct tls_options client = {.alpn = "h2"}, server = {.server = true, .alpn = "smtp"};
    CHECK(pair_open(&p, &client, &server, NULL));
    CHECK(tls_version(p.client.tls) == NULL && tls_cipher(p.client.tls) == NULL);
    shake(&p);
    CHECK(p.client.state == TLS_FAILED && strstr(p.client.e.text, "no application protocol"));
    pair_close(&p);
    return failed;
}

static int test_options(void)
{
    static const struct {
        struct tls_options o;
        int code;
        const char *words;
    } row[] = {
        {{.alpn = ""}, 0, ""},
        {{.alpn = "h2,,x"}, -EINVAL, "h2,,x"},
        {{.ciphers = "none such"}, -EINVAL, "none such"},
        {{.verify = true, .ca = "absent.pem"}, -ENOENT, "absent.pem"},
        {{.verify = true, .ca = "key.pem"}, -EINVAL, "key.pem"}, /* no certificate in it */
        {{.verify = true, .ca = "."}, 0, ""},
        {{.cert = "absent.pem"}, -EINVAL, "absent.pem"},
        {{.cert = "ca.pem", .key = "key.pem"}, -EINVAL, "key"}, /* of another certificate */
        {{.cert = "cert.pem"}, -EINVAL, "cert.pem"},            /* no key in it */
        {{.cert = "both.pem"}, 0, ""},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        struct tls_context *c = tls_context_new(&row[i].o, &e);
        CHECK_ROW(i, (c != NULL) == (row[i].code == 0) && e.code == row[i].code);
        CHECK_ROW(i, strstr(e.text, row[i].words));
        tls_context_free(c);
    }
    char too_long[300];
    memset(too_long, 'x', sizeof too_long);
    struct err e = {0};
    for (size_t len = 253; len <= 256; len++) { /* 255 bytes with the length in front: 254 */
        too_long[len] = '\0';
        struct tls_context *c = tls_context_new(&(struct tls_options){.alpn = too_long}, &e);
        CHECK_ROW(len, (c != NULL) == (len <= 254));
        tls_context_free(c);
        too_long[len] = 'x';
    }
    return failed;
}

/* ---- how it ends ---- */

static int test_ends(void)
{
    int failed = 0;
    for (int in_order = 0; in_order < 2; in_order++) {
        struct pair p;
        struct tls_options client = {0}, server = {.server = true};
        CHECK_ROW(in_order, pair_open(&p, &client, &server, NULL));
        shake(&p);
        size_t sent = 0, got = 0;
        char in[16];
        CHECK_ROW(in_order, tls_write(p.client.tls, "last", 4, &sent, &p.client.e) == TLS_DONE);
        if (in_order)
            CHECK(tls_shutdown(p.client.tls, &p.client.e) == TLS_DONE);
        close(p.client.fd);
        p.client.fd = -1;
        /* the bytes come first, and then how it ended, each time one asks */
        CHECK_ROW(in_order, read_some(&p.server, in, sizeof in, &got) == TLS_DONE && got == 4);
        for (int i = 0; i < 2; i++) {
            enum tls_state state = read_some(&p.server, in, sizeof in, &got);
            CHECK_ROW(in_order, state == (in_order ? TLS_CLOSED : TLS_CUT) && got == 0);
        }
        CHECK_ROW(in_order, in_order || strstr(p.server.e.text, "cut"));
        pair_close(&p);
    }
    return failed;
}

/* One way is closed, the other still carries. */
static int test_half_close(void)
{
    int failed = 0;
    struct pair p;
    struct tls_options client = {0}, server = {.server = true};
    size_t got = 0;
    char in[16];
    CHECK(pair_open(&p, &client, &server, NULL));
    CHECK(tls_shutdown(p.client.tls, &p.client.e) == TLS_DONE); /* nothing to end yet */
    shake(&p);
    CHECK(tls_shutdown(p.client.tls, &p.client.e) == TLS_DONE);
    CHECK(read_some(&p.server, in, sizeof in, &got) == TLS_CLOSED);
    CHECK(carries(&p.server, &p.client, "late"));
    pair_close(&p);
    return failed;
}

static int test_cut_handshake(void)
{
    int failed = 0;
    struct pair p;
    struct tls_options client = {0}, server = {.server = true};
    CHECK(pair_open(&p, &client, &server, NULL));
    CHECK(tls_handshake(p.client.tls, &p.client.e) == TLS_WANT_READ);
    close(p.server.fd);
    p.server.fd = -1;
    CHECK(tls_handshake(p.client.tls, &p.client.e) == TLS_CUT && p.client.e.code < 0);
    pair_close(&p);
    CHECK(pair_open(&p, &client, &server, NULL));
    CHECK(write(p.server.fd, "220 no TLS here\r\n", 17) == 17);
    CHECK(tls_handshake(p.client.tls, &p.client.e) == TLS_FAILED);
    CHECK(p.client.e.code == -EPROTO && strstr(p.client.e.text, "wrong version number"));
    pair_close(&p);
    return failed;
}

/* ---- bulk ---- */

enum { BULK = 1 << 20 };

static int test_bulk(void)
{
    int failed = 0;
    struct pair p;
    struct tls_options client = {0}, server = {.server = true};
    char *out = mem_zero(BULK), *in = mem_zero(BULK);
    for (size_t i = 0; i < BULK; i++)
        out[i] = (char)(i * 2654435761U >> 24);
    CHECK(pair_open(&p, &client, &server, NULL));
    shake(&p);
    size_t sent = 0, received = 0;
    bool waited = false;
    while (received < BULK && failed == 0) {
        size_t part = 0;
        enum tls_state state = tls_write(p.client.tls, out + sent, BULK - sent, &part, &p.client.e);
        sent += part;
        waited |= state == TLS_WANT_WRITE;
        CHECK(state == TLS_DONE || state == TLS_WANT_WRITE);
        state = tls_read(p.server.tls, in + received, BULK - received, &part, &p.server.e);
        received += part;
        CHECK(state == TLS_DONE || state == TLS_WANT_READ);
        if (state == TLS_WANT_READ)
            CHECK(!tls_pending(p.server.tls)); /* or whoever polls first would never sleep */
    }
    CHECK(sent == BULK && memcmp(in, out, BULK) == 0);
    CHECK(waited || sent == BULK);
    mem_free(out);
    mem_free(in);
    pair_close(&p);
    return failed;
}

/* Bytes that came in one segment lie decoded; who asks the descriptor alone would wait for ever. */
static int test_pending(void)
{
    int failed = 0;
    struct pair p;
    struct tls_options client = {0}, server = {.server = true};
    size_t part = 0;
    char in[2];
    CHECK(pair_open(&p, &client, &server, NULL));
    shake(&p);
    CHECK(tls_write(p.client.tls, "abcd", 4, &part, &p.client.e) == TLS_DONE);
    CHECK(read_some(&p.server, in, 2, &part) == TLS_DONE && part == 2);
    CHECK(poll(&(struct pollfd){p.server.fd, POLLIN, 0}, 1, 0) == 0 && tls_pending(p.server.tls));
    CHECK(tls_read(p.server.tls, in, 2, &part, &p.server.e) == TLS_DONE && in[1] == 'd');
    CHECK(tls_read(p.server.tls, in, 2, &part, &p.server.e) == TLS_WANT_READ);
    CHECK(!tls_pending(p.server.tls));
    pair_close(&p);
    return failed;
}

/* A lost flight is sent anew after the time that tls_wait_ns tells. */
static int test_datagram_loss(void)
{
    int failed = 0;
    struct pair p;
    struct tls_options client = {.datagram = true}, server = {.server = true, .datagram = true};
    char in[2048];
    CHECK(pair_open(&p, &client, &server, NULL));
    CHECK(tls_wait_ns(p.client.tls) == UINT64_MAX);
    CHECK(tls_handshake(p.client.tls, &p.client.e) == TLS_WANT_READ);
    uint64_t wait = tls_wait_ns(p.client.tls);
    CHECK(wait > 0 && wait <= NS_PER_S);
    CHECK(poll(&(struct pollfd){p.server.fd, POLLIN, 0}, 1, 500) == 1);
    CHECK(read(p.server.fd, in, sizeof in) > 0); /* lost */
    shake(&p);
    CHECK(p.client.state == TLS_DONE && p.server.state == TLS_DONE);
    size_t sent = 0, got = 0;
    CHECK(tls_write(p.client.tls, "a", 1, &sent, &p.client.e) == TLS_DONE);
    CHECK(tls_write(p.client.tls, "bc", 2, &sent, &p.client.e) == TLS_DONE);
    CHECK(read_some(&p.server, in, sizeof in, &got) == TLS_DONE && got == 1); /* each by itself */
    CHECK(read_some(&p.server, in, sizeof in, &got) == TLS_DONE && got == 2);
    CHECK(strcmp(tls_version(p.client.tls), "DTLSv1.2") == 0);
    size_t size = 0;
    const uint8_t *der = tls_peer_cert(p.client.tls, 0, &size);
    CHECK(der && size > 100 && der[0] == 0x30 && tls_peer_cert(p.client.tls, 0, &size) == der);
    CHECK(tls_peer_cert(p.client.tls, 1000, &size) == NULL);
    pair_close(&p);
    return failed;
}

static int write_file(const char *path, const char *text, const char *more)
{
    struct str s = str_of(0);
    struct err e;
    str_add(&s, text);
    str_add(&s, more);
    int rc = file_replace(path, str_text(&s), s.len, 0600, &e);
    str_done(&s);
    return rc;
}

int io_tls_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-tls-XXXXXX";
    static const char *const file[] = {"ca.pem", "cert.pem", "key.pem", "both.pem"};
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    CHECK(write_file(file[0], tls_test_ca, "") == 0 && write_file(file[1], tls_test_cert, "") == 0);
    CHECK(write_file(file[2], tls_test_key, "") == 0);
    CHECK(write_file(file[3], tls_test_cert, tls_test_key) == 0);
    failed += test_verify() + test_client_certificate() + test_alpn() + test_options();
    failed += test_ends() + test_half_close() + test_cut_handshake();
    failed += test_bulk() + test_pending() + test_datagram_loss();
    for (size_t i = 0; i < ARRAY_LEN(file); i++)
        unlink(file[i]);
    CHECK(rmdir(folder) == 0);
    return failed;
}
