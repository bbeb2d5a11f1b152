/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The socket of the server.  A client says what it speaks by its first byte: '[' is a command as
 * JSON on one line, answered by [code, value] on one line; 0x80 is fail2ban's protocol, a pickle
 * behind which "<F2B_END_COMMAND>" stands. */
#pragma once

#include "sys/loop/loop.h"
#include "tool/ban/conf/ban_value.h"

enum { BAN_SOCKET_CLIENTS_MAX = 64, BAN_SOCKET_COMMAND_MAX = 16 << 20 };

struct ban_socket;

/* Do a command.  A negative return: *e has the words for the client. */
typedef int ban_socket_fn(void *ctx, const struct ban_value *command, struct arena *arena,
                          struct ban_value *out, struct err *e);

/* Mode 0600.  -EADDRINUSE: a server answers there. */
int ban_socket_open(struct ban_socket **out, struct loop *loop, const char *path, ban_socket_fn *fn,
                    void *ctx, struct err *e) MUST_CHECK;
void ban_socket_close(struct ban_socket *s); /* the path is removed */
