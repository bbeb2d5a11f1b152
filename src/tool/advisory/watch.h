/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One round of watching: ask the sources, read the mail, and queue what is new and concerns what is
 * installed. */
#pragma once

#include "hub/notify/notify.h"
#include "tool/advisory/fetch.h"
#include "tool/advisory/inventory.h"
#include "tool/advisory/receive.h"

struct watch {
    struct fetch fetch;
    struct receive_options receive;
    struct receive_counts received;
    const char *maildir;            /* may be NULL */
    const struct mail_server *imap; /* may be NULL */
    const struct text_list *urls;
    const struct inventory *inventory; /* NULL: everything concerns us */
    const char *suite;
    struct notify *notify;
    uint64_t queued; /* alerts in this round, told before or not */
};

/* Sources that fail are told to fetch.refused; the others go on.  Only what makes the store or the
 * queue fail ends the round. */
int watch_round(struct watch *w, struct err *e) MUST_CHECK;
