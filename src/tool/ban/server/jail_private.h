/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ban_jail.c, jail_bans.c and jail_logs.c share. */
#pragma once

#include "tool/ban/server/ban_jail.h"

/* A filter has found something (ctx: the jail). */
void jail_on_found(void *ctx, struct ban_filter *f, const struct ban_found *found);

void jail_unban_expired(struct ban_jail *j);
void jail_forget_old_failures(struct ban_jail *j);
void jail_tidy_up(struct ban_jail *j); /* see to it that the above is called in a while */

void jail_restore(struct ban_jail *j, struct ticket *t);             /* takes the ticket */
void jail_give_again(struct ban_jail *j, struct ban_action *action); /* all bans in force */
void jail_withdraw(struct ban_jail *j, struct ban_action *action);   /* all bans of one action */
/* Says the administrator's command that it is to be left alone? */
bool jail_is_ignored_by_command(struct ban_jail *j, const struct ticket *t);

void jail_repeal_all(struct ban_jail *j, bool keep_db);
