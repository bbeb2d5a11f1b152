/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One jail of the configuration: its section of the tree "jail", its filter and its actions. */
#pragma once

#include "tool/ban/conf/conf_definition.h"

#define CONF_VERSION "1.1.2.dev1" /* of fail2ban, whose configuration this reads */

struct conf_jail {
    const char *name;
    struct arena *arena;
    struct conf_opts opts;
    bool is_enabled;
    bool has_filter;
    struct conf_definition filter;
    struct ban_list actions;   /* commands */
    const char *config_error;  /* the jail is left out, the others go on; NULL: none */
    const char *runtime_error; /* no log file: left out this time */
};

/* Read section `name` of `tree`.  `force`: as if it were enabled; `extra` (may be NULL) wins over
 * the section and goes to the filter.  A fault of this jail alone is put into config_error; a
 * negative return is one of the configuration as a whole. */
int conf_jail_read(struct conf_jail *out, struct conf_store *store, struct conf_tree *tree,
                   const char *name, bool force, const struct conf_opts *extra,
                   struct err *e) MUST_CHECK;

/* The commands that make the jail.  `allow_no_files`: a jail without a log file is no fault. */
int conf_jail_convert(struct conf_jail *jail, bool allow_no_files, struct ban_list *stream,
                      struct err *e) MUST_CHECK;
