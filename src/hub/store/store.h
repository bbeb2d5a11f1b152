/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: a folder of SQLite files that several processes read and write at once.
 *
 *   main.db               inventory, findings, runs, bans, acknowledgments, advisories
 *   events-YYYYMMDD.db    the events written on that UTC day (retention removes files)
 *   writers               byte N is locked (F_OFD_SETLK) by the process that is writer N
 *   wake                  written to after each commit of events; readers watch it with inotify
 *
 * All files are in WAL mode with a busy time-out, transactions are short, schema versions are kept
 * in user_version and migrated at open.  An event goes into the file of the day on which it is
 * *written*; before the first row of a new day the old file is sealed, under its write lock, so a
 * reader that has seen the seal and no more rows can go on to the next day and miss nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "hub/model/event.h"
#include "hub/model/fact.h"
#include "hub/model/finding.h"
#include "hub/model/run.h"

#define STORE_FOLDER "/var/lib/picket"

struct store; /* belongs to one thread; open one for each */

enum store_mode { STORE_READ, STORE_WRITE };

/* STORE_WRITE makes what is missing (folders 0750, files 0640) and migrates; STORE_READ wants a
 * store that exists and a schema it knows.  0 or a negative errno value; the text names the file.
 */
int store_open(struct store **out, const char *folder, enum store_mode mode,
               const struct clock *clock, struct err *e) MUST_CHECK;
void store_close(struct store *s);

/* ---- events ---- */

/* Where a reader stands: it has read all rows of `day` up to `row`.  {0, 0} is the beginning. */
struct store_cursor {
    uint32_t day; /* 20261124 */
    int64_t row;
};

/* Write `count` events in one transaction.  An id of 0 is replaced by the one given (also when the
 * write fails: tried again, the event keeps its number). */
int store_add_events(struct store *s, struct event *event, size_t count, struct err *e) MUST_CHECK;

/* The texts of the event live for the call only.  Return false to stop after this one. */
typedef bool store_event_fn(void *ctx, const struct store_cursor *at, const struct event *event);

/* Up to `max` events behind *cursor, oldest first; *cursor moves to the last one read.  0 with no
 * call made means that nothing new is there. */
int store_read_events(struct store *s, struct store_cursor *cursor, size_t max, store_event_fn *fn,
                      void *ctx, struct err *e) MUST_CHECK;

/* A descriptor that becomes readable when events were committed, by any process; call
 * store_watch_clear, then read by cursor.  It belongs to the store. */
int store_watch(struct store *s, int *out_fd, struct err *e) MUST_CHECK;
void store_watch_clear(struct store *s);

/* Remove event files of days before `day`; the number removed goes to *out_count. */
int store_remove_before(struct store *s, uint32_t day, size_t *out_count, struct err *e) MUST_CHECK;

/* ---- inventory ---- */

/* Facts are one row for each (host, protocol, port, kind, value; for kinds of which a host or port
 * has one, without the value): first_seen is kept, last_seen moves, a weaker source never
 * overwrites a stronger one that is fresher than 30 days. */
int store_add_facts(struct store *s, const struct fact *fact, size_t count,
                    struct err *e) MUST_CHECK;

typedef bool store_fact_fn(void *ctx, const struct fact *fact, uint64_t first_seen_ns);

/* All facts of `host`; NULL: of all hosts, by host, kind and port. */
int store_read_facts(struct store *s, const struct addr *host, store_fact_fn *fn, void *ctx,
                     struct err *e) MUST_CHECK;

/* ---- findings ---- */

/* One row for each (tool, test, host, protocol, port): the newest text, first_seen kept. */
int store_add_findings(struct store *s, const struct finding *finding, size_t count,
                       struct err *e) MUST_CHECK;

typedef bool store_finding_fn(void *ctx, const struct finding *finding, uint64_t first_seen_ns);
int store_read_findings(struct store *s, const struct addr *host, store_finding_fn *fn, void *ctx,
                        struct err *e) MUST_CHECK; /* worst first */

/* ---- runs ---- */

/* Write run->id == 0 as a new row (its id goes to *out_id), another as an update of that row. */
int store_put_run(struct store *s, const struct run *run, int64_t *out_id,
                  struct err *e) MUST_CHECK;

typedef bool store_run_fn(void *ctx, const struct run *run);
int store_read_runs(struct store *s, const char *tool, size_t max, store_run_fn *fn, void *ctx,
                    struct err *e) MUST_CHECK; /* newest first; tool NULL: all */
