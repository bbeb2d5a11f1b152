/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pipeline asks of the detection engine, packet by packet.  The engine (compiled rules) is
 * frozen and shared; a detect_thread is one worker's.
 *
 * In detect_packet the engine looks at: the packet's heads and events; its payload, unless
 * IDS_STREAM_PART says that the stream view holds it; p->raw[]; the transactions of p->flow on
 * p->side (inspect.h), setting tx->inspected[side] when that side is done and every rule has seen
 * it; files and frames.  It records alerts, writes them to its outputs, sets p->action (ids_packet_
 * drop with IDS_DROP_RULES) and the flow's FLOW_DROP, FLOW_PASS, FLOW_ALERTED, FLOW_NO_PAYLOAD. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/text/json.h"
#include "tool/ids/ids_packet.h"
#include "tool/ids/inspect/inspect.h"

struct detect_engine;
struct detect_thread;

void detect_packet(struct detect_thread *t, struct ids_packet *p);

/* f->detect and tx->detect[] are the engine's: free them. */
void detect_flow_end(struct detect_thread *t, struct flow *f);
void detect_tx_end(struct detect_thread *t, const struct flow *f, struct inspect_tx *tx);
void detect_frame_end(struct detect_thread *t, struct inspect_frame *frame);

/* For records of others: the alert that dropped the packet as a member "alert" of a drop record;
 * flowbits and variables as the member "metadata" of flow records (nothing when there are none). */
void detect_eve_drop_alert(struct detect_thread *t, const struct ids_packet *p,
                           struct json_out *json);
void detect_eve_metadata(struct detect_thread *t, const struct flow *f, struct json_out *json);

/* How many alerts this packet queued (packets' records of other kinds depend on it). */
unsigned detect_alert_count(const struct detect_thread *t);
