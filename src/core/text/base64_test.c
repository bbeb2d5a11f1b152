/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/base64.h"

#include <errno.h>
#include <string.h>

#include "check.h"

int text_base64_test(void)
{
    static const struct {
        const char *plain, *coded; /* RFC 4648 10 */
    } row[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\xfd", "//79"},
    };
    static const char *const bad[] = {"A", "Zm9vY", "Zg=a", "Z g=", "Zm9v\n", "Zm9_"};
    int failed = 0;
    struct str s = str_of(0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        str_reset(&s);
        base64_encode(row[i].plain, strlen(row[i].plain), &s);
        CHECK_ROW(i, strcmp(str_text(&s), row[i].coded) == 0);
        str_reset(&s);
        CHECK_ROW(i, base64_decode_strict(row[i].coded, strlen(row[i].coded), &s) == 0);
        CHECK_ROW(i, strcmp(str_text(&s), row[i].plain) == 0);
        size_t bare = strcspn(row[i].coded, "=");
        str_reset(&s);
        CHECK_ROW(i, base64_decode_strict(row[i].coded, bare, &s) == 0);
        CHECK_ROW(i, strcmp(str_text(&s), row[i].plain) == 0);
    }
    str_reset(&s);
    base64_decode("Z m9_\nYg", 8, &s); /* folded, and the other alphabet */
    CHECK(s.len == 4 && memcmp(s.text,
                               "fo\x7f"
                               "b",
                               4) == 0);
    str_reset(&s);
    str_add(&s, "kept");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CHECK_ROW(i, base64_decode_strict(bad[i], strlen(bad[i]), &s) == -EINVAL);
        CHECK_ROW(i, strcmp(str_text(&s), "kept") == 0);
    }
    str_done(&s);
    return failed;
}
