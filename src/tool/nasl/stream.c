/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a read waits is the peer's habit: with a least number of bytes it returns as soon as
 * they are there, without one when the other side has paused. */
#include "tool/nasl/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/sock.h"
#include "sys/io/tls.h"
#include "tool/nasl/constant.h"

enum {
    SLICE_MS = 100,  /* between two looks at the script's budget */
    PAUSE_MS = 1000, /* this long without a byte: the other side has said what it says */
    UDP_TRIES = 5,   /* datagrams may be lost */
    BUFFER_MAX = 1 << 20,
    PRIVILEGED_FIRST = 1023,
    PRIVILEGED_LAST = 512,
};

const struct nasl_handle_kind nasl_stream_kind = {"socket", 1000000, nasl_stream_close};

/* Wait for `events`; false: not within `wait_ns`, or the script is over. */
static bool wait_for(struct nasl_vm *vm, int fd, short events, uint64_t wait_ns)
{
    uint64_t left = nasl_vm_wait_ns(vm, wait_ns);
    struct pollfd p = {.fd = fd, .events = events};
    while (!nasl_vm_should_stop(vm)) {
        uint64_t slice = left < SLICE_MS * NS_PER_MS ? left : SLICE_MS * NS_PER_MS;
        int rc = poll(&p, 1, (int)((slice + NS_PER_MS - 1) / NS_PER_MS));
        if (rc > 0)
            return true;
        if (left <= slice || (rc < 0 && errno != EINTR))
            return false;
        left -= slice;
    }
    return false;
}

void nasl_stream_close(void *stream)
{
    struct nasl_stream *s = stream;
    struct err unused = {0};
    if (!s)
        return;
    if (s->tls && tls_shutdown(s->tls, &unused) == TLS_FAILED)
        s->error = EPIPE; /* it is closed in any case */
    tls_close(s->tls);
    if (s->fd >= 0)
        close(s->fd);
    mem_free(s->buffer);
    mem_free(s->sent);
    mem_free(s);
}

void nasl_stream_set_buffer(struct nasl_stream *s, size_t size)
{
    if (s->from != s->to || s->datagram)
        return;
    s->buffer_size = size < BUFFER_MAX ? size : BUFFER_MAX;
    s->buffer = mem_resize(s->buffer, s->buffer_size + 1, 1);
    s->from = s->to = 0;
}

static bool connect_to(struct nasl_vm *vm, struct nasl_stream *s, uint64_t timeout_ns)
{
    struct endpoint to = {nasl_vm_host(vm)->addr, s->port};
    int rc = sock_connect(s->fd, &to);
    if (rc == -EINPROGRESS) {
        rc = wait_for(vm, s->fd, POLLOUT, timeout_ns) ? sock_error(s->fd) : -ETIMEDOUT;
    }
    s->error = -rc;
    return rc == 0;
}

static bool bind_privileged(int fd, uint8_t family, uint16_t wanted)
{
    struct err unused = {0};
    struct endpoint at = {.addr = {.family = family}, .port = wanted};
    if (wanted)
        return sock_bind(fd, &at, &unused) == 0;
    for (at.port = PRIVILEGED_FIRST; at.port >= PRIVILEGED_LAST; at.port--)
        if (sock_bind(fd, &at, &unused) == 0)
            return true;
    return false;
}

struct nasl_stream *nasl_stream_open(struct nasl_vm *vm, const struct nasl_stream_options *o)
{
    uint8_t family = nasl_vm_host(vm)->addr.family;
    struct nasl_stream *s = mem_zero(sizeof *s);
    s->port = o->port;
    s->datagram = o->datagram;
    s->timeout_ns = nasl_vm_host(vm)->read_timeout_ns;
    s->transport = NASL_ENCAPS_IP;
    s->fd = sock_new(family, o->datagram ? SOCK_DGRAM : SOCK_STREAM);
    bool ok =
        s->fd >= 0 &&
        (!(o->privileged || o->source_port) || bind_privileged(s->fd, family, o->source_port)) &&
        connect_to(vm, s, o->timeout_ns) &&
        (o->transport <= NASL_ENCAPS_IP || nasl_stream_secure(vm, s, o->transport, o->priority));
    if (ok && o->buffer_size)
        nasl_stream_set_buffer(s, o->buffer_size);
    if (ok)
        return s;
    nasl_stream_close(s);
    return NULL;
}

static const struct {
    int transport;
    const char *word; /* of a GnuTLS priority string */
    uint16_t version;
} versions[] = {
    {NASL_ENCAPS_SSLv3, "VERS-SSL3.0", 0x0300},  {NASL_ENCAPS_TLSv1, "VERS-TLS1.0", 0x0301},
    {NASL_ENCAPS_TLSv11, "VERS-TLS1.1", 0x0302}, {NASL_ENCAPS_TLSv12, "VERS-TLS1.2", 0x0303},
    {NASL_ENCAPS_TLSv13, "VERS-TLS1.3", 0x0304},
};

/* "NORMAL:-VERS-ALL:+VERS-TLS1.0": of GnuTLS' language only the versions count here. */
static void read_priority(struct tls_options *o, const char *priority)
{
    bool all = !strstr(priority, "-VERS-ALL") && !strstr(priority, "-VERS-TLS-ALL") &&
               !strstr(priority, "NONE");
    for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
        const char *at = strstr(priority, versions[i].word);
        bool on = at && at > priority ? at[-1] == '+' : all && versions[i].version > 0x0300;
        if (at && at > priority && (at[-1] == '-' || at[-1] == '!'))
            on = false;
        if (on && !o->oldest)
            o->oldest = versions[i].version;
        if (on)
            o->newest = versions[i].version;
    }
}

static struct tls_options options_of(int transport, const char *priority)
{
    struct tls_options o = {0};
    for (size_t i = 0; i < ARRAY_COUNT(versions); i++)
        if (versions[i].transport == transport)
            o.oldest = o.newest = versions[i].version;
    if (transport == NASL_ENCAPS_TLS_CUSTOM && priority && *priority)
        read_priority(&o, priority);
    return o;
}

/* The name for SNI; a key of the knowledge base forbids it for a port. */
static const char *server_name(struct nasl_vm *vm, const struct nasl_stream *s)
{
    const struct nasl_host *h = nasl_vm_host(vm);
    struct str key = str_of(0);
    struct nasl_kb_value off;
    str_addf(&key, "Host/SNI/%u/force_disable", s->port);
    bool forbidden = nasl_kb_get(h->kb, str_text(&key), 0, &off);
    str_done(&key);
    int which = nasl_vm_host_name(vm);
    if (forbidden || !h->name_count)
        return NULL;
    return h->name[which >= 0 && (size_t)which < h->name_count ? which : 0].name;
}

bool nasl_stream_secure(struct nasl_vm *vm, struct nasl_stream *s, int transport,
                        const char *priority)
{
    struct err e = {0};
    struct tls_options o = options_of(transport, priority);
    enum tls_state state = TLS_FAILED;
    if (s->tls || s->datagram || transport == NASL_ENCAPS_SSLv2)
        return false; /* no library speaks SSL 2 any more; scripts probe it with raw bytes */
    struct tls_context *context = tls_context_new(&o, &e);
    s->tls = context ? tls_open(context, s->fd, server_name(vm, s), &e) : NULL;
    tls_context_free(context);
    while (s->tls) {
        state = tls_handshake(s->tls, &e);
        if (state != TLS_WANT_READ && state != TLS_WANT_WRITE)
            break;
        if (!wait_for(vm, s->fd, state == TLS_WANT_READ ? POLLIN : POLLOUT, s->timeout_ns))
            break;
    }
    if (state == TLS_DONE) {
        s->transport = transport;
        return true;
    }
    tls_close(s->tls);
    s->tls = NULL;
    s->error = ECONNRESET;
    return false;
}

enum outcome { GOT, NOTHING_YET, ENDED };

static enum outcome read_some(struct nasl_stream *s, void *to, size_t room, size_t *got,
                              short *events)
{
    *events = POLLIN;
    if (s->tls) {
        struct err e = {0};
        enum tls_state state = tls_read(s->tls, to, room, got, &e);
        *events = state == TLS_WANT_WRITE ? POLLOUT : POLLIN;
        if (state == TLS_DONE)
            return GOT;
        s->error = state == TLS_WANT_READ || state == TLS_WANT_WRITE ? 0 : EPIPE;
        return s->error ? ENDED : NOTHING_YET;
    }
    ssize_t rc = recv(s->fd, to, room, 0);
    if (rc < 0 && (errno == EAGAIN || errno == EINTR))
        return NOTHING_YET;
    s->error = rc < 0 ? errno : 0;
    *got = rc > 0 ? (size_t)rc : 0;
    return rc > 0 ? GOT : ENDED;
}

/* UDP: one datagram; while none comes, the last one sent goes out anew. */
static size_t read_datagram(struct nasl_vm *vm, struct nasl_stream *s, void *to, size_t room)
{
    for (int i = 0; i < UDP_TRIES; i++) {
        if (wait_for(vm, s->fd, POLLIN, s->timeout_ns / UDP_TRIES)) {
            ssize_t got = recv(s->fd, to, room, 0);
            return got > 0 ? (size_t)got : 0;
        }
        if (s->sent)
            (void)!send(s->fd, s->sent, s->sent_len, MSG_NOSIGNAL);
    }
    return 0;
}

static size_t read_unbuffered(struct nasl_vm *vm, struct nasl_stream *s, uint8_t *to, size_t min,
                              size_t max)
{
    size_t total = 0;
    s->error = 0;
    while (total < max && !(min && total >= min)) {
        size_t got = 0;
        short events;
        enum outcome outcome = read_some(s, to + total, max - total, &got, &events);
        total += got;
        if (outcome == ENDED)
            break;
        if (outcome == GOT)
            continue;
        uint64_t wait_ns = total && total >= min ? PAUSE_MS * NS_PER_MS : s->timeout_ns;
        if (!wait_for(vm, s->fd, events, wait_ns < s->timeout_ns ? wait_ns : s->timeout_ns)) {
            s->error = total ? 0 : ETIMEDOUT;
            break;
        }
    }
    return total;
}

static size_t take_buffered(struct nasl_stream *s, uint8_t *to, size_t max)
{
    size_t len = s->to - s->from < max ? s->to - s->from : max;
    if (len)
        memcpy(to, s->buffer + s->from, len);
    s->from += len;
    if (s->from == s->to)
        s->from = s->to = 0;
    return len;
}

size_t nasl_stream_read(struct nasl_vm *vm, struct nasl_stream *s, void *to, size_t min, size_t max)
{
    if (s->datagram)
        return read_datagram(vm, s, to, max);
    size_t total = take_buffered(s, to, max);
    if (total == max || (total && total >= min))
        return total;
    return total + read_unbuffered(vm, s, (uint8_t *)to + total, min > total ? min - total : 0,
                                   max - total);
}

size_t nasl_stream_read_line(struct nasl_vm *vm, struct nasl_stream *s, char *to, size_t max)
{
    size_t len = 0;
    if (!s->buffer && !s->datagram)
        nasl_stream_set_buffer(s, max + 1);
    if (s->datagram)
        return read_datagram(vm, s, to, max);
    while (len < max) {
        if (s->from == s->to) {
            s->to = read_unbuffered(vm, s, s->buffer, 1, s->buffer_size);
            s->from = 0;
            if (!s->to)
                break;
        }
        to[len++] = (char)s->buffer[s->from++];
        if (to[len - 1] == '\n')
            break;
    }
    if (s->from == s->to)
        s->from = s->to = 0;
    return len;
}

static enum outcome write_some(struct nasl_stream *s, const uint8_t *from, size_t len, int flags,
                               size_t *sent, short *events)
{
    *events = POLLOUT;
    if (s->tls) {
        struct err e = {0};
        enum tls_state state = tls_write(s->tls, from, len, sent, &e);
        *events = state == TLS_WANT_READ ? POLLIN : POLLOUT;
        if (state == TLS_DONE)
            return GOT;
        return state == TLS_WANT_READ || state == TLS_WANT_WRITE ? NOTHING_YET : ENDED;
    }
    ssize_t rc = send(s->fd, from, len, MSG_NOSIGNAL | (flags & MSG_OOB));
    if (rc < 0 && (errno == EAGAIN || errno == EINTR))
        return NOTHING_YET;
    s->error = rc < 0 ? errno : 0;
    *sent = rc > 0 ? (size_t)rc : 0;
    return rc < 0 ? ENDED : GOT;
}

int64_t nasl_stream_write(struct nasl_vm *vm, struct nasl_stream *s, const void *from, size_t len,
                          int flags)
{
    size_t total = 0;
    if (s->datagram) {
        s->sent = mem_resize(s->sent, len + 1, 1);
        memcpy(s->sent, from, len);
        s->sent_len = len;
    }
    do {
        size_t sent = 0;
        short events;
        enum outcome outcome =
            write_some(s, (const uint8_t *)from + total, len - total, flags, &sent, &events);
        total += sent;
        if (outcome == ENDED ||
            (outcome == NOTHING_YET && !wait_for(vm, s->fd, events, s->timeout_ns)))
            return total ? (int64_t)total : -1;
    } while (total < len);
    return (int64_t)total;
}
