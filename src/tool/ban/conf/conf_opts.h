/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options by name, in the order in which they were first set. */
#pragma once

#include "tool/ban/conf/ban_value.h"

struct conf_opt {
    const char *name;
    struct ban_value value;
};

/* Zero is empty; the memory is the arena's that is handed to conf_opts_set. */
struct conf_opts {
    struct conf_opt *opt;
    size_t count, capacity;
};

/* Set or replace; the name and the value are kept, not copied. */
void conf_opts_set(struct conf_opts *o, struct arena *arena, const char *name,
                   struct ban_value value);
void conf_opts_set_text(struct conf_opts *o, struct arena *arena, const char *name,
                        const char *text);
const struct ban_value *conf_opts_find(const struct conf_opts *o, const char *name);
const char *conf_opts_text(const struct conf_opts *o, const char *name); /* NULL: not there */

/* All of `from`, over what is there. */
void conf_opts_merge(struct conf_opts *o, struct arena *arena, const struct conf_opts *from);

/* "name?family=inet6" is conditional: the length of "name"; 0: it is not. */
size_t conf_opts_condition(const char *name);
