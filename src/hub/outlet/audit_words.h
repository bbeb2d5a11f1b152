/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words in which the reports of an audit speak of reach, sockets and severity: one place, so
 * that page and terminal say the same. */
#pragma once

#include "core/base/str.h"
#include "hub/model/audit_report.h"

/* How one reach is told. */
struct audit_reach_words {
    const char *title; /* "Reachable by anyone" */
    const char *count; /* behind a number: "reachable by anyone" */
    const char *doc;   /* what it means, in a sentence */
};

const struct audit_reach_words *audit_words_reach(enum reach reach);

/* "2 services of this machine can be reached by anyone." */
void audit_words_verdict(struct str *out, const struct audit_host *host);

/* "2 reachable by anyone, 1 firewalled, 4 loopback only": what there is, widest first. */
void audit_words_reach_counts(struct str *out, const struct audit_host *host);

/* "1 critical, 2 high findings": worst first; "no findings". */
void audit_words_finding_counts(struct str *out, const struct audit_host *host);

void audit_words_port(struct str *out, const struct exposure *x); /* "22/tcp" */

/* Where the service of exposure `i` waits: "all addresses (0.0.0.0, ::)", "192.0.2.1 on eth0". */
void audit_words_where(struct str *out, const struct audit_host *host, size_t i);

void audit_words_process(struct str *out, const struct exposure *x);   /* "sshd" or "unknown" */
void audit_words_host(struct str *out, const struct audit_host *host); /* name and address */

/* "critical" -> "Critical" */
const char *audit_words_severity(enum severity severity);
