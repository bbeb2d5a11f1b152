/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/action.h"

#include <string.h>

static const struct {
    const char *name;
    enum rule_action action;
} row[] = {
    {"alert", RULE_ALERT},
    {"pass", RULE_PASS},
    {"drop", RULE_DROP},
    {"reject", RULE_REJECT},
    {"rejectsrc", RULE_REJECT},
    {"rejectdst", RULE_REJECT_DST},
    {"rejectboth", RULE_REJECT_BOTH},
    {"block", RULE_BLOCK},
    {"sdrop", RULE_SDROP},
    {"log", RULE_LOG},
    {"react", RULE_REACT},
    {"rewrite", RULE_REWRITE},
    {"activate", RULE_ACTIVATE},
    {"dynamic", RULE_DYNAMIC},
    {"config", RULE_CONFIG},
};

int rule_action_from_name(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        if (strlen(row[i].name) == len && memcmp(row[i].name, name, len) == 0)
            return row[i].action;
    return -1;
}

const char *rule_action_name(enum rule_action action)
{
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        if (row[i].action == action)
            return row[i].name;
    return "";
}
