/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is banned: an address, a network, or a word of the log that is neither. */
#pragma once

#include "core/net/addr.h"

enum { BAN_ID_MAX = 256 };

struct ban_id {
    struct cidr net; /* of no family: `text` is a word */
    char text[BAN_ID_MAX];
};

/* `text` with a prefix length (-1: a single address, or the one behind a '/' in the text).
 * ::ffff:0:0/96 is told as IPv4; a text that is no address stays a word. */
struct ban_id ban_id_of(const char *text, size_t len, int prefix_len);
struct ban_id ban_id_word(const char *text, size_t len);
struct ban_id ban_id_of_net(const struct cidr *net);

static inline bool ban_id_is_address(const struct ban_id *id)
{
    return id->net.base.family != ADDR_NONE;
}
