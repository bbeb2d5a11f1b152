/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/ban_duration.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32 };

struct reader {
    const char *at;
    int depth;
    bool is_whole, bad;
};

/* Python prints what was ever a float as one; months and years are quotients. */
static const struct unit {
    const char *names; /* separated by blanks */
    double seconds;
    bool is_whole;
} units[] = {
    {"days day da dd d", 86400, true},
    {"weeks week wee we ww w", 7 * 86400, true},
    {"months month mon mo", 365.25 * 86400 / 12, false},
    {"years year yea ye yy y", 365.25 * 86400, false},
    {"seconds second sec se ss s", 1, true},
    {"minutes minute min mi mm m", 60, true},
    {"hours hour hou ho hh h", 3600, true},
};

static void skip_blanks(struct reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static bool has_word(const char *words, const char *word, size_t len)
{
    while (*words) {
        size_t n = strcspn(words, " ");
        if (n == len && strncasecmp(words, word, len) == 0)
            return true;
        words += n + (words[n] == ' ');
    }
    return false;
}

static const struct unit *take_unit(struct reader *r)
{
    size_t n = 0;
    while (isalpha((unsigned char)r->at[n]))
        n++;
    for (size_t i = 0; n && i < ARRAY_COUNT(units); i++)
        if (has_word(units[i].names, r->at, n)) {
            r->at += n;
            return &units[i];
        }
    return NULL;
}

static double sum(struct reader *r);

static double number(struct reader *r)
{
    size_t n = strspn(r->at, "0123456789"), all = n;
    if (r->at[n] == '.')
        all = n + 1 + strspn(r->at + n + 1, "0123456789");
    bool has_leading_zero = all == n && n > 1 && r->at[0] == '0' && strspn(r->at, "0") < n;
    if (all == 0 || (all == 1 && n == 0) || all > 40 || has_leading_zero) {
        r->bad = true;
        return 0;
    }
    char text[48] = "";
    memcpy(text, r->at, all);
    r->is_whole &= all == n;
    r->at += all;
    return strtod(text, NULL);
}

/* A number or a sum in parentheses, with its sign. */
static double atom(struct reader *r)
{
    double value = 0, sign = 1;
    skip_blanks(r);
    for (; *r->at == '-' || *r->at == '+'; skip_blanks(r))
        sign = *r->at++ == '-' ? -sign : sign;
    if (*r->at != '(')
        return sign * number(r);
    r->at++;
    if (++r->depth > DEPTH_MAX)
        r->bad = true;
    else
        value = sum(r);
    r->depth--;
    skip_blanks(r);
    if (*r->at == ')')
        r->at++;
    else
        r->bad = true;
    return sign * value;
}

static double with_unit(struct reader *r, double value)
{
    const char *before = r->at;
    skip_blanks(r);
    /* a unit stands right behind a digit, or behind a blank */
    if (r->bad || (before == r->at && !isdigit((unsigned char)before[-1])))
        return value;
    const struct unit *u = take_unit(r);
    if (!u)
        return value;
    r->is_whole &= u->is_whole;
    return value * u->seconds;
}

static double product(struct reader *r)
{
    double value = with_unit(r, atom(r));
    for (skip_blanks(r); !r->bad && (*r->at == '*' || *r->at == '/'); skip_blanks(r)) {
        bool divide = *r->at++ == '/';
        double by = atom(r);
        r->is_whole &= !divide;
        r->bad |= divide && by == 0;
        value = with_unit(r, divide && by != 0 ? value / by : value * by);
    }
    return value;
}

static double sum(struct reader *r)
{
    double value = product(r);
    while (!r->bad) {
        bool after_digit = isalnum((unsigned char)r->at[-1]) || isspace((unsigned char)r->at[-1]);
        skip_blanks(r);
        char c = *r->at;
        if (c == '+' || c == '-')
            r->at++;
        else if (!isdigit((unsigned char)c) || !after_digit)
            break;
        double more = product(r);
        value += c == '-' ? -more : more;
    }
    return value;
}

int ban_duration_parse(const char *text, double *out, bool *out_is_whole, struct err *e)
{
    struct reader r = {.at = text, .is_whole = true};
    skip_blanks(&r);
    double value = *r.at ? sum(&r) : NAN;
    skip_blanks(&r);
    if (r.bad || *r.at || !isfinite(value))
        return err_set(e, -EINVAL, "\"%.60s\" is no time: such as 600, 10m, 1d 12h", text);
    *out = value;
    if (out_is_whole)
        *out_is_whole = r.is_whole;
    return 0;
}

/* The two or three largest units, rounded to the smallest of them. */
void ban_duration_print(double seconds, struct str *out)
{
    static const struct {
        double from, step;
        int size[3]; /* of the units, in steps; 0: there is none */
        char name[3];
    } forms[] = {
        {365 * 86400.0, 86400, {365, 7, 1}, "ywd"},
        {7 * 86400.0, 3600, {168, 24, 1}, "wdh"},
        {86400, 60, {1440, 60, 1}, "dhm"},
        {3595, 10, {360, 6, 0}, "hm"},
        {0, 1, {60, 1, 0}, "ms"},
    };
    size_t f = 0;
    while (f + 1 < ARRAY_COUNT(forms) && seconds < forms[f].from)
        f++;
    long long left = forms[f].step == 1 ? (long long)seconds : llrint(seconds / forms[f].step);
    bool is_first = true;
    for (size_t i = 0; i < 3 && forms[f].size[i]; i++) {
        long long count = left / forms[f].size[i];
        left %= forms[f].size[i];
        if (!count)
            continue;
        str_addf(out, "%s%lld%c", is_first ? "" : " ", count, forms[f].name[i]);
        is_first = false;
    }
    if (is_first)
        str_add_char(out, '0');
}
