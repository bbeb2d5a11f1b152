/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/respond/ban_request.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "hub/model/severity.h"

/* A NUL within the field, and before it nothing that could confuse a terminal or a log. */
static bool is_plain(const char *text, size_t size, bool may_be_empty)
{
    size_t len = strnlen(text, size);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return len < size && (len || may_be_empty);
}

static bool is_prefix(uint8_t family, uint8_t prefix_len)
{
    return (family == ADDR_IP4 && prefix_len <= 32) || (family == ADDR_IP6 && prefix_len <= 128);
}

int ban_request_add_check(const struct ban_request_add *r)
{
    bool good = is_prefix(r->family, r->prefix_len) && r->strength < STRENGTH_COUNT &&
                is_plain(r->source, sizeof r->source, false) &&
                is_plain(r->why, sizeof r->why, true);
    return good ? 0 : -EINVAL;
}

int ban_request_lift_check(const struct ban_request_lift *r)
{
    bool good = is_prefix(r->family, r->prefix_len) && is_plain(r->source, sizeof r->source, true);
    return good ? 0 : -EINVAL;
}

struct cidr ban_request_who(uint8_t family, uint8_t prefix_len, const uint8_t addr[16])
{
    enum { MAPPED_BITS = 96 };
    struct addr a = {.family = family};
    memcpy(a.byte, addr, family == ADDR_IP6 ? 16 : 4);
    struct addr plain = addr_unmap(&a);
    bool mapped = family == ADDR_IP6 && plain.family == ADDR_IP4 && prefix_len >= MAPPED_BITS;
    return mapped ? cidr_of(&plain, (uint8_t)(prefix_len - MAPPED_BITS)) : cidr_of(&a, prefix_len);
}
