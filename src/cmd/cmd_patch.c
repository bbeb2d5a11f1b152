/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket patch: options, exit status; the work is tool/patch. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "core/text/json.h"
#include "tool/patch/apply.h"
#include "tool/patch/restart.h"
#include "tool/patch/verify.h"

struct patch_cli {
    bool help, json, no_restart;
    const char *root;
};

#define FIELD(name) offsetof(struct patch_cli, name)

static const struct option rows[] = {
    {NULL, "root", OPTION_TEXT, "DIR", FIELD(root), .help = "the system below this folder"},
    {NULL, "no-restart", OPTION_SET, NULL, FIELD(no_restart),
     .help = "apply, resume: leave services as they run"},
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

static void print_word(void *ctx, const char *words)
{
    (void)ctx;
    printf("%s\n", words);
    fflush(stdout);
}

/* What was replaced below services is of use once they run anew. */
static int restart(const struct patch_apply *a, struct arena *arena, struct err *e)
{
    struct patch_services services;
    int rc = patch_find_services(arena, a->root, "/proc", &services, e);
    for (size_t i = 0; rc == 0 && i < services.count; i++)
        if (services.item[i].spared)
            command_complain("patch", "%s still runs the old files; restart it yourself",
                             services.item[i].name);
    return rc < 0 ? rc : patch_restart(arena, a, &services, e);
}

static int carry_out(const struct patch_cli *cli, struct arena *arena, bool again, struct err *e)
{
    struct patch_apply a = {.root = cli->root ? cli->root : "",
                            .word = cli->json ? NULL : print_word};
    size_t steps = 0;
    int rc = again ? patch_resume(arena, &a, &steps, e) : patch_apply(arena, &a, &steps, e);
    if (rc == 0 && !cli->no_restart)
        rc = restart(&a, arena, e);
    if (rc == 0 && cli->json)
        printf("{\"installed\":%zu}\n", steps);
    else if (rc == 0)
        printf(steps ? "%zu packages are as planned\n" : "nothing to do\n", steps);
    return rc;
}

static int do_apply(const struct patch_cli *cli, struct arena *arena, struct err *e)
{
    return carry_out(cli, arena, false, e);
}

static int do_resume(const struct patch_cli *cli, struct arena *arena, struct err *e)
{
    return carry_out(cli, arena, true, e);
}

static void verdict_to_json(const struct patch_verdict *v, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    json_u64(&j, "steps", v->steps);
    json_bool(&j, "ended", !v->unended);
    json_array(&j, "missing");
    for (size_t i = 0; i < v->missing.count; i++) {
        json_object(&j, NULL);
        json_text(&j, "package", v->missing.item[i].package);
        json_text(&j, "installed", v->missing.item[i].from);
        json_text(&j, "planned", v->missing.item[i].to);
        json_end(&j);
    }
    json_end(&j);
    json_array(&j, "stale");
    for (size_t i = 0; i < v->stale.count; i++) {
        json_object(&j, NULL);
        json_i64(&j, "pid", v->stale.item[i].pid);
        json_text(&j, "name", v->stale.item[i].name);
        json_text(&j, "unit", v->stale.item[i].unit);
        json_text(&j, "file", v->stale.item[i].file);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    str_add_char(out, '\n');
}

static void verdict_to_text(const struct patch_verdict *v, struct str *out)
{
    if (v->unended)
        str_add(out, "the last patch was not ended: picket patch resume\n");
    for (size_t i = 0; i < v->missing.count; i++)
        str_addf(out, "%s is %s, not %s\n", v->missing.item[i].package,
                 v->missing.item[i].from ? v->missing.item[i].from : "gone", v->missing.item[i].to);
    for (size_t i = 0; i < v->stale.count; i++) {
        const struct patch_stale *s = &v->stale.item[i];
        str_addf(out, "%s (%d) still runs the old %s%s%s\n", s->name, s->pid, s->file,
                 s->unit ? ": systemctl restart " : "", s->unit ? s->unit : "");
    }
    if (out->len == 0)
        str_add(out, "all that was planned is installed and in use\n");
}

static int do_verify(const struct patch_cli *cli, struct arena *arena, struct err *e)
{
    struct patch_verdict v;
    struct str text = str_of(0);
    int rc = patch_verify(arena, cli->root ? cli->root : "", "/proc", &v, e);
    if (rc == 0 && cli->json)
        verdict_to_json(&v, &text);
    else if (rc == 0)
        verdict_to_text(&v, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
    return rc;
}

static const struct {
    const char *name, *doc;
    patch_verb_fn *run;
} verbs[] = {
    {"plan", "what would be done; changes nothing", do_plan},
    {"apply", "do it: download, then a package at a time", do_apply},
    {"resume", "end what an apply began and did not end", do_resume},
    {"verify", "what is not as planned, and who still runs what was replaced", do_verify},
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
