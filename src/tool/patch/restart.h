/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that still run what was replaced: started anew, and held to the ports they had.  What
 * carries the session, the network or the system itself is named, not restarted. */
#pragma once

#include "tool/patch/apply.h"

struct patch_service {
    const char *name; /* systemd's unit, or the script of /etc/init.d */
    bool is_unit;
    bool spared;   /* on the list of what is not restarted by itself */
    bool failed;   /* the restart failed, or a port did not come back */
    uint16_t port; /* of a socket it listened at; 0: none */
    uint8_t ip_proto;
};

struct patch_services {
    struct patch_service *item; /* one row for each port, at least one a service */
    size_t count, capacity;
};

/* Which services need it. */
int patch_find_services(struct arena *arena, const char *root, const char *proc,
                        struct patch_services *out, struct err *e) MUST_CHECK;

/* Restart them and wait for their ports; `failed` tells what did not come back. */
int patch_restart(struct arena *arena, const struct patch_apply *a, struct patch_services *services,
                  struct err *e) MUST_CHECK;

bool patch_is_spared(const char *service);
