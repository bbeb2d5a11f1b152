/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory match: what is installed, held against what is known. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/json.h"
#include "sys/io/file_map.h"
#include "tool/advisory/match.h"

static const uint64_t tracker_max = 1ULL << 30;

struct printing {
    bool json;
    struct str line;
};

static int print_finding(void *ctx, const struct match_finding *f, struct err *e)
{
    struct printing *p = ctx;
    (void)e;
    str_reset(&p->line);
    if (p->json) {
        struct json_out j = json_out_of(&p->line);
        json_object(&j, NULL);
        json_text(&j, "cve", f->cve);
        json_text(&j, "package", f->item->name);
        json_text(&j, "arch", f->item->arch);
        json_text(&j, "source", f->source);
        json_text(&j, "installed", f->installed);
        json_text(&j, "fixed", f->fixed);
        json_text(&j, "state", match_state_name(f->state));
        json_text(&j, "urgency", f->urgency);
        json_end(&j);
    } else {
        str_addf(&p->line, "%-16s %-12s %s %s%s%s", f->cve, match_state_name(f->state),
                 f->item->name, f->installed, f->fixed ? " -> " : "", f->fixed ? f->fixed : "");
    }
    puts(str_text(&p->line));
    return 0;
}

static int read_inventory(const struct advisory_cli *cli, struct arena *arena,
                          struct inventory *out, const char **suite, struct err *e)
{
    const char *root = cli->root ? cli->root : "";
    struct inventory_system system;
    inventory_read_system(arena, root, &system);
    *suite = cli->suite ? cli->suite : cli->status ? NULL : system.codename;
    if (!*suite)
        return err_set(e, -EINVAL, "--suite is needed: os-release names none");
    if (cli->status)
        return inventory_read_dpkg(arena, cli->status, "Debian", out, e);
    return inventory_read_dpkg(arena, arena_print(arena, "%s/var/lib/dpkg/status", root), "Debian",
                               out, e);
}

static int match(const struct advisory_cli *cli, struct arena *arena, struct err *e)
{
    struct printing p = {.json = cli->json, .line = str_of(0)};
    struct match_sink sink = {&p, print_finding};
    struct inventory inventory = {0};
    struct file_map map;
    const char *suite;
    if (!cli->tracker)
        return err_set(e, -EINVAL, "--tracker is needed");
    int rc = read_inventory(cli, arena, &inventory, &suite, e);
    if (rc == 0)
        rc = file_map_open(&map, cli->tracker, tracker_max, e);
    if (rc < 0)
        return rc;
    rc = match_tracker(&inventory, suite, map.data, map.len, &sink, e);
    if (rc < 0)
        err_wrap(e, "%s", cli->tracker);
    file_map_close(&map);
    str_done(&p.line);
    return rc;
}

int advisory_match(const struct advisory_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (words->count) {
        command_complain("advisory", "match takes no words, but \"%s\"", words->text[0]);
        return EXIT_USAGE;
    }
    if (match(cli, &arena, &e) < 0) {
        command_complain("advisory", "match: %s", e.text);
        status = e.code == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
    }
    arena_done(&arena);
    return status;
}
