/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail out by SMTP and in by IMAP: the door to libcurl for both.  Blocks.  With "smtp://" TLS is
 * used where the server offers it, unless `must_tls`; "smtps://" and "imaps://" begin with it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

struct mail_server {
    const char *url;             /* "smtp://mail.example:587", "imaps://mail.example/INBOX" */
    const char *user, *password; /* NULL: none */
    const char *ca;              /* PEM file; NULL: the system's certificates */
    bool must_tls;
    uint64_t limit_ns; /* 0: 60 s */
};

/* Send one message, whose lines may end in "\n".  0, -EHOSTUNREACH, -ETIMEDOUT, -EACCES (log-in),
 * -EPROTO (the server would not take it). */
int mail_send(const struct mail_server *server, const char *from, const struct text_list *to,
              const struct str *message, struct err *e) MUST_CHECK;

/* Call fn for each message of the mailbox that has not been seen; what fn takes (0) is marked as
 * seen.  A negative value of fn ends it. */
typedef int mail_take_fn(void *ctx, const char *message, size_t len);
int mail_fetch_new(const struct mail_server *server, mail_take_fn *fn, void *ctx,
                   struct err *e) MUST_CHECK;
