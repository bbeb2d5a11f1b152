/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "check.h"
#include "core/text/json.h"

static const struct {
    const char *in;
    size_t len;
    const char *want;
} row[] = {
    {"", 0, "\"\""},
    {"plain", 5, "\"plain\""},
    {"a\"b\\c/", 6, "\"a\\\"b\\\\c/\""},
    {"\n\r\t\b\f", 5, "\"\\n\\r\\t\\u0008\\u000c\""},
    {"\0\x1f\x7f", 3, "\"\\u0000\\u001f\\u007f\""},
    {"<&'>", 4, "\"<&'>\""},
    {"\xc3\xa9\xf0\x9f\x92\xa9", 6, "\"\xc3\xa9\xf0\x9f\x92\xa9\""},
    {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 9, "\"\\u2028\\u2029\xe2\x80\xaa\""},
    {"a\xff"
     "b",
     3,
     "\"a\xef\xbf\xbd"
     "b\""},
    {"\xc3", 1, "\"\xef\xbf\xbd\""},                 /* cut */
    {"\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""}, /* an overlong '/' */
    {"\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
};

static int check_texts(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str out = str_of(0);
        struct json_out j = json_out_of(&out);
        json_text_len(&j, NULL, row[i].in, row[i].len);
        CHECK_ROW(i, out.len == strlen(row[i].want) && strcmp(out.text, row[i].want) == 0);
        str_done(&out);
    }
    return failed;
}

static int check_numbers(void)
{
    static const struct {
        double value;
        int decimals;
        const char *want;
    } number[] = {
        {0.0, 0, "0"},    {1.5, 1, "1.5"},       {-2.25, 2, "-2.25"},    {0.1, 3, "0.100"},
        {NAN, 2, "null"}, {INFINITY, 2, "null"}, {-INFINITY, 2, "null"},
    };
    int failed = 0;
    struct str out = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(number); i++) {
        struct json_out j = json_out_of(&out);
        str_reset(&out);
        json_double(&j, NULL, number[i].value, number[i].decimals);
        CHECK_ROW(i, strcmp(str_text(&out), number[i].want) == 0);
    }
    str_done(&out);
    return failed;
}

static int check_depth(void)
{
    int failed = 0;
    struct str out = str_of(0);
    struct json_out j = json_out_of(&out);
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        (i % 2 ? json_object : json_array)(&j, i % 2 || i == 0 ? NULL : "k");
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        json_end(&j);
    CHECK(j.depth == 0 && strncmp(out.text, "[{\"k\":[{", 8) == 0);
    CHECK(out.len > 8 && strcmp(out.text + out.len - 8, "}]}]}]}]") == 0);
    str_done(&out);
    return failed;
}

int text_json_test(void)
{
    int failed = check_texts() + check_numbers() + check_depth();
    struct str out = str_of(0);
    struct json_out j = json_out_of(&out);
    json_object(&j, NULL);
    json_object(&j, "empty");
    json_end(&j);
    json_array(&j, "list");
    json_u64(&j, NULL, UINT64_MAX);
    json_i64(&j, NULL, INT64_MIN);
    json_array(&j, NULL);
    json_end(&j);
    json_bool(&j, NULL, true);
    json_end(&j);
    json_text(&j, "a\"b", "x");
    json_text(&j, "none", NULL);
    json_bool(&j, "no", false);
    json_raw(&j, "raw", "[1]");
    json_members(&j, "{}");
    json_members(&j, "{ \n}");
    json_members(&j, "{\"m\":1,\"n\":2}");
    json_null(&j, "last");
    json_end(&j);
    CHECK(strcmp(str_text(&out),
                 "{\"empty\":{},\"list\":[18446744073709551615,-9223372036854775808,[],true],"
                 "\"a\\\"b\":\"x\",\"none\":null,\"no\":false,\"raw\":[1],\"m\":1,\"n\":2,"
                 "\"last\":null}") == 0);
    str_reset(&out);
    j = json_out_of(&out);
    json_object(&j, NULL);
    json_members(&j, "{}"); /* nothing yet, so no comma is due */
    json_members(&j, "{\"m\":1}");
    json_end(&j);
    CHECK(strcmp(str_text(&out), "{\"m\":1}") == 0);
    str_done(&out);
    return failed;
}
