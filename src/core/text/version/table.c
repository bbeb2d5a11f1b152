/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/version.h"

#define MODULE(name, doc) extern const struct version_scheme version_scheme_##name;
#include "modules.def"
#undef MODULE

const struct version_scheme *const version_schemes[] = {
#define MODULE(name, doc) &version_scheme_##name,
#include "modules.def"
#undef MODULE
    NULL,
};
