/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one direction of a TCP connection: what arrived, in runs with gaps between them,
 * until nobody needs it any more.  Where segments overlap, the receiver's policy decides whose
 * bytes stay.  Memory comes from a store with a cap, shared by the connections of a thread.
 * Not for: sequence numbers (stream.h turns them into places). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose bytes stay, as seen in the stacks of that name (Novak and Sturges, "Target-Based TCP Stream
 * Reassembly", 2007). */
enum stream_policy {
    STREAM_POLICY_FIRST,
    STREAM_POLICY_LAST,
    STREAM_POLICY_BSD,
    STREAM_POLICY_OLD_LINUX,
    STREAM_POLICY_LINUX,
    STREAM_POLICY_SOLARIS,
    STREAM_POLICY_HPUX10,
    STREAM_POLICY_HPUX11,
    STREAM_POLICY_IRIX,
    STREAM_POLICY_MACOS,
    STREAM_POLICY_WINDOWS,
    STREAM_POLICY_VISTA,
    STREAM_POLICY_WINDOWS2K3,
    STREAM_POLICY_OLD_SOLARIS,
    STREAM_POLICIES,
};

int stream_policy_find(const char *name); /* "linux", "windows2k3"; -1: unknown */

enum {
    STREAM_CLASSES = 16, /* blocks of 1 KiB .. 32 MiB */
    STREAM_BLOCK_MIN = 1024,
    STREAM_RUN_MAX = 256,         /* runs (and so gaps) of one direction */
    STREAM_SEGMENT_MAX = 8192,    /* segments noted for overlaps, of one direction */
    STREAM_GAP_SPAN = 256 * 1024, /* runs farther apart than this are another region */
};

struct stream_block {
    struct stream_block *next;
};

/* Blocks that were given back wait for the next user; `bytes` counts those in use. */
struct stream_store {
    struct stream_block *free[STREAM_CLASSES];
    uint64_t bytes, bytes_max;
};

void stream_store_done(struct stream_store *store);

struct stream_run {
    uint64_t at;
    uint32_t len, skip; /* skip: bytes at the block's front that were dropped */
    uint8_t class;
    uint8_t *block;
};

struct stream_segment {
    uint64_t at;
    uint32_t len;
};

struct stream_buffer {
    struct stream_run first, *more; /* sorted, apart from each other; `first` is run 0 */
    uint16_t run_count, more_capacity;
    uint16_t region_max;            /* most regions there ever were */
    struct stream_segment *segment; /* sorted by place */
    uint32_t segment_count, segment_capacity;
    uint64_t edge; /* behind the last byte that ever came */
};

enum stream_put {
    STREAM_PUT_OK,
    STREAM_PUT_MEMORY, /* the store is at its cap */
    STREAM_PUT_LIMIT,  /* too many gaps or segments */
};

/* Put bytes; what lies before `from` is not wanted any more.  *out_differs: some of them were there
 * already with another value (asked for by a non-NULL pointer), *out_overlaps: some were there. */
struct stream_put_options {
    enum stream_policy policy;
    uint64_t from;
    bool keep_old; /* inline: what was let through stays, whatever the policy */
};
enum stream_put stream_buffer_put(struct stream_buffer *b, struct stream_store *store, uint64_t at,
                                  const uint8_t *data, uint32_t len,
                                  const struct stream_put_options *options, bool *out_overlaps,
                                  bool *out_differs);

/* The bytes from `at` on that follow each other: *out_data and their number (0: a gap or the end).
 */
uint32_t stream_buffer_at(const struct stream_buffer *b, uint64_t at, const uint8_t **out_data);

/* The place of the first byte at or behind `at`; UINT64_MAX: none. */
uint64_t stream_buffer_next(const struct stream_buffer *b, uint64_t at);

/* Is the byte before the run that holds `at` missing?  The place where that run begins. */
uint64_t stream_buffer_run_start(const struct stream_buffer *b, uint64_t at);

void stream_buffer_drop(struct stream_buffer *b, struct stream_store *store, uint64_t before);
void stream_buffer_done(struct stream_buffer *b, struct stream_store *store);
