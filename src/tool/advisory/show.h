/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An advisory as people read it, from the record the store keeps. */
#pragma once

#include "core/base/str.h"

void advisory_show(const char *json, struct str *out);
