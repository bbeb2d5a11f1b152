/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of every scan report format: a row of formats.def names one of these, which the file of
 * that name defines.  Calls come in the order begin, (host | hint | found | task | target |
 * scripts)*, end, close; after a failure only close. */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "hub/model/scan_report.h"
#include "sys/io/record_file.h"

struct scan_outlet_format {
    const char *name;   /* "xml" */
    const char *option; /* short option that asks for it: "oX"; NULL: none (standard output) */
    const char *suffix; /* with -oA BASE: ".xml"; NULL: not part of -oA */
    const char *doc;    /* one line for --help */
    /* Append to *out; `state` is 64 zeroed bytes the format may use between calls.  Any may be
     * NULL. */
    void (*begin)(void *state, const struct scan_head *head, struct str *out);
    void (*host)(void *state, const struct scan_head *head, const struct scan_host *host,
                 struct str *out);
    /* A host is up, its ports are not known yet. */
    void (*hint)(void *state, const struct scan_head *head, const struct scan_host *host,
                 struct str *out);
    void (*found)(void *state, const struct scan_head *head, const struct scan_found *found,
                  struct str *out);
    void (*task)(void *state, const struct scan_head *head, const struct scan_task *task,
                 struct str *out);
    void (*target)(void *state, const struct scan_head *head, const char *bad_target,
                   struct str *out); /* skipped as invalid */
    void (*scripts)(void *state, const struct scan_head *head,
                    const struct scan_run_scripts *scripts, struct str *out);
    /* What must follow all that was written so far to make the document whole.  Called after each
     * record: it leaves *state as it is. */
    void (*end)(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out);
    /* After `begin`: so many hosts stand in the document already (NULL: that makes no difference).
     */
    void (*resume)(void *state, uint64_t hosts);
};

enum { SCAN_OUTLET_STATE = 64 };

/* All formats, in the order of formats.def; ends with NULL. */
extern const struct scan_outlet_format *const scan_outlet_formats[];

/* One report being written to one file.  Whole at every moment: see record_file.h. */
struct scan_outlet {
    const struct scan_outlet_format *format;
    struct record_file file;
    _Alignas(16) unsigned char state[SCAN_OUTLET_STATE];
    struct str record, tail;
    bool failed;
};

int scan_outlet_open(struct scan_outlet *o, const struct scan_outlet_format *format,
                     const char *path, bool append, struct err *e) MUST_CHECK;

/* Go on with a report that was left when its scan was stopped: what closes it, from `tail_at` on,
 * is written anew; `hosts` were told before.  It takes the place of open and begin. */
int scan_outlet_resume(struct scan_outlet *o, const struct scan_outlet_format *format,
                       const char *path, const struct scan_head *head, uint64_t tail_at,
                       uint64_t hosts, struct err *e) MUST_CHECK;

/* `tail` holds the totals so far: they close the document if nothing more comes.  All formats show
 * the same hosts: those that are down with verbosity only, those without an open port not under
 * open_only; and the begin and end of tasks with verbosity only. */
int scan_outlet_begin(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_tail *tail, struct err *e) MUST_CHECK;
int scan_outlet_host(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_host *host, const struct scan_tail *tail,
                     struct err *e) MUST_CHECK;
/* Hosts may be held back, a few together, until this (or any other record) writes them. */
int scan_outlet_flush(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_tail *tail, struct err *e) MUST_CHECK;
int scan_outlet_hint(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_host *host, const struct scan_tail *tail,
                     struct err *e) MUST_CHECK;
int scan_outlet_found(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_found *found, const struct scan_tail *tail,
                      struct err *e) MUST_CHECK;
int scan_outlet_task(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_task *task, const struct scan_tail *tail,
                     struct err *e) MUST_CHECK;
int scan_outlet_target(struct scan_outlet *o, const struct scan_head *head, const char *bad_target,
                       const struct scan_tail *tail, struct err *e) MUST_CHECK;
int scan_outlet_scripts(struct scan_outlet *o, const struct scan_head *head,
                        const struct scan_run_scripts *scripts, const struct scan_tail *tail,
                        struct err *e) MUST_CHECK;
int scan_outlet_end(struct scan_outlet *o, const struct scan_head *head,
                    const struct scan_tail *tail, struct err *e) MUST_CHECK;
int scan_outlet_close(struct scan_outlet *o, struct err *e);
