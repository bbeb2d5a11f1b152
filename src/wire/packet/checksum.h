/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Internet checksum (RFC 1071): of a whole, over several pieces, with the pseudo headers of
 * IPv4 (RFC 9293 3.1) and IPv6 (RFC 8200 8.1), and its repair after a field changed (RFC 1624).
 * A sum in progress is a plain uint64_t of unfolded 16-bit words; start with 0. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

/* Add `len` bytes to a sum in progress.  Only the last piece may have an odd length: a zero byte is
 * thought behind it. */
uint64_t checksum_add(uint64_t sum, const void *data, size_t len);

/* Add the pseudo header for `len` bytes of `proto` from src to dst (both of one family). */
uint64_t checksum_add_pseudo(uint64_t sum, const struct addr *src, const struct addr *dst,
                             uint8_t proto, uint32_t len);

/* The complement of the folded sum: the value of the field, in host order.  Over data that holds a
 * right checksum it is 0. */
uint16_t checksum_end(uint64_t sum);

/* checksum_end(checksum_add(0, data, len)) */
uint16_t checksum_of(const void *data, size_t len);

/* The checksum after a word under it changed from `old` to `fresh` (RFC 1624, equation 3, which
 * unlike RFC 1141 never yields a wrong zero).  UDP users turn a result of 0 into 0xffff. */
uint16_t checksum_update_u16(uint16_t sum, uint16_t old, uint16_t fresh);
uint16_t checksum_update_u32(uint16_t sum, uint32_t old, uint32_t fresh);
