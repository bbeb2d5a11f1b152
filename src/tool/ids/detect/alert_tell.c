/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts to all outputs that want them. */
#include "tool/ids/detect/eve_alert.h"

void alert_tell(struct detect_thread *t, struct ids_packet *p, const struct alert *a)
{
    if (t->engine->eve->enabled && t->sink)
        eve_alert_write(t, p, a);
}
