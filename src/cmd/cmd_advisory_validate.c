/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory validate: a CSAF document against its standard. */
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "sys/io/file_map.h"
#include "tool/advisory/csaf/csaf.h"

static const uint64_t document_max = 64 << 20;

static void print(const struct csaf *c, bool json)
{
    struct str text = str_of(0);
    if (json) {
        csaf_to_json(c, &text);
        puts(str_text(&text));
    } else {
        for (size_t i = 0; i < c->findings.count; i++) {
            const struct csaf_finding *f = &c->findings.item[i];
            printf("%-8s %-10s %s: %s\n", csaf_level_name(f->level), f->rule,
                   *f->path ? f->path : "/", f->message);
        }
        printf("CSAF %s, %s\n", c->v21 ? "2.1" : "2.0", csaf_is_valid(c) ? "valid" : "not valid");
    }
    str_done(&text);
}

int advisory_validate(const struct advisory_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct file_map map;
    struct csaf c = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (words->count != 1) {
        command_complain("advisory", "validate: one file is needed");
        return EXIT_USAGE;
    }
    if (file_map_open(&map, words->text[0], document_max, &e) == 0) {
        if (csaf_validate(&arena, map.data, map.len, &c, &e) == 0) {
            print(&c, cli->json);
            status = csaf_is_valid(&c) ? EXIT_DONE : EXIT_FAILED;
        }
        csaf_done(&c);
        file_map_close(&map);
    }
    if (status == EXIT_USAGE)
        command_complain("advisory", "validate: %s", e.text);
    arena_done(&arena);
    return status;
}
