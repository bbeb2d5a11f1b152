/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/ring.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/mem.h"

enum { RING_MIN = 4096, RING_ALIGN = 16, CACHE_LINE = 64 };

/* Ahead of each message; a `len` of SKIP says that the rest up to the wrap is empty. */
struct ring_head {
    uint64_t len;
    uint64_t unused;
};
#define RING_SKIP UINT64_MAX

struct ring {
    uint8_t *data;
    size_t size;
    size_t pending; /* writer only: bytes that ring_commit publishes */
    _Alignas(CACHE_LINE) _Atomic size_t written;
    _Alignas(CACHE_LINE) _Atomic size_t read;
};

struct ring *ring_new(size_t size)
{
    size_t rounded = RING_MIN;
    while (rounded < size)
        rounded *= 2;
    struct ring *r = mem_zero(sizeof *r);
    r->data = mem_zero(rounded);
    r->size = rounded;
    return r;
}

void ring_free(struct ring *r)
{
    if (!r)
        return;
    mem_free(r->data);
    mem_free(r);
}

static void put_head(struct ring *r, size_t at, uint64_t len)
{
    struct ring_head head = {.len = len};
    memcpy(r->data + (at & (r->size - 1)), &head, sizeof head);
}

void *ring_reserve(struct ring *r, size_t len)
{
    if (len > r->size / 4)
        return NULL;
    size_t need = sizeof(struct ring_head) + ((len + RING_ALIGN - 1) & ~(size_t)(RING_ALIGN - 1));
    size_t written = atomic_load_explicit(&r->written, memory_order_relaxed);
    size_t free_bytes = r->size - (written - atomic_load_explicit(&r->read, memory_order_acquire));
    size_t to_wrap = r->size - (written & (r->size - 1));
    size_t skip = to_wrap < need ? to_wrap : 0;
    if (need + skip > free_bytes)
        return NULL;
    if (skip)
        put_head(r, written, RING_SKIP);
    put_head(r, written + skip, len);
    r->pending = skip + need;
    return r->data + ((written + skip) & (r->size - 1)) + sizeof(struct ring_head);
}

void ring_commit(struct ring *r)
{
    size_t written = atomic_load_explicit(&r->written, memory_order_relaxed);
    atomic_store_explicit(&r->written, written + r->pending, memory_order_release);
    r->pending = 0;
}

static uint64_t head_at(const struct ring *r, size_t at)
{
    struct ring_head head;
    memcpy(&head, r->data + (at & (r->size - 1)), sizeof head);
    return head.len;
}

const void *ring_peek(struct ring *r, size_t *out_len)
{
    size_t read = atomic_load_explicit(&r->read, memory_order_relaxed);
    if (read == atomic_load_explicit(&r->written, memory_order_acquire))
        return NULL;
    if (head_at(r, read) == RING_SKIP) { /* a message always follows: both were published at once */
        read += r->size - (read & (r->size - 1));
        atomic_store_explicit(&r->read, read, memory_order_release);
    }
    *out_len = head_at(r, read);
    return r->data + (read & (r->size - 1)) + sizeof(struct ring_head);
}

void ring_release(struct ring *r)
{
    size_t read = atomic_load_explicit(&r->read, memory_order_relaxed);
    size_t len = head_at(r, read);
    size_t used = sizeof(struct ring_head) + ((len + RING_ALIGN - 1) & ~(size_t)(RING_ALIGN - 1));
    atomic_store_explicit(&r->read, read + used, memory_order_release);
}
