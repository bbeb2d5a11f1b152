/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of `picket advisory` share: one option table, one struct. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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
    const char *status, *root, *tracker, *suite;
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
int advisory_validate(const struct advisory_cli *cli, const struct text_list *words);
