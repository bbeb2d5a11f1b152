/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that telnet asks of a client (RFC 854): every option is refused, commands never reach
 * the user, and what refuses is never answered, so that no loop can begin. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/* Zero is the beginning of a connection; commands may be cut by a read. */
struct telnet {
    uint8_t state, verb;
};

/* Take the commands out of data[0..len), in place; returns what is left.  Answers are added to
 * *reply. */
size_t telnet_receive(struct telnet *t, uint8_t *data, size_t len, struct str *reply);

/* Write `len` bytes to out[2 * len] with each 255 doubled; returns how many. */
size_t telnet_send(const uint8_t *data, size_t len, uint8_t *out);
