/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of IANA and IEEE that several layers and their users name. */
#pragma once

enum {
    ETH_TYPE_IP4 = 0x0800,
    ETH_TYPE_ARP = 0x0806,
    ETH_TYPE_VLAN = 0x8100,     /* IEEE 802.1Q, customer tag */
    ETH_TYPE_VLAN_OLD = 0x9100, /* stacked tags before 802.1ad */
    ETH_TYPE_IP6 = 0x86dd,
    ETH_TYPE_VLAN_OUTER = 0x88a8, /* IEEE 802.1ad, service tag */
};

enum {
    IP_PROTO_HOP_BY_HOP = 0,
    IP_PROTO_ICMP = 1,
    IP_PROTO_IGMP = 2,
    IP_PROTO_IP4 = 4,
    IP_PROTO_TCP = 6,
    IP_PROTO_UDP = 17,
    IP_PROTO_IP6 = 41,
    IP_PROTO_ROUTING = 43,
    IP_PROTO_FRAGMENT = 44,
    IP_PROTO_ESP = 50,
    IP_PROTO_AH = 51,
    IP_PROTO_ICMP6 = 58,
    IP_PROTO_NONE = 59,
    IP_PROTO_DST_OPTIONS = 60,
    IP_PROTO_SCTP = 132,
    IP_PROTO_MOBILITY = 135,
    IP_PROTO_HIP = 139,
    IP_PROTO_SHIM6 = 140,
};
