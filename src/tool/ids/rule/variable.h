/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for addresses and ports, and the lists that rule headers are made of.  Each distinct list
 * is read once, however many rules use it. */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "tool/ids/rule/rule.h"

enum { VARIABLE_DEPTH_MAX = 16 };

/* Zero is the empty table; variable_table_done frees it. */
struct variable_table {
    struct map text[2]; /* [0] addresses, [1] ports: name -> text */
    struct map made[2]; /* list as written -> struct rule_addresses *, struct rule_ports * */
    struct map fixed;   /* names given on the command line, which files do not change */
    struct arena arena;
};

/* Define; `name` without "$".  A later definition wins, but over none that is `fixed`. */
void variable_set_addresses(struct variable_table *t, const char *name, const char *text);
void variable_set_ports(struct variable_table *t, const char *name, const char *text);
void variable_fix(struct variable_table *t, const char *name, const char *text); /* -S NAME=VALUE */

/* The text of a variable of either kind, NULL: not defined. */
const char *variable_find(const struct variable_table *t, const char *name);

/* Read a list: "any", "80", "!$HTTP_PORTS", "[10.0.0.0/8,!10.1.0.0/16]", "1:1023".  What is given
 * out lives as long as the table.  0 or -EINVAL. */
int variable_addresses(struct variable_table *t, const char *list,
                       const struct rule_addresses **out, struct err *e) MUST_CHECK;
int variable_ports(struct variable_table *t, const char *list, const struct rule_ports **out,
                   struct err *e) MUST_CHECK;

void variable_table_done(struct variable_table *t);
