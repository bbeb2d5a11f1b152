/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a host that was typed, or an address that called, to addresses and a name; with the warnings
 * of netcat-traditional when the two do not agree.  On the loop: nobody waits for DNS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/net/addr.h"
#include "sys/io/resolver.h"

enum { NAMES_TEXT_MAX = 256 };

struct names_wish {
    uint8_t family; /* of the addresses; ADDR_NONE: both */
    bool no_dns;    /* numbers only */
    bool want_name; /* look up the name of an address */
    bool check;     /* hold names and addresses against each other */
};

struct names_answer {
    int result; /* 0 or a negative errno value: -ENOENT no such name, -EAFNOSUPPORT another family
                 */
    struct addr addr[RESOLVER_ADDR_MAX];
    size_t count;
    char name[NAMES_TEXT_MAX]; /* "": unknown */
    bool is_typed;             /* the name was typed */
    struct str warnings;       /* lines */
};

typedef void names_fn(void *ctx, struct names_answer *answer); /* valid during the call */

/* Each calls fn once: from the loop, or at once where DNS need not be asked. */
void names_look(struct resolver *r, const char *host, const struct names_wish *wish, names_fn *fn,
                void *ctx);
void names_of(struct resolver *r, const struct addr *addr, const struct names_wish *wish,
              names_fn *fn, void *ctx);
