/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICMP and ICMPv6 in packet_print. */
#pragma once

#include "wire/packet/print.h"

void packet_print_icmp4(const struct packet_print *how, const struct packet *p, struct str *out);
void packet_print_icmp6(const struct packet *p, struct str *out);

/* The name of Snort's ASCII log for a message: "ECHO", "PORT_UNRCH"; "UNKNOWN". */
const char *packet_print_icmp_file(const struct packet *p);
