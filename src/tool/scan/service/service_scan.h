/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version detection: asks many ports at once which services they are.  One loop, no threads; how a
 * single port is asked is the job's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/loop/loop.h"
#include "tool/scan/service/match.h"
#include "tool/scan/service/probe_db.h"
#include "tool/scan/timing.h"

enum { SERVICE_INTENSITY_DEFAULT = 7, SERVICE_INTENSITY_LIGHT = 2, SERVICE_INTENSITY_MAX = 9 };

enum service_state {
    SERVICE_UNKNOWN,  /* nothing matched */
    SERVICE_NAMED,    /* `hit` says what it is */
    SERVICE_WRAPPED,  /* closed at once, as tcpd does to strangers */
    SERVICE_EXCLUDED, /* the database says to leave this port alone: printers print what they get */
};

/* One port, and what it turned out to be.  Texts live in the setup's arena. */
struct service_target {
    struct addr addr;
    enum scan_proto proto;
    uint16_t port;
    const char *host_name; /* for TLS; NULL: none */
    uint32_t host;         /* ports of one host have the same number */
    struct rtt rtt;
    /* out */
    enum service_state state;
    struct service_hit hit;
    bool answered; /* bytes came back: the port is open */
    bool given_up; /* --host-timeout struck before it was known */
    bool ssl;
    const char *fingerprint; /* of answers that nothing matched; NULL: none */
};

/* Told about what goes on; all may be NULL. */
struct service_events {
    void *ctx;
    bool (*progress)(void *ctx, size_t done, size_t total); /* ten times a second; false: stop */
    void (*trace)(void *trace_ctx, const char *line);       /* --version-trace */
    void *trace_ctx;
};

struct service_scan_setup {
    struct loop *loop;
    const struct clock *clock;
    struct probe_db *db;
    const struct scan_timing *timing;
    unsigned intensity;
    bool all_ports; /* --allports: ask excluded ports, too */
    const char *interface;
    struct addr source;
    struct arena *arena;
    struct service_events events;
};

/* 0; -ECANCELED when progress said so; or what the system returned. */
int service_scan_run(const struct service_scan_setup *setup, struct service_target *target,
                     size_t count, struct err *e) MUST_CHECK;
