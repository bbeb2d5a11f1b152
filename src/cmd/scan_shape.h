/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the user wants our frames to look: the options of evasion and spoofing. */
#pragma once

#include "cmd/scan_setup.h"

/* Fill in setup->options.shape.  -EINVAL: what was typed makes no sense, or nothing that is sent
 * could look so. */
int scan_shape_make(const struct scan_cli *cli, struct scan_setup *setup, struct err *e) MUST_CHECK;
