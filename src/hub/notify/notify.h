/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling people and programs: one queue on disk, several targets, and each alert goes to each
 * target once, also when the program dies in between.  (A death between sending and noting it sends
 * once more, with the same Message-ID and the same key, so that the far end can tell.)
 *
 * The queue is a text file, mode 0600, that only grows: "Q KEY JSON" for an alert, "T KEY TARGET"
 * for one that was told.  A last line without its end is what a death left over: it is cut off. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/text_list.h"

struct notify;

struct notify_alert {
    const char *id; /* what is never told twice */
    const char *title;
    const char *severity;            /* "low", "medium", "high", "critical"; may be NULL */
    const char *text, *url, *source; /* may be NULL */
    uint64_t wall_ns;
};

struct notify_options {
    /* "mail:ADDRESS", "webhook:URL", "syslog:" (or with a socket's path), "atom:FILE", "desktop:"
     */
    const struct text_list *targets;
    const char *smtp, *from;  /* for mail */
    const char *secret;       /* webhooks are signed with it (HMAC-SHA-256); may be NULL */
    const char *ca;           /* may be NULL */
    int quiet_from, quiet_to; /* minutes of the day in UTC, equal: none; only critical ones then */
};

/* -EINVAL: a target makes no sense. */
int notify_open(struct notify **out, const char *path, const struct notify_options *options,
                const struct clock *clock, struct err *e) MUST_CHECK;
void notify_close(struct notify *n);

/* Put it into the queue; what has been there before is left out. */
int notify_add(struct notify *n, const struct notify_alert *alert, struct err *e) MUST_CHECK;

/* Tell all that waits.  A target that fails keeps its alerts for the next time: the first failure's
 * code, with its cause, after all targets were tried.  *out_told: how often something was told. */
int notify_flush(struct notify *n, size_t *out_told, struct err *e) MUST_CHECK;

size_t notify_waiting(const struct notify *n); /* alerts not yet told to all targets */
