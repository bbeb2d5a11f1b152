/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One action of a jail: its options, and the shell commands that come of them.  What a log line
 * said never becomes a part of a command's text: it goes there by a variable of the environment. */
#pragma once

#include "core/base/text_list.h"
#include "tool/ban/conf/conf_opts.h"
#include "tool/ban/server/ticket.h"

enum ban_family { FAMILY_ANY, FAMILY_INET4, FAMILY_INET6, FAMILY_COUNT };

enum { ACTION_STARTED = 1, ACTION_HAS_BANS = 2 };

struct ban_action {
    char *name;
    struct arena arena; /* of the options; made anew at each reload */
    struct conf_opts opts;
    struct conf_opts resolved[FAMILY_COUNT]; /* tags replaced; empty until it is asked for */
    bool is_resolved[FAMILY_COUNT];
    unsigned started[FAMILY_COUNT]; /* ACTION_* */
    char *running_stop[FAMILY_COUNT];
    unsigned epoch;
    bool is_kept; /* while reloading: it is still there */
    struct ban_action *next;
};

/* What the tags of a ban stand for. */
struct action_values {
    const struct ticket *ticket; /* NULL: none (start, stop) */
    const char *jail;
    double now_s;
    int64_t ban_s;
    size_t banned, banned_total, found, found_total;
    /* What the history of the address holds, over all jails and in this one; may be NULL. */
    void (*history)(void *ctx, const struct ticket *t, bool all_jails, struct str *matches,
                    int *out_failures);
    void *ctx;
};

struct ban_action *ban_action_new(const char *name);
void ban_action_free(struct ban_action *a);
void ban_action_clear(struct ban_action *a);
void ban_action_set(struct ban_action *a, const char *name, const struct ban_value *value);

enum ban_family ban_family_of(const struct cidr *net);
const char *ban_family_name(enum ban_family f); /* "", "inet4", "inet6" */

bool ban_action_on_demand(struct ban_action *a);    /* is started by the first ban */
bool ban_action_has_families(struct ban_action *a); /* IPv4 and IPv6 differ */
bool ban_action_flag(struct ban_action *a, const char *name);
double ban_action_timeout_s(const struct ban_action *a);

/* The option with all static tags replaced; "" where there is none. */
const char *ban_action_text(struct ban_action *a, enum ban_family f, const char *option);

/* The command for a ban: *text gets it, *env "NAME=VALUE" texts, kept in `arena`. */
void ban_action_command(struct ban_action *a, enum ban_family f, const char *option,
                        const struct action_values *v, struct arena *arena, struct str *text,
                        struct text_list *env);

/* Put the values into a command that is no action's (ignorecommand). */
void action_values_put(const char *text, const struct action_values *v, enum ban_family f,
                       struct arena *arena, struct str *out, struct text_list *env);
