/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/text/option.h"

static const struct {
    const char *text;
    int64_t min, max;
    int rc;
    int64_t out;
} int_row[] = {
    {"0", 0, 255, 0, 0},
    {"255", 0, 255, 0, 255},
    {"256", 0, 255, -EINVAL, 0}, /* one above */
    {"-1", 0, 255, -EINVAL, 0},
    {"-5", -5, 5, 0, -5},
    {"-6", -5, 5, -EINVAL, 0},
    {"007", 0, 255, 0, 7},
    {"9223372036854775807", 0, 0, 0, INT64_MAX}, /* both bounds 0: none */
    {"9223372036854775808", 0, 0, -EINVAL, 0},
    {"-9223372036854775808", 0, 0, 0, INT64_MIN},
    {"-9223372036854775809", 0, 0, -EINVAL, 0},
    {"99999999999999999999999", 0, 9, -EINVAL, 0},
    {"", 0, 9, -EINVAL, 0},
    {"-", 0, 9, -EINVAL, 0},
    {"--1", -9, 9, -EINVAL, 0},
    {"+1", 0, 9, -EINVAL, 0},
    {" 1", 0, 9, -EINVAL, 0},
    {"1 ", 0, 9, -EINVAL, 0},
    {"0x1", 0, 9, -EINVAL, 0},
    {"1.0", 0, 9, -EINVAL, 0},
};

static const struct {
    const char *text;
    int rc;
    int64_t out_ns;
} span_row[] = {
    {"5", 0, 5000000000},
    {"0", 0, 0},
    {"5s", 0, 5000000000},
    {"300ms", 0, 300000000},
    {"300MS", 0, 300000000},
    {"2m", 0, 120000000000},
    {"1h", 0, 3600000000000},
    {"1.5h", 0, 5400000000000},
    {"1d", 0, 86400000000000},
    {"2w", 0, 1209600000000000},
    {"0.25", 0, 250000000},
    {".5s", 0, 500000000},
    {"1.000000001s", 0, 1000000001},
    {"0.0000000019s", 0, 1}, /* less than a nanosecond falls away */
    {"0.123456789123456789s", 0, 123456789},
    {"9223372036s", 0, 9223372036000000000},
    {"9223372037s", -EINVAL, 0}, /* one above what 63 bits hold */
    {"9223372036.9s", -EINVAL, 0},
    {"99999999999999999999s", -EINVAL, 0},
    {"", -EINVAL, 0},
    {"s", -EINVAL, 0},
    {".", -EINVAL, 0},
    {"5.", -EINVAL, 0},
    {"5.s", -EINVAL, 0},
    {"-5", -EINVAL, 0},
    {"5 s", -EINVAL, 0},
    {"5us", -EINVAL, 0},
    {"5s5", -EINVAL, 0},
    {"1e3", -EINVAL, 0},
};

static const struct {
    const char *text;
    int rc;
    double out;
} real_row[] = {
    {"0", 0, 0.0},
    {"3", 0, 3.0},
    {"0.5", 0, 0.5},
    {".25", 0, 0.25},
    {"0.1", 0, 0.1}, /* the nearest double, as a compiler finds it */
    {"1234.5678", 0, 1234.5678},
    {"0.00000000000000000001", 0, 0.0},
    {"0.33333333333333333333333333333", 0, 0.33333333333333333},
    {"18446744073709551615", 0, 18446744073709551615.0},
    {"18446744073709551616", -EINVAL, 0},
    {"", -EINVAL, 0},
    {"-1", -EINVAL, 0},
    {"1.", -EINVAL, 0},
    {"1e3", -EINVAL, 0},
    {"nan", -EINVAL, 0},
    {"inf", -EINVAL, 0},
    {"0x1", -EINVAL, 0},
    {"1,5", -EINVAL, 0},
};

int text_option_value_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(int_row); i++) {
        int64_t out = 42;
        struct err e = {0};
        int rc = option_read_int(int_row[i].text, int_row[i].min, int_row[i].max, &out, &e);
        CHECK_ROW(i, rc == int_row[i].rc && out == (rc ? 42 : int_row[i].out));
        CHECK_ROW(i, rc == 0 || e.text[0]);
    }
    for (size_t i = 0; i < ARRAY_LEN(span_row); i++) {
        int64_t out = 42;
        struct err e = {0};
        int rc = option_read_duration(span_row[i].text, &out, &e);
        CHECK_ROW(i, rc == span_row[i].rc && out == (rc ? 42 : span_row[i].out_ns));
        CHECK_ROW(i, rc == 0 || e.text[0]);
    }
    for (size_t i = 0; i < ARRAY_LEN(real_row); i++) {
        double out = 42;
        struct err e = {0};
        int rc = option_read_real(real_row[i].text, &out, &e);
        double off = out - (rc ? 42 : real_row[i].out);
        CHECK_ROW(i, rc == real_row[i].rc && off < 1e-16 && off > -1e-16);
        CHECK_ROW(i, rc == 0 || e.text[0]);
    }
    return failed;
}
