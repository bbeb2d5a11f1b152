/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a script sees of the world: the host under test, its knowledge base, preferences, and where
 * what the script says goes.  Filled by whoever runs scripts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/rng.h"
#include "core/net/addr.h"
#include "core/net/port_set.h"
#include "tool/nasl/kb.h"
#include "tool/nasl/meta.h"

enum { NASL_HOST_NAMES_MAX = 16 };

enum nasl_report_kind { NASL_SECURITY, NASL_LOG, NASL_ERROR };

struct nasl_report {
    enum nasl_report_kind kind;
    const char *oid; /* may be NULL */
    int port;        /* 0: the host in general */
    const char *protocol;
    const char *text; /* "" when the script gave none */
    const char *uri;  /* may be NULL */
};

struct nasl_host_name {
    const char *name, *source;
};

struct nasl_host {
    struct addr addr;
    const char *ip; /* addr as text */
    struct nasl_host_name name[NASL_HOST_NAMES_MAX];
    size_t name_count;
    struct nasl_kb *kb;
    const struct port_set *ports; /* the range that counts as scanned; NULL: none was given */
    bool safe_checks;
    bool trusted; /* a script of the user's own: built-ins that touch this machine's files work */
    uint64_t read_timeout_ns;
    const struct clock *clock;
    struct rng *rng;
    struct nasl_meta *meta; /* of the script that runs; where script_name() and its kin write */
    void *ctx;              /* handed to what follows; each may be NULL */
    void (*display)(void *ctx, const char *text, size_t len);
    void (*report)(void *ctx, const struct nasl_report *r);
    void (*note)(void *ctx, const char *file, uint32_t line, const char *words);
    bool (*stop)(void *ctx); /* asked now and then */
    /* A preference of the scanner (oid NULL), or of a script by its name or, where that is NULL,
     * its number; NULL: not set. */
    const char *(*preference)(void *ctx, const char *oid, const char *name, int64_t id);
};
