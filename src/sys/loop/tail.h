/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Following log files by name: through rotation (what is left in the renamed file is read first),
 * truncation, removal and late creation.  inotify(7) on the folder tells at once, and every file is
 * looked at every second besides, for file systems that tell nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/loop/loop.h"

enum {
    TAIL_LINE_MAX = 64 << 10, /* a longer line is told cut */
    TAIL_BLOCK = 256 << 10,
    TAIL_BLOCKS_A_ROUND = 16, /* then others get their turn */
};

struct tail;
struct tail_set; /* all files that one loop follows */

struct tail_events {
    void *ctx;
    /* A line without its newline.  `end` is the offset of the line behind it in its file. */
    void (*line)(void *ctx, const char *line, size_t len, uint64_t end);
    /* All that is there has been read (for now).  May be NULL. */
    void (*caught_up)(void *ctx);
    /* The file under the name is another one from here on, or has begun anew.  May be NULL. */
    void (*restarted)(void *ctx);
};

int tail_set_open(struct tail_set **out, struct loop *loop, struct err *e) MUST_CHECK;
void tail_set_close(struct tail_set *s); /* after all of its files were removed */

/* Follow `path` from `offset` (UINT64_MAX: from its end).  The file need not be there.  Callbacks
 * come from the loop, never from here. */
struct tail *tail_add(struct tail_set *s, const char *path, uint64_t offset,
                      const struct tail_events *events);
void tail_remove(struct tail *t); /* also from a callback of the file's */

const char *tail_path(const struct tail *t);
bool tail_is_open(const struct tail *t);
uint64_t tail_offset(const struct tail *t); /* where the line begins that is not told yet */
uint64_t tail_cut_lines(const struct tail *t);

/* Up to `size` bytes of the file's begin into `to`; the count. */
size_t tail_read_head(const struct tail *t, void *to, size_t size);
