/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of TCP, UDP or SCTP ports, 0-65535, host byte order (also of IP protocol numbers, 0-255).
 * Plain value, 8 KiB: copy it freely, nothing to free. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

enum { PORT_COUNT = 65536 };

struct port_set {
    uint64_t word[PORT_COUNT / 64];
};

/* Add "22,80,8000-8100".  0, or -EINVAL with the byte offset of the fault in *e; then *set is as it
 * was. */
int port_set_parse(struct port_set *set, const char *text, struct err *e) MUST_CHECK;

void port_set_add_range(struct port_set *set, uint16_t first, uint16_t last);
void port_set_remove_range(struct port_set *set, uint16_t first, uint16_t last);
size_t port_set_count(const struct port_set *set);
void port_set_remove(struct port_set *set, const struct port_set *other);

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
    return set->word[port / 64] >> (port % 64) & 1;
}

static inline void port_set_add(struct port_set *set, uint16_t port)
{
    set->word[port / 64] |= UINT64_C(1) << (port % 64);
}

/* The lowest port >= `from`, or -1: for (int p = -1; (p = port_set_next(s, p + 1)) >= 0;) */
int port_set_next(const struct port_set *set, int from);

/* Append the shortest text of the set, "22,80,8000-8100"; nothing for the empty set. */
void port_set_format(const struct port_set *set, struct str *out);
