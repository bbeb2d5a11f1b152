/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The revision history, the document's version, and the moments that must fit to it. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/text/date.h"
#include "core/text/semver.h"
#include "core/text/version.h"
#include "tool/advisory/csaf/rules.h"

enum { REVISIONS_MAX = 4096 };

struct history {
    const struct json_node *item[REVISIONS_MAX];
    size_t count;
};

static const char *number_of(const struct json_node *revision)
{
    const char *number = json_member(revision, "number");
    return number ? number : "";
}

/* A whole number counts as "N.0.0"; build metadata does not count. */
static int compare_numbers(const char *a, const char *b)
{
    return version_scheme_find("semver")->compare(a, b);
}

static int compare_revisions(const void *a, const void *b)
{
    const struct json_node *x = *(const struct json_node *const *)a,
                           *y = *(const struct json_node *const *)b;
    int order = csaf_compare_moments(json_find(x, "date"), json_find(y, "date"));
    return order ? order : compare_numbers(number_of(x), number_of(y));
}

static void sort(const struct csaf *c, struct history *h)
{
    h->count = 0;
    JSON_EACH (revision, json_find(c->tracking, "revision_history"))
        if (h->count < REVISIONS_MAX)
            h->item[h->count++] = revision;
    qsort(h->item, h->count, sizeof *h->item, compare_revisions);
}

static const struct json_node *history_node(const struct csaf *c)
{
    return json_find(c->tracking, "revision_history");
}

static const char *version_of(const struct csaf *c)
{
    const char *version = json_member(c->tracking, "version");
    return version ? version : "";
}

/* 6.1.14 */
void csaf_history_unsorted(struct csaf *c)
{
    struct history h;
    sort(c, &h);
    for (size_t i = 1; i < h.count; i++)
        if (compare_numbers(number_of(h.item[i - 1]), number_of(h.item[i])) > 0)
            csaf_found(c, history_node(c), NULL, "number %s is later than %s", number_of(h.item[i]),
                       number_of(h.item[i - 1]));
}

/* 6.1.16 */
void csaf_version_latest(struct csaf *c)
{
    struct history h;
    sort(c, &h);
    if (h.count == 0)
        return;
    const char *last = number_of(h.item[h.count - 1]), *version = version_of(c);
    struct semver a = semver_split(version), b = semver_split(last);
    bool draft = strcmp(c->status, "draft") == 0;
    bool same =
        semver_compare_numbers(&a, &b) == 0 && (draft || compare_numbers(version, last) == 0);
    if (!same)
        csaf_found(c, c->tracking, "version", "the newest revision is %s", last);
}

static bool is_zero(const char *number)
{
    return number[0] == '0' && (!number[1] || strchr(".-+", number[1]));
}

static bool has_pre(const char *number)
{
    return semver_split(number).pre != NULL;
}

/* 6.1.17 */
void csaf_draft_status(struct csaf *c)
{
    const char *version = version_of(c);
    if ((is_zero(version) || has_pre(version)) && strcmp(c->status, "draft") != 0)
        csaf_found(c, c->tracking, "status", "version %s is that of a draft", version);
}

/* 6.1.18 */
void csaf_history_released(struct csaf *c)
{
    JSON_EACH (revision, history_node(c))
        if (csaf_is_released(c) && is_zero(number_of(revision)))
            csaf_found(c, revision, "number", "a draft's number in a released document");
}

/* 6.1.19 */
void csaf_history_pre(struct csaf *c)
{
    JSON_EACH (revision, history_node(c))
        if (has_pre(number_of(revision)))
            csaf_found(c, revision, "number", "a pre-release in the history");
}

/* 6.1.20 */
void csaf_version_pre(struct csaf *c)
{
    if (csaf_is_released(c) && has_pre(version_of(c)))
        csaf_found(c, c->tracking, "version", "a pre-release in a released document");
}

/* 6.1.21 */
void csaf_history_gap(struct csaf *c)
{
    struct history h;
    sort(c, &h);
    for (size_t i = 0; i < h.count; i++) {
        unsigned long major = strtoul(number_of(h.item[i]), NULL, 10);
        unsigned long before = i ? strtoul(number_of(h.item[i - 1]), NULL, 10) : 0;
        if (i == 0 ? major > 1 : major > before + 1)
            csaf_found(c, history_node(c), NULL, "version %lu is missing before %s",
                       i ? before + 1 : 1, number_of(h.item[i]));
    }
}

/* 6.1.22 */
void csaf_history_twice(struct csaf *c)
{
    JSON_EACH (a, history_node(c))
        for (const struct json_node *b = a->next; b; b = b->next)
            if (strcmp(number_of(a), number_of(b)) == 0)
                csaf_found(c, b, "number", "number %s stands twice", number_of(b));
}

/* 6.1.30 */
void csaf_version_mixed(struct csaf *c)
{
    bool semantic = strchr(version_of(c), '.') != NULL;
    JSON_EACH (revision, history_node(c))
        if (*number_of(revision) && (strchr(number_of(revision), '.') != NULL) != semantic)
            csaf_found(c, revision, "number", "integer and semantic versions are mixed");
}

/* 6.2.4 */
void csaf_history_build(struct csaf *c)
{
    JSON_EACH (revision, history_node(c))
        if (strchr(number_of(revision), '+'))
            csaf_found(c, revision, "number", "build metadata in the history");
}

/* 6.2.5, 6.2.6 */
void csaf_initial_date(struct csaf *c)
{
    const struct json_node *oldest = csaf_oldest_revision(c);
    const struct json_node *initial = json_find(c->tracking, "initial_release_date");
    if (oldest && initial && csaf_compare_moments(initial, json_find(oldest, "date")) < 0)
        csaf_found(c, initial, NULL, "older than the oldest revision");
}

void csaf_current_date(struct csaf *c)
{
    const struct json_node *newest = csaf_newest_revision(c);
    const struct json_node *current = json_find(c->tracking, "current_release_date");
    if (newest && current && csaf_compare_moments(current, json_find(newest, "date")) < 0)
        csaf_found(c, current, NULL, "older than the newest revision");
}

/* 6.2.21 */
void csaf_history_same_date(struct csaf *c)
{
    JSON_EACH (a, history_node(c))
        for (const struct json_node *b = a->next; b; b = b->next)
            if (csaf_compare_moments(json_find(a, "date"), json_find(b, "date")) == 0)
                csaf_found(c, b, "date", "two revisions of one moment");
}

/* ---- moments that may not be later than the newest revision ---- */

static void check_not_later(struct csaf *c, const struct json_node *moment)
{
    const struct json_node *newest = csaf_newest_revision(c);
    if (moment && newest && csaf_compare_moments(moment, json_find(newest, "date")) > 0)
        csaf_found(c, moment, NULL, "later than the newest revision");
}

/* 6.1.45 */
void csaf_disclosure_late(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        if (csaf_is_released(c) && strcmp(c->label, "CLEAR") == 0)
            check_not_later(c, json_find(v, "disclosure_date"));
}

/* 6.2.33 */
void csaf_disclosure_passed(struct csaf *c)
{
    int64_t seconds, now = (int64_t)(clock_wall_ns(&clock_system) / NS_PER_S);
    uint32_t ns;
    JSON_EACH (v, c->vulnerabilities) {
        const struct json_node *disclosed = json_find(v, "disclosure_date");
        if (disclosed && csaf_moment(disclosed, &seconds, &ns) && seconds <= now)
            check_not_later(c, disclosed);
    }
}

/* 6.1.49, 6.1.51 */
static void check_timestamps(struct csaf *c, const char *key)
{
    JSON_EACH (v, c->vulnerabilities)
        CSAF_EACH_SCORE (s, c, v)
            if (csaf_is_released(c))
                check_not_later(c, json_find(json_find(s.content, key), "timestamp"));
}

void csaf_ssvc_late(struct csaf *c)
{
    check_timestamps(c, "ssvc_v2");
}

void csaf_epss_late(struct csaf *c)
{
    check_timestamps(c, "epss");
}

/* 6.1.52 */
void csaf_exploited_late(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (item, json_find(v, "first_known_exploitation_dates"))
            if (csaf_is_released(c)) {
                check_not_later(c, json_find(item, "date"));
                check_not_later(c, json_find(item, "exploitation_date"));
            }
}

/* 6.1.53 */
void csaf_exploited_order(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (item, json_find(v, "first_known_exploitation_dates")) {
            const struct json_node *exploited = json_find(item, "exploitation_date"),
                                   *told = json_find(item, "date");
            if (exploited && told && csaf_compare_moments(exploited, told) > 0)
                csaf_found(c, exploited, NULL, "later than the day it became known");
        }
}

/* 6.2.41 */
void csaf_epss_old(struct csaf *c)
{
    static const int64_t most_s = 15 * 86400;
    const struct json_node *newest = csaf_newest_revision(c);
    int64_t newest_s, seconds;
    uint32_t ns;
    if (!newest || !csaf_is_released(c) || !csaf_moment(json_find(newest, "date"), &newest_s, &ns))
        return;
    JSON_EACH (v, c->vulnerabilities) {
        const struct json_node *youngest = NULL;
        CSAF_EACH_SCORE (s, c, v) {
            const struct json_node *t = json_find(json_find(s.content, "epss"), "timestamp");
            if (t && (!youngest || csaf_compare_moments(t, youngest) > 0))
                youngest = t;
        }
        if (youngest && csaf_moment(youngest, &seconds, &ns) && newest_s - seconds > most_s)
            csaf_found(c, youngest, NULL, "more than 15 days older than the newest revision");
    }
}

/* 6.1.37: RFC 3339 with capital letters and without leap seconds. */
void csaf_moment_form(struct csaf *c)
{
    for (size_t i = 0; i < c->dates.count; i++) {
        const char *text = c->dates.item[i]->text;
        int64_t seconds;
        uint32_t ns;
        bool good = csaf_moment(c->dates.item[i], &seconds, &ns) && !strpbrk(text, "tz");
        good = good && strncmp(text + 17, "60", 2) != 0;
        if (!good)
            csaf_found(c, c->dates.item[i], NULL, "\"%s\" is no moment as the standard writes it",
                       text);
    }
}
