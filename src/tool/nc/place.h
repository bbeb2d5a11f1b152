/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place to connect to or to listen at, of any of the media: IP, UNIX (a path, or "@NAME" of the
 * abstract namespace, unix(7)), vsock(7). */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "tool/nc/options.h"

struct place {
    struct sockaddr_storage at;
    socklen_t len;
    int domain;
    char path[sizeof(struct sockaddr_un)]; /* of a UNIX socket that has a file; else "" */
};

void place_ip(struct place *p, const struct endpoint *at);
int place_unix(struct place *p, const char *path, struct err *e) MUST_CHECK;
int place_vsock(struct place *p, const char *cid, uint16_t port, struct err *e) MUST_CHECK;

/* A socket for it, non-blocking.  A descriptor or a negative errno value. */
int place_socket(const struct place *p, const struct nc_options *o);
