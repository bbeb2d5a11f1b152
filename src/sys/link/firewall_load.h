/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The expressions that load registers, for firewall_expr's table. */
#pragma once

#include "sys/link/firewall_run.h"

enum firewall_step firewall_load_payload(struct firewall_run *r, const struct firewall_attrs *a);
enum firewall_step firewall_load_exthdr(struct firewall_run *r, const struct firewall_attrs *a);
enum firewall_step firewall_load_meta(struct firewall_run *r, const struct firewall_attrs *a);
enum firewall_step firewall_load_ct(struct firewall_run *r, const struct firewall_attrs *a);
enum firewall_step firewall_load_fib(struct firewall_run *r, const struct firewall_attrs *a);

/* Chance, hashes, other sockets: what is not known here. */
enum firewall_step firewall_load_unknown(struct firewall_run *r, const struct firewall_attrs *a);
