/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/ids_packet.h"

static const struct {
    const char *name, *counter;
} reason_row[IDS_DROP_REASONS] = {
#define REASON(upper, name, counter) {name, counter},
#include "tool/ids/drop_reason.def"
#undef REASON
};

const char *ids_drop_reason_name(enum ids_drop_reason reason)
{
    return reason_row[reason].name;
}

const char *ids_drop_reason_counter(enum ids_drop_reason reason)
{
    return reason_row[reason].counter;
}
