/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ethernet II and IEEE 802.3 with LLC/SNAP (RFC 1042), with stacked tags of 802.1Q and 802.1ad. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/mac.h"

enum {
    ETH_HEAD_LEN = 14,
    ETH_VLAN_LEN = 4,
    ETH_VLAN_MAX = 4,
    ETH_TYPE_MIN = 0x600, /* below, the field is an 802.3 length */
};

struct eth_vlan {
    uint16_t tpid; /* ETH_TYPE_VLAN, ETH_TYPE_VLAN_OUTER or ETH_TYPE_VLAN_OLD */
    uint16_t tci;  /* priority 3 bits, drop eligible 1, VLAN number 12 */
};

struct eth_head {
    struct mac dst, src;
    uint16_t type; /* behind the tags and SNAP; 0: an LLC protocol without an ethertype */
    uint8_t vlan_count;
    struct eth_vlan vlan[ETH_VLAN_MAX]; /* outermost first */
};

/* False when the frame ends inside, or has more tags than ETH_VLAN_MAX: then vlan_count says
 * ETH_VLAN_MAX and type is that of the tag not read. */
bool eth_decode(struct bytes_in *in, struct eth_head *out);

void eth_encode(struct bytes_out *out, const struct eth_head *h);

bool eth_type_is_vlan(uint16_t type);
