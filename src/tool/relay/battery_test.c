/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/battery.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"

static const struct relay_fields fields = {
    "probe",       "sink.test", "tester",   "outside.test", "10.0.0.1", "mx.victim.test\r\nQUIT",
    "victim.test", "10.0.0.2",  "10.0.0.3",
};

static int test_expand(void)
{
    static const struct {
        const char *template, *text;
    } row[] = {
        {"{to_user}@{TO_DOMAIN}", "probe@SINK.TEST"},
        {"\"{to_user}%{to_domain}\"@[{target_ip}]", "\"probe%sink.test\"@[10.0.0.1]"},
        {"{from_user}@{target_name}", "tester@mx.victim.testQUIT"}, /* one line, whatever it says */
        {"{unknown}{", "{unknown}{"},
        {"", ""},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str out = str_of(RELAY_ADDRESS_MAX);
        battery_expand(&out, row[i].template, &fields);
        CHECK_ROW(i, strcmp(str_text(&out), row[i].text) == 0);
        str_done(&out);
    }
    return failed;
}

/* No row asks a server to deliver anywhere but to the recipient that the caller named. */
static int test_rows(void)
{
    int failed = 0;
    CHECK(relay_battery_count >= 46);
    for (size_t i = 0; i < relay_battery_count; i++) {
        const struct relay_test *t = &relay_battery[i];
        struct str out = str_of(RELAY_ADDRESS_MAX);
        battery_expand(&out, t->rcpt_to, &fields);
        CHECK_ROW(i, strchr(str_text(&out), '{') == NULL && strstr(str_text(&out), "probe"));
        CHECK_ROW(i, strcasestr(str_text(&out), "sink.test") || strstr(str_text(&out), "10.0.0.3"));
        str_reset(&out);
        battery_expand(&out, t->mail_from, &fields);
        CHECK_ROW(i, strchr(str_text(&out), '{') == NULL && t->what[0]);
        for (size_t n = 0; n < i; n++)
            CHECK_ROW(i, strcmp(t->id, relay_battery[n].id) != 0);
        str_done(&out);
    }
    return failed;
}

static int test_file(void)
{
    static const struct {
        const char *text;
        int rc;
        const char *words;
    } row[] = {
        {"{\"tests\": [{\"id\": \"a\", \"mail_from\": \"\", \"rcpt_to\": \"x\", \"raw\": true}]}",
         0, ""},
        {"{\"tests\": [{\"id\": \"a\", \"rcpt_to\": \"x\"}]}", -EINVAL, "test 1 lacks"},
        {"{\"tests\": []}", -EINVAL, "no tests"},
        {"{}", -EINVAL, "no tests"},
        {"{", -EINVAL, "battery.json"},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct arena arena = {0};
        struct err e = {0};
        const struct relay_test *test = NULL;
        size_t count = 0;
        CHECK_ROW(i, file_replace("battery.json", row[i].text, strlen(row[i].text), 0600, &e) == 0);
        CHECK_ROW(i, battery_read("battery.json", &arena, &test, &count, &e) == row[i].rc);
        CHECK_ROW(i, strstr(e.text, row[i].words));
        CHECK_ROW(i, row[i].rc || (count == 1 && test[0].flags == RELAY_RAW));
        arena_done(&arena);
    }
    return failed;
}

int relay_battery_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-battery-XXXXXX";
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    failed += test_expand() + test_rows() + test_file();
    unlink("battery.json");
    CHECK(rmdir(folder) == 0);
    return failed;
}
