/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What transmit.c and transmit_option.c share. */
#pragma once

#include "tool/ban/server/transmit.h"

/* One command being done. */
struct request {
    struct transmitter *t;
    const struct ban_list *words;
    struct arena *arena;
    struct ban_value *out;
    struct err *e;
};

const char *transmit_text(const struct request *q, size_t n); /* NULL: there is no such word */

/* "WORDSwhat'": a fault. */
int transmit_fault(struct request *q, int code, const char *words, const char *what);

int transmit_get(struct request *q);
int transmit_set(struct request *q, bool multiple);
