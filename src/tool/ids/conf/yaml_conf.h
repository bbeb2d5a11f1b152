/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suricata.yaml as a tree of values that are found by dotted names ("stream.reassembly.depth"),
 * with settings from the command line (--set NAME=VALUE) on top. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/text/yaml.h"

struct yaml_conf {
    struct yaml_node *root; /* NULL: no file */
    struct arena arena;
};

/* Read `path`; files that it includes are put in place of the include.  0 or a negative errno value
 * with "file:line:column: ...". */
int yaml_conf_read(struct yaml_conf *c, const char *path, struct err *e) MUST_CHECK;
void yaml_conf_done(struct yaml_conf *c);

/* --set: "a.b.c=value" and "a.0.b=value" (the first of a list; a name stands for the element that
 * has it as its key). */
int yaml_conf_set(struct yaml_conf *c, const char *assignment, struct err *e) MUST_CHECK;

const struct yaml_node *yaml_conf_find(const struct yaml_conf *c, const char *name);
const struct yaml_node *yaml_conf_below(const struct yaml_node *n, const char *name);
const char *yaml_conf_text(const struct yaml_conf *c, const char *name, const char *otherwise);
bool yaml_conf_bool(const struct yaml_conf *c, const char *name, bool otherwise);
/* Numbers may have a unit: kb, mb, gb, KiB ... */
uint64_t yaml_conf_size(const struct yaml_conf *c, const char *name, uint64_t otherwise);
bool yaml_text_is_true(const char *text); /* yes, true, on, 1 */
bool yaml_text_size(const char *text, uint64_t *out);
