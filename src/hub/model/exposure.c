/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/exposure.h"

#include "hub/model/name_table.h"

static const char *const names[REACH_COUNT] = {
    [REACH_LOOPBACK] = "loopback only", [REACH_FIREWALLED] = "firewalled",
    [REACH_NEIGHBOURS] = "neighbours",  [REACH_UNKNOWN] = "unknown",
    [REACH_ANYONE] = "reachable",
};

const char *reach_name(enum reach r)
{
    return name_table_name(names, REACH_COUNT, r);
}
