/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/date_field.h"

#include <string.h>

#include "core/base/attr.h"

#define DAYS_SHORT   "mon|tue|wed|thu|fri|sat|sun"
#define DAYS_FULL    "wednesday|thursday|saturday|tuesday|monday|friday|sunday"
#define MONTHS_SHORT "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
#define MONTHS_FULL                                                                                \
    "september|february|november|december|january|october|august|march|april|june|july|may"
#define ZONE_NAME "[A-Z](?:[A-Z]{2,4})?"

/* As strptime(3) has them, in the widths that fail2ban takes. */
static const struct {
    const char *name; /* behind the '%' */
    const char *expression;
    const char *title; /* how templates are called; NULL: as in the pattern */
} fields[] = {
    {"ExY", NULL, "ExYear"},
    {"Exy", "(?P<y>\\d{2})", "ExYear2"},
    {"ExZ", "(?P<Z>" ZONE_NAME ")", "ExZone name"},
    {"Exz", "(?P<z>(?:" ZONE_NAME ")?[+-][01]\\d(?::?\\d{2})?|" ZONE_NAME ")", "ExZone offset"},
    {"Exd", "(?P<d>[1-2]\\d|0[1-9]|3[0-1])", "ExDay"},
    {"Exm", "(?P<m>0[1-9]|1[0-2])", "ExMonth"},
    {"ExH", "(?P<H>[0-1]\\d|2[0-3])", "Ex24hour"},
    {"Exk", " ?(?P<H>[0-1]?\\d|2[0-3])", NULL},
    {"Exl", " ?(?P<I>1[0-2]|\\d)", NULL},
    {"ExM", "(?P<M>[0-5]\\d)", "ExMinute"},
    {"ExS", "(?P<S>[0-5]\\d|6[0-1])", "ExSecond"},
    {"%", "%", "%"},
    {"a", "(?P<a>" DAYS_SHORT ")", "DAY"},
    {"A", "(?P<A>" DAYS_FULL ")", "DAYNAME"},
    {"b", "(?P<b>" MONTHS_SHORT ")", "MON"},
    {"B", "(?P<B>" MONTHS_FULL ")", "MONTH"},
    {"d", "(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])", "Day"},
    {"f", "(?P<f>[0-9]{1,6})", "Microseconds"},
    {"G", "(?P<G>\\d{4})", NULL},
    {"H", "(?P<H>[0-1]?\\d|2[0-3])", "24hour"},
    {"I", "(?P<I>1[0-2]|0[1-9]|[1-9])", "12hour"},
    {"j", "(?P<j>36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])",
     "Yearday"},
    {"k", " ?(?P<H>[0-2]?\\d)", NULL},
    {"l", " ?(?P<I>1?\\d)", NULL},
    {"m", "(?P<m>0?[1-9]|1[0-2])", "Month"},
    {"M", "(?P<M>[0-5]?\\d)", "Minute"},
    {"p", "(?P<p>am|pm)", "AMPM"},
    {"S", "(?P<S>[0-5]?\\d|6[0-1])", "Second"},
    {"u", "(?P<u>[1-7])", NULL},
    {"U", "(?P<U>5[0-3]|[0-4]\\d|\\d)", "Yearweek"},
    {"V", "(?P<V>5[0-3]|0[1-9]|[1-4]\\d|\\d)", NULL},
    {"w", "(?P<w>[0-6])", "Weekday"},
    {"W", "(?P<W>5[0-3]|[0-4]\\d|\\d)", "Yearweek"},
    {"y", "(?P<y>\\d\\d)", "Year2"},
    {"Y", "(?P<Y>\\d{4})", "Year"},
    {"z", "(?P<z>Z|UTC|GMT|[+-][01]\\d(?::?\\d{2})?)", "Zone offset"},
    {"Z", "(?P<Z>Z|[A-Z]{3,5})", "Zone name"},
    {"c", "%a %b %d %H:%M:%S %Y", NULL},
    {"x", "%m/%d/%y", NULL},
    {"X", "%H:%M:%S", NULL},
};

static int find_field(const char *at)
{
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
        if (strncmp(fields[i].name, at, strlen(fields[i].name)) == 0)
            return (int)i;
    return -1;
}

/* %ExY: whole decades, so that "0000" or "9999" in a text is no year. */
static void write_years(const struct date_rules *rules, struct str *out)
{
    str_add(out, "(?P<Y>(?:");
    for (int decade = rules->first_year / 10; decade <= rules->last_year / 10; decade++)
        str_addf(out, "%s%d", decade == rules->first_year / 10 ? "" : "|", decade);
    str_add(out, ")\\d)");
}

static void write_field(int f, const struct date_rules *rules, struct str *out)
{
    struct str ignored = str_of(0);
    if (!fields[f].expression)
        write_years(rules, out);
    else if (fields[f].expression[0] == '%' && fields[f].expression[1]) /* a form of several */
        date_fields_write(fields[f].expression, rules, out, &ignored);
    else
        str_add(out, fields[f].expression);
    str_done(&ignored);
}

bool date_fields_write(const char *pattern, const struct date_rules *rules, struct str *out,
                       struct str *name)
{
    while (*pattern) {
        size_t plain = strcspn(pattern, "%");
        str_add_len(out, pattern, plain);
        str_add_len(name, pattern, plain);
        pattern += plain;
        if (!*pattern)
            break;
        int f = find_field(pattern + 1);
        if (f < 0)
            return false;
        write_field(f, rules, out);
        if (fields[f].title)
            str_add(name, fields[f].title);
        else
            str_addf(name, "%%%s", fields[f].name);
        pattern += 1 + strlen(fields[f].name);
    }
    return true;
}

bool date_fields_have_letters(const char *pattern)
{
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at + 1, '%'))
        if ((at == pattern || at[-1] != '%') && at[1] && strchr("aAbBpc", at[1]))
            return true;
    return false;
}

int date_field_of_group(const char *name)
{
    static const char letters[DATE_FIELD_COUNT + 1] = "YymBbdHIpMSAawjUWz";
    if (!name[0] || name[1])
        return -1;
    const char *at = strchr(letters, name[0] == 'Z' ? 'z' : name[0]);
    return at ? (int)(at - letters) : -1;
}
