/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/ban/server/json_value.h"
#include "tool/ban/server/pickle.h"

/* What Python writes for some values (protocols 2 and 4), and what they are. */
#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t len;
    const char *json;
} rows[] = {
    {BYTES("\x80\x02]q\x00(X\x06\x00\x00\x00statusq\x01X\x01\x00\x00\x00jq\x02\x65."),
     "[\"status\",\"j\"]"},
    {BYTES("\x80\x04\x95\x0d\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x04ping\x94K\x05\x65."),
     "[\"ping\",5]"},
    {BYTES("\x80\x02K\x01N\x88\x87q\x00."), "[1,null,true]"},
    {BYTES("\x80\x02}q\x00X\x01\x00\x00\x00\x61q\x01J\xff\xff\xff\xffs."), "{\"a\":-1}"},
};

/* Nothing that names, calls or builds anything; no cut ends; no list inside of itself. */
static const struct {
    const char *bytes;
    size_t len;
} bad[] = {
    {BYTES("\x80\x02\x63os\nsystem\n(X\x02\x00\x00\x00idtR.")},
    {BYTES("\x80\x04\x8c\x02os\x8c\x06system\x93.")},
    {BYTES("\x80\x02]q\x00(X\xff\xff\xff\x7fx")},
    {BYTES("\x80\x02]q\x00h\x00\x61.")},
    {BYTES("\x80\x02\x65.")},
    {BYTES("\x80\x02N")},
    {BYTES(".")},
    {BYTES("")},
    {BYTES("\x80\x02NN.")},
};

int server_pickle_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct ban_value v;
        struct str text = str_of(1000);
        CHECK_ROW(i, pickle_read(&v, rows[i].bytes, rows[i].len, &arena, &e) == 0);
        struct json_out j = json_out_of(&text);
        if (e.code == 0)
            ban_value_json(&v, &j, NULL);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].json) == 0);
        str_done(&text);
        arena_done(&arena);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct arena arena = {0};
        struct err e = {0};
        struct ban_value v;
        CHECK_ROW(i, pickle_read(&v, bad[i].bytes, bad[i].len, &arena, &e) < 0);
        arena_done(&arena);
    }
    struct arena arena = {0};
    struct err e = {0};
    struct str out = str_of(1000);
    struct ban_value v, back;
    const char *json = "[\"a\",[1,-5000000000,1.5,null,true],{\"k\":\"v\"}]";
    CHECK(json_value_parse(&v, json, strlen(json), &arena, &e) == 0);
    pickle_write_answer(&v, NULL, &out);
    CHECK(pickle_read(&back, str_text(&out), out.len, &arena, &e) == 0);
    CHECK(back.kind == BAN_VALUE_LIST && back.list->count == 2 && back.list->item[0].number == 0);
    struct str text = str_of(1000);
    struct json_out j = json_out_of(&text);
    ban_value_json(&back.list->item[1], &j, NULL);
    CHECK(strcmp(str_text(&text), json) == 0);
    str_done(&text);
    str_done(&out);
    arena_done(&arena);
    return failed;
}
