/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports in the order in which they will be tried: "80", "http", "20-30" (names too), one after the
 * other, each port once in a range. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/rng.h"

struct port_list {
    uint16_t *port;
    size_t count, capacity;
};

/* Add those of `text`; `protocol` is "tcp" or "udp".  -EINVAL with the part of the text that is no
 * port in *e, and nothing else. */
int port_list_add(struct port_list *l, const char *text, const char *protocol, bool descending,
                  struct err *e) MUST_CHECK;
void port_list_shuffle(struct port_list *l, struct rng *chance);
void port_list_done(struct port_list *l);

/* One port by number (decimal, 0-65535) or name; -1: neither. */
int port_list_one(const char *text, const char *protocol);
