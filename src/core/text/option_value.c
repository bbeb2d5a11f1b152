/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms of numbers, spans and fractions that options and configuration files take (declared in
 * option.h).  Read digit by digit: strtol and strtod take blanks, signs, hexadecimal, "nan" and the
 * decimal comma of a locale, none of which belongs here. */
#include "core/text/option.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits into *value; false when it overflows.  *text moves behind them. */
static bool read_digits(const char **text, uint64_t *value)
{
    for (; is_digit(**text); ++*text)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(**text - '0'), value))
            return false;
    return true;
}

int option_read_int(const char *text, int64_t min, int64_t max, int64_t *out, struct err *e)
{
    bool bounded = min != 0 || max != 0, minus = text[0] == '-';
    const char *at = text + minus;
    if (!is_digit(*at) || at[strspn(at, "0123456789")] != '\0')
        return err_set(e, -EINVAL, "\"%.64s\" is no whole number", text);
    uint64_t size = 0, size_max = (uint64_t)INT64_MAX + minus;
    bool fits = read_digits(&at, &size) && size <= size_max;
    int64_t value = minus ? (int64_t)(0 - size) : (int64_t)size;
    if (!fits && !bounded)
        return err_set(e, -EINVAL, "%.64s is too large", text);
    if (!fits || (bounded && (value < min || value > max)))
        return err_set(e, -EINVAL, "%.64s is not within %" PRId64 " to %" PRId64, text, min, max);
    *out = value;
    return 0;
}

static const struct {
    const char *name;
    uint64_t ns;
} unit_row[] = {
    {"", NS_PER_S},         {"ms", NS_PER_MS},       {"s", NS_PER_S},          {"m", 60 * NS_PER_S},
    {"h", 3600 * NS_PER_S}, {"d", 86400 * NS_PER_S}, {"w", 604800 * NS_PER_S},
};

static uint64_t unit_ns(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(unit_row); i++)
        if (strcasecmp(name, unit_row[i].name) == 0)
            return unit_row[i].ns;
    return 0;
}

/* Does `text` begin with "N", "N.N" or ".N"?  Gives the first byte behind it, else NULL. */
static const char *skip_decimal(const char *text)
{
    size_t whole = strspn(text, "0123456789");
    const char *at = text + whole;
    if (*at != '.')
        return whole ? at : NULL;
    size_t part = strspn(++at, "0123456789");
    return part ? at + part : NULL;
}

int option_read_duration(const char *text, int64_t *out_ns, struct err *e)
{
    const char *behind = skip_decimal(text), *at = text;
    uint64_t unit = behind ? unit_ns(behind) : 0, whole = 0, ns;
    if (unit == 0)
        return err_set(e, -EINVAL, "\"%.64s\" is no span of time (such as 5s, 300ms, 2m, 1.5h)",
                       text);
    if (!read_digits(&at, &whole) || __builtin_mul_overflow(whole, unit, &ns) || ns > INT64_MAX)
        return err_set(e, -EINVAL, "%.64s is too long a span of time", text);
    if (*at == '.') /* what is less than a nanosecond falls away */
        for (at++; is_digit(*at); at++)
            ns += (uint64_t)(*at - '0') * (unit /= 10);
    if (ns > INT64_MAX)
        return err_set(e, -EINVAL, "%.64s is too long a span of time", text);
    *out_ns = (int64_t)ns;
    return 0;
}

int option_read_real(const char *text, double *out, struct err *e)
{
    const char *behind = skip_decimal(text), *at = text;
    uint64_t value = 0;
    double scale = 1;
    if (!behind || *behind != '\0')
        return err_set(e, -EINVAL, "\"%.64s\" is no number (such as 3 or 0.5)", text);
    if (!read_digits(&at, &value))
        return err_set(e, -EINVAL, "%.64s is too large", text);
    if (*at == '.') /* digits that no double can hold fall away */
        for (at++; is_digit(*at) && value < UINT64_MAX / 10 - 1; at++) {
            value = value * 10 + (uint64_t)(*at - '0');
            scale *= 10;
        }
    *out = (double)value / scale;
    return 0;
}
