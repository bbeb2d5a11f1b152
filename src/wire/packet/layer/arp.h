/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ARP for IPv4 over Ethernet (RFC 826); other hardware and protocols are told apart, not read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"
#include "core/net/mac.h"

enum { ARP_LEN = 28, ARP_HARDWARE_ETHERNET = 1 };

enum { ARP_REQUEST = 1, ARP_REPLY = 2 };

struct arp_head {
    uint16_t hardware, protocol; /* ARP_HARDWARE_ETHERNET and 0x0800, else the rest is zero */
    uint8_t hardware_len, protocol_len;
    uint16_t operation; /* ARP_REQUEST, ARP_REPLY; others exist (RFC 903, RFC 2390) */
    struct mac sender_mac, target_mac;
    struct addr sender, target;
};

/* False when the message ends inside. */
bool arp_decode(struct bytes_in *in, struct arp_head *out);

bool arp_is_ip4_ethernet(const struct arp_head *h);

/* Writes IPv4 over Ethernet, whatever hardware and protocol say. */
void arp_encode(struct bytes_out *out, const struct arp_head *h);
