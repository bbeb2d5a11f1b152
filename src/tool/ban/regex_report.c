/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/regex_report.h"

#include <string.h>

#include "core/base/mem.h"

void regex_report_count(struct regex_report *r, struct kept_lines *of, bool keep_all, bool keep,
                        const char *line, size_t len)
{
    of->count++;
    if (keep_all || (keep && of->count <= REPORT_LINES_SHOWN + 1))
        text_list_add(&of->list, arena_copy(&r->arena, line, len));
}

void regex_report_take_back(struct regex_report *r, const char *line, size_t len)
{
    struct text_list *missed = &r->missed.list;
    for (size_t i = 0; i < missed->count; i++)
        if (strlen(missed->text[i]) == len && memcmp(missed->text[i], line, len) == 0) {
            memmove(&missed->text[i], &missed->text[i + 1],
                    (missed->count - i - 1) * sizeof *missed->text);
            missed->count--;
            break;
        }
    r->missed.count--;
    regex_report_count(r, &r->matched, r->o->all_matched, false, line, len);
}

/* A framed list; nothing when it is empty. */
static void write_list(struct str *out, const char *header, const struct str *lines)
{
    if (lines->len == 0)
        return;
    if (header)
        str_addf(out, "|- %s\n", header);
    str_add(out, str_text(lines));
    str_add(out, "`-\n");
}

static void write_rules(const struct regex_report *r, const char *title,
                        const struct ban_list *rules, const uint64_t *hits,
                        const struct str *detail, struct str *out)
{
    uint64_t total = 0;
    struct str lines = str_of(0);
    for (size_t i = 0; i < rules->count; i++) {
        total += hits[i];
        if (hits[i] || r->o->verbosity)
            str_addf(&lines, "|  %2zu) [%llu] %s\n", i + 1, (unsigned long long)hits[i],
                     rules->item[i].text);
        if (detail)
            str_add(&lines, str_text(&detail[i]));
    }
    str_addf(out, "\n%s: %llu total\n", title, (unsigned long long)total);
    write_list(out, " #) [# of hits] regular expression", &lines);
    str_done(&lines);
}

static void write_dates(const struct regex_report *r, const struct ban_filter *f, struct str *out)
{
    struct str lines = str_of(0);
    for (size_t i = 0; i < f->dates.count; i++) {
        const struct date_candidate *c = &f->dates.item[i];
        if (!c->hits && !r->o->verbosity)
            continue;
        str_addf(&lines, "|  [%lu] %s\n", c->hits, c->template->name);
        if (r->o->verbose_date) {
            const char *pattern = c->template->pattern ? c->template->pattern : "";
            str_addf(&lines, "|      # weight: %.3f, pattern: %s\n|      # regex:   %s\n",
                     c->template->weight, pattern, c->template->rule.python);
        }
    }
    str_add(out, "\nDate template hits:\n");
    write_list(out, "[# of hits] date format", &lines);
    str_done(&lines);
}

static void write_lines(const struct kept_lines *k, const char *name, const char *option, bool all,
                        struct str *out)
{
    if (k->count == 0)
        return;
    if (k->count >= REPORT_LINES_SHOWN && !all) {
        str_addf(out,
                 "%s line(s): too many to print.  Use --print-all-%s to print all %llu lines\n",
                 name, option, (unsigned long long)k->count);
        return;
    }
    str_addf(out, "|- %s line(s):\n", name);
    for (size_t i = 0; i < k->list.count; i++)
        str_addf(out, "|  %s\n", k->list.text[i]);
    str_add(out, "`-\n");
}

void regex_report_write(const struct regex_report *r, const struct regex_source *source,
                        const struct ban_filter *f, struct str *out)
{
    str_add(out, "\nResults\n=======\n");
    if (f->has_pref)
        /* it is tried only on lines that some failregex may match; with -v on all */
        str_addf(out, "\nPrefregex: %llu total%s\n|  %s\n`-\n", (unsigned long long)r->pref_hits,
                 f->count_pref ? "" : " (of the lines that a failregex may match)", f->pref.python);
    write_rules(r, "Failregex", &source->fail, r->fail_hits, r->detail, out);
    write_rules(r, "Ignoreregex", &source->ignore, r->ignore_hits, NULL, out);
    if (f->has_dates)
        write_dates(r, f, out);
    str_addf(out, "\nLines: %llu lines, %llu ignored, %llu matched, %llu missed\n",
             (unsigned long long)r->tested, (unsigned long long)r->ignored.count,
             (unsigned long long)r->matched.count, (unsigned long long)r->missed.count);
    str_addf(out, "[processed in %.2f sec]\n\n", r->seconds);
    if (f->limits_hit)
        str_addf(out, "Given up as too costly: %llu searches\n", (unsigned long long)f->limits_hit);
    if (r->o->all_matched)
        write_lines(&r->matched, "Matched", "matched", true, out);
    if (!r->o->no_ignored)
        write_lines(&r->ignored, "Ignored", "ignored", r->o->all_ignored, out);
    if (!r->o->no_missed)
        write_lines(&r->missed, "Missed", "missed", r->o->all_missed, out);
}

void regex_report_done(struct regex_report *r, size_t fail_count)
{
    for (size_t i = 0; r->detail && i < fail_count; i++)
        str_done(&r->detail[i]);
    mem_free(r->detail);
    mem_free(r->fail_hits);
    mem_free(r->ignore_hits);
    text_list_done(&r->matched.list);
    text_list_done(&r->missed.list);
    text_list_done(&r->ignored.list);
    arena_done(&r->arena);
}
