/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hub/outlet/nmap_text.h"

enum { PATH_MAX_BYTES = 4096 };
static const uint64_t line_every_ns = 500 * NS_PER_MS;

/* One letter of nmap(1), OUTPUT: as strftime(3) has them, but %T is hours, minutes and seconds
 * without colons, %R without seconds, %D month, day and year.  In UTC, as all times in the reports.
 * False: the letter stands for itself. */
static bool expand_letter(char letter, const struct civil *t, char *to, size_t size)
{
    unsigned year = (unsigned)t->year;
    const struct {
        char letter;
        unsigned width, value; /* digits */
    } row[] = {
        {'H', 2, t->hour},
        {'M', 2, t->minute},
        {'S', 2, t->second},
        {'m', 2, t->month},
        {'d', 2, t->day},
        {'y', 2, year % 100},
        {'Y', 4, year},
        {'T', 6, t->hour * 10000U + t->minute * 100U + t->second},
        {'R', 4, t->hour * 100U + t->minute},
        {'D', 6, t->month * 10000U + t->day * 100U + year % 100},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].letter == letter) {
            snprintf(to, size, "%0*u", (int)row[i].width, row[i].value);
            return true;
        }
    return false;
}

static int expand_path(char *to, size_t size, const struct scan_cli_report *report,
                       const struct clock *clock, struct err *e)
{
    struct civil now = clock_civil(clock_wall_ns(clock));
    struct str path = str_of(size - 1);
    for (const char *c = report->path; *c; c++) {
        char text[32];
        if (*c == '%' && c[1] && expand_letter(*++c, &now, text, sizeof text))
            str_add(&path, text);
        else
            str_add_char(&path, *c);
    }
    if (report->with_suffix)
        str_add(&path, report->format->suffix);
    int rc = path.full ? err_set(e, -ENAMETOOLONG, "report path of over %zu bytes", size - 1) : 0;
    snprintf(to, size, "%s", str_text(&path));
    str_done(&path);
    return rc;
}

/* Open a report and write its head: from here on the file is whole at every moment. */
static int begin(struct scan_output *o, const struct scan_outlet_format *format, const char *path,
                 bool append, struct err *e)
{
    const struct scan_tail nothing_yet = {.end_wall_ns = o->head.start_wall_ns,
                                          .error = "the scan did not begin"};
    struct scan_outlet *outlet = &o->outlet[o->count];
    if (scan_outlet_open(outlet, format, path, append, e) < 0)
        return e->code;
    o->count++;
    return scan_outlet_begin(outlet, &o->head, &nothing_yet, e);
}

/* --resume: go on with a report, if it has a host; else it is begun anew. */
static int resume(struct scan_output *o, const struct scan_outlet_format *format, const char *path,
                  struct err *e)
{
    struct scan_resume left = {0};
    int rc = scan_resume_read(&left, path, e);
    if (rc == -ENOENT || (rc == 0 && left.hosts == 0))
        rc = begin(o, format, path, false, e);
    else if (rc == 0)
        rc = scan_outlet_resume(&o->outlet[o->count++], format, path, &o->head, left.tail_at,
                                left.hosts, e);
    scan_resume_done(&left);
    return rc;
}

static int begin_reports(struct scan_output *o, const struct scan_cli *cli, struct err *e)
{
    bool standard_output_taken = false;
    for (size_t i = 0; i < cli->report_count; i++) {
        char path[PATH_MAX_BYTES];
        if (cli->resume && strchr(cli->report[i].path, '%'))
            return err_set(e, -EINVAL, "--resume: \"%s\" was made of the time it was begun",
                           cli->report[i].path);
        if (expand_path(path, sizeof path, &cli->report[i], o->clock, e) < 0)
            return e->code;
        int rc = cli->resume && strcmp(path, "-") != 0
                     ? resume(o, cli->report[i].format, path, e)
                     : begin(o, cli->report[i].format, path, cli->append, e);
        if (rc < 0)
            return rc;
        standard_output_taken |= strcmp(path, "-") == 0;
    }
    o->to_terminal = !cli->quiet && !standard_output_taken && isatty(STDERR_FILENO) == 1;
    return standard_output_taken ? 0 : begin(o, &scan_outlet_screen, "-", false, e);
}

int scan_output_open(struct scan_output *o, const struct scan_cli *cli,
                     const struct scan_options *options, const char *args,
                     const struct clock *clock, struct err *e)
{
    *o = (struct scan_output){.clock = clock};
    o->stats_every_ns = cli->stats_every_ns > 0 ? (uint64_t)cli->stats_every_ns : 0;
    o->next_stats_ns = clock_mono_ns(clock) + o->stats_every_ns;
    o->next_line_ns = clock_mono_ns(clock) + line_every_ns;
    o->head = (struct scan_head){
        .program = "picket scan",
        .version = PICKET_VERSION,
        .args = args,
        .start_wall_ns = clock_wall_ns(clock),
        .info = o->info,
        .info_count = scan_infos(options, o->info, SCAN_TECHNIQUES_MAX),
        .verbosity = options->verbosity,
        .debugging = options->debugging,
        .show_reasons = options->show_reasons,
        .version_scan = options->probes != NULL,
        .open_only = options->open_only,
        .stylesheet = cli->no_stylesheet ? NULL : cli->stylesheet,
    };
    return begin_reports(o, cli, e);
}

int scan_output_host(struct scan_output *o, const struct scan_host *host,
                     const struct scan_tail *so_far, struct err *e)
{
    scan_output_clear_line(o);
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_host(&o->outlet[i], &o->head, host, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_flush(struct scan_output *o, const struct scan_tail *so_far, struct err *e)
{
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_flush(&o->outlet[i], &o->head, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_hint(struct scan_output *o, const struct scan_host *host,
                     const struct scan_tail *so_far, struct err *e)
{
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_hint(&o->outlet[i], &o->head, host, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_found(struct scan_output *o, const struct scan_found *found,
                      const struct scan_tail *so_far, struct err *e)
{
    if (o->head.verbosity == 0)
        return 0;
    scan_output_clear_line(o);
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_found(&o->outlet[i], &o->head, found, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_target(struct scan_output *o, const char *text, const struct scan_tail *so_far,
                       struct err *e)
{
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_target(&o->outlet[i], &o->head, text, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_scripts(struct scan_output *o, const struct scan_run_scripts *scripts,
                        const struct scan_tail *so_far, struct err *e)
{
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_scripts(&o->outlet[i], &o->head, scripts, so_far, e) < 0)
            return e->code;
    return 0;
}

void scan_output_clear_line(struct scan_output *o)
{
    if (o->line_is_drawn)
        fputs("\r\033[K", stderr);
    o->line_is_drawn = false;
}

static void draw_line(struct scan_output *o, const struct scan_task *task,
                      const struct scan_tail *so_far)
{
    fprintf(stderr, "\r\033[K%s: %.1f %%, %zu hosts done", task->name, task->percent,
            so_far->hosts_total);
    if (task->remaining_s)
        fprintf(stderr, ", about %llu:%02llu left", (unsigned long long)task->remaining_s / 60,
                (unsigned long long)task->remaining_s % 60);
    fflush(stderr);
    o->line_is_drawn = true;
}

/* Progress goes into a report only as often as --stats-every says; the line on the terminal is
 * redrawn twice a second. */
static bool wants_progress(struct scan_output *o, const struct scan_task *task,
                           const struct scan_tail *so_far)
{
    uint64_t now_ns = clock_mono_ns(o->clock);
    if (o->to_terminal && now_ns >= o->next_line_ns) {
        o->next_line_ns = now_ns + line_every_ns;
        draw_line(o, task, so_far);
    }
    if (!o->stats_every_ns || now_ns < o->next_stats_ns)
        return false;
    o->next_stats_ns = now_ns + o->stats_every_ns;
    return true;
}

int scan_output_task(struct scan_output *o, const struct scan_task *task,
                     const struct scan_tail *so_far, struct err *e)
{
    bool wanted =
        task->phase == SCAN_TASK_PROGRESS ? wants_progress(o, task, so_far) : o->head.verbosity > 0;
    if (!wanted)
        return 0;
    scan_output_clear_line(o);
    for (size_t i = 0; i < o->count; i++)
        if (scan_outlet_task(&o->outlet[i], &o->head, task, so_far, e) < 0)
            return e->code;
    return 0;
}

int scan_output_close(struct scan_output *o, const struct scan_tail *tail, struct err *e)
{
    int rc = 0;
    scan_output_clear_line(o);
    for (size_t i = 0; i < o->count; i++) {
        struct err mine = {0}, ignored = {0};
        int end = o->outlet[i].failed ? 0 : scan_outlet_end(&o->outlet[i], &o->head, tail, &mine);
        int closed = scan_outlet_close(&o->outlet[i], end < 0 ? &ignored : &mine);
        if (rc == 0 && (end < 0 || closed < 0)) {
            rc = end < 0 ? end : closed;
            *e = mine;
        }
    }
    o->count = 0;
    return rc;
}
