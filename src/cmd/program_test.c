/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cmd/program.h"

int cmd_program_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    static const struct {
        const char *word, *quoted;
    } row[] = {
        {"/usr/bin/picket", "/usr/bin/picket"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"", "''"},
        {"$(x)", "'$(x)'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, strcmp(program_quote(&arena, row[i].word), row[i].quoted) == 0);
    setenv("PATH", "/nonexistent", 1);
    CHECK(strchr(program_to_type(&arena), '/') !=
          NULL); /* the runner is not in PATH: its whole path */
    arena_done(&arena);
    return failed;
}
