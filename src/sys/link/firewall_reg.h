/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registers of nftables, for its expressions: 1-4 are the four old ones of 16 bytes, 8-23 the
 * same bytes as sixteen of 4.  A place is an offset into firewall_run.reg. */
#pragma once

#include "sys/link/firewall_run.h"

enum { FIREWALL_REG_NONE = FIREWALL_REG_LEN };

/* The place of the register that an attribute names; FIREWALL_REG_NONE: it names none. */
size_t firewall_reg_place(const struct firewall_attrs *a, uint16_t type);

bool firewall_reg_fits(size_t place, size_t len); /* lies it in the registers? */

/* A value that ends inside a register of four bytes has zeros behind it. */
void firewall_reg_pad(struct firewall_run *r, size_t place, size_t len);

/* Nothing happens where it does not fit. */
void firewall_reg_set(struct firewall_run *r, size_t place, const void *data, size_t len);
void firewall_reg_set_u32(struct firewall_run *r, size_t place, uint32_t value);
enum firewall_step firewall_reg_forget(struct firewall_run *r, size_t place, size_t len);
