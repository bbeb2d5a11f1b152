/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snort.lua without running it: assignments of texts, numbers and tables of them.  What is computed
 * otherwise is refused, not guessed. */
#pragma once

#include "tool/ids/conf/snort_conf.h"

int snort_lua_read(struct snort_conf *c, struct rule_set *set, struct filter_conf *filters,
                   const char *path, struct err *e) MUST_CHECK;
