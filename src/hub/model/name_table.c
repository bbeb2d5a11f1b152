/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/name_table.h"

#include <string.h>

const char *name_table_name(const char *const *names, size_t count, size_t value)
{
    return value < count && names[value] ? names[value] : "?";
}

int name_table_find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i] && strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}
