/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some dozens of short literals in short lines, in any case of ASCII letters: thirty-two places at
 * a time are held against four bytes of each literal, by their nibbles, in eight groups; what
 * passes is compared.  core/match/multi is as fast by the byte, but costs more than a line to
 * begin. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LITERAL_SCAN_MAX = 1024, LITERAL_SCAN_LEN_MIN = 4 };

struct literal_scan;

/* `text` (each at least LITERAL_SCAN_LEN_MIN bytes) must live as long as the result.  NULL: this
 * processor cannot do it, or there are too many. */
struct literal_scan *literal_scan_new(const char *const *text, size_t count);
void literal_scan_free(struct literal_scan *s);

/* Called for each literal that is there, some of them more than once. */
typedef void literal_scan_fn(void *ctx, size_t index);
void literal_scan(const struct literal_scan *s, const char *line, size_t len, literal_scan_fn *hit,
                  void *ctx);
