/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver between a scan and one report file: a format adds text to the record, the record file
 * keeps the document whole.  What is shown at all is decided here, once for all formats; how it
 * looks is the format's. */
#include "hub/outlet/scan_outlet.h"

#include <assert.h>

#include "hub/outlet/scan_words.h"

/* Hosts of a group are told at the same moment: to write each by itself, with the document's end
 * behind it, took half the time of a sweep. */
enum { HELD_MAX = 4096 };

int scan_outlet_open(struct scan_outlet *o, const struct scan_outlet_format *format,
                     const char *path, bool append, struct err *e)
{
    *o = (struct scan_outlet){.format = format};
    return record_file_open(&o->file, path, append, e);
}

int scan_outlet_resume(struct scan_outlet *o, const struct scan_outlet_format *format,
                       const char *path, const struct scan_head *head, uint64_t tail_at,
                       uint64_t hosts, struct err *e)
{
    if (scan_outlet_open(o, format, path, true, e) < 0)
        return e->code;
    if (format->begin)
        format->begin(o->state, head, &o->record);
    str_reset(&o->record); /* it stands there */
    if (format->resume)
        format->resume(o->state, hosts);
    return record_file_cut(&o->file, tail_at, e);
}

/* Write the record that was made, and behind it what would end the document here. */
static int put(struct scan_outlet *o, const struct scan_head *head, const struct scan_tail *tail,
               struct err *e)
{
    assert(!o->failed);
    str_reset(&o->tail);
    if (o->format->end)
        o->format->end(o->state, head, tail, &o->tail);
    int rc = record_file_add(&o->file, &o->record, &o->tail, e);
    str_reset(&o->record);
    o->failed = rc != 0;
    return rc;
}

int scan_outlet_begin(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_tail *tail, struct err *e)
{
    if (o->format->begin)
        o->format->begin(o->state, head, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_host(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_host *host, const struct scan_tail *tail, struct err *e)
{
    if (o->format->host && scan_words_shows_host(head, host))
        o->format->host(o->state, head, host, &o->record);
    return o->record.len < HELD_MAX ? 0 : put(o, head, tail, e);
}

int scan_outlet_flush(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_tail *tail, struct err *e)
{
    return o->record.len ? put(o, head, tail, e) : 0;
}

int scan_outlet_hint(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_host *host, const struct scan_tail *tail, struct err *e)
{
    if (!o->format->hint)
        return 0;
    o->format->hint(o->state, head, host, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_found(struct scan_outlet *o, const struct scan_head *head,
                      const struct scan_found *found, const struct scan_tail *tail, struct err *e)
{
    if (!o->format->found || head->verbosity == 0)
        return 0;
    o->format->found(o->state, head, found, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_task(struct scan_outlet *o, const struct scan_head *head,
                     const struct scan_task *task, const struct scan_tail *tail, struct err *e)
{
    bool shown = head->verbosity > 0 || task->phase == SCAN_TASK_PROGRESS;
    if (!o->format->task || !shown)
        return 0;
    o->format->task(o->state, head, task, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_target(struct scan_outlet *o, const struct scan_head *head, const char *bad_target,
                       const struct scan_tail *tail, struct err *e)
{
    if (!o->format->target)
        return 0;
    o->format->target(o->state, head, bad_target, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_scripts(struct scan_outlet *o, const struct scan_head *head,
                        const struct scan_run_scripts *scripts, const struct scan_tail *tail,
                        struct err *e)
{
    if (!o->format->scripts || scripts->script_count == 0)
        return 0;
    o->format->scripts(o->state, head, scripts, &o->record);
    return put(o, head, tail, e);
}

int scan_outlet_end(struct scan_outlet *o, const struct scan_head *head,
                    const struct scan_tail *tail, struct err *e)
{
    return put(o, head, tail, e);
}

int scan_outlet_close(struct scan_outlet *o, struct err *e)
{
    str_done(&o->record);
    str_done(&o->tail);
    return record_file_close(&o->file, e);
}
