/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/respond/hosts_deny.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "test_folder.h"

static const struct {
    const char *before; /* NULL: no file */
    const char *line;
    bool added;
    const char *after;
} rows[] = {
    {NULL, "ALL: 192.0.2.1", true, "ALL: 192.0.2.1\n"},
    {"# mine\n", "ALL: 192.0.2.1", true, "# mine\nALL: 192.0.2.1\n"},
    {"# open line", "ALL: 192.0.2.1", true, "# open line\nALL: 192.0.2.1\n"},
    {"ALL: 192.0.2.1\n", "ALL: 192.0.2.1", false, "ALL: 192.0.2.1\n"},
    {"x\nALL: 192.0.2.1", "ALL: 192.0.2.1", false, "x\nALL: 192.0.2.1"},
    {"ALL: 192.0.2.11\n", "ALL: 192.0.2.1", true, "ALL: 192.0.2.11\nALL: 192.0.2.1\n"},
};

int respond_hosts_deny_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct err e = {0};
        char folder[TEST_FOLDER_MAX], path[TEST_FOLDER_MAX + 16];
        CHECK_ROW(i, test_folder_make(folder));
        snprintf(path, sizeof path, "%s/hosts.deny", folder);
        if (rows[i].before)
            CHECK_ROW(i, file_replace(path, rows[i].before, strlen(rows[i].before), 0600, &e) == 0);
        bool added;
        struct str text = str_of(4096);
        CHECK_ROW(i, hosts_deny_add(path, rows[i].line, &added, &e) == 0);
        CHECK_ROW(i, added == rows[i].added);
        CHECK_ROW(i, file_read(path, &text, &e) == 0);
        CHECK_ROW(i, strcmp(str_text(&text), rows[i].after) == 0);
        str_done(&text);
        CHECK_ROW(i, hosts_deny_add(path, "a\nb", &added, &e) == -EINVAL && !added);
        CHECK_ROW(i, hosts_deny_add("/proc/no/such", "a", &added, &e) < 0 && !added);
        CHECK_ROW(i, test_folder_remove(folder));
    }
    return failed;
}
