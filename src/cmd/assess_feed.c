/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket assess feed check: can every script of a feed be compiled, and which calls lead nowhere?
 */
#include <stdio.h>
#include <string.h>

#include "cmd/assess.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "core/base/map.h"
#include "tool/assess/calls.h"
#include "tool/assess/collection.h"
#include "tool/nasl/builtin.h"

struct feed_args {
    bool help, stubs, quiet;
};

#define FIELD(name) offsetof(struct feed_args, name)

static const struct option rows[] = {
    {NULL, "stubs", OPTION_SET, NULL, FIELD(stubs),
     .help = "list the built-in functions that exist in name only"},
    {"q", "quiet", OPTION_SET, NULL, FIELD(quiet), .help = "print the totals alone"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "assess feed",
    .synopsis = "check [OPTION...] [DIR]",
    .summary = "see whether the scripts of a folder can be run",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

struct checking {
    struct nasl_library *library;
    const struct feed_args *args;
    const char *file;
    size_t scripts, compiled, with_unknown, with_stub, unknown_calls, stub_calls;
    bool has_unknown, has_stub;
};

static void on_call(void *ctx, enum assess_call_fault fault, const char *name, uint32_t line)
{
    struct checking *c = ctx;
    bool stub = fault == ASSESS_CALL_STUB;
    *(stub ? &c->has_stub : &c->has_unknown) = true;
    ++*(stub ? &c->stub_calls : &c->unknown_calls);
    if (!c->args->quiet)
        printf("%s:%u: %s() %s\n", c->file, line, name,
               stub ? "exists in name only" : "is not defined");
}

static bool check_file(void *ctx, const char *path, const char *file)
{
    struct checking *c = ctx;
    struct nasl_unit *u;
    struct err e = {0};
    c->scripts++;
    c->file = file;
    if (nasl_compile_file(c->library, path, &u, &e) < 0) {
        printf("%s\n", e.text);
        return !interrupt_was_asked(NULL);
    }
    c->compiled++;
    c->has_unknown = c->has_stub = false;
    assess_find_calls(u, on_call, c);
    c->with_unknown += c->has_unknown;
    c->with_stub += c->has_stub;
    nasl_unit_free(u);
    return !interrupt_was_asked(NULL);
}

static int check_folder(const struct feed_args *args, const char *folder)
{
    struct checking c = {.library = nasl_library_new(NULL, NULL), .args = args};
    struct err e = {0};
    nasl_library_add_folder(c.library, folder);
    interrupt_watch();
    int rc = assess_each_file(folder, ".nasl", check_file, &c, &e);
    nasl_library_free(c.library);
    if (rc < 0) {
        command_complain("assess feed", "%s", e.text);
        return command_status_of(rc);
    }
    printf("%zu of %zu scripts compiled; %zu call functions that are not defined (%zu calls), "
           "%zu built-ins that exist in name only (%zu calls)\n",
           c.compiled, c.scripts, c.with_unknown, c.unknown_calls, c.with_stub, c.stub_calls);
    return c.compiled == c.scripts ? EXIT_DONE : EXIT_FAILED;
}

static void list_stubs(void)
{
    size_t stubs = 0, all = 0;
    for (size_t f = 0; nasl_families[f]; f++)
        for (size_t i = 0; i < nasl_families[f]->count; i++, all++)
            if (nasl_families[f]->row[i].flags & NASL_STUB) {
                puts(nasl_families[f]->row[i].name);
                stubs++;
            }
    printf("%zu of %zu built-in functions exist in name only\n", stubs, all);
}

int assess_feed_run(int argc, char **argv)
{
    struct feed_args args = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &args, &words, &e) < 0) {
        command_complain("assess feed", "%s", e.text);
    } else if (args.help) {
        struct str text = str_of(0);
        option_help(&table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
        status = EXIT_DONE;
    } else if (!words.count || strcmp(words.text[0], "check") != 0 || words.count > 2) {
        command_complain("assess feed", "say check and one folder");
    } else if (words.count == 1 && !args.stubs) {
        command_complain("assess feed", "check which folder?");
    } else {
        if (args.stubs)
            list_stubs();
        status = words.count == 2 ? check_folder(&args, words.text[1]) : EXIT_DONE;
    }
    text_list_done(&words);
    return status;
}
