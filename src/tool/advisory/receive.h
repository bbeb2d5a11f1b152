/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail that comes in: answers of list managers change our notes of subscriptions (and requests to
 * confirm are answered), bulletins go into the store. */
#pragma once

#include "hub/store/advisory_store.h"
#include "sys/io/mail_client.h"
#include "tool/advisory/import.h"
#include "tool/advisory/subscribe.h"

struct receive_options {
    const char *subscriptions;      /* the file of notes */
    const struct mail_server *smtp; /* NULL: nothing is answered */
    const struct clock *clock;
    void *ctx; /* may be NULL, as they may */
    void (*refused)(void *ctx, const char *what, const char *why);
    int (*on_news)(void *ctx, const struct advisory *a, struct err *e);
};

struct receive_counts {
    uint64_t mails, answers, confirmed, taken, news, refused;
};

/* Read what is in the Maildir's "new", and move it to "cur" once it is in the store. */
int receive_maildir(struct advisory_store *store, const char *path, const struct receive_options *o,
                    struct receive_counts *counts, struct err *e) MUST_CHECK;

/* Read what has not been seen in a mailbox of an IMAP server. */
int receive_imap(struct advisory_store *store, const struct mail_server *server,
                 const struct receive_options *o, struct receive_counts *counts,
                 struct err *e) MUST_CHECK;

/* Send a request to a list manager and note that it was sent: the note first, so that an answer is
 * never to a request that we do not know of. */
int receive_ask(const struct receive_options *o, const struct subscribe_request *r,
                struct err *e) MUST_CHECK;
