/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a scan needs before it can run, made from the options the user typed. */
#pragma once

#include "cmd/scan_cli.h"
#include "tool/scan/data/payload.h"
#include "tool/scan/os/os_db.h"
#include "tool/scan/scan.h"
#include "tool/scan/script/engine.h"
#include "tool/scan/service/probe_db.h"

/* options points into the rest. */
struct scan_setup {
    struct scan_options options;
    struct target_list targets, excludes;
    struct service_table services;
    struct payload_set payloads;
    struct os_db systems; /* -O */
    struct script_options scripts;
    struct probe_db probes; /* -sV */
    struct text_list
        remarks; /* lines of data files that were left out; grows while the scan runs */
    struct arena arena;
    const char *remark; /* what the user should know beforehand; NULL: nothing */
};

/* Read lists, files and names; nothing is sent.  0, -EINVAL: the command line is wrong; or another
 * negative errno value: a file or a right is missing.  *out is to be done with in any case. */
int scan_setup_make(struct scan_setup *out, const struct scan_cli *cli,
                    const struct text_list *words, struct err *e) MUST_CHECK;
void scan_setup_done(struct scan_setup *setup);
