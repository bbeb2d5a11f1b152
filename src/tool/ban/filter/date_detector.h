/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the templates do the lines of this log follow?  The one that matched the last line is
 * tried first and where it was; otherwise the list is searched, and the templates that match often
 * and near the line's begin rise in it. */
#pragma once

#include "tool/ban/filter/date_book.h"

struct date_candidate {
    struct date_template *template;
    unsigned long hits, matches; /* won; matched, won or not */
    double last_used_s;
    size_t distance; /* of the last win from the line's begin; SIZE_MAX: none */
};

struct date_edge { /* bytes of the line around the date's begin and end; -1: none */
    int before, first, last, behind;
};

struct date_detector {
    struct date_book *book;
    struct date_candidate *item;
    size_t count, capacity;
    bool has_patterns; /* the user's; the default ones are not taken then */
    bool has_zone;
    int zone_minutes;
    size_t last, first_unused; /* indices */
    size_t from, to;           /* of the last date */
    struct date_edge edge;
    /* the last text and its moment, while `now` stays in one second */
    char kept_text[64];
    size_t kept_len;
    const struct date_template *kept_template;
    double kept_moment_s, kept_now_s;
    bool kept_good;
    struct date_hour hour;
};

struct date_found {
    size_t from, to; /* the part that is cut out of the line */
    bool good;       /* moment_s is set; else the text is no date that can be */
    double moment_s;
};

void date_detector_init(struct date_detector *d, struct date_book *book);
void date_detector_done(struct date_detector *d);

/* Set the user's patterns, one a line, in place of all.  0 or -EINVAL. */
int date_detector_set(struct date_detector *d, const char *patterns, struct err *e) MUST_CHECK;

/* "UTC+0100", "CET"; NULL: local time. */
int date_detector_set_zone(struct date_detector *d, const char *zone, struct err *e) MUST_CHECK;

/* Look for the date of a line.  false: it has none. */
bool date_detector_find(struct date_detector *d, struct regex_match *m, const char *line,
                        size_t len, bool is_ascii, double now_s, struct date_found *out);
