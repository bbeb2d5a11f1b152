/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that grows, up to a limit given at its birth.  What would pass the limit is left out whole
 * and sets `full`, which stays set until str_reset: look at it once, at the end. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

struct str {
    char *text; /* NULL until something is added; then always NUL-terminated */
    size_t len, capacity;
    size_t max; /* most bytes it may hold, without the NUL; 0: SIZE_MAX / 4 */
    bool full;
};

/* An empty text that may grow to `max` bytes.  Owner frees with str_done. */
static inline struct str str_of(size_t max)
{
    return (struct str){.max = max};
}

static inline const char *str_text(const struct str *s)
{
    return s->text ? s->text : "";
}

void str_add(struct str *s, const char *text);
void str_add_len(struct str *s, const void *bytes, size_t len);
void str_add_char(struct str *s, char c);
void str_add_u64(struct str *s, uint64_t value); /* decimal; for the hot writers */
void str_addf(struct str *s, const char *format, ...) PRINTF_LIKE(2, 3);
void str_addv(struct str *s, const char *format, va_list args) PRINTF_LIKE(2, 0);
void str_cut(struct str *s, size_t len); /* keep the first `len` bytes */
void str_reset(struct str *s);           /* empty; the memory is kept */
void str_done(struct str *s);
char *str_take(struct str *s); /* the text (never NULL), now the caller's (mem_free); *s is empty */
