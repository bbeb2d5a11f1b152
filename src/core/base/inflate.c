/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop and the limits; each library is in a file of its own. */
#include "core/base/inflate.h"

#include <string.h>

#include "core/base/attr.h"

#include "core/base/inflate_codec.h"
#include "core/base/mem.h"

enum { CHUNK = 32768 };

struct inflate {
    const struct inflate_codec *codec;
    void *state;
    enum inflate_kind kind;
    enum inflate_state ended; /* INFLATE_MORE: not yet */
    uint64_t max, made;
    uint8_t head[2]; /* of INFLATE_DEFLATE, until it is known what it is */
    size_t head_len;
};

static const struct inflate_codec *codec_of(enum inflate_kind kind)
{
    return kind == INFLATE_XZ || kind == INFLATE_LZMA ? &inflate_codec_lzma
           : kind == INFLATE_BROTLI                   ? &inflate_codec_brotli
           : kind == INFLATE_BZIP2                    ? &inflate_codec_bzip2
                                                      : &inflate_codec_zlib;
}

static void open_codec(struct inflate *z)
{
    z->state = z->codec->open(z->kind);
    if (!z->state)
        mem_exhausted(0);
}

struct inflate *inflate_new(enum inflate_kind kind, uint64_t max)
{
    struct inflate *z = mem_zero(sizeof *z);
    z->kind = kind;
    z->max = max;
    z->codec = codec_of(kind);
    if (kind != INFLATE_DEFLATE)
        open_codec(z);
    return z;
}

void inflate_free(struct inflate *z)
{
    if (!z)
        return;
    if (z->state)
        z->codec->close(z->state);
    mem_free(z);
}

static enum inflate_state run(struct inflate *z, const void *in, size_t len, struct str *out)
{
    uint8_t chunk[CHUNK];
    struct inflate_io io = {.in = in, .in_len = len};
    for (;;) {
        size_t in_before = io.in_len;
        io.out = chunk;
        io.out_len = sizeof chunk;
        enum inflate_state state = z->codec->step(z->state, &io);
        size_t made = sizeof chunk - io.out_len;
        uint64_t room = z->max ? z->max - z->made : made;
        str_add_len(out, chunk, made < room ? made : (size_t)room);
        z->made += made < room ? made : room;
        if (made > room || out->full)
            return z->ended = INFLATE_FULL;
        if (state != INFLATE_MORE)
            return z->ended = state;
        if (io.out_len > 0 && (io.in_len == 0 || io.in_len == in_before))
            return io.in_len == 0 ? INFLATE_MORE : (z->ended = INFLATE_BAD);
    }
}

/* RFC 1950 2.2: method 8, and the two bytes are a multiple of 31. */
static bool is_zlib(const uint8_t head[2])
{
    return (head[0] & 0x0f) == 8 && (head[0] << 8 | head[1]) % 31 == 0;
}

enum inflate_state inflate_feed(struct inflate *z, const void *in, size_t len, struct str *out)
{
    const uint8_t *byte = in;
    if (z->ended != INFLATE_MORE)
        return z->ended;
    while (!z->state && len && z->head_len < sizeof z->head) {
        z->head[z->head_len++] = *byte++;
        len--;
    }
    if (!z->state) {
        if (z->head_len < sizeof z->head)
            return INFLATE_MORE;
        z->kind = is_zlib(z->head) ? INFLATE_ZLIB : INFLATE_RAW;
        open_codec(z);
        enum inflate_state state = run(z, z->head, sizeof z->head, out);
        if (state != INFLATE_MORE)
            return state;
    }
    return len ? run(z, byte, len, out) : INFLATE_MORE;
}

int inflate_kind_of(const void *data, size_t len)
{
    static const struct {
        const char *mark;
        size_t len;
        enum inflate_kind kind;
    } known[] = {
        {"\x1f\x8b\x08", 3, INFLATE_GZIP},
        {"\xfd"
         "7zXZ",
         6, INFLATE_XZ},
        {"BZh", 3, INFLATE_BZIP2},
    };
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        if (len >= known[i].len && memcmp(data, known[i].mark, known[i].len) == 0)
            return (int)known[i].kind;
    return -1;
}

enum inflate_state inflate_all(enum inflate_kind kind, const void *in, size_t len, uint64_t max,
                               struct str *out)
{
    struct inflate *z = inflate_new(kind, max);
    enum inflate_state state = inflate_feed(z, in, len, out);
    inflate_free(z);
    return state;
}
