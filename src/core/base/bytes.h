/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way through bytes from outside.  A read past the end yields 0 and sets `bad`; look at
 * `bad` once, at the end.  One read per statement: C leaves the order of initialisers open.
 * The writer is its mirror: what does not fit is left out and sets `full`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes_in {
    const uint8_t *pos, *end;
    bool bad;
};

static inline struct bytes_in bytes_in_of(const void *data, size_t len)
{
    const uint8_t *pos = data;
    return (struct bytes_in){pos, len ? pos + len : pos, false};
}

static inline size_t bytes_left(const struct bytes_in *in)
{
    return (size_t)(in->end - in->pos);
}

/* The next `len` bytes, which stay the owner's; NULL (and bad) when there are fewer. */
static inline const uint8_t *bytes_take(struct bytes_in *in, size_t len)
{
    if (len > bytes_left(in)) {
        in->bad = true;
        in->pos = in->end;
        return NULL;
    }
    const uint8_t *taken = in->pos;
    in->pos = len ? in->pos + len : in->pos;
    return taken;
}

static inline void bytes_skip(struct bytes_in *in, size_t len)
{
    (void)bytes_take(in, len);
}

/* A reader of the next `len` bytes, which are skipped here; empty and bad when there are fewer. */
static inline struct bytes_in bytes_sub(struct bytes_in *in, size_t len)
{
    const uint8_t *p = bytes_take(in, len);
    return p ? bytes_in_of(p, len) : (struct bytes_in){in->end, in->end, true};
}

/* Copy the next `len` bytes to `to`; zeros when there are fewer. */
static inline void bytes_copy(struct bytes_in *in, void *to, size_t len)
{
    const uint8_t *p = bytes_take(in, len);
    if (p && len)
        memcpy(to, p, len);
    else
        memset(to, 0, len);
}

static inline uint8_t bytes_u8(struct bytes_in *in)
{
    const uint8_t *p = bytes_take(in, 1);
    return p ? p[0] : 0;
}

static inline uint16_t bytes_u16be(struct bytes_in *in)
{
    const uint8_t *p = bytes_take(in, 2);
    return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t bytes_u24be(struct bytes_in *in)
{
    const uint8_t *p = bytes_take(in, 3);
    return p ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t bytes_u32be(struct bytes_in *in)
{
    const uint8_t *p = bytes_take(in, 4);
    return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint64_t bytes_u64be(struct bytes_in *in)
{
    uint64_t high = bytes_u32be(in);
    return high << 32 | bytes_u32be(in);
}

static inline uint16_t bytes_u16le(struct bytes_in *in)
{
    return __builtin_bswap16(bytes_u16be(in));
}

static inline uint32_t bytes_u32le(struct bytes_in *in)
{
    return __builtin_bswap32(bytes_u32be(in));
}

static inline uint64_t bytes_u64le(struct bytes_in *in)
{
    return __builtin_bswap64(bytes_u64be(in));
}

struct bytes_out {
    uint8_t *start, *pos, *end;
    bool full;
};

static inline struct bytes_out bytes_out_of(void *data, size_t size)
{
    uint8_t *pos = data;
    return (struct bytes_out){pos, pos, size ? pos + size : pos, false};
}

static inline size_t bytes_out_len(const struct bytes_out *out)
{
    return (size_t)(out->pos - out->start);
}

/* Room for `len` bytes, to be filled by the caller; NULL (and full) when there is less. */
static inline uint8_t *bytes_room(struct bytes_out *out, size_t len)
{
    if (len > (size_t)(out->end - out->pos)) {
        out->full = true;
        return NULL;
    }
    uint8_t *room = out->pos;
    out->pos = len ? out->pos + len : out->pos;
    return room;
}

static inline void bytes_put(struct bytes_out *out, const void *data, size_t len)
{
    uint8_t *p = bytes_room(out, len);
    if (p && len)
        memcpy(p, data, len);
}

static inline void bytes_put_zero(struct bytes_out *out, size_t len)
{
    uint8_t *p = bytes_room(out, len);
    if (p && len)
        memset(p, 0, len);
}

static inline void bytes_put_u8(struct bytes_out *out, uint8_t value)
{
    bytes_put(out, &value, 1);
}

static inline void bytes_put_u16be(struct bytes_out *out, uint16_t value)
{
    value = __builtin_bswap16(value);
    bytes_put(out, &value, 2);
}

static inline void bytes_put_u32be(struct bytes_out *out, uint32_t value)
{
    value = __builtin_bswap32(value);
    bytes_put(out, &value, 4);
}

static inline void bytes_put_u64be(struct bytes_out *out, uint64_t value)
{
    value = __builtin_bswap64(value);
    bytes_put(out, &value, 8);
}

/* Overwrite two bytes that were written before, `at` bytes from the start (lengths, checksums). */
static inline void bytes_patch_u16be(struct bytes_out *out, size_t at, uint16_t value)
{
    if (bytes_out_len(out) >= 2 && at <= bytes_out_len(out) - 2) {
        out->start[at] = (uint8_t)(value >> 8);
        out->start[at + 1] = (uint8_t)value;
    }
}
