/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One end of a connection: standard input and output, a socket, a child's pipes, with TLS or
 * without.  Reading and writing never block: a descriptor that we share with others keeps its
 * flags and is opened anew for us, or is touched only when poll says so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/io/tls.h"

enum nc_io {
    NC_IO_DONE, /* bytes were moved */
    NC_IO_WAIT_READ,
    NC_IO_WAIT_WRITE,
    NC_IO_END, /* no more will come */
    NC_IO_CUT, /* TLS ended without a word */
    NC_IO_FAIL,
};

struct nc_end {
    int in_fd, out_fd; /* one number for a socket; -1: closed */
    struct tls *tls;
    bool is_socket, is_datagram;
    bool in_always, out_always; /* regular files and the like: poll cannot watch them */
    bool careful;               /* blocks: one call for each readiness */
    bool owns_fds;
    uint8_t *ahead; /* bytes that were read before the copying began; they come first */
    size_t ahead_len, ahead_at;
    char *own_path; /* a socket file that goes when the end is closed; or NULL */
    struct err e;   /* of the last NC_IO_FAIL or NC_IO_CUT */
};

/* Standard input and output (or other descriptors that are shared). */
void nc_end_standard(struct nc_end *end, int in_fd, int out_fd);

/* A connected socket, which is the end's from now on. */
void nc_end_socket(struct nc_end *end, int fd, bool is_datagram);

/* Bytes that belong in front of what will be read; they are copied. */
void nc_end_put_ahead(struct nc_end *end, const void *data, size_t len);

enum nc_io nc_end_read(struct nc_end *end, void *to, size_t room, size_t *got);
enum nc_io nc_end_write(struct nc_end *end, const void *from, size_t len, size_t *sent);

/* No more will be written: close_notify and FIN.  Nothing on what cannot be half closed. */
void nc_end_shut(struct nc_end *end);
void nc_end_close(struct nc_end *end); /* frees and closes what is the end's own */
