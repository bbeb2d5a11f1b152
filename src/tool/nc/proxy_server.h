/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proxy for others: HTTP (CONNECT, and http:// requests, one a connection), SOCKS 4, 4A and 5
 * (CONNECT only). */
#pragma once

#include "tool/nc/context.h"
#include "tool/nc/end.h"

struct proxy_server;
struct proxy_server *proxy_server_new(struct nc_context *c);
void proxy_server_close(struct proxy_server *s); /* takes NULL */

/* A client; the end is the server's. */
void proxy_server_add(struct proxy_server *s, struct nc_end *end, const struct nc_peer *from);
