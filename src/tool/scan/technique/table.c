/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "tool/scan/technique/technique.h"

#define MODULE(name, doc) extern const struct scan_technique scan_technique_##name;
#include "modules.def"
#undef MODULE

const struct scan_technique *const scan_techniques[] = {
#define MODULE(name, doc) &scan_technique_##name,
#include "modules.def"
#undef MODULE
    NULL,
};

const struct scan_technique *scan_technique_find(const char *name)
{
    for (size_t i = 0; scan_techniques[i]; i++)
        if (strcmp(scan_techniques[i]->name, name) == 0)
            return scan_techniques[i];
    return NULL;
}

bool scan_technique_fits(const struct scan_technique *t, uint8_t family)
{
    if (t->way == SCAN_WAY_SOCKET)
        return true;
    return (family == ADDR_IP6 ? t->ip6_proto : t->ip4_proto) >= 0;
}
