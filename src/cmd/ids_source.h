/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the frames of ids come from: a capture, or an interface. */
#pragma once

#include "cmd/ids_cli.h"
#include "core/base/err.h"
#include "tool/ids/pipeline.h"

typedef void ids_frame_fn(void *ctx, const struct ids_frame *frame);

/* Until the end of the capture, -n, or SIGINT or SIGTERM.  0 or a negative errno value. */
int ids_source_run(const struct ids_cli *cli, ids_frame_fn *take, void *ctx,
                   struct err *e) MUST_CHECK;
