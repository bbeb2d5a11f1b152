/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/reply.h"

#include <string.h>

#include "check.h"
#include "core/base/mem.h"

int relay_reply_test(void)
{
    static const struct {
        const char *line[4];
        enum reply_state state;
        int code;
        const char *text;
    } row[] = {
        {{"250 ok\r"}, REPLY_DONE, 250, "ok"},
        {{"250 ok"}, REPLY_DONE, 250, "ok"},
        {{"550"}, REPLY_DONE, 550, ""}, /* a code alone */
        {{"250-a", "250-STARTTLS\r", "250 b"}, REPLY_DONE, 250, "a\nSTARTTLS\nb"},
        {{"250-a"}, REPLY_MORE, 250, "a"},
        {{"220-"}, REPLY_MORE, 220, ""},
        {{"2500 what"}, REPLY_BAD, 0, ""},
        {{"SSH-2.0-OpenSSH_9.2"}, REPLY_BAD, 0, ""},
        {{"199 low"}, REPLY_BAD, 0, ""},
        {{"600 high"}, REPLY_BAD, 0, ""},
        {{"25x no"}, REPLY_BAD, 0, ""},
        {{""}, REPLY_BAD, 0, ""},
        {{"250-a", "550 b"}, REPLY_BAD, 250, "a"}, /* it cannot be both */
    };
    int failed = 0;
    struct reply r = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        enum reply_state state = REPLY_MORE;
        reply_begin(&r);
        for (int n = 0; n < 4 && row[i].line[n]; n++)
            state = reply_line(&r, row[i].line[n], strlen(row[i].line[n]));
        CHECK_ROW(i, state == row[i].state && r.code == row[i].code);
        CHECK_ROW(i, strcmp(str_text(&r.text), row[i].text) == 0);
    }
    reply_begin(&r);
    static const char *const ehlo[] = {"250-STARTTLS", "250-AUTH=PLAIN", "250-starttls",
                                       "250 SIZE"};
    for (size_t i = 0; i < ARRAY_LEN(ehlo); i++)
        (void)reply_line(&r, ehlo[i], strlen(ehlo[i]));
    CHECK(reply_offers(&r, "STARTTLS") && reply_offers(&r, "auth") && reply_offers(&r, "SIZE"));
    CHECK(!reply_offers(&r, "START") && !reply_offers(&r, "PIPELINING"));
    reply_begin(&r);
    for (int i = 1; i <= REPLY_LINES_MAX + 1; i++)
        CHECK_ROW(i, reply_line(&r, "250-x", 5) == (i > REPLY_LINES_MAX ? REPLY_BAD : REPLY_MORE));
    char *wide = mem_zero(REPLY_BYTES_MAX + 2);
    memset(wide, 'x', REPLY_BYTES_MAX + 1);
    memcpy(wide, "220 ", 4);
    reply_begin(&r);
    CHECK(reply_line(&r, wide, REPLY_BYTES_MAX) == REPLY_DONE && r.text.len == REPLY_KEPT_MAX);
    reply_begin(&r);
    CHECK(reply_line(&r, wide, REPLY_BYTES_MAX + 1) == REPLY_BAD);
    mem_free(wide);
    reply_done(&r);
    return failed;
}
