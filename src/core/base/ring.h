/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded ring of byte messages between one writing and one reading thread, without a lock.
 * A message is contiguous in memory, so the reader uses it in place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

/* A ring of `size` bytes (rounded up to a power of two, at least 4096).  Owner: the caller. */
struct ring *ring_new(size_t size);
void ring_free(struct ring *r);

/* Writer: room for a message of `len` bytes, or NULL when the ring is too full for it (or `len`
 * passes a quarter of its size).  Nothing is seen by the reader before ring_commit. */
void *ring_reserve(struct ring *r, size_t len);
void ring_commit(struct ring *r);

/* Reader: the oldest message and its length, or NULL when there is none; it stays valid until
 * ring_release gives its room back. */
const void *ring_peek(struct ring *r, size_t *out_len);
void ring_release(struct ring *r);
