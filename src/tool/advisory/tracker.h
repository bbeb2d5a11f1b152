/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debian's security tracker as it publishes itself: one JSON object of source packages, each an
 * object of vulnerabilities with their state in each suite.  Read in one pass, without a tree. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/text/json_reader.h"

enum { TRACKER_RELEASES_MAX = 64 };

enum tracker_status { TRACKER_OPEN, TRACKER_RESOLVED, TRACKER_UNDETERMINED };

struct tracker_release {
    struct json_span suite;
    enum tracker_status status;
    struct json_span fixed;        /* "0": not affected; empty: none */
    struct json_span urgency;      /* "unimportant", "end-of-life", "low" ... */
    struct json_span nodsa_reason; /* "ignored", "postponed" */
    bool nodsa;
};

/* Texts are valid for the call only. */
struct tracker_entry {
    struct json_span source, cve, description, scope;
    struct tracker_release release[TRACKER_RELEASES_MAX];
    size_t release_count;
};

struct tracker_events {
    void *ctx;
    /* Is this source package of interest?  NULL: all are. */
    bool (*wants)(void *ctx, struct json_span source);
    int (*entry)(void *ctx, const struct tracker_entry *entry, struct err *e);
    void (*progress)(void *ctx, const char *pos); /* after each source package; may be NULL */
};

/* 0, -EBADMSG, or what a callback returned. */
int tracker_read(const char *text, size_t len, const struct tracker_events *events,
                 struct err *e) MUST_CHECK;
