/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reports of a scan: which files are written in which format, what stands on the terminal, and
 * the progress line there. */
#pragma once

#include "cmd/scan_cli.h"
#include "hub/outlet/scan_outlet.h"

struct scan_output {
    struct scan_outlet outlet[SCAN_CLI_REPORTS_MAX + 1];
    size_t count;
    struct scan_head head;
    struct scan_info info[SCAN_TECHNIQUES_MAX];
    const struct clock *clock;
    uint64_t next_line_ns, stats_every_ns, next_stats_ns;
    bool to_terminal; /* a progress line may be drawn */
    bool line_is_drawn;
};

/* Open all files (a path may hold %D, %T and other letters of strftime(3), as nmap allows), and
 * write the heads.  `args` is the command line for the report.  0 or a negative errno value. */
int scan_output_open(struct scan_output *o, const struct scan_cli *cli,
                     const struct scan_options *options, const char *args,
                     const struct clock *clock, struct err *e) MUST_CHECK;

/* The events of the scan. */
int scan_output_host(struct scan_output *o, const struct scan_host *host,
                     const struct scan_tail *so_far, struct err *e) MUST_CHECK;
int scan_output_flush(struct scan_output *o, const struct scan_tail *so_far,
                      struct err *e) MUST_CHECK;
int scan_output_hint(struct scan_output *o, const struct scan_host *host,
                     const struct scan_tail *so_far, struct err *e) MUST_CHECK;
int scan_output_found(struct scan_output *o, const struct scan_found *found,
                      const struct scan_tail *so_far, struct err *e) MUST_CHECK;
int scan_output_task(struct scan_output *o, const struct scan_task *task,
                     const struct scan_tail *so_far, struct err *e) MUST_CHECK;
int scan_output_scripts(struct scan_output *o, const struct scan_run_scripts *scripts,
                        const struct scan_tail *so_far, struct err *e) MUST_CHECK;
int scan_output_target(struct scan_output *o, const char *text, const struct scan_tail *so_far,
                       struct err *e) MUST_CHECK;

/* Write the tails and close; also after a failure of any of the calls above.  The report that
 * failed stays as it was before.  0 or the first failure. */
int scan_output_close(struct scan_output *o, const struct scan_tail *tail, struct err *e);

void scan_output_clear_line(struct scan_output *o); /* before anything else is printed */
