/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffers with a parameter, as Snort 3's rules name them. */
#include "tool/ids/inspect/inspect.h"

bool inspect_buffer_named(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          enum buffer_id buffer, const char *detail, struct span *out)
{
    return !detail && inspect_buffer(f, tx, side, buffer, 0, out);
}

__attribute__((weak)) bool inspect_dcerpc_iface(const struct flow *f, const struct inspect_tx *tx,
                                                enum flow_side side, const uint8_t uuid[16],
                                                bool any_fragment,
                                                bool (*accept)(void *ctx, uint16_t version),
                                                void *ctx)
{
    (void)f, (void)tx, (void)side, (void)uuid, (void)any_fragment, (void)accept, (void)ctx;
    return false;
}
