/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interfaces of this machine (rtnetlink(7)) at one moment. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "core/net/mac.h"
#include "wire/packet/packet.h"

enum { IFACE_NAME_MAX = 16 }; /* with its NUL; the kernel's IFNAMSIZ */

enum { /* struct iface.flag: the kernel's IFF_ values of the same name */
       IFACE_UP = 0x1,
       IFACE_BROADCAST = 0x2,
       IFACE_LOOPBACK = 0x8,
       IFACE_POINT_TO_POINT = 0x10,
       IFACE_RUNNING = 0x40, /* the carrier is there */
       IFACE_NO_ARP = 0x80,
       IFACE_MULTICAST = 0x1000,
};

struct iface_addr {
    struct cidr net;  /* prefix it lies in: base is the network, not the address */
    struct addr addr; /* with its scope, when link-local IPv6 */
    struct addr peer; /* of a point-to-point link; else ADDR_NONE */
    bool deprecated;  /* not for new connections (RFC 4862 5.5.4) */
    bool tentative;   /* IPv6: still being checked for doubles, or found double */
    bool temporary;   /* RFC 8981 */
    bool secondary;   /* IPv4: a further address of a prefix */
};

struct iface {
    uint32_t index; /* 1.. */
    char name[IFACE_NAME_MAX];
    uint32_t flag; /* IFACE_* */
    uint32_t mtu;
    uint16_t hardware; /* ARPHRD_ value: 1 Ethernet, 772 loopback, 65534 none ... */
    bool has_mac;
    struct mac mac;          /* zero on loopback, too */
    bool has_link;           /* frames of this kind can be read and built */
    enum packet_link link;   /* PACKET_LINK_ETHERNET (loopback too) or PACKET_LINK_RAW_IP */
    uint32_t master;         /* index of the bridge or bond it belongs to; 0: none */
    struct iface_addr *addr; /* in the kernel's order */
    size_t addr_count;
};

struct iface_list {
    struct iface *item; /* by index */
    size_t count;
};

/* All interfaces with all addresses; lives in `arena`.  0 or a negative errno value. */
int iface_read(struct arena *arena, struct iface_list *out, struct err *e) MUST_CHECK;

const struct iface *iface_by_index(const struct iface_list *l, uint32_t index); /* NULL: none */
const struct iface *iface_by_name(const struct iface_list *l, const char *name);

/* The interface that has `a` as its own address. */
const struct iface *iface_of_addr(const struct iface_list *l, const struct addr *a);

/* The first address fit to be a source of the family: not deprecated or tentative, and for IPv6 not
 * link-local when there is another; NULL: none. */
const struct iface_addr *iface_source(const struct iface *i, uint8_t family);

/* How frames begin on hardware of this ARPHRD_ number; false: in a way that is not read. */
bool iface_link_of(uint16_t hardware, enum packet_link *out);

/* addr_parse, and "fe80::1%eth0" with the name of an interface of the list. */
int iface_addr_parse(struct addr *out, const char *text, const struct iface_list *l,
                     struct err *e) MUST_CHECK;
