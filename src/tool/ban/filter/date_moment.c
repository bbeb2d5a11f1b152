/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the fields of a date to the moment it means; the rules for what is left out are those of
 * fail2ban, which compares the date as written with the local time of now. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "tool/ban/filter/date_field.h"
#include "tool/ban/filter/date_zone.h"

enum { DAY_S = 86400, UNKNOWN = -1 };

struct parts {
    int year, month, day, hour, minute, second, weekday, yearday, week;
    bool week_from_monday;
};

static int number(const struct date_text *t)
{
    int value = 0;
    for (size_t i = 0; i < t->len; i++)
        if (t->at[i] >= '0' && t->at[i] <= '9')
            value = value * 10 + (t->at[i] - '0');
    return t->at ? value : UNKNOWN;
}

static int word(const struct date_text *t, const char *const *words, int count)
{
    for (int i = 0; t->at && i < count; i++)
        if (strlen(words[i]) == t->len && strncasecmp(words[i], t->at, t->len) == 0)
            return i;
    return UNKNOWN;
}

static int month_of(const struct date_text *field)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    static const char *const cut[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    int month = number(&field[DATE_MONTH]);
    if (field[DATE_MONTH_FULL].at)
        month = word(&field[DATE_MONTH_FULL], names, 12) + 1;
    if (field[DATE_MONTH_SHORT].at)
        month = word(&field[DATE_MONTH_SHORT], cut, 12) + 1;
    return month;
}

/* 0 is Monday. */
static int weekday_of(const struct date_text *field)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    static const char *const cut[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    if (field[DATE_WEEKDAY_FULL].at)
        return word(&field[DATE_WEEKDAY_FULL], names, 7);
    if (field[DATE_WEEKDAY_SHORT].at)
        return word(&field[DATE_WEEKDAY_SHORT], cut, 7);
    int day = number(&field[DATE_WEEKDAY]);
    return day == UNKNOWN ? UNKNOWN : (day + 6) % 7;
}

static int hour_of(const struct date_text *field)
{
    int hour = number(&field[DATE_HOUR12]);
    if (hour == UNKNOWN)
        return field[DATE_HOUR].at ? number(&field[DATE_HOUR]) : 0;
    bool afternoon = field[DATE_AMPM].at && (field[DATE_AMPM].at[0] | 0x20) == 'p';
    if (hour == 12)
        return afternoon ? 12 : 0;
    return afternoon ? hour + 12 : hour;
}

static struct parts parts_of(const struct date_text *field)
{
    struct parts p = {.year = number(&field[DATE_YEAR]),
                      .month = month_of(field),
                      .day = number(&field[DATE_DAY]),
                      .hour = hour_of(field),
                      .minute = field[DATE_MINUTE].at ? number(&field[DATE_MINUTE]) : 0,
                      .second = field[DATE_SECOND].at ? number(&field[DATE_SECOND]) : 0,
                      .weekday = weekday_of(field),
                      .yearday = number(&field[DATE_YEARDAY]),
                      .week = number(&field[DATE_WEEK_SUNDAY])};
    if (field[DATE_YEAR2].at) {
        p.year = number(&field[DATE_YEAR2]);
        p.year += p.year <= 2000 ? 2000 : 0;
    }
    if (field[DATE_WEEK_MONDAY].at) {
        p.week = number(&field[DATE_WEEK_MONDAY]);
        p.week_from_monday = true;
    }
    return p;
}

static int weekday_of_days(int64_t days) /* 1970-01-01 was a Thursday */
{
    return (int)(((days + 3) % 7 + 7) % 7);
}

/* The day of the year from week and weekday. */
static int yearday_of_week(const struct parts *p)
{
    int first = weekday_of_days(clock_days_from_civil(p->year, 1, 1));
    int weekday = p->weekday, start = first;
    if (!p->week_from_monday) {
        weekday = (weekday + 1) % 7;
        start = (first + 1) % 7;
    }
    int first_week = (7 - start) % 7;
    return p->week == 0 ? 1 + weekday - start : 1 + first_week + 7 * (p->week - 1) + weekday;
}

static void set_yearday(struct parts *p)
{
    int64_t days = clock_days_from_civil(p->year, 1, 1) + p->yearday - 1;
    if (days < 0)
        return;
    struct civil c = clock_civil((uint64_t)days * DAY_S * NS_PER_S);
    p->year = c.year;
    p->month = c.month;
    p->day = c.day;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_day(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* Seconds as if the calendar time were UTC. */
static int64_t naive_seconds(const struct parts *p)
{
    return clock_days_from_civil(p->year, (unsigned)p->month, (unsigned)p->day) * DAY_S +
           p->hour * 3600 + p->minute * 60 + p->second;
}

/* Local time at `now_s`; most questions are of one second. */
static void know_now(struct date_hour *h, double now_s)
{
    struct tm tm;
    time_t t = (time_t)floor(now_s);
    if (h->year && h->now_s == now_s)
        return;
    localtime_r(&t, &tm);
    h->now_s = now_s;
    h->year = tm.tm_year + 1900;
    h->month = tm.tm_mon + 1;
    h->day = tm.tm_mday;
    h->local_now_s = clock_days_from_civil(h->year, (unsigned)h->month, (unsigned)h->day) * DAY_S +
                     tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
}

/* Within an hour local time goes on evenly, or the hour is not kept. */
static bool local_moment(int64_t naive, struct date_hour *kept, int64_t *out)
{
    int64_t hour = naive / 3600 - (naive % 3600 < 0), within = naive - hour * 3600;
    if (!kept->known || hour != kept->hour) {
        int64_t days = hour / 24 - (hour % 24 < 0);
        struct tm tm = {.tm_year = 70, .tm_mday = 1, .tm_hour = (int)(hour - days * 24)};
        tm.tm_mday += (int)days;
        tm.tm_isdst = -1;
        struct tm end = tm, exact = tm;
        end.tm_min = 59, end.tm_sec = 59;
        exact.tm_sec = (int)within;
        errno = 0;
        int64_t start = mktime(&tm), last = mktime(&end);
        if (last - start != 3599) {
            *out = mktime(&exact);
            return *out != -1 || errno == 0;
        }
        kept->known = true;
        kept->hour = hour;
        kept->start_s = start;
    }
    *out = kept->start_s + within;
    return true;
}

/* The day that is not said is today, or yesterday where that would be ahead; so for the year. */
static bool assume(struct parts *p, bool year, bool today, int zone_s, int64_t now, int64_t *out)
{
    int64_t moment = naive_seconds(p) - zone_s;
    if (today && moment > now)
        moment -= DAY_S;
    if (year && moment > now + DAY_S) {
        if (!is_day(p->year - 1, p->month, p->day))
            return false;
        struct parts last = *p;
        int64_t day_s = (moment % DAY_S + DAY_S) % DAY_S;
        last.year--;
        last.hour = (int)(day_s / 3600);
        last.minute = (int)(day_s / 60 % 60);
        last.second = (int)(day_s % 60);
        moment = naive_seconds(&last);
    }
    *out = moment;
    return true;
}

static bool complete(struct parts *p, const struct date_hour *now, bool *out_today)
{
    if (p->year == UNKNOWN)
        p->year = now->year;
    if (p->month == UNKNOWN || p->day == UNKNOWN) {
        if (p->yearday == UNKNOWN && p->week != UNKNOWN && p->weekday != UNKNOWN)
            p->yearday = yearday_of_week(p);
        if (p->yearday != UNKNOWN)
            set_yearday(p);
    }
    *out_today = p->month == UNKNOWN && p->day == UNKNOWN;
    if (*out_today) {
        p->month = now->month;
        p->day = now->day;
    }
    return is_day(p->year, p->month, p->day) && p->hour >= 0 && p->hour < 24 && p->minute >= 0 &&
           p->minute < 60 && p->second >= 0 && p->second < 60;
}

bool date_moment(const struct date_text field[DATE_FIELD_COUNT], double now_s,
                 const int *zone_minutes, struct date_hour *hour, double *out_s)
{
    struct parts p = parts_of(field);
    bool today, no_year = p.year == UNKNOWN;
    int zone = zone_minutes ? *zone_minutes : 0;
    bool has_zone = zone_minutes || field[DATE_ZONE].at;
    int64_t moment;
    if (field[DATE_ZONE].at && !date_zone_offset(field[DATE_ZONE].at, field[DATE_ZONE].len, &zone))
        return false;
    know_now(hour, now_s);
    if (!complete(&p, hour, &today))
        return false;
    moment = naive_seconds(&p) - zone * 60;
    if ((no_year || today) && !assume(&p, no_year, today, zone * 60, hour->local_now_s, &moment))
        return false;
    if (!has_zone && !local_moment(moment, hour, &moment))
        return false;
    *out_s = (double)moment;
    return true;
}
