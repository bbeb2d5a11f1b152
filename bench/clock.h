/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bench programs share: how long to run, and the one line that each prints for run.py:
 * "NAME<TAB>RATE<TAB>UNIT". */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "core/base/clock.h"

static const uint64_t bench_run_ns = NS_PER_S;

static inline void bench_print(const char *name, double count, uint64_t took_ns, const char *unit)
{
    printf("%s\t%.0f\t%s\n", name, count * (double)NS_PER_S / (double)took_ns, unit);
}
