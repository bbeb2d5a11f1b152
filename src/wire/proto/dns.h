/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS messages (RFC 1035, with the record types that people look at), read in place: a message is
 * walked once to find its records; names and data are decoded when somebody asks.
 * Not for: making messages, TCP's length prefix. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/bytes.h"

enum {
    DNS_HEAD_LEN = 12,
    DNS_NAME_MAX = 1025, /* longer names are cut: RFC 1035 allows 255, but they are seen */
    DNS_LABEL_COUNT_MAX = 255,
};

enum {
    DNS_FLAG_RESPONSE = 0x8000,
    DNS_FLAG_AUTHORITATIVE = 0x0400,
    DNS_FLAG_TRUNCATED = 0x0200,
    DNS_FLAG_RECURSION = 0x0100,
    DNS_FLAG_RECURSION_AVAILABLE = 0x0080,
    DNS_FLAG_Z = 0x0040,
};

enum dns_type {
    DNS_TYPE_A = 1,
    DNS_TYPE_NS = 2,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_NULL = 10,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28,
    DNS_TYPE_SRV = 33,
    DNS_TYPE_OPT = 41,
    DNS_TYPE_SSHFP = 44,
};

enum { DNS_QUERIES, DNS_ANSWERS, DNS_AUTHORITIES, DNS_ADDITIONALS, DNS_SECTIONS };

struct dns_record {
    uint32_t name_at; /* offsets in the message */
    uint32_t data_at;
    uint16_t data_len;
    uint16_t type, class;
    uint32_t ttl;
};

enum { /* struct dns_message.odd, and of names */
       DNS_ODD_LONG_NAME = 1,
       DNS_ODD_LOOP = 2,
       DNS_ODD_LABELS = 4,
       DNS_ODD_SECTION = 8, /* authorities or additionals end inside: what came before is there */
};

struct dns_message {
    const uint8_t *data;
    size_t len;
    uint16_t id, flags;
    uint16_t promised[DNS_SECTIONS]; /* counts in the head */
    uint16_t count[DNS_SECTIONS];    /* records that are there */
    struct dns_record *record[DNS_SECTIONS];
    uint8_t odd;
};

struct dns_name {
    uint16_t len;
    uint8_t odd;                     /* DNS_ODD_... */
    uint8_t text[DNS_NAME_MAX + 64]; /* labels with dots between, bytes as they are */
};

/* Could this head belong to a message of `len` bytes? */
bool dns_head_is_plausible(const uint8_t *data, size_t have, size_t len);

/* Walk the whole message; records lie in `arena`.  False: it is malformed. */
bool dns_parse(struct dns_message *out, const uint8_t *data, size_t len, struct arena *arena);

/* The name at an offset; returns the offset behind it, 0 when it is malformed. */
size_t dns_name_at(const struct dns_message *m, size_t at, struct dns_name *out);

const char *dns_type_name(uint16_t type, char room[16]);   /* "AAAA", "TYPE1234" */
const char *dns_rcode_name(uint16_t rcode, char room[16]); /* "NXDOMAIN", "22" */
int dns_type_find(const char *name);                       /* any case; -1: unknown */
