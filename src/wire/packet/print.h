/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets as text, in the layout of Snort 2.9 (snort -v, -d, -e, -X, -C), for the sniffer, the
 * packet logger and the alert formats that show a packet. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "wire/packet/packet.h"

enum packet_print_payload {
    PACKET_PRINT_NONE,
    PACKET_PRINT_HEX,   /* -d: 16 bytes a line, hex and characters */
    PACKET_PRINT_CHARS, /* -C: 64 characters a line */
    PACKET_PRINT_ALL,   /* -X: the whole frame, with offsets */
};

struct packet_print {
    bool link_head; /* -e */
    bool year;      /* -y */
    bool obfuscate; /* -O: xxx.xxx.xxx.xxx */
    enum packet_print_payload payload;
    int32_t utc_offset_s; /* of the time stamps */
    uint32_t wire_len;    /* bytes the frame had */
};

/* "11/14-22:13:20.125000", with the year "11/14/23-..." */
void packet_print_time(const struct packet_print *how, uint64_t wall_ns, struct str *out);

/* "192.0.2.1:80", without a port where there is none; IPv6 as it is. */
void packet_print_end(const struct packet_print *how, const struct addr *a, bool has_port,
                      uint16_t port, struct str *out);

bool packet_print_has_ports(const struct packet *p); /* TCP or UDP, and no fragment */

/* The protocol's name in capitals: "TCP", "UDP", "ICMP", "IPV6-ICMP", "PROTO:047". */
void packet_print_proto(uint8_t ip_proto, struct str *out);

/* The second-layer head: "AA:.. -> BB:.. type:0x800 len:0x52" and a newline; nothing for others. */
void packet_print_link(const struct packet_print *how, const struct packet *p, struct str *out);

/* The lines behind the addresses: IP, transport and payload. */
void packet_print_heads(const struct packet_print *how, const struct packet *p, struct str *out);
void packet_print_body(const struct packet_print *how, const struct packet *p, struct str *out);

/* All of it, with the closing line of "=+" and an empty one. */
void packet_print(const struct packet_print *how, const struct packet *p, uint64_t wall_ns,
                  struct str *out);
