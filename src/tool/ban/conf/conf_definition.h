/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One filter or action of a jail: [Definition] and [Init] of its file, under the options that the
 * jail hands over, turned into the commands that set it up. */
#pragma once

#include "tool/ban/conf/conf_tree.h"

struct conf_kind; /* filter or action: which options count */
extern const struct conf_kind conf_kind_filter, conf_kind_action;

struct conf_definition {
    const struct conf_kind *kind;
    const char *jail;
    const char *name; /* of the action; NULL for a filter */
    struct arena *arena;
    struct conf_tree *tree;
    struct conf_opts init; /* what the jail gives, then [Init] */
    struct conf_opts opts; /* of [Definition] */
    struct conf_opts vars; /* what wins over the file */
};

/* `file` is "sshd" (in filter.d or action.d) or a path with a '/'.  `init` are the jail's options
 * in brackets.  -ENOENT: no such file. */
int conf_definition_open(struct conf_definition *out, const struct conf_kind *kind,
                         struct conf_store *store, const char *file, const char *jail,
                         const struct conf_opts *init, struct err *e) MUST_CHECK;

/* "logtype" of a filter is file or journal, as the backend is, if nobody says otherwise. */
void conf_definition_set_logtype(struct conf_definition *d, const char *backend);

/* Read the options, under those of the jail.  `all`: the unknown ones of [Definition] too. */
int conf_definition_read(struct conf_definition *d, const struct conf_opts *jail_opts, bool all,
                         struct err *e) MUST_CHECK;

/* All options, tags replaced. */
int conf_definition_combine(struct conf_definition *d, struct conf_opts *out,
                            struct err *e) MUST_CHECK;

/* The commands, added to *stream. */
int conf_definition_convert(struct conf_definition *d, struct ban_list *stream,
                            struct err *e) MUST_CHECK;

/* Filter options wherever they stand (jails have them too): failregex and so on. */
int conf_filter_commands(const struct conf_opts *opts, const char *jail, struct arena *arena,
                         struct ban_list *stream, struct err *e) MUST_CHECK;

/* true, yes, on, 1. */
bool conf_is_true(const char *text);
/* A whole number as Python's int() reads it.  -EINVAL. */
int conf_read_int(const char *text, int64_t *out) MUST_CHECK;
