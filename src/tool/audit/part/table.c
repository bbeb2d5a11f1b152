/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "tool/audit/audit.h"

#define MODULE(name, doc) extern const struct audit_part_kind audit_part_##name;
#include "modules.def"
#undef MODULE

const struct audit_part_kind *const audit_parts[] = {
#define MODULE(name, doc) &audit_part_##name,
#include "modules.def"
#undef MODULE
    NULL,
};
