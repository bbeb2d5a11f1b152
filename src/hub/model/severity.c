/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/severity.h"

#include "hub/model/name_table.h"

static const char *const severity_names[SEVERITY_COUNT] = {
    [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

static const char *const strength_names[STRENGTH_COUNT] = {
    [STRENGTH_CLAIMED] = "claimed",
    [STRENGTH_ECHOED] = "echoed",
    [STRENGTH_HELD] = "held",
};

static const char *const wish_names[WISH_COUNT] = {
    [WISH_NONE] = "none",
    [WISH_DROP] = "drop",
    [WISH_REJECT] = "reject",
    [WISH_BAN] = "ban",
};

const char *severity_name(enum severity s)
{
    return name_table_name(severity_names, SEVERITY_COUNT, s);
}

int severity_from_name(const char *name)
{
    return name_table_find(severity_names, SEVERITY_COUNT, name);
}

enum severity severity_from_cvss(double base_score)
{
    if (base_score >= 9.0)
        return SEVERITY_CRITICAL;
    if (base_score >= 7.0)
        return SEVERITY_HIGH;
    if (base_score >= 4.0)
        return SEVERITY_MEDIUM;
    return base_score > 0.0 ? SEVERITY_LOW : SEVERITY_INFO;
}

uint8_t severity_to_eve(enum severity s)
{
    static const uint8_t eve[SEVERITY_COUNT] = {
        [SEVERITY_INFO] = 4, [SEVERITY_LOW] = 3,      [SEVERITY_MEDIUM] = 2,
        [SEVERITY_HIGH] = 1, [SEVERITY_CRITICAL] = 1,
    };
    return s < SEVERITY_COUNT ? eve[s] : 4;
}

enum severity severity_from_eve(unsigned priority)
{
    switch (priority) {
    case 1:
        return SEVERITY_HIGH;
    case 2:
        return SEVERITY_MEDIUM;
    case 3:
        return SEVERITY_LOW;
    default:
        return SEVERITY_INFO;
    }
}

const char *strength_name(enum strength s)
{
    return name_table_name(strength_names, STRENGTH_COUNT, s);
}

int strength_from_name(const char *name)
{
    return name_table_find(strength_names, STRENGTH_COUNT, name);
}

const char *wish_name(enum wish_action w)
{
    return name_table_name(wish_names, WISH_COUNT, w);
}

int wish_from_name(const char *name)
{
    return name_table_find(wish_names, WISH_COUNT, name);
}
