/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text that nmap prints of a service it does not know, for whoever writes a match line for it:
 * SF-Port31337-TCP:V=7.93%I=7%D=11/24%Time=65608F11%P=x86_64-pc-linux-gnu%r(NULL,4,"abc\n"); */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "hub/model/scan_report.h"

struct fingerprint_head {
    enum scan_proto proto;
    uint16_t port;
    bool ssl;
    unsigned intensity;
    uint64_t wall_ns;
};

/* The head, the answers one after another, the end. */
void fingerprint_begin(struct str *out, const struct fingerprint_head *head);
void fingerprint_add(struct str *out, const char *probe, const void *data, size_t len);
void fingerprint_end(struct str *out);
