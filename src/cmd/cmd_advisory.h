/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of `picket advisory` share: one option table, one struct. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

struct advisory_cli {
    bool help, json, batch;
    const char *ecosystem;
    const char *format, *base_url;
    struct text_list http_headers;
    const char *db;
    bool off, print, list_help;
    const char *manager, *address, *list, *from, *name, *phone, *pin, *new_address, *new_pin;
    const char *token;
    const char *inventory, *status, *root, *tracker, *suite;
    const char *mirror, *ca, *keyring;
    bool once, all;
    int64_t every;
    struct text_list tell;
    const char *quiet, *secret, *queue;
    const char *smtp, *imap, *login, *maildir, *subscriptions;
};

/* `words` are those behind the verb.  Returns an exit status. */
typedef int advisory_verb_fn(const struct advisory_cli *cli, const struct text_list *words);

int advisory_vercmp(const struct advisory_cli *cli, const struct text_list *words);
int advisory_cvss(const struct advisory_cli *cli, const struct text_list *words);
int advisory_import(const struct advisory_cli *cli, const struct text_list *words);
int advisory_list(const struct advisory_cli *cli, const struct text_list *words);
int advisory_show_verb(const struct advisory_cli *cli, const struct text_list *words);
int advisory_match(const struct advisory_cli *cli, const struct text_list *words);
int advisory_subscribe(const struct advisory_cli *cli, const struct text_list *words);
int advisory_fetch(const struct advisory_cli *cli, const struct text_list *words);
int advisory_receive(const struct advisory_cli *cli, const struct text_list *words);
int advisory_watch(const struct advisory_cli *cli, const struct text_list *words);
int advisory_sources(const struct advisory_cli *cli, const struct text_list *words);
int advisory_validate(const struct advisory_cli *cli, const struct text_list *words);

/* A fetch as the options want it, with its store open; the caller closes f->store. */
struct fetch;
int advisory_fetch_open(const struct advisory_cli *cli, struct fetch *f, struct str *folder,
                        struct err *e);

/* The server of --smtp or --imap, with what --login tells. */
struct mail_server;
struct arena;
int advisory_mail_server(const struct advisory_cli *cli, const char *url, struct arena *arena,
                         struct mail_server *out, struct err *e);

/* What is installed, as --root and --status tell, and the suite that counts. */
struct inventory;
int advisory_inventory(const struct advisory_cli *cli, struct arena *arena, struct inventory *out,
                       const char **suite, struct err *e);
