/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets: the step between struct addr and the kernel's structs, and the few calls everybody
 * makes. All descriptors are non-blocking and close-on-exec. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

/* Fill *to from an endpoint; returns the length for bind(2), connect(2) and the like. */
socklen_t sock_addr_from(struct sockaddr_storage *to, const struct endpoint *from);
bool sock_addr_to(struct endpoint *to,
                  const struct sockaddr_storage *from); /* false: another family */

/* `type` is SOCK_STREAM or SOCK_DGRAM.  Returns a descriptor or a negative errno value.  An IPv6
 * socket takes no IPv4 (IPV6_V6ONLY). */
int sock_new(uint8_t family, int type);

/* Begin to connect.  0 connected, -EINPROGRESS, or another negative errno value. */
int sock_connect(int fd, const struct endpoint *to);
int sock_error(int fd); /* SO_ERROR as a negative errno value; 0: none */

int sock_listen(const struct endpoint *at, int backlog, int *out_fd, struct err *e) MUST_CHECK;
int sock_bind(int fd, const struct endpoint *at,
              struct err *e) MUST_CHECK; /* many streams may share a source port */
int sock_local(int fd, struct endpoint *out, struct err *e) MUST_CHECK; /* getsockname(2) */

/* A UNIX stream socket at `path`.  Listening replaces a socket file that nobody answers on. */
int sock_unix_listen(const char *path, mode_t mode, int *out_fd, struct err *e) MUST_CHECK;
int sock_unix_connect(const char *path, int *out_fd, struct err *e) MUST_CHECK;

/* The same with another type: SOCK_SEQPACKET, SOCK_DGRAM. */
int sock_unix_listen_as(int type, const char *path, mode_t mode, int *out_fd,
                        struct err *e) MUST_CHECK;
int sock_unix_connect_as(int type, const char *path, int *out_fd, struct err *e) MUST_CHECK;

void sock_reset_on_close(int fd); /* SO_LINGER 0: close(2) sends RST and leaves no TIME-WAIT */

/* Raise RLIMIT_NOFILE to its hard limit; returns the number of descriptors now allowed. */
uint64_t sock_raise_limit(void);

/* The index of a network interface by its name; 0: there is none. */
uint32_t sock_interface_index(const char *name);
enum { SOCK_INTERFACE_NAME_MAX = 16 };                                      /* with its NUL */
bool sock_interface_name(uint32_t index, char to[SOCK_INTERFACE_NAME_MAX]); /* false: no such */
