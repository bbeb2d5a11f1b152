/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/ids/look/step.h"

/* offset and distance behind a protected_content. */
int hash_set_offset(struct rule_step *step, int32_t offset, bool relative);
