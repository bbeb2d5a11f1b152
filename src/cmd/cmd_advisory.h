/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of `picket advisory` share: one option table, one struct. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/text_list.h"

struct advisory_cli {
    bool help, json, batch;
    const char *ecosystem;
};

/* `words` are those behind the verb.  Returns an exit status. */
typedef int advisory_verb_fn(const struct advisory_cli *cli, const struct text_list *words);

advisory_verb_fn advisory_vercmp, advisory_cvss;
