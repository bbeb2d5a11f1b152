/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the options and words of nc to what tool/nc is asked for: the rules of each manner, and
 * which options go together. */
#pragma once

#include "cmd/nc_cli.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "tool/nc/port_list.h"

/* Fills cli->o; what it points to lives in *arena, *ports and the caller's words.  0 or -EINVAL
 * with the words of the manner. */
int nc_setup(struct nc_cli *cli, const struct text_list *words, struct port_list *ports,
             struct arena *arena, struct err *e) MUST_CHECK;
