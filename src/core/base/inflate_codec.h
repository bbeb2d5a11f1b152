/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One library that unpacks, as inflate.c drives it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/inflate.h"

struct inflate_io {
    const uint8_t *in;
    size_t in_len;
    uint8_t *out;
    size_t out_len;
};

/* Take input and fill output as far as both reach; MORE, DONE or BAD. */
struct inflate_codec {
    void *(*open)(enum inflate_kind kind); /* NULL: the library has no memory */
    enum inflate_state (*step)(void *state, struct inflate_io *io);
    void (*close)(void *state);
};

extern const struct inflate_codec inflate_codec_zlib, inflate_codec_lzma, inflate_codec_brotli,
    inflate_codec_bzip2;
