/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory list and show: what the store holds. */
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "hub/store/advisory_store.h"
#include "tool/advisory/show.h"

struct printing {
    bool json, whole;
    uint64_t count;
};

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

static bool print_row(void *ctx, const struct advisory_row *row, uint64_t first_seen_ns)
{
    struct printing *p = ctx;
    struct str text = str_of(0);
    (void)first_seen_ns;
    p->count++;
    if (p->json) {
        puts(row->json);
    } else if (p->whole) {
        advisory_show(row->json, &text);
        fputs(str_text(&text), stdout);
    } else {
        printf("%-20s %-10.10s %-8s %s\n", row->id, or_dash(row->date ? row->date : row->modified),
               or_dash(row->severity), or_dash(row->title));
    }
    str_done(&text);
    return true;
}

static int with_store(const struct advisory_cli *cli, const char *name)
{
    struct printing p = {.json = cli->json, .whole = name != NULL};
    struct advisory_store *store;
    struct err e = {0};
    if (!cli->db) {
        command_complain("advisory", "--db is needed: the file that import wrote");
        return EXIT_USAGE;
    }
    if (advisory_store_open(&store, cli->db, STORE_READ, &e) < 0) {
        command_complain("advisory", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    int rc = name ? advisory_store_find(store, name, print_row, &p, &e)
                  : advisory_store_each(store, print_row, &p, &e);
    advisory_store_close(store);
    if (rc < 0) {
        command_complain("advisory", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    if (name && p.count == 0) {
        command_complain("advisory", "show: nothing is known of %s", name);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

int advisory_list(const struct advisory_cli *cli, const struct text_list *words)
{
    if (words->count) {
        command_complain("advisory", "list takes no words, but \"%s\"", words->text[0]);
        return EXIT_USAGE;
    }
    return with_store(cli, NULL);
}

int advisory_show_verb(const struct advisory_cli *cli, const struct text_list *words)
{
    if (words->count != 1) {
        command_complain("advisory", "show: one name is needed (CVE-2024-3094, DSA-5649-1)");
        return EXIT_USAGE;
    }
    return with_store(cli, words->text[0]);
}
