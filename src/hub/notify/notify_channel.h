/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way to tell: what it is called and how it sends.  One file and one row of notify_channel.c
 * each. */
#pragma once

#include "hub/notify/notify.h"

enum { NOTIFY_KEY_LEN = 32 };

struct notify_batch {
    const struct notify_options *options;
    const char *to;                   /* behind the colon */
    const struct notify_alert *alert; /* oldest first */
    const char (*key)[NOTIFY_KEY_LEN + 1];
    size_t count;
    uint64_t wall_ns;
};

struct notify_channel {
    const char *name;
    bool together; /* takes all that waits in one go: a digest */
    /* 0, or a negative errno value */
    int (*send)(const struct notify_batch *batch, struct err *e);
};

extern const struct notify_channel notify_mail, notify_webhook, notify_syslog, notify_atom,
    notify_desktop;

/* The channel of "NAME:TO".  NULL: there is none. */
const struct notify_channel *notify_channel_of(const char *target, const char **out_to);
