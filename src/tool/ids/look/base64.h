/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648) as detection needs it: what can be read is read. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum base64_mode {
    BASE64_FOLDED,   /* blanks and line ends are passed over, the rest ends it */
    BASE64_SKIP_ALL, /* whatever is no digit is passed over (RFC 2045 6.8) */
    BASE64_STRICT,   /* whatever is no digit spoils it all (RFC 4648 3.3) */
    BASE64_BLANKS,   /* blanks are passed over, the rest ends it */
};

/* Decode up to `size` bytes; returns how many. */
uint32_t look_base64_decode(const uint8_t *data, size_t len, uint8_t *out, uint32_t size,
                       enum base64_mode mode);
