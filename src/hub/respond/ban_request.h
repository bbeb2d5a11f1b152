/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ban server, trap, ids, guard and people ask the keeper for: the bodies of its requests.
 * Typed addresses, never text that could become a rule; all integers in host order (one machine).
 */
#pragma once

#include <stdint.h>

#include "core/base/attr.h"
#include "core/net/addr.h"

enum ban_request_number {
    BAN_REQUEST_ADD = 16,  /* body: struct ban_request_add; answer: no body */
    BAN_REQUEST_LIFT = 17, /* body: struct ban_request_lift; answer: no body */
    BAN_REQUEST_LIST = 18, /* body: struct ban_request_list; answer: struct ban_answer_list */
};

enum { BAN_REASON_MAX = 128, BAN_SOURCE_MAX = 32, BAN_LIST_ROWS = 16 };

struct ban_request_add {
    uint8_t family; /* 4 or 6 */
    uint8_t prefix_len;
    uint8_t strength; /* enum strength: claimed evidence alone is refused unless configured */
    uint8_t unused;
    uint32_t duration_s; /* 0: without end */
    uint8_t addr[16];
    uint64_t event_id;
    char source[BAN_SOURCE_MAX]; /* NUL-terminated, printable */
    char why[BAN_REASON_MAX];    /* NUL-terminated; shown, never interpreted */
};

struct ban_request_lift {
    uint8_t family;
    uint8_t prefix_len;
    uint16_t unused;
    uint32_t unused2;
    uint8_t addr[16];
    char source[BAN_SOURCE_MAX]; /* "": every source */
};

struct ban_request_list {
    uint64_t after; /* number of the last row seen; 0: from the beginning */
};

struct ban_row {
    uint64_t number;                     /* rises; for `after` */
    uint64_t since_wall_s, until_wall_s; /* until 0: without end */
    uint64_t event_id;
    uint32_t count;
    uint8_t family, prefix_len, strength, unused;
    uint8_t addr[16];
    char source[BAN_SOURCE_MAX];
    char why[BAN_REASON_MAX];
};

struct ban_answer_list {
    uint32_t count; /* rows; fewer than BAN_LIST_ROWS: these were the last */
    uint32_t unused;
    struct ban_row row[BAN_LIST_ROWS];
};

/* Is the body well-formed?  0 or -EINVAL.  (Whether it may be done is for ban_table to say.) */
int ban_request_add_check(const struct ban_request_add *r) MUST_CHECK;
int ban_request_lift_check(const struct ban_request_lift *r) MUST_CHECK;

/* The prefix meant: bits behind it cleared, ::ffff:0:0/96 and longer told as IPv4, because that is
 * what such packets are on the wire. */
struct cidr ban_request_who(uint8_t family, uint8_t prefix_len, const uint8_t addr[16]);
