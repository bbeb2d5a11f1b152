/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of relay as text and as JSON, and the session as it passes. */
#pragma once

#include <stddef.h>

#include "core/base/str.h"
#include "tool/relay/cure.h"
#include "tool/relay/relay.h"

void relay_output_text(struct str *out, const struct relay_report *report,
                       const struct relay_cure *cure, size_t cures);
void relay_output_json(struct str *out, const struct relay_report *report,
                       const struct relay_cure *cure, size_t cures);

/* A line of the session to standard output, or (where that is a document) to standard error. */
void relay_output_line(void *ctx, char way, const char *line);
void relay_output_line_aside(void *ctx, char way, const char *line);
