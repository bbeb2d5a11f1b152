/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE table of privileged operations: what the keeper does for processes without rights.  Numbers,
 * sizes and states are here and nowhere else. */
#pragma once

#include "core/base/err.h"

/* Connect to the machine's keeper; where none serves and this process may, start one.  Of the form
 * that hub/respond asks by (`unused`: NULL).  0, -EACCES, or another negative errno value. */
int privileged_connect(void *unused, int *out_fd, struct err *e) MUST_CHECK;
