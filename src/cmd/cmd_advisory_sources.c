/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory sources: who tells of flaws, and who did. */
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/json.h"
#include "tool/advisory/organisation.h"

static void print_json(const struct organisation *o)
{
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    json_text(&j, "name", o->name);
    json_text(&j, "what", o->what);
    json_bool(&j, "lives", !o->ended);
    json_text(&j, "ended", o->ended);
    json_text(&j, "successor", o->successor);
    json_text(&j, "fetch", o->fetch);
    json_text(&j, "list", o->list);
    json_text(&j, "manager", o->manager);
    json_end(&j);
    puts(str_text(&text));
    str_done(&text);
}

static void print_text(const struct organisation *o)
{
    printf("%-16s %s\n", o->name, o->what);
    if (o->ended)
        printf("%-16s ended %s%s%s\n", "", o->ended, o->successor ? "; instead: " : "",
               o->successor ? o->successor : "");
    if (o->fetch)
        printf("%-16s picket advisory fetch --db FILE %s\n", "", o->fetch);
    if (o->list)
        printf("%-16s picket advisory subscribe --manager %s --address %s ...\n", "", o->manager,
               o->list);
}

int advisory_sources(const struct advisory_cli *cli, const struct text_list *words)
{
    if (words->count) {
        command_complain("advisory", "sources takes no words, but \"%s\"", words->text[0]);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < organisation_count; i++)
        (cli->json ? print_json : print_text)(&organisations[i]);
    return EXIT_DONE;
}
