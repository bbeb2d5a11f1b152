/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -oH: one HTML page of a scan; see page.h for what it promises. */
#pragma once

#include "hub/outlet/scan_outlet.h"

extern const struct scan_outlet_format scan_outlet_scan_html;
