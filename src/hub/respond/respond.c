/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/respond/respond.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/text/utf8.h"
#include "sys/priv/channel.h"

static const uint64_t ANSWER_LIMIT_NS = 10 * NS_PER_S;

struct respond {
    respond_connect_fn *connect;
    void *ctx;
    int fd; /* -1: not connected */
    uint32_t serial;
    struct channel_message message;
};

void respond_open(struct respond **out, respond_connect_fn *connect, void *ctx)
{
    struct respond *r = mem_zero(sizeof *r);
    r->connect = connect;
    r->ctx = ctx;
    r->fd = -1;
    *out = r;
}

static void disconnect(struct respond *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

void respond_close(struct respond *r)
{
    if (r)
        disconnect(r);
    mem_free(r);
}

/* One question; the answer's body is in r->message. */
static int ask_once(struct respond *r, uint16_t number, const void *body, uint32_t len,
                    struct err *e)
{
    int rc = r->fd < 0 ? r->connect(r->ctx, &r->fd, e) : 0;
    if (rc < 0)
        return err_wrap(e, "keeper");
    memset(&r->message, 0, sizeof r->message.head);
    r->message.head = (struct channel_head){.number = number, .serial = ++r->serial, .len = len};
    r->message.fd = -1;
    memcpy(r->message.body, body, len);
    return channel_ask(r->fd, &r->message, ANSWER_LIMIT_NS);
}

/* The keeper ends when nobody needs it for a while, so a connection may have gone stale. */
static int ask(struct respond *r, uint16_t number, const void *body, uint32_t len, struct err *e)
{
    int rc = ask_once(r, number, body, len, e);
    if (rc == -ECONNRESET || rc == -EPIPE || rc == -ENOTCONN) {
        disconnect(r);
        rc = ask_once(r, number, body, len, e);
    }
    if (rc == -ETIMEDOUT || rc == -EPROTO || rc == -ECONNRESET || rc == -EPIPE)
        disconnect(r);
    return rc;
}

/* The beginning of a text that fits; what is no printable text becomes '?'. */
static void copy_line(char *to, size_t size, const char *text)
{
    size_t len = text ? strlen(text) : 0, used = 0;
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t n = utf8_decode(text + at, len - at, &code);
        bool plain = n && code >= 0x20 && code != 0x7f;
        if (used + (plain ? n : 1) >= size)
            break;
        if (plain)
            memcpy(to + used, text + at, n);
        else
            to[used] = '?';
        used += plain ? n : 1;
        at += n ? n : 1;
    }
    to[used] = '\0';
}

static const char *words_of(int rc)
{
    switch (rc) {
    case -EPERM:
        return "it is on the never-block list";
    case -EACCES:
        return "the evidence is too weak";
    case -ENOSPC:
        return "the ban table is full";
    case -ENOENT:
        return "it is not banned";
    default:
        return strerror(-rc);
    }
}

static int tell(int rc, const struct cidr *who, struct err *e)
{
    char text[CIDR_TEXT_MAX];
    if (rc < 0 && e->code == 0)
        err_set(e, rc, "%s: %s", cidr_format(who, text), words_of(rc));
    return rc;
}

int respond_ban(struct respond *r, const struct respond_wish *wish, struct err *e)
{
    struct ban_request_add add = {.family = wish->who.base.family,
                                  .prefix_len = wish->who.prefix_len,
                                  .strength = (uint8_t)wish->strength,
                                  .duration_s = wish->duration_s,
                                  .event_id = wish->event_id};
    memcpy(add.addr, wish->who.base.byte, sizeof add.addr);
    copy_line(add.source, sizeof add.source, wish->source);
    copy_line(add.why, sizeof add.why, wish->why);
    return tell(ask(r, BAN_REQUEST_ADD, &add, sizeof add, e), &wish->who, e);
}

int respond_event(struct respond *r, const struct event *event, const char *source, struct err *e)
{
    if (event->wish.action != WISH_BAN || event->src.addr.family == ADDR_NONE)
        return 0;
    struct respond_wish wish = {.who = cidr_of(&event->src.addr, 255),
                                .duration_s = event->wish.ban_s,
                                .strength = event->strength,
                                .source = source,
                                .why = event->summary,
                                .event_id = event->id};
    return respond_ban(r, &wish, e);
}

int respond_lift(struct respond *r, const struct cidr *who, const char *source, struct err *e)
{
    struct ban_request_lift lift = {.family = who->base.family, .prefix_len = who->prefix_len};
    memcpy(lift.addr, who->base.byte, sizeof lift.addr);
    copy_line(lift.source, sizeof lift.source, source);
    return tell(ask(r, BAN_REQUEST_LIFT, &lift, sizeof lift, e), who, e);
}

int respond_list(struct respond *r, respond_row_fn *fn, void *ctx, struct err *e)
{
    struct ban_request_list list = {0};
    struct ban_answer_list answer;
    do {
        int rc = ask(r, BAN_REQUEST_LIST, &list, sizeof list, e);
        if (rc < 0)
            return e->code ? rc : err_set(e, rc, "ban list: %s", words_of(rc));
        if (r->message.head.len != sizeof answer)
            return err_set(e, -EPROTO, "ban list: an answer of %u bytes", r->message.head.len);
        memcpy(&answer, r->message.body, sizeof answer);
        for (uint32_t i = 0; i < answer.count && i < BAN_LIST_ROWS; i++) {
            list.after = answer.row[i].number;
            if (!fn(ctx, &answer.row[i]))
                return 0;
        }
    } while (answer.count >= BAN_LIST_ROWS);
    return 0;
}
