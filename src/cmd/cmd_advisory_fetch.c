/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory fetch: from the network into the store. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/json.h"
#include "tool/advisory/fetch.h"

static void on_refused(void *ctx, const char *what, const char *why)
{
    (void)ctx;
    command_complain("advisory", "fetch: %s: %s", what, why);
}

static void print_counts(const struct advisory_cli *cli, const struct fetch_counts *c)
{
    struct str text = str_of(0);
    if (cli->json) {
        struct json_out j = json_out_of(&text);
        json_object(&j, NULL);
        json_u64(&j, "requests", c->requests);
        json_u64(&j, "bytes", c->moved);
        json_u64(&j, "files", c->files);
        json_u64(&j, "unchanged", c->unchanged);
        json_u64(&j, "refused", c->refused);
        json_u64(&j, "advisories", c->taken);
        json_u64(&j, "news", c->news);
        json_end(&j);
    } else {
        str_addf(&text, "%llu advisories, %llu new or changed; %llu bytes",
                 (unsigned long long)c->taken, (unsigned long long)c->news,
                 (unsigned long long)c->moved);
    }
    puts(str_text(&text));
    str_done(&text);
}

int advisory_fetch_open(const struct advisory_cli *cli, struct fetch *f, struct str *folder,
                        struct err *e)
{
    *f = (struct fetch){.clock = &clock_system,
                        .ca = cli->ca,
                        .keyring = cli->keyring,
                        .format = cli->format,
                        .headers = &cli->http_headers};
    str_addf(folder, "%s%s", cli->mirror ? cli->mirror : cli->db, cli->mirror ? "" : ".mirror");
    f->folder = str_text(folder);
    return advisory_store_open(&f->store, cli->db, STORE_WRITE, e);
}

int advisory_fetch(const struct advisory_cli *cli, const struct text_list *words)
{
    struct fetch f;
    struct str folder = str_of(0);
    struct err e = {0};
    bool failed = false;
    if (words->count == 0 || !cli->db) {
        command_complain("advisory", "fetch: %s",
                         cli->db ? "an address is needed" : "--db is needed");
        return EXIT_USAGE;
    }
    if (advisory_fetch_open(cli, &f, &folder, &e) < 0) {
        command_complain("advisory", "fetch: %s", e.text);
        str_done(&folder);
        return EXIT_ENVIRONMENT;
    }
    f.refused = on_refused;
    for (size_t i = 0; i < words->count; i++)
        if (fetch_source(&f, words->text[i], &e) < 0) {
            command_complain("advisory", "fetch: %s", e.text);
            failed = true;
        }
    print_counts(cli, &f.counts);
    advisory_store_close(f.store);
    str_done(&folder);
    return failed ? EXIT_ENVIRONMENT : f.counts.refused ? EXIT_FAILED : EXIT_DONE;
}
