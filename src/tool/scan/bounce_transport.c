/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/bounce_transport.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"

enum { LINE_LEN_MAX = 1024, INPUT_MAX = 4096, SLICE_MS = 100 };
static const uint64_t reply_wait_ns = 30 * NS_PER_S; /* a filtered port keeps the server waiting */

struct bounce_transport {
    struct bounce_transport_setup setup;
    struct probe_transport as_transport;
    int fd;
    char input[INPUT_MAX];
    size_t input_len;
    char line[LINE_LEN_MAX]; /* the last line of the last reply */
    struct err failed;       /* why the control connection ended; code 0: it has not */
};

static int wait_ready(struct bounce_transport *t, short events, uint64_t end_ns, struct err *e)
{
    struct pollfd p = {.fd = t->fd, .events = events};
    for (;;) {
        if (clock_mono_ns(t->setup.clock) >= end_ns)
            return err_set(e, -ETIMEDOUT, "FTP server: no reply");
        if (t->setup.stop && t->setup.stop(t->setup.stop_ctx))
            return err_set(e, -ECANCELED, "interrupted");
        int rc = poll(&p, 1, SLICE_MS);
        if (rc > 0)
            return 0;
        if (rc < 0 && errno != EINTR)
            return err_set(e, -errno, "poll: %s", strerror(errno));
    }
}

/* The next line of input goes to t->line, cut where it is too long. */
static bool take_line(struct bounce_transport *t)
{
    const char *end = memchr(t->input, '\n', t->input_len);
    if (!end && t->input_len < INPUT_MAX)
        return false;
    size_t len = end ? (size_t)(end - t->input) + 1 : t->input_len, kept = len;
    while (kept && (t->input[kept - 1] == '\n' || t->input[kept - 1] == '\r'))
        kept--;
    if (kept >= LINE_LEN_MAX)
        kept = LINE_LEN_MAX - 1;
    memcpy(t->line, t->input, kept);
    t->line[kept] = '\0';
    t->input_len -= len;
    memmove(t->input, t->input + len, t->input_len);
    return true;
}

/* "226 done": three digits and a blank end a reply (RFC 959 4.2), whatever lines came before. */
static bool ends_reply(const char *line)
{
    for (int i = 0; i < 3; i++)
        if (line[i] < '0' || line[i] > '9')
            return false;
    return line[3] == ' ' || line[3] == '\0';
}

static int read_reply(struct bounce_transport *t, struct err *e)
{
    uint64_t end_ns = clock_mono_ns(t->setup.clock) + reply_wait_ns;
    for (;;) {
        while (take_line(t))
            if (ends_reply(t->line))
                return 0;
        if (wait_ready(t, POLLIN, end_ns, e) < 0)
            return e->code;
        ssize_t got = recv(t->fd, t->input + t->input_len, INPUT_MAX - t->input_len, 0);
        if (got == 0)
            return err_set(e, -ECONNRESET, "FTP server: closed the connection");
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            return err_set(e, -errno, "FTP server: %s", strerror(errno));
        t->input_len += got > 0 ? (size_t)got : 0;
    }
}

/* Send a command and read the reply.  0 or a negative errno value. */
static int talk(struct bounce_transport *t, const char *command, const char *value, struct err *e)
{
    char text[LINE_LEN_MAX];
    int len = snprintf(text, sizeof text, value ? "%s %s\r\n" : "%s\r\n", command, value);
    if (len < 0 || (size_t)len >= sizeof text)
        return err_set(e, -EINVAL, "FTP: %s of over %d bytes", command, LINE_LEN_MAX);
    if (send(t->fd, text, (size_t)len, MSG_NOSIGNAL) != len)
        return err_set(e, -EPIPE, "FTP server: cannot be written to");
    return read_reply(t, e);
}

static int log_in(struct bounce_transport *t, struct err *e)
{
    if (read_reply(t, e) < 0)
        return e->code;
    if (t->line[0] != '2')
        return err_set(e, -ECONNREFUSED, "FTP server: %s", t->line);
    if (talk(t, "USER", t->setup.user, e) < 0)
        return e->code;
    if (t->line[0] == '3' && talk(t, "PASS", t->setup.password, e) < 0)
        return e->code;
    return t->line[0] == '2' ? 0 : err_set(e, -EACCES, "FTP server: %s", t->line);
}

static int connect_server(struct bounce_transport *t, struct err *e)
{
    uint64_t end_ns = clock_mono_ns(t->setup.clock) + reply_wait_ns;
    t->fd = sock_new(t->setup.server.addr.family, SOCK_STREAM);
    int rc = t->fd < 0 ? t->fd : sock_connect(t->fd, &t->setup.server);
    if (rc == -EINPROGRESS) {
        if (wait_ready(t, POLLOUT, end_ns, e) < 0)
            return e->code;
        rc = sock_error(t->fd);
    }
    return rc < 0 ? err_set(e, rc, "FTP server: %s", strerror(-rc)) : 0;
}

bool bounce_judge(const char *reply, struct scan_verdict *out)
{
    static const char *const filtered[] = {"timed out", "timeout", "unreachable", "no route"};
    *out = (struct scan_verdict){SCAN_CLOSED, {.reason = SCAN_REASON_CONN_REFUSED}};
    if (reply[0] == '1' || reply[0] == '2') { /* it got through */
        *out = (struct scan_verdict){SCAN_OPEN, {.reason = SCAN_REASON_SYN_ACK}};
        return reply[0] == '2';
    }
    for (size_t i = 0; i < sizeof filtered / sizeof filtered[0]; i++)
        if (strcasestr(reply, filtered[i]))
            *out = (struct scan_verdict){SCAN_FILTERED, {.reason = SCAN_REASON_NO_RESPONSE}};
    return true;
}

/* A server that will not even take the PORT would say the same of every other. */
static int ask(struct bounce_transport *t, const struct addr *to, uint16_t port,
               struct scan_verdict *out, struct err *e)
{
    char where[64];
    snprintf(where, sizeof where, "%u,%u,%u,%u,%u,%u", to->byte[0], to->byte[1], to->byte[2],
             to->byte[3], port / 256u, port % 256u);
    if (talk(t, "PORT", where, e) < 0)
        return e->code;
    if (t->line[0] != '2')
        return err_set(e, -EACCES, "FTP server refuses port %u: %s", port, t->line);
    if (talk(t, "LIST", NULL, e) < 0)
        return e->code;
    bool seen_open = false;
    while (!bounce_judge(t->line, out)) { /* 150, then how the listing went: open either way */
        seen_open = true;
        if (read_reply(t, e) < 0)
            return e->code;
    }
    if (seen_open && out->state != SCAN_OPEN && out->state != SCAN_FILTERED &&
        strncmp(t->line, "425", 3) != 0)
        out->state = SCAN_OPEN; /* the connection broke after it was there */
    return 0;
}

static int send_probe(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    struct bounce_transport *t = ctx;
    struct scan_verdict v;
    uint64_t begin_ns = clock_mono_ns(t->setup.clock);
    if (t->failed.code)
        return -EAGAIN; /* the wait that follows ends it all */
    if (ask(t, &prober_host(p, host)->addr, prober_item(p, item)->port, &v, &t->failed) < 0)
        return -EAGAIN;
    prober_answer(p, host, item, try, &v, clock_mono_ns(t->setup.clock) - begin_ns);
    return 0;
}

static void forget(void *ctx, uint32_t host, uint32_t item)
{
    (void)ctx, (void)host, (void)item; /* each is answered at once */
}

static int wait_for_answers(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    struct bounce_transport *t = ctx;
    (void)p, (void)wait_ns;
    if (t->failed.code)
        *e = t->failed;
    return t->failed.code;
}

int bounce_transport_open(struct bounce_transport **out, const struct bounce_transport_setup *setup,
                          struct err *e)
{
    struct bounce_transport *t = mem_zero(sizeof *t);
    t->setup = *setup;
    t->fd = -1;
    t->as_transport = (struct probe_transport){t, 1, send_probe, forget, wait_for_answers};
    if (connect_server(t, e) < 0 || log_in(t, e) < 0) {
        bounce_transport_close(t);
        return err_wrap(e, "-b");
    }
    *out = t;
    return 0;
}

void bounce_transport_close(struct bounce_transport *t)
{
    if (!t)
        return;
    if (t->fd >= 0)
        close(t->fd);
    mem_free(t);
}

const struct probe_transport *bounce_transport_of(struct bounce_transport *t)
{
    return &t->as_transport;
}
