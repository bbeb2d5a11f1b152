/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What detect.h promises, without rules: until the engine is there. */
#include "tool/ids/detect/detect.h"

void detect_packet(struct detect_thread *t, struct ids_packet *p)
{
    (void)t, (void)p;
}
void detect_flow_end(struct detect_thread *t, struct flow *f)
{
    (void)t, (void)f;
}
void detect_tx_end(struct detect_thread *t, const struct flow *f, struct inspect_tx *tx)
{
    (void)t, (void)f, (void)tx;
}
void detect_frame_end(struct detect_thread *t, struct inspect_frame *frame)
{
    (void)t, (void)frame;
}
void detect_eve_drop_alert(struct detect_thread *t, const struct ids_packet *p,
                           struct json_out *json)
{
    (void)t, (void)p, (void)json;
}
void detect_eve_metadata(struct detect_thread *t, const struct flow *f, struct json_out *json)
{
    (void)t, (void)f, (void)json;
}
