/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/date_detector.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "tool/ban/filter/date_zone.h"

enum { LONG_UNUSED_S = 300 };

/* What one search knows. */
struct search {
    struct date_detector *d;
    struct regex_match *m;
    const char *line;
    size_t len;
    bool is_ascii;
    double now_s;
};

struct hit {
    size_t index, from, to; /* index SIZE_MAX: none */
};

static const struct hit no_hit = {SIZE_MAX, SIZE_MAX, SIZE_MAX};

void date_detector_init(struct date_detector *d, struct date_book *book)
{
    *d = (struct date_detector){.book = book, .last = SIZE_MAX, .from = 1, .to = SIZE_MAX};
}

void date_detector_done(struct date_detector *d)
{
    mem_free(d->item);
    d->item = NULL;
    d->count = d->capacity = 0;
}

static bool has_name(const struct date_detector *d, const char *name)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->item[i].template->name, name) == 0)
            return true;
    return false;
}

static int append(struct date_detector *d, struct date_template *t, bool ignore_double,
                  struct err *e)
{
    if (has_name(d, t->name))
        return ignore_double ? 0 : err_set(e, -EINVAL, "two date patterns are alike: %s", t->name);
    MEM_GROW(d->item, d->count, d->capacity);
    d->item[d->count++] = (struct date_candidate){.template = t, .distance = SIZE_MAX};
    return 0;
}

/* ---- the user's patterns ---- */

static const char *find_date_word(const char *pattern)
{
    for (const char *at = pattern; *at; at++)
        if (strncasecmp(at, "{DATE}", 6) == 0 && !(at > pattern && at[-1] == '\\'))
            return at;
    return NULL;
}

/* A pattern around {DATE}: each default template takes its place, without bounds of its own. */
static int append_around_date(struct date_detector *d, const char *pattern, struct err *e)
{
    struct date_book *b = d->book;
    bool ignore_double = d->count > 0;
    for (size_t i = 0; i < b->plain_count; i++) {
        const char *inner = b->plain[i]->pattern ? b->plain[i]->pattern : b->plain[i]->name;
        inner += strncmp(inner, "{UNB}", 5) == 0 ? 5 : 0;
        inner += strncmp(inner, "{^LN-BEG}", 9) == 0 ? 9 : 0;
        struct str text = str_of(0);
        for (const char *at, *rest = pattern;; rest = at + 6) {
            at = find_date_word(rest);
            str_addf(&text, "%.*s%s", at ? (int)(at - rest) : (int)strlen(rest), rest,
                     at ? inner : "");
            if (!at)
                break;
        }
        struct date_template *t;
        int rc = date_book_template(b, str_text(&text), &t, e);
        str_done(&text);
        if (rc == 0)
            rc = append(d, t, ignore_double, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int append_pattern(struct date_detector *d, const char *pattern, struct err *e)
{
    struct date_book *b = d->book;
    struct date_template *t;
    bool plain = !strchr(pattern, '%');
    if (plain && strcasecmp(pattern, "{DEFAULT}") == 0)
        return 0;
    if (plain && strcasecmp(pattern, "{^LN-BEG}") == 0) {
        int rc = 0;
        for (size_t i = 0; i < b->all_count && rc == 0; i++)
            if (b->all[i]->at_line_begin)
                rc = append(d, b->all[i], true, e);
        return rc;
    }
    if (plain ? find_date_word(pattern) != NULL : strstr(pattern, "{DATE}") != NULL)
        return append_around_date(d, pattern, e);
    if (plain && strcasecmp(pattern, "{NONE}") == 0)
        pattern = "{UNB}^";
    int rc = date_book_template(b, pattern, &t, e);
    return rc < 0 ? rc : append(d, t, false, e);
}

int date_detector_set(struct date_detector *d, const char *patterns, struct err *e)
{
    int rc = date_book_load_defaults(d->book, e);
    d->count = 0;
    d->last = SIZE_MAX;
    d->kept_len = 0;
    while (*patterns && rc == 0) {
        size_t n = strcspn(patterns, "\n");
        const char *from = patterns;
        patterns += n + (patterns[n] == '\n');
        while (n && isspace((unsigned char)*from))
            from++, n--;
        while (n && isspace((unsigned char)from[n - 1]))
            n--;
        if (n)
            rc = append_pattern(d, arena_copy(&d->book->arena, from, n), e);
    }
    return rc;
}

int date_detector_set_zone(struct date_detector *d, const char *zone, struct err *e)
{
    d->has_zone = false;
    d->kept_len = 0;
    if (!zone)
        return 0;
    if (!date_zone_offset(zone, strlen(zone), &d->zone_minutes))
        return err_set(e, -EINVAL, "unknown time zone \"%.40s\"", zone);
    d->has_zone = true;
    return 0;
}

static void load_defaults(struct date_detector *d)
{
    struct err e = {0};
    int rc = date_book_load_defaults(d->book, &e);
    for (size_t i = 0; i < d->book->all_count && rc == 0; i++)
        rc = append(d, d->book->all[i], true, &e);
    if (rc < 0)
        log_at(LOG_LEVEL_ERROR, "date patterns: %s", e.text);
}

/* ---- matching ---- */

static bool try_template(struct search *s, size_t index, size_t from, size_t to, struct hit *out)
{
    struct date_candidate *c = &s->d->item[index];
    struct rule *r = &c->template->rule;
    if (rule_find_within(r, s->m, s->line, to, from, s->is_ascii) != REGEX_YES)
        return false;
    c->matches++;
    out->index = index;
    return regex_group(s->m, 0, &out->from, &out->to);
}

static int byte_at(const struct search *s, size_t at)
{
    return at < s->len ? (uint8_t)s->line[at] : -1;
}

static bool is_mark(int byte)
{
    return byte >= 0 && byte < 0x80 && !isalnum(byte);
}

/* Do the bytes around the last date's place look as they did?  The inner ones count only where they
 * are no letters and digits, which change from line to line. */
static bool has_same_edges(const struct search *s)
{
    const struct date_detector *d = s->d;
    int before = d->from ? byte_at(s, d->from - 1) : -1;
    bool left = before == d->edge.before ||
                (byte_at(s, d->from) == d->edge.first && is_mark(d->edge.first));
    bool right = byte_at(s, d->to) == d->edge.behind ||
                 (d->to && byte_at(s, d->to - 1) == d->edge.last && is_mark(d->edge.last));
    return left && right;
}

static bool is_anchored(const struct date_template *t)
{
    return t->at_line_begin || t->at_line_end;
}

/* The template of the last line.  *out_skip: it need not be tried again.  True: it is found and
 * where it was; a hit elsewhere is kept for comparison. */
static bool try_last(struct search *s, struct hit *out, struct hit *kept, size_t *out_skip)
{
    struct date_detector *d = s->d;
    bool anchored, found;
    if (d->last >= d->count)
        return false;
    anchored = is_anchored(d->item[d->last].template);
    if (!anchored && has_same_edges(s)) {
        found =
            d->to <= s->len && d->from <= d->to && try_template(s, d->last, d->from, d->to, out);
    } else {
        found = try_template(s, d->last, 0, s->len, out);
        *out_skip = d->last;
    }
    if (!found)
        return false;
    if (d->count == 1 || anchored || (out->from == d->from && out->to == d->to))
        return true;
    *kept = *out;
    return false;
}

static struct hit search_all(struct search *s, struct hit kept, size_t skip)
{
    struct date_detector *d = s->d;
    for (size_t i = 0; i < d->count; i++) {
        struct hit hit;
        if (i == skip || !try_template(s, i, 0, s->len, &hit))
            continue;
        const struct date_candidate *c = &d->item[i];
        if (i + 1 == d->count || is_anchored(c->template))
            return hit;
        if (hit.from == 0 && c->hits && !d->item[i + 1].matches)
            return hit;
        /* farther into the line than before: perhaps it is part of the message */
        if (hit.from <= c->distance && hit.from <= d->from)
            return hit;
        if (hit.from < kept.from)
            kept = hit;
    }
    return kept;
}

static double weight(const struct date_candidate *c)
{
    double distance = c->distance == SIZE_MAX ? 0x7fffffff : c->distance ? (double)c->distance : 1;
    return (double)c->hits * c->template->weight / distance;
}

static bool may_pass(const struct date_candidate *c, const struct date_candidate *other)
{
    return weight(c) > weight(other) || c->last_used_s - LONG_UNUSED_S > other->last_used_s;
}

/* A template that wins rises in the list; where it is then. */
static size_t rise(struct date_detector *d, size_t index)
{
    size_t to = d->first_unused < index ? d->first_unused : index / 2;
    if (!may_pass(&d->item[index], &d->item[to])) {
        if (to == index - 1)
            return index;
        to = index - 1;
        if (!may_pass(&d->item[index], &d->item[to]))
            return index;
    }
    struct date_candidate moved = d->item[index];
    memmove(&d->item[to + 1], &d->item[to], (index - to) * sizeof moved);
    d->item[to] = moved;
    while (d->first_unused < d->count && d->item[d->first_unused].matches)
        d->first_unused++;
    return to;
}

static void remember(struct search *s, struct hit hit)
{
    struct date_detector *d = s->d;
    struct date_candidate *c = &d->item[hit.index];
    c->hits++;
    c->last_used_s = s->now_s;
    c->distance = hit.from;
    if (d->first_unused == hit.index)
        d->first_unused++;
    d->from = hit.from;
    d->to = hit.to;
    d->edge = (struct date_edge){hit.from ? byte_at(s, hit.from - 1) : -1, byte_at(s, hit.from),
                                 hit.to ? byte_at(s, hit.to - 1) : -1, byte_at(s, hit.to)};
    if (hit.index && hit.index != d->last)
        hit.index = rise(d, hit.index);
    d->last = hit.index;
}

/* The moment of the text that was just matched; lines of one second share it. */
static void read_moment(struct search *s, const struct date_template *t, struct date_found *out)
{
    struct date_detector *d = s->d;
    size_t len = out->to - out->from;
    const char *text = s->line + out->from;
    if (t != d->kept_template || len != d->kept_len || len == 0 || d->kept_now_s != s->now_s ||
        memcmp(text, d->kept_text, len) != 0) {
        d->kept_good =
            date_template_moment(t, s->m, s->line, s->now_s, d->has_zone ? &d->zone_minutes : NULL,
                                 &d->hour, &d->kept_moment_s);
        d->kept_template = t;
        d->kept_now_s = s->now_s;
        d->kept_len = len <= sizeof d->kept_text ? len : 0;
        memcpy(d->kept_text, text, d->kept_len);
    }
    out->good = d->kept_good;
    out->moment_s = d->kept_moment_s;
}

/* Most logs are syslog's, whose date stands still but for its digits: no expression is needed to
 * see that it is there again.  What it does is what the search below would do. */
static bool find_syslog(struct search *s, struct date_found *out)
{
    struct date_detector *d = s->d;
    struct date_candidate *c = d->last < d->count ? &d->item[d->last] : NULL;
    if (!c || !c->template->is_syslog || s->len < DATE_SYSLOG_LEN + 2)
        return false;
    bool same = d->kept_template == c->template && d->kept_len == DATE_SYSLOG_LEN &&
                d->kept_now_s == s->now_s && s->line[DATE_SYSLOG_LEN] == ' ' &&
                !isdigit((unsigned char)s->line[DATE_SYSLOG_LEN + 1]) &&
                memcmp(d->kept_text, s->line, DATE_SYSLOG_LEN) == 0;
    if (!same) {
        struct date_text field[DATE_FIELD_COUNT] = {0};
        if (!date_syslog_read(s->line, s->len, field))
            return false;
        d->kept_good = date_moment(field, s->now_s, d->has_zone ? &d->zone_minutes : NULL, &d->hour,
                                   &d->kept_moment_s);
        d->kept_template = c->template;
        d->kept_now_s = s->now_s;
        d->kept_len = DATE_SYSLOG_LEN;
        memcpy(d->kept_text, s->line, DATE_SYSLOG_LEN);
    }
    c->matches++;
    *out = (struct date_found){0, DATE_SYSLOG_LEN, d->kept_good, d->kept_moment_s};
    remember(s, (struct hit){d->last, 0, DATE_SYSLOG_LEN});
    return true;
}

bool date_detector_find(struct date_detector *d, struct regex_match *m, const char *line,
                        size_t len, bool is_ascii, double now_s, struct date_found *out)
{
    struct search s = {d, m, line, len, is_ascii, now_s};
    struct hit hit = no_hit, kept = no_hit;
    size_t skip = SIZE_MAX;
    if (!d->count)
        load_defaults(d);
    if (find_syslog(&s, out))
        return true;
    if (!try_last(&s, &hit, &kept, &skip)) {
        hit = search_all(&s, kept, skip);
        if (hit.index == SIZE_MAX)
            return false;
        /* the scratch holds the groups of the last search that was tried, not of the best one */
        struct date_candidate *c = &d->item[hit.index];
        bool again = try_template(&s, hit.index, 0, len, &hit) && c->matches--;
        if (!again)
            return false;
    }
    const struct date_template *t = d->item[hit.index].template;
    if (!regex_group(m, 1, &out->from, &out->to))
        out->from = out->to = hit.from;
    read_moment(&s, t, out);
    remember(&s, hit);
    return true;
}
