/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/frame_shape.h"

size_t frame_shape_data(const struct frame_shape *shape, enum scan_proto proto, uint16_t port,
                        struct bytes_in out[PAYLOAD_PER_PORT_MAX])
{
    size_t count = 0;
    if (!shape->data_len && proto == SCAN_UDP && shape->payloads)
        count = payload_set_find(shape->payloads, port, out);
    if (count == 0)
        out[count++] = bytes_in_of(shape->data, shape->data_len);
    return count;
}
