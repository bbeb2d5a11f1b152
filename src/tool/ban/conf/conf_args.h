/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "name[option=value, other="v1,v2"][third='x']": how jails hand options to filters and actions. */
#pragma once

#include "core/base/err.h"
#include "tool/ban/conf/conf_opts.h"

/* 0, or -EINVAL with the place of the fault. */
int conf_args_parse(const char *text, struct arena *arena, const char **out_name,
                    struct conf_opts *out_opts, struct err *e) MUST_CHECK;

/* Several of them, separated by blanks and lines, to a list of texts. */
void conf_args_split(const char *text, struct arena *arena, struct ban_list *out);

/* Words separated by blanks and commas. */
void conf_words(const char *text, struct arena *arena, struct ban_list *out);

/* Words as a shell takes them apart: quotes and backslashes.  -EINVAL: a quote is not closed. */
int conf_shell_words(const char *text, struct arena *arena, struct ban_list *out,
                     struct err *e) MUST_CHECK;
