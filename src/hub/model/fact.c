/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/fact.h"

#include "hub/model/name_table.h"

static const char *const kind_names[FACT_KIND_COUNT] = {
    [FACT_HOST] = "host", [FACT_NAME] = "name",       [FACT_MAC] = "mac",
    [FACT_OS] = "os",     [FACT_PORT] = "port",       [FACT_SERVICE] = "service",
    [FACT_HOP] = "hop",   [FACT_PACKAGE] = "package",
};

static const char *const source_names[FACT_SOURCE_COUNT] = {
    [FACT_BY_TABLE] = "table", [FACT_BY_PASSIVE] = "passive", [FACT_BY_BANNER] = "banner",
    [FACT_BY_PROBE] = "probe", [FACT_BY_INSIDE] = "inside",
};

const char *fact_kind_name(enum fact_kind kind)
{
    return name_table_name(kind_names, FACT_KIND_COUNT, kind);
}

const char *fact_source_name(enum fact_source source)
{
    return name_table_name(source_names, FACT_SOURCE_COUNT, source);
}
