/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "sys/host/machine.h"

int host_machine_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    static const struct {
        const char *text, *name;
    } row[] = {
        {"NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n",
         "Debian GNU/Linux 12 (bookworm)"},
        {"PRETTY_NAME='single'", "single"},
        {"PRETTY_NAME=plain\n", "plain"},
        {"PRETTY_NAME=\"a \\\"b\\\" c\"\n", "a \"b\" c"},
        {"PRETTY_NAME=\"no end\n", NULL},
        {"PRETTY_NAME=\"\n", NULL},
        {"PRETTY_NAME=\"\"\n", NULL},
        {"PRETTY_NAME=\n", NULL},
        {"XPRETTY_NAME=a\n", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const char *name = machine_pretty_name(&arena, row[i].text);
        CHECK_ROW(i, name ? row[i].name && strcmp(name, row[i].name) == 0 : !row[i].name);
    }
    CHECK(*machine_name(&arena) != '\0');
    CHECK(machine_system(&arena, "/nonexistent") == NULL);
    arena_done(&arena);
    return failed;
}
