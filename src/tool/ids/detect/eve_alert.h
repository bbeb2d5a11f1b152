/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EVE's alert record, with Suricata 8's members. */
#pragma once

#include "tool/ids/detect/engine.h"

struct eve_alert_settings {
    bool enabled;
    bool payload, payload_printable, payload_length, packet, http_body, http_body_printable;
    bool metadata; /* flow, app-layer and rule metadata */
    bool rule_metadata, rule_text, references, app_layer, flow, vars;
    uint32_t payload_size;
    bool verdict;
};

/* All outputs that are told of alerts. */
void alert_tell(struct detect_thread *t, struct ids_packet *p, const struct detect_alert *a);
void eve_alert_members(struct json_out *json, const struct detect_thread *t,
                       const struct ids_packet *p, const struct detect_alert *a);
void eve_alert_write(struct detect_thread *t, struct ids_packet *p, const struct detect_alert *a);
