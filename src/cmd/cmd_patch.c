/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket patch: options, exit status; the work is tool/patch. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "tool/patch/plan.h"

struct patch_cli {
    bool help, json;
    const char *root;
};

#define FIELD(name) offsetof(struct patch_cli, name)

static const struct option rows[] = {
    {NULL, "root", OPTION_TEXT, "DIR", FIELD(root), .help = "the system below this folder"},
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "print JSON"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "patch",
    .synopsis = "VERB [OPTION...]",
    .summary = "apply security fixes, and nothing else, without leaving things half-done",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

typedef int patch_verb_fn(const struct patch_cli *cli, struct arena *arena, struct err *e);

static int do_plan(const struct patch_cli *cli, struct arena *arena, struct err *e)
{
    struct patch_options o = {.root = cli->root ? cli->root : ""};
    struct patch_plan plan;
    struct str text = str_of(0);
    int rc = patch_plan_make(arena, &o, &plan, e);
    if (rc == 0 && cli->json)
        patch_plan_to_json(&plan, &text);
    else if (rc == 0)
        patch_plan_to_text(&plan, &text);
    if (rc == 0)
        printf("%s%s", str_text(&text), cli->json ? "\n" : "");
    str_done(&text);
    patch_plan_done(&plan);
    return rc;
}

static const struct {
    const char *name, *doc;
    patch_verb_fn *run;
} verbs[] = {
    {"plan", "what would be done; changes nothing", do_plan},
};

static void print_help(void)
{
    struct str text = str_of(0);
    option_help(&table, &text);
    str_add(&text, "\nVerbs:\n");
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        str_addf(&text, "  %-10s %s\n", verbs[i].name, verbs[i].doc);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

static int run_verb(const struct patch_cli *cli, const char *verb)
{
    struct arena arena = {0};
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++) {
        if (strcmp(verbs[i].name, verb) != 0)
            continue;
        int rc = verbs[i].run(cli, &arena, &e);
        if (rc < 0)
            command_complain("patch", "%s: %s", verb, e.text);
        arena_done(&arena);
        return rc < 0 ? command_status_of(rc) : EXIT_DONE;
    }
    command_complain("patch", "no verb \"%s\"; --help lists them", verb);
    return EXIT_USAGE;
}

static int run(int argc, char **argv)
{
    struct patch_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("patch", "%s", e.text);
        status = EXIT_USAGE;
    } else if (cli.help) {
        print_help();
    } else if (words.count != 1) {
        command_complain("patch", "one verb is needed; --help lists them");
        status = EXIT_USAGE;
    } else {
        status = run_verb(&cli, words.text[0]);
    }
    text_list_done(&words);
    return status;
}

const struct command command_patch = {
    .name = "patch",
    .beside = "unattended-upgrades, needrestart",
    .summary = "apply security fixes, restart what needs it",
    .options = &table,
    .run = run,
};
