/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of date patterns ("%d", "%ExY"): the expression and the name of each, and what comes
 * of the matched texts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

/* What date patterns depend on. */
struct date_rules {
    int first_year, last_year; /* that %ExY takes: whole decades of them */
};

/* Write what the pattern's fields stand for: their expressions to *out and their names to *name.
 * false: a '%' that begins no field. */
bool date_fields_write(const char *pattern, const struct date_rules *rules, struct str *out,
                       struct str *name);

/* Does the pattern hold names of days or months, whose case does not matter? */
bool date_fields_have_letters(const char *pattern);

enum date_field {
    DATE_YEAR,
    DATE_YEAR2,
    DATE_MONTH,
    DATE_MONTH_FULL,
    DATE_MONTH_SHORT,
    DATE_DAY,
    DATE_HOUR,
    DATE_HOUR12,
    DATE_AMPM,
    DATE_MINUTE,
    DATE_SECOND,
    DATE_WEEKDAY_FULL,
    DATE_WEEKDAY_SHORT,
    DATE_WEEKDAY,
    DATE_YEARDAY,
    DATE_WEEK_SUNDAY,
    DATE_WEEK_MONDAY,
    DATE_ZONE,
    DATE_FIELD_COUNT,
};

/* The field that a group of this name holds; -1: none that counts. */
int date_field_of_group(const char *name);

struct date_text { /* of one field; NULL: it took no part */
    const char *at;
    size_t len;
};

/* What the last look at the local time zone told: mktime(3) takes a lock and walks the zone's
 * table, and most lines are of the hour of the line before.  Zero knows nothing. */
struct date_hour {
    bool known;
    int64_t hour, start_s; /* an hour of local time as if it were UTC's, and when it began */
    double now_s;          /* of the last question, and the local time then, as if it were UTC's */
    int64_t local_now_s;
    int year, month, day;
};

/* The moment.  `now_s` fills in what is not said: the year (this one, or the last where it would be
 * more than a day ahead), the day (today, or yesterday).  `zone_minutes` (NULL: local time) counts
 * where the text names no zone.  false: there is no such day or time. */
bool date_moment(const struct date_text field[DATE_FIELD_COUNT], double now_s,
                 const int *zone_minutes, struct date_hour *hour, double *out_s);
