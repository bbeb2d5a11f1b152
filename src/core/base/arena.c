/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

enum { ARENA_ALIGN = 16, ARENA_BLOCK_MIN = 4096, ARENA_BLOCK_MAX = 1 << 20 };

struct arena_block {
    struct arena_block *older;
    size_t size; /* of data */
    size_t used;
    _Alignas(ARENA_ALIGN) uint8_t data[];
};

static struct arena_block *add_block(struct arena *a, size_t need)
{
    size_t size = a->block ? a->block->size * 2 : ARENA_BLOCK_MIN;
    if (size > ARENA_BLOCK_MAX)
        size = ARENA_BLOCK_MAX;
    if (size < need)
        size = need;
    struct arena_block *b = mem_resize(NULL, 1, sizeof *b + size);
    *b = (struct arena_block){.older = a->block, .size = size};
    a->block = b;
    return b;
}

void *arena_take(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        mem_exhausted(size);
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (a->limit && size > a->limit - a->used)
        mem_exhausted(a->used + size);
    struct arena_block *b = a->block;
    if (!b || b->size - b->used < size)
        b = add_block(a, size);
    void *ptr = b->data + b->used;
    b->used += size;
    a->used += size;
    return memset(ptr, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        mem_exhausted(SIZE_MAX);
    return arena_take(a, bytes);
}

char *arena_copy(struct arena *a, const void *bytes, size_t len)
{
    char *copy = arena_take(a, len + 1);
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

char *arena_text(struct arena *a, const char *text)
{
    return text ? arena_copy(a, text, strlen(text)) : NULL;
}

char *arena_print(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_take(a, (size_t)(len < 0 ? 0 : len) + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

static void free_blocks(struct arena_block *b)
{
    while (b) {
        struct arena_block *older = b->older;
        mem_free(b);
        b = older;
    }
}

void arena_reset(struct arena *a)
{
    if (!a->block)
        return;
    free_blocks(a->block->older);
    a->block->older = NULL;
    a->block->used = 0;
    a->used = 0;
}

void arena_done(struct arena *a)
{
    free_blocks(a->block);
    a->block = NULL;
    a->used = 0;
}
