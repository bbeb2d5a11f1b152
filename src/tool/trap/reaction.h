/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What portsentry.conf's KILL_* options and files say, done: hosts.deny, dead route, external
 * command, the blocked and history files. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "sys/loop/loop.h"
#include "tool/trap/probe.h"
#include "tool/trap/trap_conf.h"

struct reaction_spec {
    const struct trap_conf *conf;
    const char *mode;       /* "stcp": $MODE$, and the ending of the blocked file */
    const char *hosts_deny; /* "/etc/hosts.deny" */
    int32_t (*utc_offset_s)(uint64_t wall_ns); /* of local time at that moment */
    bool words_2; /* of 2.x: the blocked file has one name for all modes and is kept */
};

struct reaction;

/* Begins a new blocked file, as PortSentry does at each start; what fails is logged. */
struct reaction *reaction_new(struct loop *loop, const struct reaction_spec *spec);
void reaction_free(struct reaction *r); /* takes NULL */

/* Do to the sender of `probe` what `block` says.  `name` is his name or address, for the files. */
void reaction_run(struct reaction *r, const struct probe *probe, const char *name,
                  enum trap_block block);

/* A line of 2.x (scan_line.h) into the history file. */
void reaction_note(struct reaction *r, const struct probe *probe, const char *line);

/* $TARGET$, $PORT$ and $MODE$ in place.  What is put in is made of digits, letters, dots and
 * colons: it means nothing to a shell. */
void reaction_expand(const char *template, const struct probe *probe, const char *mode,
                     struct str *out);

/* "1700000000 - 11/14/2023 22:13:20 Host: NAME/ADDRESS Port: 79 TCP Blocked" */
void reaction_history_line(const struct probe *probe, const char *name, int32_t utc_offset_s,
                           struct str *out);
