/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/bulletin.h"

#define MODULE(name, doc) extern const struct bulletin bulletin_##name;
#include "modules.def"
#undef MODULE

const struct bulletin *const bulletins[] = {
#define MODULE(name, doc) &bulletin_##name,
#include "modules.def"
#undef MODULE
    NULL,
};
