/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MD2 (RFC 1319): in no library that is left.  Not for: anything but asking others' old software.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MD2_SIZE = 16, MD2_BLOCK = 16 };

void md2(const void *data, size_t len, uint8_t out[MD2_SIZE]);
