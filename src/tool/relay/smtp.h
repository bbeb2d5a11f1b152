/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialogue with a mail server, command by command, with exact bytes: nothing is added to an
 * address, nothing sent before the reply to what came before (but for what the server said it would
 * take ahead).  Each reply has a time limit as a whole, so that no server holds us by dripping.
 * Waiting runs the loop: a sink on the same loop goes on receiving. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/io/proxy_client.h"
#include "sys/io/sock_option.h"
#include "sys/io/tls.h"
#include "sys/loop/loop.h"
#include "tool/relay/reply.h"

/* A line as it went over the wire; `way` is '>' (ours), '<' (the server's), '*' (a remark). */
typedef void smtp_line_fn(void *ctx, char way, const char *line);

struct smtp_way {
    struct endpoint to;
    struct endpoint from;  /* family none and port 0: any */
    enum proxy_kind proxy; /* then `to` is the proxy's, and: */
    struct proxy_target through;
    bool tls_first; /* port 465 */
};

struct smtp {
    struct loop *loop;
    struct tls_context *tls_context;
    uint64_t reply_ns; /* limit for one reply, and for the connect */
    smtp_line_fn *line;
    void *line_ctx;

    int fd; /* -1: not connected */
    struct tls *tls;
    struct str in; /* what came and is not a whole line yet */
    struct reply reply;
    struct reply hello; /* of EHLO; without extensions after HELO */
    bool is_esmtp;
    bool injected; /* the server had spoken ahead of TLS: what it said was thrown away */
};

/* `s` is zeroed but for the first five. */
void smtp_open(struct smtp *s);
void smtp_close(struct smtp *s); /* disconnects and frees */
void smtp_disconnect(struct smtp *s);

/* All: 0 when a reply came (s->reply), or a negative errno value: the connection is then no more.
 */
int smtp_connect(struct smtp *s, const struct smtp_way *way, struct err *e) MUST_CHECK; /* banner */
int smtp_hello(struct smtp *s, const char *name, struct err *e) MUST_CHECK; /* EHLO, else HELO */
int smtp_starttls(struct smtp *s, struct err *e) MUST_CHECK; /* -ENOTSUP: 220 did not come */
int smtp_command(struct smtp *s, const char *line, struct err *e) MUST_CHECK;

/* Two commands in one go where PIPELINING is offered; *first gets the reply to the first one. */
int smtp_pair(struct smtp *s, const char *line, const char *next, int *first,
              struct err *e) MUST_CHECK;

/* A message, whose lines end with LF; dots are stuffed, the end is said. */
int smtp_message(struct smtp *s, const char *text, struct err *e) MUST_CHECK;
