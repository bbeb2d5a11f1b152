/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How hosts are asked whether they are there: the -P options, and what is done without them. */
#pragma once

#include "cmd/scan_setup.h"

/* Fill in setup->options.ping; its techniques' rights and services are known by then. */
int scan_ping_choose(const struct scan_cli *cli, struct scan_setup *setup,
                     struct err *e) MUST_CHECK;
