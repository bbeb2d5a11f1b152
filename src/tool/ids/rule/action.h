/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words a rule begins with. */
#pragma once

#include <stddef.h>

#include "tool/ids/rule/rule.h"

/* enum rule_action, or -1; "rejectsrc" is RULE_REJECT. */
int rule_action_from_name(const char *name, size_t len);
const char *rule_action_name(enum rule_action action);
