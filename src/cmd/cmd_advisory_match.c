/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory match: what is installed, held against what is known. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/json.h"
#include "hub/store/advisory_store.h"
#include "sys/io/file_map.h"
#include "tool/advisory/match.h"

static const uint64_t tracker_max = 1ULL << 30;

struct printing {
    bool json;
    struct str line;
    struct advisory_store *store; /* NULL: none is open */
};

/* What the store knows of its exploitation. */
static void put_exploited(struct printing *p, struct json_out *j, const char *cve)
{
    struct advisory_exploited x;
    struct err ignored = {0};
    if (!p->store || advisory_store_exploited(p->store, cve, &x, &ignored) <= 0)
        return;
    if (x.kev_added) {
        json_text(j, "kev", x.kev_added);
        json_bool(j, "ransomware", x.ransomware);
    }
    if (x.epss >= 0)
        json_double(j, "epss", x.epss, 5);
}

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
        put_exploited(p, &j, f->cve);
        json_end(&j);
    } else {
        str_addf(&p->line, "%-16s %-12s %s %s%s%s", f->cve, match_state_name(f->state),
                 f->item->name, f->installed, f->fixed ? " -> " : "", f->fixed ? f->fixed : "");
    }
    puts(str_text(&p->line));
    return 0;
}

int advisory_inventory(const struct advisory_cli *cli, struct arena *arena, struct inventory *out,
                       const char **suite, struct err *e)
{
    const char *root = cli->root ? cli->root : "";
    struct inventory_system system;
    inventory_read_system(arena, root, &system);
    *suite = cli->suite ? cli->suite : cli->status ? NULL : system.codename;
    if (cli->inventory)
        return inventory_read_path(arena, cli->inventory, out, e);
    if (!*suite && (cli->status || cli->tracker))
        return err_set(e, -EINVAL, "--suite is needed: os-release names none");
    if (cli->status)
        return inventory_read_dpkg(arena, cli->status, "Debian", out, e);
    return inventory_read_root(arena, root, out, e);
}

static int match_file(const struct advisory_cli *cli, const struct inventory *inventory,
                      const char *suite, const struct match_sink *sink, struct err *e)
{
    struct file_map map;
    int rc = file_map_open(&map, cli->tracker, tracker_max, e);
    if (rc < 0)
        return rc;
    rc = match_tracker(inventory, suite, &map, sink, e);
    if (rc < 0)
        err_wrap(e, "%s", cli->tracker);
    file_map_close(&map);
    return rc;
}

static int match_kept(const struct advisory_cli *cli, const struct inventory *inventory,
                      const char *suite, struct printing *p, const struct match_sink *sink,
                      struct err *e)
{
    int rc = advisory_store_open(&p->store, cli->db, STORE_READ, e);
    if (rc < 0)
        return rc;
    rc = match_store(inventory, suite, p->store, sink, e);
    advisory_store_close(p->store);
    p->store = NULL;
    return rc;
}

static int match(const struct advisory_cli *cli, struct arena *arena, struct err *e)
{
    struct printing p = {.json = cli->json, .line = str_of(0)};
    struct match_sink sink = {&p, print_finding};
    struct inventory inventory = {0};
    const char *suite;
    if (!cli->tracker && !cli->db)
        return err_set(e, -EINVAL, "--tracker or --db is needed");
    int rc = advisory_inventory(cli, arena, &inventory, &suite, e);
    if (rc == 0 && cli->tracker)
        rc = match_file(cli, &inventory, suite, &sink, e);
    if (rc == 0 && cli->db)
        rc = match_kept(cli, &inventory, suite, &p, &sink, e);
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
