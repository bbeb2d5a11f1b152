/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/ban_client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "sys/io/sock.h"
#include "tool/ban/server/json_value.h"

enum { ANSWER_MAX = 256 << 20 };

static int wait_for(int fd, short events, uint64_t end_ns, struct err *e)
{
    uint64_t now_ns = clock_mono_ns(&clock_system);
    struct pollfd p = {.fd = fd, .events = events};
    int ms = now_ns < end_ns ? (int)((end_ns - now_ns) / NS_PER_MS) + 1 : 0;
    int rc = poll(&p, 1, ms);
    if (rc < 0 && errno != EINTR)
        return err_set(e, -errno, "poll: %s", strerror(errno));
    return rc == 0 ? err_set(e, -ETIMEDOUT, "the server does not answer") : 0;
}

static int send_all(int fd, const char *text, size_t len, uint64_t end_ns, struct err *e)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = send(fd, text + at, len - at, MSG_NOSIGNAL);
        if (n > 0) {
            at += (size_t)n;
            continue;
        }
        int rc = errno == EAGAIN || errno == EINTR ? wait_for(fd, POLLOUT, end_ns, e)
                                                   : err_set(e, -errno, "%s", strerror(errno));
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int receive_line(int fd, struct str *line, uint64_t end_ns, struct err *e)
{
    char block[64 << 10];
    for (;;) {
        ssize_t n = recv(fd, block, sizeof block, 0);
        if (n == 0)
            return err_set(e, -ECONNRESET, "the server has closed the connection");
        if (n < 0) {
            int rc = errno == EAGAIN || errno == EINTR ? wait_for(fd, POLLIN, end_ns, e)
                                                       : err_set(e, -errno, "%s", strerror(errno));
            if (rc < 0)
                return rc;
            continue;
        }
        str_add_len(line, block, (size_t)n);
        if (line->full)
            return err_set(e, -EFBIG, "the answer is over %d bytes", ANSWER_MAX);
        if (memchr(block, '\n', (size_t)n))
            return 0;
    }
}

static int read_answer(const struct str *line, struct arena *arena, struct ban_value *out,
                       struct err *e)
{
    struct ban_value answer;
    int rc = json_value_parse(&answer, str_text(line), line->len, arena, e);
    if (rc < 0)
        return err_wrap(e, "answer");
    if (answer.kind != BAN_VALUE_LIST || answer.list->count != 2 ||
        answer.list->item[0].kind != BAN_VALUE_INT)
        return err_set(e, -EPROTO, "the answer is none of a server");
    *out = answer.list->item[1];
    if (answer.list->item[0].number == 0)
        return 0;
    return err_set(e, -EREMOTEIO, "%s", ban_value_str(out, arena));
}

int ban_client_ask(const char *socket, const struct ban_value *command, uint64_t limit_ns,
                   struct arena *arena, struct ban_value *out, struct err *e)
{
    OWN_FD int fd = -1;
    uint64_t end_ns = clock_mono_ns(&clock_system) + limit_ns;
    int rc = sock_unix_connect(socket, &fd, e);
    if (rc < 0)
        return rc;
    struct str question = str_of(0), line = str_of(ANSWER_MAX);
    struct json_out j = json_out_of(&question);
    ban_value_json(command, &j, NULL);
    str_add_char(&question, '\n');
    rc = send_all(fd, str_text(&question), question.len, end_ns, e);
    if (rc == 0)
        rc = receive_line(fd, &line, end_ns, e);
    if (rc == 0)
        rc = read_answer(&line, arena, out, e);
    str_done(&question);
    str_done(&line);
    return rc;
}
