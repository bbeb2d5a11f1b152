/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check reported, as a finding: severity from its CVSS vector, quality of detection, cure
 * and references from what the script says of itself. */
#pragma once

#include "hub/model/finding.h"
#include "tool/assess/session.h"

/* Texts live in the arena.  A log message is SEVERITY_INFO, whatever the script's vector says. */
void assess_outcome(const struct assess_collection *c, const struct assess_result *result,
                    const struct nasl_host *host, struct arena *arena, struct finding *out);

/* Percent for a "qod_type" tag; 0: no such type. */
uint8_t assess_quality(const char *type);
