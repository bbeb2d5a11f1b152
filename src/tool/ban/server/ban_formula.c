/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_formula.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, ARGUMENTS_MAX = 8 };

struct reader {
    const char *at, *start;
    const struct ban_formula_values *v;
    unsigned depth;
    bool bad;
};

static double choice(struct reader *r);

static void skip_blanks(struct reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The operator or word, when it stands next and is not the begin of a longer one. */
static bool take(struct reader *r, const char *token)
{
    size_t n = strlen(token);
    skip_blanks(r);
    if (strncmp(r->at, token, n) != 0)
        return false;
    if (is_word(token[0]) && is_word(r->at[n]))
        return false;
    if (n == 1 && strchr("*/<>=", token[0]) && (r->at[1] == token[0]))
        return false;
    if (n == 1 && strchr("<>", token[0]) && r->at[1] == '=')
        return false;
    r->at += n;
    return true;
}

static double fail(struct reader *r)
{
    r->bad = true;
    return 0;
}

static size_t arguments(struct reader *r, double *out)
{
    size_t count = 0;
    if (take(r, ")"))
        return 0;
    do {
        double value = choice(r);
        if (count < ARGUMENTS_MAX)
            out[count++] = value;
        else
            r->bad = true;
    } while (!r->bad && take(r, ","));
    if (!take(r, ")"))
        r->bad = true;
    return count;
}

static double pick(struct reader *r, bool largest)
{
    double a[ARGUMENTS_MAX] = {0};
    size_t count = arguments(r, a);
    if (!count)
        return fail(r);
    double best = a[0];
    for (size_t i = 1; i < count; i++)
        best = (largest ? a[i] > best : a[i] < best) ? a[i] : best;
    return best;
}

static double call(struct reader *r, double (*fn)(double))
{
    double a[ARGUMENTS_MAX] = {0};
    return arguments(r, a) == 1 ? fn(a[0]) : fail(r);
}

static double identity(double x)
{
    return x;
}

static double function(struct reader *r)
{
    static const struct {
        const char *name;
        double (*fn)(double);
    } functions[] = {{"abs", fabs},         {"int", trunc},      {"float", identity},
                     {"round", rint},       {"math.exp", exp},   {"math.log2", log2},
                     {"math.log10", log10}, {"math.sqrt", sqrt}, {"math.log", log},
                     {"math.floor", floor}, {"math.ceil", ceil}};
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++)
        if (take(r, functions[i].name))
            return take(r, "(") ? call(r, functions[i].fn) : fail(r);
    if (take(r, "min"))
        return take(r, "(") ? pick(r, false) : fail(r);
    if (take(r, "max"))
        return take(r, "(") ? pick(r, true) : fail(r);
    if (take(r, "pow") || take(r, "math.pow")) {
        double a[ARGUMENTS_MAX] = {0};
        return take(r, "(") && arguments(r, a) == 2 ? pow(a[0], a[1]) : fail(r);
    }
    return fail(r);
}

static double atom(struct reader *r)
{
    skip_blanks(r);
    if (isdigit((unsigned char)*r->at) || (*r->at == '.' && isdigit((unsigned char)r->at[1]))) {
        char *end;
        double value = strtod(r->at, &end);
        r->at = end;
        return value;
    }
    if (take(r, "(")) {
        double value = choice(r);
        return take(r, ")") ? value : fail(r);
    }
    if (take(r, "ban.Time"))
        return r->v->time_s;
    if (take(r, "ban.Count"))
        return r->v->count;
    if (take(r, "banFactor"))
        return r->v->factor;
    if (take(r, "math.e"))
        return exp(1);
    if (take(r, "math.pi"))
        return acos(-1);
    if (take(r, "True") || take(r, "False"))
        return r->at[-2] == 'u';
    return function(r);
}

static double unary(struct reader *r);

static double power(struct reader *r)
{
    double value = atom(r);
    return take(r, "**") ? pow(value, unary(r)) : value;
}

static double unary(struct reader *r)
{
    if (take(r, "-") || take(r, "+")) {
        bool minus = r->at[-1] == '-';
        if (++r->depth > DEPTH_MAX)
            return fail(r);
        double value = unary(r);
        r->depth--;
        return minus ? -value : value;
    }
    return power(r);
}

static double product(struct reader *r)
{
    double value = unary(r);
    while (!r->bad) {
        bool whole = take(r, "//");
        bool rest = !whole && take(r, "%"), quotient = !whole && !rest && take(r, "/");
        if (!whole && !rest && !quotient && !take(r, "*"))
            break;
        double by = unary(r);
        bool divides = whole || rest || quotient;
        if (divides && by == 0)
            return fail(r);
        value = whole      ? floor(value / by)
                : rest     ? value - by * floor(value / by)
                : quotient ? value / by
                           : value * by;
    }
    return value;
}

static double sum(struct reader *r)
{
    double value = product(r);
    while (!r->bad && (take(r, "+") || take(r, "-"))) {
        bool minus = r->at[-1] == '-';
        double more = product(r);
        value += minus ? -more : more;
    }
    return value;
}

static double shift(struct reader *r)
{
    double value = sum(r);
    while (!r->bad && (take(r, "<<") || take(r, ">>"))) {
        bool left = r->at[-1] == '<';
        double by = sum(r);
        if (by < 0 || by > 1000)
            return fail(r);
        value = left ? trunc(value) * exp2(by) : floor(trunc(value) / exp2(by));
    }
    return value;
}

static double comparison(struct reader *r)
{
    double value = shift(r);
    if (take(r, "<="))
        return value <= shift(r);
    if (take(r, ">="))
        return value >= shift(r);
    if (take(r, "=="))
        return value == shift(r);
    if (take(r, "!="))
        return value != shift(r);
    if (take(r, "<"))
        return value < shift(r);
    if (take(r, ">"))
        return value > shift(r);
    return value;
}

static double negation(struct reader *r)
{
    if (!take(r, "not"))
        return comparison(r);
    if (++r->depth > DEPTH_MAX)
        return fail(r);
    double value = negation(r);
    r->depth--;
    return value == 0;
}

static double conjunction(struct reader *r)
{
    double value = negation(r);
    while (!r->bad && take(r, "and")) {
        double other = negation(r);
        value = value != 0 ? other : value;
    }
    return value;
}

static double disjunction(struct reader *r)
{
    double value = conjunction(r);
    while (!r->bad && take(r, "or")) {
        double other = conjunction(r);
        value = value != 0 ? value : other;
    }
    return value;
}

static double choice(struct reader *r)
{
    if (++r->depth > DEPTH_MAX)
        return fail(r);
    double value = disjunction(r);
    if (!r->bad && take(r, "if")) {
        double condition = disjunction(r);
        double other = take(r, "else") ? choice(r) : fail(r);
        value = condition != 0 ? value : other;
    }
    r->depth--;
    return value;
}

int ban_formula_eval(const char *text, const struct ban_formula_values *v, double *out,
                     struct err *e)
{
    struct reader r = {.at = text, .start = text, .v = v};
    double value = choice(&r);
    skip_blanks(&r);
    if (r.bad || *r.at || !isfinite(value))
        return err_set(e, -EINVAL, "formula \"%.80s\": at byte %zu", text,
                       (size_t)(r.at - r.start));
    *out = value;
    return 0;
}
