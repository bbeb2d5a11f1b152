/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces that lines of a probe file are made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"

/* A line being read; `end` is where it stops. */
struct probe_line {
    const char *pos, *end;
};

/* A piece of a line, where it lies. */
struct probe_text {
    const char *at;
    size_t len;
};

void probe_line_skip_blanks(struct probe_line *l);
bool probe_line_is_at_end(struct probe_line *l); /* only blanks are left */

/* The next word; false: there is none. */
bool probe_line_word(struct probe_line *l, struct probe_text *out);
bool probe_text_is(const struct probe_text *t, const char *word);

/* What stands between a delimiter of any kind and its next occurrence: "|...|". */
int probe_line_delimited(struct probe_line *l, struct probe_text *out, struct err *e) MUST_CHECK;

/* A whole number within min..max that fills the rest of the line. */
int probe_line_number(struct probe_line *l, uint32_t min, uint32_t max, uint32_t *out,
                      struct err *e) MUST_CHECK;

/* Undo the escapes of a probe's string in place (C's: \0 \a \b \f \n \r \t \v \xHH, and any other
 * sign for itself) into `to`, which has room for `text->len` bytes. */
int probe_text_unescape(const struct probe_text *text, uint8_t *to, size_t *out_len,
                        struct err *e) MUST_CHECK;

/* "T:9100-9107,U:53,80": a letter holds for what follows; without one
 * ports go to both. */
int probe_text_ports(const struct probe_text *text, struct port_set *tcp, struct port_set *udp,
                     struct err *e) MUST_CHECK;
