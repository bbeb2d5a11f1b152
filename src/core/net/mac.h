/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A 48-bit Ethernet address. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum { MAC_TEXT_MAX = 18 };

struct mac {
    uint8_t byte[6];
};

/* Six pairs of hexadecimal digits, separated by ':' or '-'.  0 or -EINVAL. */
int mac_parse(struct mac *out, const char *text, struct err *e) MUST_CHECK;
char *mac_format(const struct mac *m,
                 char to[MAC_TEXT_MAX]); /* "02:AB:..", upper case as nmap prints it */
bool mac_is_zero(const struct mac *m);
