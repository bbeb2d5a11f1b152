/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this process may do (capabilities(7)), asked before it tries, so that the message can say
 * which right is missing and what works without it. */
#pragma once

#include <stdbool.h>

#include "core/base/err.h"

enum capability {
    CAPABILITY_NET_RAW,
    CAPABILITY_NET_ADMIN,
    CAPABILITY_SYS_PTRACE,
    CAPABILITY_DAC_READ_SEARCH
};

bool capability_has(enum capability c);         /* in the effective set */
const char *capability_name(enum capability c); /* "CAP_NET_RAW" */
