/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script options of scan: which scripts, with what; and --script-help. */
#pragma once

#include "cmd/scan_cli.h"
#include "tool/scan/script/engine.h"

/* Fill *out from the options; texts go to `arena`.  `versions`: -sV wants the scripts of the
 * category "version", too, where nmap's scripts are installed.  False: no scripts are asked for. */
bool scan_script_choose(const struct scan_cli *cli, const struct scan_options *options,
                        struct arena *arena, struct script_options *out);

/* Print what the chosen scripts are for.  Returns an exit status. */
int scan_script_help(const struct scan_cli *cli);
