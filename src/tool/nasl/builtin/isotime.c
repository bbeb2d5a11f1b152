/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISO 8601 times as texts, "20240229T123456": they reach beyond what fits into 32 bits of seconds.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { BASIC = 15, DAYS_MAX = 9999 * 366, YEARS_MAX = 9999 };

static bool all_digits(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isdigit((unsigned char)p[i]))
            return false;
    return true;
}

static int number(const char *p, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + p[i] - '0';
    return value;
}

/* "20240229T123456", whatever follows. */
static bool is_basic(const char *p)
{
    return strlen(p) >= BASIC && all_digits(p, 8) && p[8] == 'T' && all_digits(p + 9, 6);
}

static bool is_basic_whole(const char *p)
{
    return is_basic(p) && (!p[BASIC] || strchr(" \t\n\v\f\r:,", p[BASIC]));
}

static bool in_range(const char *p, int least, int most)
{
    return all_digits(p, 2) && number(p, 2) >= least && number(p, 2) <= most;
}

/* "2024-02-29[ 12[:34[:56]]]"; a second blank or a comma ends it.  How many parts, 3 to 6; 0: none.
 */
static int human_parts(const char *p)
{
    static const struct {
        char before;
        int least, most;
    } part[] = {{'-', 1, 12}, {'-', 1, 31}, {' ', 0, 23}, {':', 0, 59}, {':', 0, 60}};
    if (strlen(p) < 4 || !all_digits(p, 4))
        return 0;
    p += 4;
    int count = 1;
    for (size_t i = 0; i < ARRAY_COUNT(part); i++, count++) {
        bool blank = part[i].before == ' ' && (*p == ' ' || *p == '\t');
        if (count >= 3 && (!*p || *p == ','))
            return count;
        if (!blank && *p != part[i].before)
            return 0;
        if (blank && (p[1] == ' ' || p[1] == '\t'))
            return count;
        if (!p[1] || !in_range(p + 1, part[i].least, part[i].most))
            return 0;
        p += 3;
    }
    return !*p || *p == ',' || *p == ' ' || *p == '\t' ? count : 0;
}

/* The argument; data is cut to the 15 bytes of the basic form.  NULL: no text, or too short. */
static const char *time_arg(struct nasl_call *c, char room[BASIC + 1])
{
    const struct nasl_value *v = nasl_arg(c, 0);
    if (!nasl_is_text(v))
        return NULL;
    if (v->type == NASL_STRING)
        return v->string->text;
    if (v->string->len < BASIC)
        return NULL;
    memcpy(room, v->string->text, BASIC);
    room[BASIC] = '\0';
    return room;
}

static struct nasl_value text_value(struct nasl_call *c, const char *text)
{
    return nasl_text(nasl_call_heap(c), NASL_STRING, text, strlen(text));
}

static struct nasl_value do_is_valid(struct nasl_call *c)
{
    char room[BASIC + 1];
    const char *text = time_arg(c, room);
    return nasl_int(text && (is_basic_whole(text) || human_parts(text) > 0));
}

static struct nasl_value do_scan(struct nasl_call *c)
{
    char room[BASIC + 1], out[BASIC + 1] = "00000000T000000";
    const char *text = time_arg(c, room);
    if (!text)
        return nasl_undef();
    if (is_basic_whole(text)) {
        memcpy(out, text, BASIC);
        return text_value(c, out);
    }
    int parts = human_parts(text);
    if (!parts)
        return nasl_undef();
    static const struct {
        int from, to;
    } digit[] = {{5, 4}, {8, 6}, {11, 9}, {14, 11}, {17, 13}};
    memcpy(out, text, 4);
    for (int i = 0; i + 1 < parts; i++)
        memcpy(out + digit[i].to, text + digit[i].from, 2);
    if (parts == 3)
        out[9] = '\0'; /* a date alone ends behind the T */
    return text_value(c, out);
}

static struct nasl_value do_print(struct nasl_call *c)
{
    const struct nasl_value *v = nasl_arg(c, 0);
    char out[24];
    if (nasl_arg_size(v) < BASIC || !is_basic(v->string->text))
        return text_value(c, "[none]");
    const char *p = v->string->text;
    snprintf(out, sizeof out, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", p, p + 4, p + 6, p + 9, p + 11,
             p + 13);
    return text_value(c, out);
}

static void format_time(char out[BASIC + 17], int64_t days, int64_t second)
{
    struct civil d = clock_civil((uint64_t)days * 86400 * NS_PER_S);
    snprintf(out, BASIC + 17, "%04d%02u%02uT%02d%02d%02d", d.year, d.month, d.day,
             (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static struct nasl_value do_now(struct nasl_call *c)
{
    char out[BASIC + 17];
    int64_t now = (int64_t)(clock_wall_ns(nasl_vm_host(c->vm)->clock) / NS_PER_S);
    format_time(out, now / 86400, now % 86400);
    return text_value(c, out);
}

enum { ADD_DAYS, ADD_SECONDS, ADD_YEARS };

/* clock_civil() counts from 1970; earlier days go 28 Gregorian cycles of 400 years up and down. */
static void write_date(char out[BASIC + 17], int64_t days, int64_t second)
{
    static const int64_t cycle = 146097;
    int shift = 0;
    for (; days < 0; days += cycle)
        shift += 400;
    format_time(out, days, second);
    if (shift) {
        char year[16];
        snprintf(year, sizeof year, "%04d", number(out, 4) - shift);
        memcpy(out, year, 4);
    }
}

static struct nasl_value do_add(struct nasl_call *c)
{
    const struct nasl_value *v = nasl_arg(c, 0);
    int64_t days = nasl_arg_int(nasl_named(c, ADD_DAYS), 0);
    int64_t seconds = nasl_arg_int(nasl_named(c, ADD_SECONDS), 0);
    int64_t years = nasl_arg_int(nasl_named(c, ADD_YEARS), 0);
    if (nasl_arg_size(v) < BASIC || !is_basic(v->string->text) || days < 0 || days >= DAYS_MAX ||
        seconds < 0 || seconds >= INT32_MAX - 61 || years < 0 || years >= YEARS_MAX)
        return nasl_undef();
    const char *p = v->string->text;
    int year = number(p, 4), month = number(p + 4, 2), day = number(p + 6, 2);
    if (year * 10000 + month * 100 + day < 15821015 || month < 1 || month > 12)
        return nasl_undef(); /* before the Gregorian calendar */
    int64_t date = clock_days_from_civil(year + (int)years, (unsigned)month, (unsigned)day) + days;
    int64_t second = (number(p + 9, 2) * 60 + number(p + 11, 2)) * 60 + number(p + 13, 2) + seconds;
    char out[BASIC + 17];
    write_date(out, date + second / 86400, second % 86400);
    return strlen(out) == BASIC ? text_value(c, out) : nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"isotime_add", do_add, {"days", "seconds", "years"}, 0},
    {"isotime_is_valid", do_is_valid, {0}, 0},
    {"isotime_now", do_now, {0}, 0},
    {"isotime_print", do_print, {0}, 0},
    {"isotime_scan", do_scan, {0}, 0},
};

const struct nasl_family nasl_family_isotime = {"isotime", rows, ARRAY_COUNT(rows)};
