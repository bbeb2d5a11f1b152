/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/winpopup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "test_folder.h"

/* A stand-in for smbclient: writes down its words and what it was given to read. */
static const char script[] = "#!/bin/sh\n"
                             "{ for word; do printf '<%%s>' \"$word\"; done; cat; } >>%s/sent\n"
                             "[ \"$4\" != BROKEN ]\n";

static const struct {
    const char *names, *sent;
    int result;
    const char *why;
} rows[] = {
    {"WS1\n", "<-U><Snort><-M><WS1>text; $(touch x) \"q\"\n", 0, NULL},
    {"\n  WS1\r\n\nWS-2",
     "<-U><Snort><-M><WS1>text; $(touch x) \"q\"\n<-U><Snort><-M><WS-2>text; $(touch x) \"q\"\n", 0,
     NULL},
    {"-Lhost\nWS1\n", "<-U><Snort><-M><WS1>text; $(touch x) \"q\"\n", -EINVAL, ":1: "},
    {"a b\n", "", -EINVAL, ":1: "},
    {"BROKEN\n", "<-U><Snort><-M><BROKEN>text; $(touch x) \"q\"\n", -EIO, "status 1"},
    {"", "", 0, NULL},
};

int outlet_winpopup_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct err e = {0};
        char folder[TEST_FOLDER_MAX], names[2 * TEST_FOLDER_MAX], program[2 * TEST_FOLDER_MAX],
            sent[2 * TEST_FOLDER_MAX];
        struct str text = str_of(4096);
        CHECK_ROW(i, test_folder_make(folder));
        snprintf(names, sizeof names, "%s/names", folder);
        snprintf(program, sizeof program, "%s/smbclient", folder);
        snprintf(sent, sizeof sent, "%s/sent", folder);
        str_addf(&text, script, folder);
        CHECK_ROW(i, file_replace(program, str_text(&text), text.len, 0700, &e) == 0);
        CHECK_ROW(i, file_replace(names, rows[i].names, strlen(rows[i].names), 0600, &e) == 0);
        int result = winpopup_send(names, program, "text; $(touch x) \"q\"\n", &e);
        CHECK_ROW(i, result == rows[i].result);
        CHECK_ROW(i, !rows[i].why || strstr(e.text, rows[i].why));
        bool any = file_read(sent, &text, &e) == 0;
        CHECK_ROW(i, strcmp(any ? str_text(&text) : "", rows[i].sent) == 0);
        str_done(&text);
        CHECK_ROW(i, test_folder_remove(folder));
    }
    return failed;
}
