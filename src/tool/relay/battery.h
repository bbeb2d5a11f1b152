/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests: envelopes by which mail servers have been talked into relaying.  Ours are the rows of
 * battery.def; others come from a JSON file of the same fields. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

enum relay_flags {
    RELAY_RAW = 1,         /* RCPT TO:addr, without angle brackets */
    RELAY_AFTER_LOCAL = 2, /* behind a local recipient */
    RELAY_BOGUS_AUTH = 4,  /* after AUTH with credentials by chance */
};

enum { RELAY_TESTS_MAX = 1000, RELAY_ADDRESS_MAX = 1024 };

struct relay_test {
    const char *id;
    const char *mail_from, *rcpt_to; /* with {to_user} {to_domain} {TO_DOMAIN} ... */
    unsigned flags;
    const char *what;
};

extern const struct relay_test relay_battery[];
extern const size_t relay_battery_count;

/* Those of a file {"tests": [{"id", "mail_from", "rcpt_to", "raw", ...}]}, in *arena. */
int battery_read(const char *path, struct arena *arena, const struct relay_test **out,
                 size_t *out_count, struct err *e) MUST_CHECK;

/* What the fields of a template stand for. */
struct relay_fields {
    const char *to_user, *to_domain, *from_user, *from_domain;
    const char *target_ip, *target_name, *target_domain, *tester_ip, *sink_ip;
};

/* Write the template with its fields.  An unknown field stays as it is.  What would end an SMTP
 * line (CR, LF, NUL) is left out, whatever a server called itself. */
void battery_expand(struct str *out, const char *template, const struct relay_fields *f);
