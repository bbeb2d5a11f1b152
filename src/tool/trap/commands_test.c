/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/commands.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "core/base/str.h"

static void note(void *ctx, const char *target, const char *line, bool ok, const char *why)
{
    struct str *log = ctx;
    str_addf(log, "%s|%s|%s\n", target, line, ok ? "ok" : why);
}

static const struct {
    const char *line, *end;
} rows[] = {
    {"exit 0", "ok"},
    {"exit 3", "exit status 3"},
    {"/nonexistent 192.0.2.1 2>/dev/null", "exit status 127"},
    {"kill -9 $$", "killed by signal 9"},
    {"test \"$(cat)\" = ''", "ok"}, /* nothing on its standard input */
};

int trap_commands_test(void)
{
    int failed = 0;
    struct loop *loop;
    struct err e = {0};
    struct str log = str_of(0), wanted = str_of(0);
    CHECK(loop_open(&loop, &clock_system, &e) == 0);
    struct command_queue *q = command_queue_new(loop, note, &log);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        CHECK_ROW(i, command_queue_add(q, "192.0.2.1", rows[i].line, &e) == 0);
        CHECK_ROW(i, command_queue_waiting(q) == i + 1);
        str_addf(&wanted, "192.0.2.1|%s|%s\n", rows[i].line, rows[i].end);
    }
    CHECK(loop_run(loop, &e) == 0);
    CHECK(strcmp(str_text(&log), str_text(&wanted)) == 0);
    CHECK(command_queue_waiting(q) == 0);
    for (size_t i = 0; i < COMMANDS_MAX; i++)
        CHECK_ROW(i, command_queue_add(q, "192.0.2.1", "sleep 100", &e) == 0);
    CHECK(command_queue_add(q, "192.0.2.1", "sleep 100", &e) == -ENOSPC);
    command_queue_free(q); /* ends the sleep */
    loop_close(loop);
    str_done(&log);
    str_done(&wanted);
    return failed;
}
