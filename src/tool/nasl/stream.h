/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script's connection to the host under test: TCP (bare or in TLS) or UDP.  Calls wait, no longer
 * than they are told and than the script's budget allows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/nasl/vm.h"

struct tls;

struct nasl_stream {
    int fd;
    uint16_t port;
    bool datagram;
    int transport;       /* enum nasl_transport */
    uint64_t timeout_ns; /* of a read */
    struct tls *tls;
    uint8_t *buffer; /* bytes read ahead for recv_line() */
    size_t buffer_size, from, to;
    uint8_t *sent; /* UDP: the last datagram, which a lost answer has sent anew */
    size_t sent_len;
    int error; /* errno of the last call; 0 */
};

extern const struct nasl_handle_kind nasl_stream_kind;

struct nasl_stream_options {
    uint16_t port, source_port; /* source_port 0: any */
    bool datagram, privileged;  /* privileged: a source port below 1024 */
    int transport;
    const char *priority; /* GnuTLS' words, of which versions count; NULL */
    uint64_t timeout_ns;
    size_t buffer_size;
};

/* NULL: refused, timed out, no TLS.  Owner: the caller; the machine once it is a handle. */
struct nasl_stream *nasl_stream_open(struct nasl_vm *vm, const struct nasl_stream_options *o);
void nasl_stream_close(void *stream);

/* Begin TLS on an open connection. */
bool nasl_stream_secure(struct nasl_vm *vm, struct nasl_stream *s, int transport,
                        const char *priority);

/* Read up to `max` bytes: until `min` are there (0: until the peer pauses), the end, or the
 * time-out. Returns how many. */
size_t nasl_stream_read(struct nasl_vm *vm, struct nasl_stream *s, void *to, size_t min,
                        size_t max);
size_t nasl_stream_read_line(struct nasl_vm *vm, struct nasl_stream *s, char *to, size_t max);
int64_t nasl_stream_write(struct nasl_vm *vm, struct nasl_stream *s, const void *from, size_t len,
                          int flags); /* bytes written, or -1 */
void nasl_stream_set_buffer(struct nasl_stream *s, size_t size);
