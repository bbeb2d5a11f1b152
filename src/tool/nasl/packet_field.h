/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of packet heads by the names scripts know them by, as tables of bit positions:
 * reading, writing and printing of heads are loops over these. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum nasl_head {
    NASL_HEAD_IP4,
    NASL_HEAD_IP6,
    NASL_HEAD_TCP,
    NASL_HEAD_UDP,
    NASL_HEAD_ICMP,
    NASL_HEAD_ICMP6,
    NASL_HEAD_IGMP,
    NASL_HEAD_COUNT,
};

struct nasl_packet_field {
    const char *name;
    uint16_t bit;  /* from the start of the head, the most significant first */
    uint8_t width; /* bits, at most 32; 0: an address */
    bool swapped;  /* the peer forgets to turn this one's bytes: scripts see them little-endian */
};

struct nasl_head_layout {
    const char *title;
    size_t size; /* without options */
    const struct nasl_packet_field *field;
    size_t count;
};

extern const struct nasl_head_layout nasl_head_layouts[NASL_HEAD_COUNT];

const struct nasl_packet_field *nasl_packet_field(enum nasl_head head, const char *name);
uint32_t nasl_field_get(const uint8_t *head, const struct nasl_packet_field *f);
void nasl_field_set(uint8_t *head, const struct nasl_packet_field *f, uint32_t value);

/* By name; the field must exist. */
uint32_t nasl_head_get(enum nasl_head head, const uint8_t *at, const char *name);
void nasl_head_set(enum nasl_head head, uint8_t *at, const char *name, uint32_t value);

/* Where the transport head of an IP datagram begins; 0: no such datagram.  An IPv4 head says its
 * length, IPv6 has 40 bytes. */
size_t nasl_packet_transport(const uint8_t *packet, size_t len, bool ip6);

/* Length and checksum of the IPv4 head (RFC 791 3.1), length of IPv6. */
void nasl_packet_set_length(uint8_t *packet, size_t len, bool ip6);
void nasl_packet_sum_ip4(uint8_t *packet, size_t head_len);

/* The checksum of a transport head at `at` with all that follows, the pseudo head included; written
 * at sum_at within it. */
void nasl_packet_sum_transport(uint8_t *packet, size_t len, size_t at, uint8_t protocol,
                               size_t sum_at, bool ip6);

/* A dump as the peer's dump_*: one line a field. */
void nasl_head_print(enum nasl_head head, const uint8_t *at, size_t len, struct str *out);
