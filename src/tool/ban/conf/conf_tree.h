/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fail2ban makes of the files of one name ("jail", "filter.d/sshd"): NAME.conf, NAME.d/
 * *.conf, NAME.local, NAME.d/ *.local, each with what it includes, laid over one another option by
 * option; and the values with "%(name)s" put in. */
#pragma once

#include "core/base/err.h"
#include "core/base/map.h"
#include "tool/ban/conf/conf_opts.h"
#include "tool/ban/conf/ini_file.h"

enum { CONF_INCLUDES_MAX = 64, CONF_DEPTH_MAX = 10 };

/* Where files are read from, and what has been read; one a configuration. */
struct conf_store {
    const char *folder;
    struct arena *arena;
    struct map files, trees;
};

struct conf_section {
    const char *name;
    struct conf_opts opts;  /* raw texts */
    struct conf_opts known; /* what an option was before a later file set it anew */
};

struct conf_tree {
    struct arena *arena;
    struct conf_opts defaults;
    struct conf_section *section;
    size_t count, capacity;
};

struct conf_store conf_store_of(const char *folder, struct arena *arena);
void conf_store_done(struct conf_store *s);

/* The tree of `name`, read once.  -ENOENT: no such file; -EINVAL with "file:line: ...". */
int conf_store_read(struct conf_store *s, const char *name, struct conf_tree **out,
                    struct err *e) MUST_CHECK;

/* The tree of one file, wherever it lies, with what it includes. */
int conf_store_read_file(struct conf_store *s, const char *path, struct conf_tree **out,
                         struct err *e) MUST_CHECK;

struct conf_section *conf_tree_section(const struct conf_tree *t, const char *name);

/* The value of an option with all put in; `vars` (may be NULL) win over the section, which wins
 * over [DEFAULT].  -ENXIO: no such section, -ENOENT: no such option, -EINVAL: it cannot be put
 * together (an unknown name, a lone '%', a circle). */
int conf_tree_get(const struct conf_tree *t, const char *section, const char *option,
                  const struct conf_opts *vars, const char **out, struct err *e) MUST_CHECK;

/* The same for "option", "known/option" and "section/option", as tags name them, seen from
 * `section`. */
int conf_tree_get_far(const struct conf_tree *t, const char *section, const char *option,
                      const struct conf_opts *vars, const char **out, struct err *e) MUST_CHECK;
