/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of ports, as services(5) of this machine has them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SERVICE_NAME_MAX = 64 };

/* The port of `name` for "tcp", "udp" or "sctp"; -1: no such service. */
int service_port(const char *name, const char *protocol);

/* The name of a port, or NULL; written to `to`. */
const char *service_name(uint16_t port, const char *protocol, char to[SERVICE_NAME_MAX]);
