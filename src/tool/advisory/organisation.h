/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who told of flaws once and who does now: the organisations of old handbooks, what became of them,
 * and the addresses of those that live. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct organisation {
    const char *name, *what;
    const char *ended;     /* when, as far as is known; NULL: it lives */
    const char *successor; /* names of rows of this table, comma-separated; NULL: none */
    const char *fetch;     /* an address for `advisory fetch`; NULL: none */
    const char *list;      /* a mailing list: its address; NULL: none */
    const char *manager;   /* of that list, for `advisory subscribe`; NULL: none */
};

extern const struct organisation organisations[];
extern const size_t organisation_count;
