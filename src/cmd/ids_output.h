/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outputs of ids beside EVE, as options and configuration want them. */
#pragma once

#include "cmd/ids_cli.h"
#include "tool/ids/conf/ids_conf.h"
#include "tool/ids/output/outputs.h"

/* 0; -EINVAL: an option that makes no sense, or a file that cannot be written. */
int ids_output_open(struct outputs *out, const struct ids_cli *cli, const struct ids_conf *conf,
                    struct err *e) MUST_CHECK;

/* Neither rules nor EVE: packets are shown and logged, and that is all. */
bool ids_output_only_packets(const struct ids_cli *cli);
