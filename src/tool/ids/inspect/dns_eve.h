/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS messages as EVE writes them; DNS, multicast DNS and DNS over HTTP share it. */
#pragma once

#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/dns.h"

struct dns_eve {
    uint8_t version; /* 2 or 3 */
    bool detailed, grouped;
    uint64_t tx_id;
    const uint16_t *type; /* only queries of these types */
    uint8_t type_count;
};

/* Members of the open object. */
void dns_eve_members(struct json_out *json, const struct dns_message *m, const struct dns_eve *how);
bool dns_eve_wants(const struct dns_message *m, const struct dns_eve *how);
void dns_eve_name(struct json_out *json, const char *key, const struct dns_message *m, size_t at);
