/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alert of ids in the form of the outlets: from the rule and the packet that it spoke of. */
#pragma once

#include "core/base/map.h"
#include "hub/model/alert.h"
#include "tool/ids/ids_packet.h"
#include "tool/ids/rule/rule.h"

enum { ALERT_OF_REFERENCES = 16 };

struct alert_of {
    struct alert alert;
    struct str reference[ALERT_OF_REFERENCES];
    const char *pointer[ALERT_OF_REFERENCES];
};

void alert_of(struct alert_of *out, const struct rule *r, const struct map *reference_url,
              const struct ids_packet *p);
void alert_of_done(struct alert_of *a);
