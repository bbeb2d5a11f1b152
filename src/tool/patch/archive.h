/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the archives that apt knows hold security fixes, and source lists that name those
 * only. */
#pragma once

#include "tool/patch/apt.h"

/* One line of `apt-get indextargets`. */
struct archive {
    const char *label, *origin, *suite, *codename;
    const char *entry; /* "/etc/apt/sources.list:1", ".../debian.sources:2" (the stanza) */
    const char *release;
    bool security;
};

struct archive_list {
    struct archive *item;
    size_t count;
    size_t security_count;
    const char *pattern_missed; /* a pattern of unattended-upgrades that fits no archive; or NULL */
};

int archive_list_read(const struct apt *apt, struct archive_list *out, struct err *e) MUST_CHECK;

/* Write source lists that name the security archives alone into the folder. */
int archive_write_sources(struct arena *arena, const struct archive_list *list, const char *folder,
                          struct err *e) MUST_CHECK;
