/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One form of dates: a pattern of strptime fields in an expression, or one of the forms that are
 * numbers (epoch, TAI64N).  Frozen once made, but for its compiled forms; detectors share them. */
#pragma once

#include "tool/ban/filter/date_field.h"
#include "tool/ban/filter/rule.h"

enum date_kind { DATE_PATTERN, DATE_EPOCH, DATE_LONG_EPOCH, DATE_TAI64N };

enum date_bound { DATE_BOUND_NONE, DATE_BOUND_WORD, DATE_BOUND_LINE };

struct date_template {
    enum date_kind kind;
    const char *name;
    const char *pattern; /* as given; NULL for the forms that have none */
    double weight;
    bool at_line_begin, at_line_end;
    struct rule rule;
    bool is_syslog;      /* "Jan 23 21:59:59" at the line's begin is one of its texts */
    uint8_t value_group; /* of a number */
    uint8_t field[DATE_FIELD_COUNT * 2]; /* pairs: field, group */
    uint8_t field_count;
};

/* `pattern` may begin with {UNB} (no bounds) or {^LN-BEG} (at the line's begin, up to two marks
 * before it). */
int date_template_open(struct date_template *out, const char *pattern,
                       const struct date_rules *rules, struct arena *arena,
                       struct err *e) MUST_CHECK;

/* "EPOCH", "TAI64N", with or without {^LN-BEG}; a pattern with {EPOCH} or {LEPOCH} in it. */
int date_template_open_number(struct date_template *out, enum date_kind kind, bool line_begin,
                              const char *pattern, struct arena *arena, struct err *e) MUST_CHECK;
/* Is the line's begin "Jan 23 21:59:59" as syslog writes it, and could nothing behind it belong to
 * the date?  Then a template that is_syslog matches these DATE_SYSLOG_LEN bytes, and *field gets
 * what they say. */
enum { DATE_SYSLOG_LEN = 15 };
bool date_syslog_read(const char *line, size_t len, struct date_text field[DATE_FIELD_COUNT]);

void date_template_done(struct date_template *t);

/* The moment of the last match of its rule in `m`. */
bool date_template_moment(const struct date_template *t, const struct regex_match *m,
                          const char *line, double now_s, const int *zone_minutes,
                          struct date_hour *hour, double *out_s);
