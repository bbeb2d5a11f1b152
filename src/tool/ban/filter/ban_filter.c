/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting a filter up, and the first half of its work: from a line to its date and the rest.
 * ban_find.c does the second. */
#include "tool/ban/filter/ban_filter.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/text/utf8.h"
#include "tool/ban/filter/ban_filter_private.h"

/* Steps that a search may take: some 2 ms.  A hostile line may meet several rules that are slow. */
static const uint32_t COST_LIMIT = 60000;

static const double LAST_DATE_KEEP_S = 60, ODD_DATE_S = 60;

void ban_filter_init(struct ban_filter *f, struct date_book *book)
{
    memset(f, 0, sizeof *f);
    date_detector_init(&f->dates, book);
    f->usedns = USEDNS_WARN;
    f->has_dates = f->ignore_pending = f->use_find_time = f->in_operation = true;
    f->find_time_s = 600;
    f->max_lines = 1;
    f->match = regex_match_new(REGEX_GROUPS_MAX, COST_LIMIT);
    ban_fail_init(&f->pre);
    ban_fail_init(&f->now);
    ban_fail_init(&f->told);
}

void ban_filter_remove_rules(struct ban_filter *f, bool fail, bool ignore)
{
    for (size_t i = 0; fail && i < f->fail_count; i++)
        rule_done(&f->fail[i]);
    for (size_t i = 0; ignore && i < f->ignore_count; i++)
        rule_done(&f->ignore[i]);
    f->fail_count = fail ? 0 : f->fail_count;
    f->ignore_count = ignore ? 0 : f->ignore_count;
    line_prefilter_done(&f->prefilter); /* made anew for the next line */
}

bool ban_filter_remove_rule(struct ban_filter *f, bool ignore, size_t index)
{
    struct rule *list = ignore ? f->ignore : f->fail;
    size_t *count = ignore ? &f->ignore_count : &f->fail_count;
    if (index >= *count)
        return false;
    rule_done(&list[index]);
    line_prefilter_done(&f->prefilter);
    memmove(&list[index], &list[index + 1], (*count - index - 1) * sizeof *list);
    (*count)--;
    return true;
}

void ban_filter_done(struct ban_filter *f)
{
    ban_filter_remove_rules(f, true, true);
    if (f->has_pref)
        rule_done(&f->pref);
    mem_free(f->fail);
    mem_free(f->ignore);
    date_detector_done(&f->dates);
    regex_match_free(f->match);
    line_prefilter_done(&f->prefilter);
    connections_done(&f->connections);
    line_buffer_done(&f->buffer);
    line_buffer_done(&f->original);
    line_buffer_done(&f->matched);
    line_buffer_done(&f->rest);
    ban_fail_done(&f->pre);
    ban_fail_done(&f->now);
    ban_fail_done(&f->told);
    str_done(&f->subject);
    str_done(&f->decoded);
    str_done(&f->last_date_text);
    arena_done(&f->arena);
}

int ban_filter_set_pref(struct ban_filter *f, const char *text, struct err *e)
{
    struct rule_how how = {.no_names = f->usedns == USEDNS_NO};
    struct rule made;
    if (*text) {
        int rc = rule_open(&made, text, &how, &f->keys, &f->arena, e);
        if (rc < 0)
            return err_wrap(e, "prefregex");
    }
    if (f->has_pref)
        rule_done(&f->pref);
    f->has_pref = *text;
    if (*text)
        f->pref = made;
    return 0;
}

int ban_filter_add_fail(struct ban_filter *f, const char *text, struct err *e)
{
    struct rule_how how = {.no_names = f->usedns == USEDNS_NO, .multiline = f->max_lines > 1};
    if (f->fail_count == FILTER_RULES_MAX)
        return err_set(e, -EFBIG, "over %d failregexes", FILTER_RULES_MAX);
    MEM_GROW(f->fail, f->fail_count, f->fail_capacity);
    struct rule *r = &f->fail[f->fail_count];
    int rc = rule_open(r, text, &how, &f->keys, &f->arena, e);
    if (rc < 0)
        return err_wrap(e, "failregex");
    if (!rule_has_id(r) && !(f->has_pref && rule_has_id(&f->pref))) {
        rule_done(r);
        return err_set(e, -EINVAL, "No failure-id group in '%.150s'", text);
    }
    f->fail_count++;
    line_prefilter_done(&f->prefilter);
    return 0;
}

int ban_filter_add_ignore(struct ban_filter *f, const char *text, struct err *e)
{
    struct rule_how how = {.no_names = f->usedns == USEDNS_NO};
    if (f->ignore_count == FILTER_RULES_MAX)
        return err_set(e, -EFBIG, "over %d ignoreregexes", FILTER_RULES_MAX);
    MEM_GROW(f->ignore, f->ignore_count, f->ignore_capacity);
    int rc = rule_open(&f->ignore[f->ignore_count], text, &how, &f->keys, &f->arena, e);
    if (rc < 0)
        return err_wrap(e, "ignoreregex");
    f->ignore_count++;
    return 0;
}

static const char *const usedns_names[] = {"yes", "warn", "no", "raw"};

enum ban_usedns ban_usedns_of(const char *text)
{
    for (unsigned i = 0; i < ARRAY_COUNT(usedns_names); i++)
        if (strcasecmp(text, usedns_names[i]) == 0)
            return i;
    return !strcasecmp(text, "true") ? USEDNS_YES : USEDNS_NO;
}

const char *ban_usedns_name(enum ban_usedns usedns)
{
    return usedns_names[usedns];
}

/* ---- a line ---- */

static bool is_all_ascii(const char *line, size_t len)
{
    static const uint64_t high = 0x8080808080808080;
    uint64_t any = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, line + i, sizeof word);
        any |= word;
    }
    for (; i < len; i++)
        any |= (uint8_t)line[i];
    return !(any & high);
}

/* Bytes that are no text become U+FFFD, as fail2ban reads them. */
static void replace_bad_bytes(struct str *out, const char *line, size_t len)
{
    str_reset(out);
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t n = utf8_decode(line + at, len - at, &code);
        if (n)
            str_add_len(out, line + at, n);
        else
            str_add(out, utf8_replacement);
        at += n ? n : 1;
    }
}

static void set_last_date(struct ban_filter *f, double date_s, const char *text, size_t len)
{
    f->has_last_date = true;
    f->last_date_s = date_s;
    str_reset(&f->last_date_text);
    str_add_len(&f->last_date_text, text, len);
}

/* The whole line is message, under the date of an earlier one. */
static void take_last_date(const struct ban_filter *f, struct filter_line *out, const char *line,
                           size_t len)
{
    out->part = (struct line_part){.at = {line, str_text(&f->last_date_text), line},
                                   .len = {0, f->last_date_text.len, len}};
    out->moment_s = f->last_date_s;
}

static void split_date(struct ban_filter *f, const char *line, size_t len, double now_s,
                       struct filter_line *out)
{
    struct date_found d = {0};
    bool has_recent = f->has_last_date && f->last_date_s > now_s - LAST_DATE_KEEP_S;
    out->part = (struct line_part){.at = {line, line, line}, .len = {0, 0, len}};
    out->moment_s = NAN;
    if (f->has_dates &&
        date_detector_find(&f->dates, f->match, line, len, out->is_ascii, now_s, &d)) {
        if (d.from == d.to) { /* a pattern that lets the date be left out */
            if (has_recent)
                take_last_date(f, out, line, len);
            else
                out->moment_s = now_s;
            return;
        }
        out->part = (struct line_part){.at = {line, line + d.from, line + d.to},
                                       .len = {d.from, d.to - d.from, len - d.to}};
        if (d.good) {
            out->moment_s = d.moment_s;
            set_last_date(f, d.moment_s, line + d.from, d.to - d.from);
            return;
        }
    }
    out->has_no_date = true;
    if (has_recent)
        take_last_date(f, out, line, len);
    else if (f->use_find_time && f->in_operation)
        out->moment_s = now_s;
}

/* In operation a date far from now is taken for now; at the start old lines do not count.  False:
 * leave the line. */
static bool judge_date(struct ban_filter *f, double now_s, struct filter_line *line)
{
    if (!f->use_find_time || isnan(line->moment_s))
        return true;
    if (f->in_operation) {
        if (fabs(trunc(line->moment_s - now_s)) > ODD_DATE_S) {
            f->odd_dates++;
            line->moment_s = f->last_date_s = now_s;
            f->has_last_date = true;
        }
        return true;
    }
    if (line->moment_s >= now_s - f->find_time_s)
        return true;
    f->old_lines++;
    return false;
}

void ban_filter_line(struct ban_filter *f, const char *line, size_t len, const double *date_s,
                     double now_s, double wall_s)
{
    struct filter_line l = {.is_ascii = is_all_ascii(line, len)};
    if (!l.is_ascii) {
        replace_bad_bytes(&f->decoded, line, len);
        line = str_text(&f->decoded);
        len = f->decoded.len;
    }
    f->wall_s = wall_s;
    if (date_s) {
        l.part = (struct line_part){.at = {line, line, line}, .len = {0, 0, len}};
        l.moment_s = *date_s;
        set_last_date(f, *date_s, "", 0);
    } else {
        split_date(f, line, len, now_s, &l);
    }
    f->pref_matched = false;
    if (judge_date(f, now_s, &l))
        ban_find(f, &l);
}
