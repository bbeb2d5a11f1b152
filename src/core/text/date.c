/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/clock.h"

static const int64_t day_s = 86400;
static const int64_t first_s = -62167219200, last_s = 253402300799; /* years 0 to 9999 */

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* The zones of RFC 5322 4.3; military letters say nothing, as it tells. */
static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8},
    {"PDT", -7}, {"CET", 1},  {"CEST", 2}, {"MET", 1},  {"BST", 1},  {"JST", 9},  {"AEST", 10},
};

struct parts {
    int year, month, day, hour, minute, second; /* -1: not seen */
    int zone_minutes;
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool to_date(struct date *out, const struct parts *p)
{
    if (p->year < 0 || p->month < 1 || p->month > 12 || p->day < 1 ||
        p->day > days_of(p->year, p->month) || p->hour > 23 || p->minute > 59 || p->second > 60)
        return false;
    int64_t days = clock_days_from_civil(p->year, (unsigned)p->month, (unsigned)p->day);
    int hour = p->hour < 0 ? 0 : p->hour, minute = p->minute < 0 ? 0 : p->minute;
    int second = p->second < 0 ? 0 : p->second == 60 ? 59 : p->second;
    return date_from_seconds(out, days * day_s + hour * 3600 + minute * 60 + second -
                                      (int64_t)p->zone_minutes * 60);
}

bool date_from_seconds(struct date *out, int64_t seconds)
{
    if (seconds < first_s || seconds > last_s)
        return false;
    out->seconds = seconds;
    return true;
}

/* ---- RFC 3339 ---- */

/* Exactly `count` digits; -1: there are fewer, or more. */
static int take_digits(const char **at, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + *(*at)++ - '0';
    }
    return **at >= '0' && **at <= '9' ? -1 : value;
}

static bool take_sign(const char **at, char sign)
{
    bool there = (**at | 0x20) == (sign | 0x20);
    *at += there;
    return there;
}

static bool take_offset(const char **at, int *out_minutes)
{
    if (take_sign(at, 'Z')) {
        *out_minutes = 0;
        return true;
    }
    char sign = **at;
    if (sign != '+' && sign != '-')
        return false;
    (*at)++;
    int hours = take_digits(at, 2);
    if (hours < 0 || hours > 23 || !take_sign(at, ':'))
        return false;
    int minutes = take_digits(at, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *out_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
}

static bool take_fraction(const char **at, uint32_t *out_ns)
{
    uint32_t ns = 0, scale = 100000000;
    *out_ns = 0;
    if (**at != '.')
        return true;
    (*at)++;
    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
        ns += (uint32_t)(**at - '0') * scale;
    *out_ns = ns;
    return true;
}

bool date_parse(struct date *out, uint32_t *out_ns, const char *text)
{
    struct parts p = {0};
    uint32_t ns;
    p.year = take_digits(&text, 4);
    if (p.year < 0 || *text++ != '-' || (p.month = take_digits(&text, 2)) < 0 || *text++ != '-' ||
        (p.day = take_digits(&text, 2)) < 0 || !take_sign(&text, 'T') ||
        (p.hour = take_digits(&text, 2)) < 0 || *text++ != ':' ||
        (p.minute = take_digits(&text, 2)) < 0 || *text++ != ':' ||
        (p.second = take_digits(&text, 2)) < 0 || !take_fraction(&text, &ns) ||
        !take_offset(&text, &p.zone_minutes) || *text || !to_date(out, &p))
        return false;
    if (out_ns)
        *out_ns = ns;
    return true;
}

/* ---- what people write ---- */

static size_t letters(const char *text)
{
    size_t n = 0;
    while ((text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'z')
        n++;
    return n;
}

static int digits(const char *text, int *out_value)
{
    int n = 0;
    *out_value = 0;
    for (; text[n] >= '0' && text[n] <= '9' && n < 9; n++)
        *out_value = *out_value * 10 + text[n] - '0';
    return n;
}

/* "hh:mm", "hh:mm:ss", "hh:mm:ss.fff", behind the hours. */
static const char *take_time(struct parts *p, int hour, const char *at)
{
    p->hour = hour;
    at += 1 + digits(at + 1, &p->minute);
    p->second = 0;
    if (*at == ':')
        at += 1 + digits(at + 1, &p->second);
    if (*at == '.' || *at == ',') {
        int fraction;
        int n = digits(at + 1, &fraction);
        at += n ? 1 + n : 0;
    }
    return at;
}

/* "+hhmm", "+hh:mm", "+hh" */
static const char *take_zone(struct parts *p, const char *at)
{
    int sign = *at == '-' ? -1 : 1, value, minutes = 0;
    int n = digits(at + 1, &value);
    at += 1 + n;
    if (n <= 2 && *at == ':')
        at += 1 + digits(at + 1, &minutes);
    else if (n > 2) {
        minutes = value % 100;
        value /= 100;
    }
    if (value <= 24 && minutes < 60)
        p->zone_minutes = sign * (value * 60 + minutes);
    return at;
}

/* RFC 5322 4.3: two digits below 50 are of this century. */
static int full_year(int year, int len)
{
    return len == 2 ? year + (year < 50 ? 2000 : 1900) : len == 3 ? year + 1900 : year;
}

/* "2003-12-31", "2003-12", "2003/12/31", "20031231", behind the year's digits. */
static const char *take_iso(struct parts *p, int year, int len, const char *at)
{
    if (len == 8) {
        p->year = year / 10000;
        p->month = year / 100 % 100;
        p->day = year % 100;
        return at;
    }
    char sign = *at;
    p->year = year;
    p->day = 1;
    at += 1 + digits(at + 1, &p->month);
    if (*at == sign)
        at += 1 + digits(at + 1, &p->day);
    return at;
}

static const char *take_number(struct parts *p, const char *at)
{
    int value;
    int len = digits(at, &value);
    const char *behind = at + len;
    bool iso = p->year < 0 && p->month < 0 && p->day < 0;
    if (iso && (len == 8 || (len == 4 && (*behind == '-' || *behind == '/') && behind[1] >= '0' &&
                             behind[1] <= '9')))
        return take_iso(p, value, len, behind);
    if (*behind == ':' && len <= 2 && p->hour < 0)
        return take_time(p, value, behind);
    if (len <= 2 && p->day < 0)
        p->day = value;
    else if (p->year < 0)
        p->year = full_year(value, len);
    return behind;
}

static void take_word(struct parts *p, const char *at, size_t len)
{
    for (size_t i = 0; len >= 3 && i < ARRAY_COUNT(months); i++)
        if (strncasecmp(at, months[i], 3) == 0 && p->month < 0) {
            p->month = (int)i + 1;
            return;
        }
    for (size_t i = 0; i < ARRAY_COUNT(zones); i++)
        if (strlen(zones[i].name) == len && strncasecmp(at, zones[i].name, len) == 0)
            p->zone_minutes = zones[i].hours * 60;
    if (len == 2 && strncasecmp(at, "PM", 2) == 0 && p->hour >= 0 && p->hour < 12)
        p->hour += 12;
    if (len == 2 && strncasecmp(at, "AM", 2) == 0 && p->hour == 12)
        p->hour = 0;
}

bool date_parse_loose(struct date *out, const char *text)
{
    struct parts p = {-1, -1, -1, -1, -1, -1, 0};
    int comments = 0;
    for (const char *at = text; *at;) {
        size_t word = letters(at);
        if (*at == '(' || *at == ')') {
            comments += *at == '(' ? 1 : comments > 0 ? -1 : 0;
            at++;
        } else if (comments) {
            at++;
        } else if (*at >= '0' && *at <= '9') {
            at = take_number(&p, at);
        } else if (word) {
            take_word(&p, at, word);
            at += word;
        } else if ((*at == '+' || *at == '-') && p.hour >= 0 && at[1] >= '0' && at[1] <= '9') {
            at = take_zone(&p, at);
        } else {
            at++;
        }
    }
    if (p.year >= 0 && p.month < 0 && p.day < 0)
        p.month = p.day = 1; /* "2003" */
    return to_date(out, &p);
}

/* ---- out ---- */

struct split {
    int year, month, day, hour, minute, second, weekday;
};

/* Days to a date: the era arithmetic of the proleptic Gregorian calendar, for years before 1970 as
 * well. */
static struct split split(const struct date *d)
{
    int64_t days = d->seconds / day_s, rest = d->seconds % day_s;
    if (rest < 0) {
        rest += day_s;
        days--;
    }
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153; /* months from March */
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    return (struct split){(int)(year + era * 400 + (month <= 2)),
                          month,
                          (int)(of_year - (153 * shifted + 2) / 5 + 1),
                          (int)(rest / 3600),
                          (int)(rest / 60 % 60),
                          (int)(rest % 60),
                          (int)(((days % 7) + 11) % 7)};
}

struct date_text date_text(const struct date *d)
{
    struct date_text t;
    struct split s = split(d);
    snprintf(t.text, sizeof t.text, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)s.year % 10000,
             (unsigned)s.month % 100, (unsigned)s.day % 100, (unsigned)s.hour % 100,
             (unsigned)s.minute % 100, (unsigned)s.second % 100);
    return t;
}

struct date_text date_mail_text(const struct date *d)
{
    struct date_text t;
    struct split s = split(d);
    snprintf(t.text, sizeof t.text, "%s, %u %s %04u %02u:%02u:%02u +0000", weekdays[s.weekday],
             (unsigned)s.day % 100, months[s.month - 1], (unsigned)s.year % 10000,
             (unsigned)s.hour % 100, (unsigned)s.minute % 100, (unsigned)s.second % 100);
    return t;
}
