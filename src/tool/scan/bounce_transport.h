/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries probes through an FTP server (RFC 959): it is told to send a listing to the port, and its
 * reply says how that went.  One at a time, as the control connection allows.  IPv4 only. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "sys/io/sock.h"
#include "tool/scan/prober.h"

struct bounce_transport;

struct bounce_transport_setup {
    struct endpoint server;
    const char *user, *password;
    const struct clock *clock;
    bool (*stop)(void *ctx); /* asked while the server is waited for; NULL: never */
    void *stop_ctx;
};

/* Connects and logs in.  A negative errno value and what the server said, when it will not have us.
 */
int bounce_transport_open(struct bounce_transport **out, const struct bounce_transport_setup *setup,
                          struct err *e) MUST_CHECK;
void bounce_transport_close(struct bounce_transport *t);

const struct probe_transport *bounce_transport_of(struct bounce_transport *t);

/* What the reply to LIST says of the port; false: nothing yet, another reply follows. */
bool bounce_judge(const char *reply, struct scan_verdict *out);
