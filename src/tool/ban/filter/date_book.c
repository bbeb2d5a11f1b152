/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/date_book.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <time.h>

#define OPT_FRACTION "(?:\\.%f)?"

/* In this order; what is at the line's begin goes before all others. */
static const char *const defaults[] = {
    /* ISO 8601 and its like: 2005-01-23T21:59:59.981746, 2005/01/23 21:59:59 +0100 */
    "%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?",
    /* syslog and asctime: Sun Jan 23 21:59:59.011 2005 */
    "(?:%a )?%b %d %k:%M:%S" OPT_FRACTION "(?: %ExY)?",
    /* Sun Jan 23 2005 21:59:59.011 */
    "(?:%a )?%b %d %ExY %k:%M:%S" OPT_FRACTION,
    /* 23/01/2005 21:59:59, 23/01/05 21:59:59, 17-07-2008 17:23:25 */
    "%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
    /* web servers: 31/Oct/2006:09:22:55 -0000; named: 26-Jul-2007 15:20:52.252 */
    "%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S" OPT_FRACTION "(?: %z)?",
    /* 05/20/2008:01:57:39 */
    "%m/%d/%ExY:%H:%M:%S",
    /* 01-27-2012 16:22:44.252 */
    "%m-%d-%ExY %k:%M:%S" OPT_FRACTION,
    "EPOCH",
    /* a time alone */
    "{^LN-BEG}%H:%M:%S",
    /* <09/16/08@05:03:30> */
    "^<%m/%d/%Exy@%H:%M:%S>",
    /* 130322 11:46:11 */
    "%Exy%Exm%Exd  ?%H:%M:%S",
    /* Oct 12, 2013 12:13:14 PM */
    "%b %d, %ExY %I:%M:%S %p",
    /* Apr-27-13 02:33:06 */
    "^%b-%d-%Exy %k:%M:%S",
    /* 20050123T215959, 20050123-21:59:59 */
    "%ExY%Exm%Exd(?:-|T|  ?)%ExH:?%ExM:?%ExS(?:[.,]%f)?(?:\\s*%z)?",
    /* with a zone in front: PDT Apr 16 21:05:29, +00:00 Jan 23 21:59:59 2005 */
    "(?:%Z )?(?:%a )?%b %d %k:%M:%S" OPT_FRACTION "(?: %ExY)?",
    "(?:%z )?(?:%a )?%b %d %k:%M:%S" OPT_FRACTION "(?: %ExY)?",
    "TAI64N",
};

enum { ANCHORED_WEIGHT = 100, SYSLOG_ROW = 1 };

static int year_of(double s)
{
    struct tm tm;
    time_t t = (time_t)floor(s);
    localtime_r(&t, &tm);
    return tm.tm_year + 1900;
}

struct date_rules date_rules_of(double first_s, double now_s)
{
    return (struct date_rules){year_of(first_s) - 1, year_of(now_s) + 3};
}

void date_book_init(struct date_book *b, const struct date_rules *rules)
{
    *b = (struct date_book){.rules = *rules};
}

void date_book_done(struct date_book *b)
{
    const struct map_slot *slot;
    for (size_t at = 0; (slot = map_next(&b->templates, &at));)
        date_template_done(slot->value);
    map_done(&b->templates);
    arena_done(&b->arena);
}

static const char *upper(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* "EPOCH", "^EPOCH", "{^LN-BEG}EPOCH"; *out_line_begin: the latter two. */
static bool is_form(const char *key, const char *form, bool *out_line_begin)
{
    size_t skip = key[0] == '^' ? 1 : strncmp(key, "{^LN-BEG}", 9) == 0 ? 9 : 0;
    *out_line_begin = skip > 0;
    return strcmp(key + skip, form) == 0;
}

static int open_template(struct date_book *b, const char *pattern, const char *key,
                         struct date_template *t, struct err *e)
{
    bool line_begin;
    const char *in_upper = upper(&b->arena, pattern);
    if (strstr(in_upper, "{LEPOCH}") || strstr(in_upper, "{EPOCH}"))
        return date_template_open_number(
            t, strstr(in_upper, "{LEPOCH}") ? DATE_LONG_EPOCH : DATE_EPOCH, false, pattern,
            &b->arena, e);
    if (is_form(key, "EPOCH", &line_begin))
        return date_template_open_number(t, DATE_EPOCH, line_begin, NULL, &b->arena, e);
    if (is_form(key, "LEPOCH", &line_begin))
        return date_template_open_number(t, DATE_LONG_EPOCH, line_begin, NULL, &b->arena, e);
    if (is_form(key, "TAI64N", &line_begin))
        return date_template_open_number(t, DATE_TAI64N, line_begin, NULL, &b->arena, e);
    return date_template_open(t, pattern, &b->rules, &b->arena, e);
}

int date_book_template(struct date_book *b, const char *pattern, struct date_template **out,
                       struct err *e)
{
    pattern = arena_text(&b->arena, pattern);
    const char *key = strchr(pattern, '%') ? pattern : upper(&b->arena, pattern);
    *out = map_find_text(&b->templates, key);
    if (*out)
        return 0;
    struct date_template *t = arena_take(&b->arena, sizeof *t);
    int rc = open_template(b, pattern, key, t, e);
    if (rc < 0)
        return rc;
    map_put_text(&b->templates, key, t);
    *out = t;
    return 0;
}

int date_book_load_defaults(struct date_book *b, struct err *e)
{
    struct date_template *anchored[ARRAY_COUNT(defaults)];
    size_t anchored_count = 0;
    if (b->plain_count)
        return 0;
    b->plain = arena_array(&b->arena, ARRAY_COUNT(defaults), sizeof(struct date_template *));
    for (size_t i = 0; i < ARRAY_COUNT(defaults); i++) {
        struct date_template *t;
        int rc = date_book_template(b, defaults[i], &b->plain[i], e);
        if (rc < 0)
            return rc;
        const char *name = b->plain[i]->name;
        if (name[0] == '^' || strncmp(name, "{^LN-BEG}", 9) == 0)
            continue;
        rc = date_book_template(b, arena_print(&b->arena, "{^LN-BEG}%s", defaults[i]), &t, e);
        if (rc < 0)
            return rc;
        t->weight = ANCHORED_WEIGHT;
        t->is_syslog = i == SYSLOG_ROW;
        anchored[anchored_count++] = t;
    }
    b->plain_count = ARRAY_COUNT(defaults);
    b->all_count = anchored_count + b->plain_count;
    b->all = arena_array(&b->arena, b->all_count, sizeof(struct date_template *));
    memcpy(b->all, anchored, anchored_count * sizeof *anchored);
    memcpy(b->all + anchored_count, b->plain, b->plain_count * sizeof *b->plain);
    return 0;
}
