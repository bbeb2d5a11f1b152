/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -oG: nmap's one line a host for grep, awk and cut: fields end at tabs, ports at ", ", the parts
 * of a port at "/".  What strangers say cannot break that: see grepable.c. */
#pragma once

#include "hub/outlet/scan_outlet.h"

extern const struct scan_outlet_format scan_outlet_grepable;
