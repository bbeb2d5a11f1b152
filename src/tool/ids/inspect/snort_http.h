/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP/1 cut into the buffers of Snort 3's rules: the URI and its parts, header fields by name,
 * cookies, parameters, with Snort's normalisation. */
#pragma once

#include "tool/ids/inspect/inspect.h"

/* `detail`: a part of the URI, a field's name, c or i and a parameter's name; NULL: the whole. */
bool snort_http_buffer(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                       enum buffer_id buffer, const char *detail, struct span *out);
bool snort_http_number(const struct inspect_tx *tx, enum flow_side side, enum number_id number,
                       uint64_t *out);
/* In how many sections Snort looks at the message: header, body, trailer. */
unsigned snort_http_sections(const struct inspect_tx *tx, enum flow_side side);
