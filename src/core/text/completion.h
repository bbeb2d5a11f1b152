/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shell completion scripts, made from the option tables of all commands. */
#pragma once

#include <stddef.h>

#include "core/base/str.h"
#include "core/text/option.h"

void completion_bash(const char *program, const struct option_table *const *table, size_t count,
                     struct str *out);
void completion_zsh(const char *program, const struct option_table *const *table, size_t count,
                    struct str *out);
