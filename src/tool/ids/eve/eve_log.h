/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of what a packet brought: anomalies, transactions, files, drops. */
#pragma once

#include "tool/ids/detect/detect.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"

void eve_packet_anomalies(struct eve_record *r, const struct eve_settings *s,
                          const struct eve_sink *sink, const struct ids_packet *p);
/* Events of the flow and of its transactions that were not told yet. */
void eve_app_anomalies(struct eve_record *r, const struct eve_settings *s,
                       const struct eve_sink *sink, const struct ids_packet *p);
/* Transactions that are ready; all that are left when `all`. */
void eve_transactions(struct eve_record *r, const struct eve_settings *s,
                      const struct eve_sink *sink, const struct ids_packet *p, bool all);
void eve_files(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
               const struct ids_packet *p, bool all);
void eve_drop(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
              const struct ids_packet *p, struct detect_thread *detect);
void eve_fileinfo_body(struct json_out *json, const struct inspect_file *file);
