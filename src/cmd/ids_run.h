/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of ids over a capture. */
#pragma once

#include "cmd/ids_cli.h"
#include "core/base/err.h"
#include "tool/ids/conf/ids_conf.h"

/* Returns an exit status. */
int ids_run(const struct ids_cli *cli, struct ids_conf *conf);
