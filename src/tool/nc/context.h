/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of one run of nc share. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "sys/io/resolver.h"
#include "sys/io/tls.h"
#include "sys/loop/loop.h"
#include "tool/nc/access.h"
#include "tool/nc/dump.h"
#include "tool/nc/manner.h"
#include "tool/nc/options.h"

typedef void nc_say_fn(void *ctx, const char *lines); /* whole ones, each with its newline */

struct nc_context {
    const struct nc_options *o;
    struct loop *loop;
    struct resolver *resolver;
    struct tls_context *tls; /* NULL: plain */
    struct dump dump[2];
    struct access_list access;
    struct addr source; /* of what we send; none: any */
    struct sock_options sock;
    nc_say_fn *say;
    void *say_ctx;
    int in_fd, out_fd;
    uint64_t sent, received;
};

/* Say the lines of *text, and empty it. */
void nc_say(struct nc_context *c, struct str *text);

/* Say what ends the run, or goes wrong, in the manner's form. */
void nc_complain(struct nc_context *c, const char *format, ...) PRINTF_LIKE(2, 3);
