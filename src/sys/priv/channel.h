/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Framed messages over a UNIX SOCK_SEQPACKET socket: how a process without rights asks the keeper.
 * A message is a fixed head, a fixed-size body for its number, and at most one descriptor. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum { CHANNEL_BODY_MAX = 4096, CHANNEL_VERSION = 1 };

struct channel_head {
    uint16_t version; /* CHANNEL_VERSION */
    uint16_t number;  /* of the request; the answer repeats it */
    uint32_t serial;  /* of the asker; the answer repeats it */
    int32_t result;   /* answer: 0 or a negative errno value; request: 0 */
    uint32_t len;     /* bytes of body */
};

struct channel_message {
    struct channel_head head;
    int fd; /* -1: none; the receiver owns it */
    _Alignas(8) uint8_t body[CHANNEL_BODY_MAX];
};

/* The descriptors of both do not block. */
int channel_connect(const char *path, int *out_fd, struct err *e) MUST_CHECK;
int channel_listen(const char *path, int *out_fd, struct err *e) MUST_CHECK; /* mode 0660 */

/* 0 or a negative errno value; -EAGAIN where the descriptor does not block.  The version is put in
 * here; m->fd stays the caller's to close. */
int channel_send(int fd, const struct channel_message *m) MUST_CHECK;

/* One whole message.  -ECONNRESET when the peer has gone, -EPROTO when it is malformed. */
int channel_receive(int fd, struct channel_message *out) MUST_CHECK;

/* The message in one datagram of `len` bytes (without its descriptor); false: malformed. */
bool channel_parse(struct channel_message *out, const void *data, size_t len) MUST_CHECK;

/* Ask and wait for the answer (at most `limit_ns`); returns the answer's result or a transport
 * error.  On an answer, in_out->fd is what came with it: keep your own descriptor elsewhere.  Give
 * each question another serial. */
int channel_ask(int fd, struct channel_message *in_out, uint64_t limit_ns) MUST_CHECK;
