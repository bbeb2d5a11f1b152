/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is made piece by piece and dies together: one arena a life (a configuration, a host
 * being scanned, a request).  A pointer out of an arena never outlives it. */
#pragma once

#include <stddef.h>

#include "core/base/attr.h"

struct arena_block;

/* Zero is an empty arena without a limit. */
struct arena {
    struct arena_block *block; /* the newest first */
    size_t used;               /* bytes taken since the last reset */
    size_t limit;              /* 0: none; passing it ends the process (mem_exhausted) */
};

/* `size` bytes, zeroed, aligned for any type. */
void *arena_take(struct arena *a, size_t size) __attribute__((returns_nonnull));

/* `count` zeroed things of `size` bytes; an overflow ends the process. */
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull));

char *arena_copy(struct arena *a, const void *bytes, size_t len); /* a NUL is put behind */
char *arena_text(struct arena *a, const char *text);              /* NULL stays NULL */
char *arena_print(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

void arena_reset(struct arena *a); /* all of it dies; the newest block is kept for reuse */
void arena_done(struct arena *a);  /* all of it dies; the arena is empty and can be used again */
