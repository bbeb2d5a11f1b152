/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cooked heads that stand for the link in captures on "any" interface: LINKTYPE_LINUX_SLL (113)
 * and LINKTYPE_LINUX_SLL2 (276) of the tcpdump.org list.  VLAN tags behind them are read like
 * Ethernet's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"

enum { SLL_HEAD_LEN = 16, SLL2_HEAD_LEN = 20, SLL_ADDR_MAX = 8 };

struct sll_head {
    uint16_t packet_type; /* 0 to us, 1 broadcast, 2 multicast, 3 to another, 4 from us */
    uint16_t hardware;    /* ARPHRD_ value */
    uint16_t addr_len;    /* of the sender's link address; 0: none */
    uint8_t addr[SLL_ADDR_MAX];
    uint16_t type;      /* ethertype, behind VLAN tags */
    uint32_t interface; /* SLL2 only, else 0 */
};

bool sll_decode(struct bytes_in *in, struct sll_head *out);
bool sll2_decode(struct bytes_in *in, struct sll_head *out);

void sll_encode(struct bytes_out *out, const struct sll_head *h);
void sll2_encode(struct bytes_out *out, const struct sll_head *h);
