/* SPDX-License-Identifier: GPL-3.0-or-later */
/* netcat: one run, from its options to its exit status. */
#pragma once

#include "tool/nc/context.h"

struct nc_streams {
    int in_fd, out_fd;
    nc_say_fn *say; /* lines for standard error */
    void *ctx;
};

/* Returns the exit status, of the manner's kind. */
int nc_run(const struct nc_options *o, const struct nc_streams *streams);
