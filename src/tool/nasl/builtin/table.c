/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/builtin.h"

#define MODULE(name, doc) extern const struct nasl_family nasl_family_##name;
#include "modules.def"
#undef MODULE

const struct nasl_family *const nasl_families[] = {
#define MODULE(name, doc) &nasl_family_##name,
#include "modules.def"
#undef MODULE
    NULL,
};
