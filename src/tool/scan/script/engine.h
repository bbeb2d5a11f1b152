/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script engine: runs the scripts of an installed nmap (its nse_main.lua, nselib and scripts,
 * read where they are) in one Lua 5.3 state.  Each script is a coroutine; whoever waits yields to
 * our loop.  Memory and the length of a turn have limits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "hub/model/scan_report.h"
#include "sys/loop/loop.h"

enum {
    SCRIPT_MEMORY_MAX = 512 << 20,
    SCRIPT_TURN_MAX_S = 60, /* a script that computes so long without waiting is ended */
};

/* What the user asked for.  Texts are the caller's. */
struct script_options {
    const char *folder;        /* of nse_main.lua, nselib and scripts */
    const char *const *choice; /* --script, cut at commas */
    size_t choice_count;
    const char *args, *args_file; /* NULL: none */
    bool by_default;              /* -sC */
    bool versions;                /* -sV: the category "version" as well */
    bool help;                    /* --script-help: tell about the chosen ones, run nothing */
    uint64_t timeout_s;           /* --script-timeout; 0: none */
    int verbosity, debugging, timing_level;
    unsigned intensity;
    uint8_t family;
    bool privileged;
    const char *interface;   /* NULL: as the routes say */
    const char *dns_servers; /* NULL: the system's */
    struct addr source;
};

struct script_setup {
    struct loop *loop;
    const struct clock *clock;
    void (*log)(void *ctx, const char *text); /* what scripts print; whole lines or parts of them */
    bool (*stop)(void *ctx);                  /* may be NULL; true ends the phase */
    void *ctx;
};

/* A host whose scripts run.  In: the report without scripts.  Out: with them, ports as scripts say
 * they are; what is added lives in the arena of the run. */
struct script_target {
    struct scan_host *host;
    struct scan_port *port; /* host->port, to be changed */
    const char *interface;
    struct addr source;
    bool on_link;
    bool timed_out;
};

struct script_engine;

/* Load the engine and the chosen scripts.  -ENOENT: there is no nse_main.lua in the folder; -EINVAL
 * with the engine's words: a choice matches nothing, or a script is broken. */
int script_engine_open(struct script_engine **out, const struct script_options *options,
                       const struct script_setup *setup, struct err *e) MUST_CHECK;
void script_engine_close(struct script_engine *engine);

/* The phases: before the first host, over a group of hosts, behind the last.  Scripts of no host go
 * to *out_script (those phases only).  0, -ECANCELED or -EIO with the engine's words. */
enum script_phase { SCRIPT_PRE, SCRIPT_HOSTS, SCRIPT_POST };

struct script_run {
    enum script_phase phase;
    struct script_target *target;
    size_t target_count;
    struct arena *arena;
    struct scan_script *script; /* out */
    size_t script_count;
};

int script_engine_run(struct script_engine *engine, struct script_run *run,
                      struct err *e) MUST_CHECK;
