/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter at work: lines in, failures out.  The order of its steps is fail2ban's, and so is what
 * it remembers of connections; what becomes of a failure is for the caller. */
#pragma once

#include "tool/ban/filter/ban_id.h"
#include "tool/ban/filter/connection.h"
#include "tool/ban/filter/date_detector.h"
#include "tool/ban/filter/line_buffer.h"
#include "tool/ban/filter/line_prefilter.h"

enum ban_usedns { USEDNS_YES, USEDNS_WARN, USEDNS_NO, USEDNS_RAW };

enum { FILTER_RULES_MAX = 512, FILTER_LINES_MAX = 256 };

enum found_kind {
    FOUND_ID,      /* of `id` */
    FOUND_NAME,    /* `id.text` is a name that has to be resolved first */
    FOUND_PENDING, /* nobody is named yet */
};

struct ban_found {
    enum found_kind kind;
    unsigned rule; /* index of the failregex */
    struct ban_id id;
    struct ban_id ip; /* where the id is something else: the address beside it; else empty */
    double moment_s;
    bool is_nofail;              /* context only, no failure */
    const struct ban_fail *fail; /* lives until the callback returns */
};

struct ban_filter;
typedef void ban_found_fn(void *ctx, struct ban_filter *f, const struct ban_found *found);
typedef void ban_ignored_fn(void *ctx, unsigned ignore_rule);

struct ban_filter {
    struct arena arena; /* texts of rules */
    struct rule_keys keys;
    struct rule pref, *fail, *ignore;
    bool has_pref;
    size_t fail_count, fail_capacity, ignore_count, ignore_capacity;

    enum ban_usedns usedns;
    bool raw_hosts;      /* names are not resolved, whatever usedns says */
    bool check_all;      /* try all rules, not only up to the first that matches */
    bool ignore_pending; /* failures of nobody are not told */
    bool no_ids;         /* whoever is told does not look at the ids of addresses */
    bool use_find_time;  /* old and odd dates count (server), or not (regex) */
    bool in_operation;   /* the lines are new, so odd dates are taken for now */
    double find_time_s;
    bool has_dates; /* false: no line has one */
    struct date_detector dates;
    unsigned max_lines;

    ban_found_fn *found;
    ban_ignored_fn *ignored; /* may be NULL */
    void *ctx;

    /* at work */
    struct regex_match *match;
    struct line_prefilter prefilter;
    struct prefilter_mask may; /* rules that the line may match */
    bool count_pref;           /* try the prefregex also where no rule can match, for its count */
    struct connections connections;
    struct line_buffer buffer;
    struct line_buffer original, matched, rest; /* while rules go over several lines */
    struct ban_fail pre, now; /* groups of the prefregex, of the rule that matched */
    struct ban_fail told;
    struct ban_found found_now;
    struct str subject, decoded;
    bool has_last_date;
    double last_date_s;
    struct str last_date_text;
    double wall_s;       /* of the line being read; for the connections */
    bool pref_matched;   /* on the last line */
    uint64_t limits_hit; /* searches that were given up as too costly */
    uint64_t odd_dates, old_lines;
};

void ban_filter_init(struct ban_filter *f, struct date_book *book);
void ban_filter_done(struct ban_filter *f);

/* 0 or -EINVAL.  usedns, max_lines and the prefregex count for what is added later. */
int ban_filter_set_pref(struct ban_filter *f, const char *text, struct err *e) MUST_CHECK;
int ban_filter_add_fail(struct ban_filter *f, const char *text, struct err *e) MUST_CHECK;
int ban_filter_add_ignore(struct ban_filter *f, const char *text, struct err *e) MUST_CHECK;
void ban_filter_remove_rules(struct ban_filter *f, bool fail, bool ignore);
bool ban_filter_remove_rule(struct ban_filter *f, bool ignore, size_t index);
enum ban_usedns ban_usedns_of(const char *text); /* "no" for what is none of the four */
const char *ban_usedns_name(enum ban_usedns usedns);

/* One line, without its end.  `date_s` (may be NULL): its moment is known (journal).  `now_s` is
 * the clock that dates are compared with, `wall_s` the true one. */
void ban_filter_line(struct ban_filter *f, const char *line, size_t len, const double *date_s,
                     double now_s, double wall_s);
