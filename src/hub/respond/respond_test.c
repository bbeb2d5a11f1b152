/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a keeper that is a thread of this test: it writes down what it is asked. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/own.h"
#include "hub/respond/respond.h"
#include "sys/priv/channel.h"

/* The other end of a pair: answers each question by `result`. */
struct fake {
    int fd, result, connects;
    uint32_t rows; /* that a list has */
    struct ban_request_add add;
    struct ban_request_lift lift;
    bool hang_up; /* after one answer */
    pthread_t thread;
};

static void answer_list(struct fake *f, struct channel_message *m)
{
    struct ban_request_list ask;
    struct ban_answer_list list = {0};
    memcpy(&ask, m->body, sizeof ask);
    for (uint32_t n = (uint32_t)ask.after; n < f->rows && list.count < BAN_LIST_ROWS; n++)
        list.row[list.count++] = (struct ban_row){.number = n + 1, .family = 4, .prefix_len = 32};
    memcpy(m->body, &list, sizeof list);
    m->head.len = sizeof list;
}

static void *serve(void *ctx)
{
    struct fake *f = ctx;
    struct channel_message m;
    while (channel_receive(f->fd, &m) == 0) {
        m.fd = -1;
        m.head.result = f->result;
        m.head.len = 0;
        if (m.head.number == BAN_REQUEST_ADD)
            memcpy(&f->add, m.body, sizeof f->add);
        else if (m.head.number == BAN_REQUEST_LIFT)
            memcpy(&f->lift, m.body, sizeof f->lift);
        else
            answer_list(f, &m);
        if (channel_send(f->fd, &m) < 0 || f->hang_up)
            break;
    }
    close(f->fd);
    return NULL;
}

static int connect_fake(void *ctx, int *out_fd, struct err *e)
{
    struct fake *f = ctx;
    int pair[2];
    if (f->connects++)
        pthread_join(f->thread, NULL);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return err_set(e, -errno, "socketpair");
    f->fd = pair[1];
    *out_fd = pair[0];
    return -pthread_create(&f->thread, NULL, serve, f);
}

static bool count_rows(void *ctx, const struct ban_row *row)
{
    uint32_t *count = ctx;
    return ++*count == row->number;
}

static int test_ban(void)
{
    int failed = 0;
    struct fake f = {0};
    struct respond *r;
    struct err e = {0};
    struct respond_wish wish = {.duration_s = 60,
                                .strength = STRENGTH_HELD,
                                .source = "trap",
                                .why = "line\nbreak \xff and \xc3\xa9"};
    CHECK(cidr_parse(&wish.who, "192.0.2.0/24", &e) == 0);
    respond_open(&r, connect_fake, &f);
    CHECK(respond_ban(r, &wish, &e) == 0);
    CHECK(f.add.prefix_len == 24 && f.add.family == 4 && f.add.duration_s == 60);
    CHECK(strcmp(f.add.source, "trap") == 0);
    CHECK(strcmp(f.add.why, "line?break ? and \xc3\xa9") == 0);
    f.result = -EPERM;
    CHECK(respond_ban(r, &wish, &e) == -EPERM && strstr(e.text, "never-block"));
    CHECK(f.connects == 1);
    respond_close(r);
    pthread_join(f.thread, NULL);
    return failed;
}

static int test_event(void)
{
    int failed = 0;
    struct fake f = {0};
    struct respond *r;
    struct err e = {0};
    struct event event = {.id = 7,
                          .strength = STRENGTH_ECHOED,
                          .summary = "a scan",
                          .src.addr = addr_ip4(0xc0000201),
                          .wish = {WISH_NONE, 0}};
    respond_open(&r, connect_fake, &f);
    CHECK(respond_event(r, &event, "ids", &e) == 0 && f.connects == 0);
    event.wish = (struct wish){WISH_BAN, 30};
    CHECK(respond_event(r, &event, "ids", &e) == 0);
    CHECK(f.add.event_id == 7 && f.add.prefix_len == 32 && f.add.duration_s == 30);
    CHECK(f.add.strength == STRENGTH_ECHOED && strcmp(f.add.why, "a scan") == 0);
    respond_close(r);
    pthread_join(f.thread, NULL);
    return failed;
}

/* A keeper that has ended meanwhile is asked anew by the next call. */
static int test_reconnect_and_list(void)
{
    int failed = 0;
    struct fake f = {.hang_up = true, .rows = 3};
    struct respond *r;
    struct err e = {0};
    uint32_t count = 0;
    struct cidr who;
    CHECK(cidr_parse(&who, "2001:db8::1", &e) == 0);
    respond_open(&r, connect_fake, &f);
    CHECK(respond_lift(r, &who, "", &e) == 0 && f.lift.prefix_len == 128);
    CHECK(respond_list(r, count_rows, &count, &e) == 0 && count == 3);
    CHECK(f.connects == 2);
    f.hang_up = false;
    f.rows = 2 * BAN_LIST_ROWS;
    count = 0;
    CHECK(respond_list(r, count_rows, &count, &e) == 0 && count == 2 * BAN_LIST_ROWS);
    f.result = -ENOENT;
    CHECK(respond_lift(r, &who, "trap", &e) == -ENOENT);
    respond_close(r);
    pthread_join(f.thread, NULL);
    return failed;
}

int respond_respond_test(void)
{
    return test_ban() + test_event() + test_reconnect_and_list();
}
