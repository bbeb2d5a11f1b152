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
    const char *status, *root, *tracker, *suite;
};

/* `words` are those behind the verb.  Returns an exit status. */
typedef int advisory_verb_fn(const struct advisory_cli *cli, const struct text_list *words);

extern advisory_verb_fn advisory_vercmp;
extern advisory_verb_fn advisory_cvss;
extern advisory_verb_fn advisory_import;
extern advisory_verb_fn advisory_list;
extern advisory_verb_fn advisory_show_verb;
extern advisory_verb_fn advisory_match;
