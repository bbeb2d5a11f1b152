/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's complement sums.  Words are added in memory order, four bytes at a time, into 64 bits; the
 * byte order is put right once, at the end (RFC 1071 section 2 B: the sum is the same in either
 * order but for a final swap).  A 64-bit sum of 32-bit words cannot overflow below 16 GiB. */
#include "wire/packet/checksum.h"

#include <assert.h>
#include <string.h>

uint64_t checksum_add(uint64_t sum, const void *data, size_t len)
{
    const uint8_t *p = data;
    for (; len >= 4; len -= 4, p += 4) {
        uint32_t word;
        memcpy(&word, p, sizeof word);
        sum += word;
    }
    if (len) { /* up to three bytes, zeros thought behind them */
        uint32_t word = 0;
        memcpy(&word, p, len);
        sum += word;
    }
    return sum;
}

uint64_t checksum_add_pseudo(uint64_t sum, const struct addr *src, const struct addr *dst,
                             uint8_t proto, uint32_t len)
{
    assert(src->family == dst->family && src->family != ADDR_NONE);
    size_t size = src->family == ADDR_IP4 ? 4 : 16;
    /* zero, protocol and length: the same words, if in another order, for both families */
    const uint8_t tail[8] = {(uint8_t)(len >> 24),
                             (uint8_t)(len >> 16),
                             (uint8_t)(len >> 8),
                             (uint8_t)len,
                             0,
                             0,
                             0,
                             proto};
    sum = checksum_add(sum, src->byte, size);
    sum = checksum_add(sum, dst->byte, size);
    return checksum_add(sum, tail, sizeof tail);
}

static uint16_t fold(uint64_t sum)
{
    sum = (sum >> 32) + (uint32_t)sum;
    sum = (sum >> 32) + (uint32_t)sum;
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)sum;
}

uint16_t checksum_end(uint64_t sum)
{
    uint16_t folded = (uint16_t)~fold(sum);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    folded = __builtin_bswap16(folded);
#endif
    return folded;
}

uint16_t checksum_of(const void *data, size_t len)
{
    return checksum_end(checksum_add(0, data, len));
}

uint16_t checksum_update_u16(uint16_t sum, uint16_t old, uint16_t fresh)
{
    /* HC' = ~(~HC + ~m + m') */
    uint64_t parts = (uint64_t)(uint16_t)~sum + (uint16_t)~old + fresh;
    return (uint16_t)~fold(parts);
}

uint16_t checksum_update_u32(uint16_t sum, uint32_t old, uint32_t fresh)
{
    sum = checksum_update_u16(sum, (uint16_t)(old >> 16), (uint16_t)(fresh >> 16));
    return checksum_update_u16(sum, (uint16_t)old, (uint16_t)fresh);
}
