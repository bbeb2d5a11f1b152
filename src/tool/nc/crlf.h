/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LF becomes CR LF; a CR LF stays what it is, also where a read cuts it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero is the beginning of a text. */
struct crlf {
    bool after_cr;
};

/* Write data[0..len) to out[2 * len]; returns how many bytes. */
size_t crlf_send(struct crlf *c, const uint8_t *data, size_t len, uint8_t *out);
