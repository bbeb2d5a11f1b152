/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/text/option.h"

static const struct option some[] = {
    {"v", "verbose", OPTION_COUNT, .help = "Say more; twice, still more."},
    {"oX", NULL, OPTION_TEXT, "FILE", .help = "Write XML to FILE."},
    {"PS", NULL, OPTION_TEXT, "[PORTS]", .help = "Ping with SYN."},
    {NULL, "color", OPTION_TEXT, "[WHEN]", .help = "Use colours."},
    {"p", "ports", OPTION_TEXT, "PORTS",
     .help = "The ports to look at, as numbers, names, ranges "
             "of numbers and lists of all these."},
    {NULL, "old-spelling", OPTION_SET, .help = NULL},
    {NULL, "a-name-that-is-too-long-for-the-column", OPTION_INT, "N", .help = "Stands alone."},
};

static const struct option others[] = {
    {"h", NULL, OPTION_SET,
     .help = "A help with "
             "averyveryveryveryveryveryveryveryveryveryveryverylongword "
             "inside."},
};

static const struct option_group group[] = {
    {"OUTPUT", some, ARRAY_LEN(some)},
    {"OTHERS", others, ARRAY_LEN(others)},
};

static const struct option_table table = {
    "scan",
    "[OPTION...] TARGET... [another long synopsis that goes on] [and does not end]",
    "Look at hosts and ports of the network, and tell what is found there in many forms.",
    group,
    ARRAY_LEN(group),
    NULL,
    false};

static const char want[] =
    "Usage: picket scan [OPTION...] TARGET... [another long synopsis that goes on]\n"
    "                   [and does not end]\n"
    "Look at hosts and ports of the network, and tell what is found there in many\n"
    "forms.\n"
    "\n"
    "OUTPUT:\n"
    "  -v, --verbose      Say more; twice, still more.\n"
    "  -oX FILE           Write XML to FILE.\n"
    "  -PS[PORTS]         Ping with SYN.\n"
    "  --color[=WHEN]     Use colours.\n"
    "  -p, --ports=PORTS  The ports to look at, as numbers, names, ranges of numbers\n"
    "                     and lists of all these.\n"
    "  --a-name-that-is-too-long-for-the-column=N\n"
    "                     Stands alone.\n"
    "\n"
    "OTHERS:\n"
    "  -h                 A help with\n"
    "                     averyveryveryveryveryveryveryveryveryveryveryverylongword\n"
    "                     inside.\n";

int text_option_help_test(void)
{
    int failed = 0;
    struct str out = str_of(0);
    option_help(&table, &out);
    CHECK(strcmp(str_text(&out), want) == 0);
    for (const char *line = str_text(&out); *line; line += strcspn(line, "\n") + 1)
        CHECK_ROW(line - out.text, strcspn(line, "\n") <= 80);
    struct option_table whole = {"", "COMMAND", "Guard a machine.", group, 0, NULL, true};
    str_reset(&out);
    option_help(&whole, &out); /* that of the program, before any command */
    CHECK(strcmp(str_text(&out), "Usage: picket COMMAND\nGuard a machine.\n") == 0);
    str_done(&out);
    return failed;
}
