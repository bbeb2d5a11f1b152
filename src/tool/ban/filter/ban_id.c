/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/ban_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ban_id ban_id_word(const char *text, size_t len)
{
    struct ban_id id = {0};
    /* a word that does not fit keeps its beginning: two of them may then be one */
    memcpy(id.text, text, len < BAN_ID_MAX ? len : BAN_ID_MAX - 1);
    return id;
}

struct ban_id ban_id_of_net(const struct cidr *net)
{
    struct ban_id id = {.net = *net};
    char text[CIDR_TEXT_MAX];
    if (net->prefix_len == addr_bits(&net->base))
        snprintf(id.text, sizeof id.text, "%s", addr_format(&net->base, text));
    else
        snprintf(id.text, sizeof id.text, "%s", cidr_format(net, text));
    return id;
}

/* "255.255.255.0" as a prefix length; -1: it is no mask. */
static int mask_len(const char *text)
{
    struct addr mask;
    struct err ignored = {0};
    if (addr_parse(&mask, text, &ignored) < 0)
        return -1;
    for (int n = 0; n <= addr_bits(&mask); n++) {
        struct addr ones = mask;
        memset(ones.byte, 0xff, addr_bits(&mask) / 8);
        struct cidr c = cidr_of(&ones, (uint8_t)n);
        if (memcmp(c.base.byte, mask.byte, sizeof mask.byte) == 0)
            return n;
    }
    return -1;
}

struct ban_id ban_id_of(const char *text, size_t len, int prefix_len)
{
    struct addr a;
    struct err ignored = {0};
    if (len > 2 && text[0] == '[' && text[len - 1] == ']')
        text++, len -= 2;
    if (len == 0 || len >= BAN_ID_MAX)
        return ban_id_word(text, len);
    size_t addr_len = len;
    const char *slash = prefix_len < 0 ? memchr(text, '/', len) : NULL;
    if (slash) {
        char mask[ADDR_TEXT_MAX] = "";
        size_t n = len - (size_t)(slash - text) - 1;
        addr_len = (size_t)(slash - text);
        if (n && n < sizeof mask)
            memcpy(mask, slash + 1, n);
        prefix_len = mask[0] && strspn(mask, "0123456789") == n ? (int)strtol(mask, NULL, 10)
                                                                : mask_len(mask);
        if (prefix_len < 0)
            return ban_id_word(text, len);
    }
    if (memchr(text, '%', addr_len) || addr_parse_len(&a, text, addr_len, &ignored) < 0)
        return ban_id_word(text, len);
    struct addr plain = addr_unmap(&a);
    if (prefix_len < 0 || prefix_len >= addr_bits(&a))
        a = plain;
    struct cidr net =
        cidr_of(&a, prefix_len < 0 ? 255 : (uint8_t)(prefix_len > 128 ? 128 : prefix_len));
    return ban_id_of_net(&net);
}
