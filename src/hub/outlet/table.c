/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of scan report formats, made of formats.def. */
#include <stddef.h>

#include "hub/outlet/scan_outlet.h"

#define SCAN_OUTLET(name) extern const struct scan_outlet_format scan_outlet_##name;
#include "hub/outlet/formats.def"
#undef SCAN_OUTLET

const struct scan_outlet_format *const scan_outlet_formats[] = {
#define SCAN_OUTLET(name) &scan_outlet_##name,
#include "hub/outlet/formats.def"
#undef SCAN_OUTLET
    NULL,
};
