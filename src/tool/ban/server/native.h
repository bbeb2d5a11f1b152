/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of stock actions that are done without a shell: "nft add element inet TABLE SET { ADDR
 * }" and its counterpart.  What is recognised is the very command that would be run, with the very
 * names, so the firewall looks the same; everything else goes to the shell. */
#pragma once

#include "tool/ban/server/ban_action.h"

struct native_call {
    bool is_add;
    char table[64], set[64];
    struct cidr who;
};

/* false: it is something else. */
bool native_parse(struct native_call *out, const char *command);

/* Will the bans of an action, "actionban" with its static tags replaced, be such commands? */
bool native_fits(const char *actionban);
