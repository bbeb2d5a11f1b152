/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a probe to the frames that carry it: IP head with its options, a wrong checksum where one is
 * wanted, pieces, and the same again from each decoy. */
#pragma once

#include "core/base/bytes.h"
#include "tool/scan/frame_net.h"
#include "tool/scan/frame_shape.h"
#include "tool/scan/technique/technique.h"

enum { FRAME_BODY_MAX = 1480 };

struct frame_build {
    const struct frame_path *path;
    const struct frame_shape *shape;
    const struct scan_technique *technique;
    const struct frame_probe *probe;
    uint8_t ttl;
};

/* One IP datagram (or ARP message) to be sent. */
struct frame_piece {
    struct addr src;     /* whoever seems to send it */
    const uint8_t *body; /* bytes behind the IP head */
    size_t len;
    size_t at;   /* where in the whole they belong */
    bool more;   /* pieces follow */
    bool single; /* no fragment */
};

typedef int frame_piece_fn(void *ctx, const struct frame_build *b, const struct frame_piece *piece);

/* Call `fn` for each piece, in the order of sending, until it returns other than 0, which is
 * returned.  -EMSGSIZE: the probe does not fit. */
int frame_build_each(const struct frame_build *b, frame_piece_fn *fn, void *ctx);

/* Write the piece; with the Ethernet head where the link has one, unless `bare`. */
void frame_build_put(const struct frame_build *b, const struct frame_piece *piece, bool bare,
                     struct bytes_out *out);
