/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a jail never bans: addresses, networks, names, files of them, this machine itself. */
#pragma once

#include "core/net/cidr_set.h"
#include "core/text/json.h"
#include "tool/ban/conf/ban_value.h"
#include "tool/ban/filter/ban_id.h"

struct ban_ignore {
    struct text_list_owned {
        char **text;
        size_t count, capacity;
    } entries;            /* as given */
    struct cidr_set nets; /* of those that are addresses */
    bool is_stale;
    struct cidr_set own; /* of this machine, as they were a short while ago */
    uint64_t own_until_ns;
    bool self; /* addresses of this machine */
    char *command, *cache;
};

void ban_ignore_init(struct ban_ignore *i);
void ban_ignore_done(struct ban_ignore *i);
void ban_ignore_clear(struct ban_ignore *i);
bool ban_ignore_add(struct ban_ignore *i, const char *entry); /* false: it is there already */
bool ban_ignore_remove(struct ban_ignore *i, const char *entry);

/* Why it is ignored ("ip", "ignoreself rule"), or NULL.  Names among the entries are looked up
 * in /etc/hosts and DNS only when nothing else matches (it may take a moment). */
const char *ban_ignore_match(struct ban_ignore *i, const char *id, const struct cidr *net);
