/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/regex_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/resolver.h"
#include "tool/ban/regex_found.h"
#include "tool/ban/regex_report.h"

enum { BLOCK_LEN = 256 << 10, CLOCK_EVERY = 256, LINE_BYTES_MAX = 4 << 20 };

struct tool {
    const struct regex_options *o;
    regex_write_fn *write;
    void *ctx;
    int write_error;
    struct date_book book;
    struct ban_filter filter;
    struct regex_source source;
    struct regex_report report;
    size_t line_number, found_count; /* of the line being read */
    bool is_nofail, is_ignored;
    double now_s, wall_s;
    struct str out;
    struct line_buffer before;
};

static void flush(struct tool *t, size_t at_least)
{
    if (t->out.len < at_least || !t->out.len)
        return;
    if (!t->write_error)
        t->write_error = t->write(t->ctx, str_text(&t->out), t->out.len);
    str_reset(&t->out);
}

static void say(struct tool *t, const char *format, ...) PRINTF_LIKE(2, 3);
static void say(struct tool *t, const char *format, ...)
{
    if (t->o->out)
        return;
    va_list args;
    va_start(args, format);
    str_addv(&t->out, format, args);
    va_end(args);
    str_add_char(&t->out, '\n');
}

/* ---- what is found ---- */

static void add_detail(struct tool *t, const struct ban_found *found)
{
    struct str *to = &t->report.detail[found->rule];
    struct tm tm;
    time_t moment = isnan(found->moment_s) ? 0 : (time_t)floor(found->moment_s);
    char text[64] = "";
    if (localtime_r(&moment, &tm))
        strftime(text, sizeof text, "%a %b %d %H:%M:%S %Y", &tm);
    str_addf(to, "|      %s  %s%s\n", found->id.text, text,
             t->found_count > 1 ? " (multiple regex matched)" : "");
}

static void take_found(struct tool *t, const struct ban_found *found)
{
    if (!t->o->out) {
        t->report.fail_hits[found->rule]++;
        if (t->report.detail)
            add_detail(t, found);
    }
    if (found->is_nofail) {
        t->is_nofail = true;
        return;
    }
    t->found_count++;
    if (t->o->out && !t->o->invert && found->kind != FOUND_PENDING)
        regex_found_write(&t->out, t->o->out, &t->filter, found, t->line_number);
}

/* A name: each of its addresses is a failure of its own. */
static void resolve_found(struct tool *t, const struct ban_found *found)
{
    struct addr addr[RESOLVER_ADDR_MAX];
    struct err ignored = {0};
    size_t count = 0;
    if (resolver_lookup(found->id.text, ADDR_NONE, addr, RESOLVER_ADDR_MAX, &count, &ignored) < 0)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct ban_found one = *found;
        struct cidr net = cidr_of(&addr[i], 255);
        one.kind = FOUND_ID;
        one.id = ban_id_of_net(&net);
        take_found(t, &one);
    }
}

static void on_found(void *ctx, struct ban_filter *f, const struct ban_found *found)
{
    (void)f;
    if (found->kind == FOUND_NAME)
        resolve_found(ctx, found);
    else
        take_found(ctx, found);
}

static void on_ignored(void *ctx, unsigned rule)
{
    struct tool *t = ctx;
    t->is_ignored = true;
    t->report.ignore_hits[rule]++;
}

/* ---- lines ---- */

/* Lines that were missed when they came, and now have left the buffer, were part of a match. */
static void settle_buffer(struct tool *t, bool was_full)
{
    for (size_t i = was_full; i < t->before.count; i++) {
        const struct buffer_line *old = &t->before.line[i];
        size_t len = old->len[0] + old->len[1] + old->len[2], k = 0;
        const struct line_buffer *now = &t->filter.buffer;
        while (k < now->count && (memcmp(now->line[k].len, old->len, sizeof old->len) != 0 ||
                                  memcmp(now->line[k].text, old->text, len) != 0))
            k++;
        if (k == now->count)
            regex_report_take_back(&t->report, old->text, len);
    }
}

static void count_line(struct tool *t, const char *line, size_t len)
{
    struct regex_report *r = &t->report;
    if (t->is_nofail || t->is_ignored)
        regex_report_count(r, &r->ignored, t->o->all_ignored, !t->o->no_ignored, line, len);
    else if (t->found_count)
        regex_report_count(r, &r->matched, t->o->all_matched, false, line, len);
    else
        regex_report_count(r, &r->missed, t->o->all_missed, !t->o->no_missed, line, len);
    r->tested++;
}

static void write_inverted(struct tool *t, const char *line, size_t len)
{
    struct ban_fail *fail = &t->filter.told;
    struct line_part part = {.at = {line, line, line}, .len = {0, 0, len}};
    struct ban_found none = {.moment_s = t->filter.has_last_date ? t->filter.last_date_s : NAN,
                             .fail = fail};
    ban_fail_reset(fail);
    ban_fail_add_line(fail, false, &part);
    regex_found_write(&t->out, t->o->out, &t->filter, &none, t->line_number);
}

static void tick(struct tool *t)
{
    if (t->line_number % CLOCK_EVERY != 1)
        return;
    t->wall_s = (double)(clock_wall_ns(&clock_system) / NS_PER_S);
    t->now_s = t->o->has_now ? t->o->now_s : t->wall_s;
}

static void take_line(struct tool *t, const char *line, size_t len)
{
    t->line_number++;
    tick(t);
    while (len && line[len - 1] == '\r')
        len--;
    if (len == 0 || line[0] == '#')
        return;
    t->found_count = 0;
    t->is_nofail = t->is_ignored = false;
    bool multi = t->filter.max_lines > 1 && !t->o->out;
    bool was_full = t->filter.buffer.count >= t->filter.max_lines;
    if (multi)
        line_buffer_copy(&t->before, &t->filter.buffer);
    ban_filter_line(&t->filter, line, len, NULL, t->now_s, t->wall_s);
    t->report.pref_hits += t->filter.pref_matched;
    if (multi)
        settle_buffer(t, was_full);
    if (!t->o->out)
        count_line(t, line, len);
    else if (t->o->invert && !t->found_count)
        write_inverted(t, line, len);
    flush(t, BLOCK_LEN);
}

static int read_log(struct tool *t, int fd, struct err *e)
{
    struct str rest = str_of(LINE_BYTES_MAX);
    OWN_MEM char *block = mem_resize(NULL, BLOCK_LEN, 1);
    ssize_t got = 0;
    while (!t->write_error && (got = read(fd, block, BLOCK_LEN)) > 0) {
        const char *at = block, *end = block + got;
        for (const char *newline; at < end; at = newline + 1) {
            newline = memchr(at, '\n', (size_t)(end - at));
            if (!newline) {
                str_add_len(&rest, at, (size_t)(end - at));
                break;
            }
            if (rest.len) {
                str_add_len(&rest, at, (size_t)(newline - at));
                take_line(t, str_text(&rest), rest.len);
                str_reset(&rest);
            } else {
                take_line(t, at, (size_t)(newline - at));
            }
        }
    }
    if (rest.len)
        take_line(t, str_text(&rest), rest.len);
    str_done(&rest);
    return got < 0 ? err_set(e, -errno, "read: %s", strerror(errno)) : t->write_error;
}

static int read_text(struct tool *t, const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "\n");
        take_line(t, text, n);
        if (!text[n])
            return t->write_error;
        text += n + 1;
    }
}

static int process(struct tool *t, struct err *e)
{
    struct stat st;
    uint64_t begin = clock_mono_ns(&clock_system);
    int rc;
    if (stat(t->o->log, &st) == 0 && S_ISREG(st.st_mode)) {
        OWN_FD int fd = open(t->o->log, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return err_set(e, -errno, "%s: %s", t->o->log, strerror(errno));
        say(t, "Use         log file : %s", t->o->log);
        say(t, "Use         encoding : %s\n", t->o->encoding ? t->o->encoding : "UTF-8");
        rc = read_log(t, fd, e);
    } else {
        bool several = strchr(t->o->log, '\n');
        say(t, "Use      %s line : %.*s%s\n", several ? " multi" : "single",
            (int)strcspn(t->o->log, "\n") < 50 ? (int)strcspn(t->o->log, "\n") : 50, t->o->log,
            strlen(t->o->log) > 50 ? "..." : "");
        rc = read_text(t, t->o->log);
    }
    t->report.seconds = (double)(clock_mono_ns(&clock_system) - begin) / (double)NS_PER_S;
    return rc;
}

/* ---- set-up ---- */

static void set_up_filter(struct tool *t)
{
    const struct regex_options *o = t->o;
    double now_s = (double)(clock_wall_ns(&clock_system) / NS_PER_S);
    /* Old logs may be looked at: every year counts.  With a fixed clock, what a server there would
     * take: years since 2001. */
    double first_s = o->has_now ? fmin(o->now_s, 978393600) : 0;
    struct date_rules rules = date_rules_of(first_s, now_s);
    date_book_init(&t->book, &rules);
    ban_filter_init(&t->filter, &t->book);
    t->filter.use_find_time = false;
    t->filter.raw_hosts = o->raw;
    t->filter.check_all = !o->no_check_all && (!o->out || strcmp(o->out, "json") == 0);
    t->filter.ignore_pending = o->out != NULL;
    t->filter.no_ids = !o->out && !o->verbosity;
    t->filter.count_pref = o->verbosity > 0;
    t->filter.found = on_found;
    t->filter.ignored = on_ignored;
    t->filter.ctx = t;
    if (o->usedns)
        t->filter.usedns = ban_usedns_of(o->usedns);
}

static int set_up(struct tool *t, struct err *e)
{
    const struct regex_options *o = t->o;
    set_up_filter(t);
    int rc = date_detector_set_zone(&t->filter.dates, o->zone, e);
    if (rc == 0)
        rc = regex_source_read(&t->source, o->conf, o->regex, e);
    if (rc == 0)
        rc = regex_source_apply(&t->source, &t->filter, (int)o->max_lines, o->date_pattern, e);
    if (rc == 0 && o->ignore_regex) {
        ban_filter_remove_rules(&t->filter, false, true);
        t->source.ignore.count = 0;
        rc = ban_filter_add_ignore(&t->filter, o->ignore_regex, e);
        ban_list_add_text(&t->source.ignore, &t->source.arena, o->ignore_regex);
    }
    if (rc < 0)
        return rc;
    t->report.o = o;
    t->report.fail_hits = mem_zero((t->filter.fail_count + 1) * sizeof(uint64_t));
    t->report.ignore_hits = mem_zero((t->filter.ignore_count + 1) * sizeof(uint64_t));
    if (o->verbosity)
        t->report.detail = mem_zero((t->filter.fail_count + 1) * sizeof(struct str));
    return 0;
}

int regex_tool_run(const struct regex_options *o, regex_write_fn *write, void *ctx, struct err *e)
{
    struct tool *t = mem_zero(sizeof *t);
    t->o = o;
    t->write = write;
    t->ctx = ctx;
    say(t, "\nRunning tests\n=============\n");
    int rc = set_up(t, e);
    if (rc == 0 && t->source.kind)
        say(t, "Use %11s %s : %s", "", t->source.kind, t->source.name);
    if (rc == 0)
        rc = process(t, e);
    if (rc == 0 && !o->out)
        regex_report_write(&t->report, &t->source, &t->filter, &t->out);
    if (rc == 0)
        flush(t, 0);
    rc = rc == 0 ? t->write_error : rc;
    line_buffer_done(&t->before);
    regex_report_done(&t->report, t->filter.fail_count);
    ban_filter_done(&t->filter);
    date_book_done(&t->book);
    regex_source_done(&t->source);
    str_done(&t->out);
    mem_free(t);
    return rc;
}
