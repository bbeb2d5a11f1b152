/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and prefixes as numbers and as text.  Strict on purpose: forms that readers of
 * inet_aton take in different ways ("010.0.0.1", "10.1", "0x7f.1") are refused here.  Host names,
 * interface names and nmap's target expressions are read elsewhere. */
#include "core/net/addr.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"

enum { IP4_LEN = 4, IP6_LEN = 16, IP6_GROUPS = 8, QUOTE_MAX = 64 };

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct addr addr_ip4(uint32_t host_order)
{
    return (struct addr){
        .family = ADDR_IP4,
        .byte = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
                 (uint8_t)(host_order >> 8), (uint8_t)host_order},
    };
}

struct addr addr_ip6(const uint8_t byte[16])
{
    struct addr a = {.family = ADDR_IP6};
    memcpy(a.byte, byte, IP6_LEN);
    return a;
}

uint32_t addr_ip4_value(const struct addr *a)
{
    assert(a->family == ADDR_IP4);
    return (uint32_t)a->byte[0] << 24 | (uint32_t)a->byte[1] << 16 | (uint32_t)a->byte[2] << 8 |
           a->byte[3];
}

uint8_t addr_bits(const struct addr *a)
{
    return a->family == ADDR_IP4 ? 8 * IP4_LEN : a->family == ADDR_IP6 ? 8 * IP6_LEN : 0;
}

static size_t byte_count(const struct addr *a)
{
    return addr_bits(a) / 8;
}

/* Text in: the next byte without taking it, 0 at the end. */
static uint8_t peek(const struct bytes_in *in)
{
    return bytes_left(in) ? *in->pos : 0;
}

/* Take `c` if it is next. */
static bool take(struct bytes_in *in, char c)
{
    if (!bytes_left(in) || peek(in) != (uint8_t)c)
        return false;
    bytes_skip(in, 1);
    return true;
}

/* A decimal number up to `max`.  RFC 6943 3.1.1: "010" is eight to some readers and ten to others,
 * so it is nothing here. */
static bool read_decimal(struct bytes_in *in, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    unsigned digits = 0;
    bool zero_first = peek(in) == '0';
    for (uint8_t c; (c = peek(in)) >= '0' && c <= '9'; digits++) {
        value = value * 10 + (uint64_t)(c - '0');
        if (value > max || (zero_first && digits > 0))
            return false;
        bytes_skip(in, 1);
    }
    *out = (uint32_t)value;
    return digits > 0;
}

static bool read_ip4(struct bytes_in *in, uint8_t to[IP4_LEN])
{
    for (unsigned i = 0; i < IP4_LEN; i++) {
        uint32_t part;
        if ((i > 0 && !take(in, '.')) || !read_decimal(in, UINT8_MAX, &part))
            return false;
        to[i] = (uint8_t)part;
    }
    return true;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One to four hexadecimal digits. */
static bool read_group(struct bytes_in *in, uint8_t to[2])
{
    unsigned value = 0, digits = 0;
    for (int digit; digits < 4 && (digit = hex_value(peek(in))) >= 0; digits++) {
        value = value << 4 | (unsigned)digit;
        bytes_skip(in, 1);
    }
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return digits > 0;
}

/* A group, or the IPv4 form of the last two (RFC 4291 2.2 point 3).  Returns how many bytes it
 * makes, 0: neither. */
static size_t read_groups(struct bytes_in *in, uint8_t *to, size_t room)
{
    struct bytes_in start = *in;
    if (room < 2 || !read_group(in, to))
        return 0;
    if (peek(in) != '.')
        return 2;
    *in = start;
    return room >= IP4_LEN && read_ip4(in, to) ? IP4_LEN : 0;
}

/* What "::" stands for: move the bytes behind it to the end, zeros between. */
static void open_gap(uint8_t to[IP6_LEN], size_t gap, size_t len)
{
    size_t behind = len - gap;
    memmove(to + IP6_LEN - behind, to + gap, behind);
    memset(to + gap, 0, IP6_LEN - len);
}

static bool read_ip6(struct bytes_in *in, uint8_t to[IP6_LEN])
{
    static const size_t none = SIZE_MAX;
    size_t len = 0, gap = none;
    bool after_gap = false; /* only there the text may end without a group */
    if (peek(in) == ':') {
        if (!take(in, ':') || !take(in, ':'))
            return false;
        gap = 0;
        after_gap = true;
    }
    while (true) {
        struct bytes_in before = *in;
        size_t more = read_groups(in, to + len, IP6_LEN - len);
        if (more == 0) {
            *in = before;
            if (!after_gap)
                return false;
            break;
        }
        len += more;
        if (more == IP4_LEN || !take(in, ':'))
            break;
        after_gap = take(in, ':');
        if (after_gap && gap != none)
            return false;
        gap = after_gap ? len : gap;
    }
    if (gap == none)
        return len == IP6_LEN;
    if (len > IP6_LEN - 2) /* "::" is one group of zeros at least */
        return false;
    open_gap(to, gap, len);
    return true;
}

/* Only addresses whose meaning ends at the link may name an interface: with a scope on others, two
 * texts of one host would be unequal. */
static bool may_have_scope(const struct addr *a)
{
    bool multicast_link = a->byte[0] == 0xff && (a->byte[1] & 0x0f) <= 2;
    return addr_is_link_local(a) || multicast_link;
}

static int refuse(struct err *e, const char *text, size_t len, const char *why)
{
    bool long_text = len > QUOTE_MAX;
    return err_set(e, -EINVAL, "\"%.*s%s\" is %s", long_text ? QUOTE_MAX : (int)len, text,
                   long_text ? "..." : "", why);
}

static int parse_ip6(struct addr *out, const char *text, size_t len, struct err *e)
{
    struct bytes_in in = bytes_in_of(text, len);
    struct addr a = {.family = ADDR_IP6};
    if (!read_ip6(&in, a.byte))
        return refuse(e, text, len, "no IPv6 address");
    if (take(&in, '%')) {
        if (!read_decimal(&in, UINT32_MAX, &a.scope) || bytes_left(&in))
            return refuse(e, text, len, "no IPv6 address: the scope is no interface number");
        if (!may_have_scope(&a))
            return refuse(e, text, len, "no link-local address, so it has no scope");
    }
    if (bytes_left(&in))
        return refuse(e, text, len, "no IPv6 address");
    *out = a;
    return 0;
}

int addr_parse_len(struct addr *out, const char *text, size_t len, struct err *e)
{
    if (len == 0)
        return err_set(e, -EINVAL, "an address is missing");
    if (memchr(text, ':', len))
        return parse_ip6(out, text, len, e);
    struct bytes_in in = bytes_in_of(text, len);
    struct addr a = {.family = ADDR_IP4};
    if (!read_ip4(&in, a.byte) || bytes_left(&in))
        return refuse(e, text, len, "no IP address");
    *out = a;
    return 0;
}

int addr_parse(struct addr *out, const char *text, struct err *e)
{
    return addr_parse_len(out, text, strlen(text), e);
}

static unsigned group_of(const struct addr *a, unsigned i)
{
    return (unsigned)a->byte[2 * i] << 8 | a->byte[2 * i + 1];
}

/* The longest run of zero groups, the first of equals; RFC 5952 4.2.2: one group is no run. */
static void find_zero_run(const struct addr *a, unsigned *out_from, unsigned *out_len)
{
    unsigned len = 0;
    *out_from = IP6_GROUPS;
    *out_len = 0;
    for (unsigned i = 0; i < IP6_GROUPS; i++) {
        len = group_of(a, i) == 0 ? len + 1 : 0;
        if (len > 1 && len > *out_len) {
            *out_len = len;
            *out_from = i + 1 - len;
        }
    }
}

static int format_groups(const struct addr *a, char to[ADDR_TEXT_MAX])
{
    unsigned run_from, run_len;
    find_zero_run(a, &run_from, &run_len);
    int len = 0;
    for (unsigned i = 0; i < IP6_GROUPS; i++) {
        if (i == run_from) {
            len += snprintf(to + len, (size_t)(ADDR_TEXT_MAX - len), "::");
            i += run_len - 1;
            continue;
        }
        const char *colon = i == 0 || i == run_from + run_len ? "" : ":";
        len += snprintf(to + len, (size_t)(ADDR_TEXT_MAX - len), "%s%x", colon, group_of(a, i));
    }
    return len;
}

char *addr_format(const struct addr *a, char to[ADDR_TEXT_MAX])
{
    const uint8_t *b = a->byte;
    int len = 0;
    to[0] = '\0';
    if (a->family == ADDR_IP4)
        snprintf(to, ADDR_TEXT_MAX, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    if (a->family != ADDR_IP6)
        return to;
    if (memcmp(b, mapped_prefix, sizeof mapped_prefix) == 0) /* RFC 5952 5 */
        len = snprintf(to, ADDR_TEXT_MAX, "::ffff:%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    else
        len = format_groups(a, to);
    if (a->scope)
        snprintf(to + len, (size_t)(ADDR_TEXT_MAX - len), "%%%u", a->scope);
    return to;
}

int addr_compare(const struct addr *a, const struct addr *b)
{
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    int order = memcmp(a->byte, b->byte, byte_count(a));
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a->scope > b->scope) - (a->scope < b->scope);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
    return addr_compare(a, b) == 0;
}

bool addr_next(struct addr *a)
{
    for (size_t i = byte_count(a); i-- > 0;) {
        if (a->byte[i] < UINT8_MAX) {
            a->byte[i]++;
            return true;
        }
        a->byte[i] = 0;
    }
    return false;
}

/* Are the first `bits` bits of both the same? */
static bool same_prefix(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned rest = bits % 8;
    if (memcmp(a, b, bits / 8) != 0)
        return false;
    return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

struct block {
    uint8_t family, bits, head[16];
};

static bool in_any(const struct addr *a, const struct block *block, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a->family == block[i].family && same_prefix(a->byte, block[i].head, block[i].bits))
            return true;
    return false;
}

bool addr_is_unspecified(const struct addr *a)
{
    static const struct block block[] = {{ADDR_IP4, 32, {0}}, {ADDR_IP6, 128, {0}}};
    return in_any(a, block, ARRAY_COUNT(block));
}

bool addr_is_loopback(const struct addr *a)
{
    static const struct block block[] = {
        {ADDR_IP4, 8, {127}},
        {ADDR_IP6, 128, {[15] = 1}},
        {ADDR_IP6, 104, {[10] = 0xff, [11] = 0xff, [12] = 127}},
    };
    return in_any(a, block, ARRAY_COUNT(block));
}

bool addr_is_link_local(const struct addr *a)
{
    static const struct block block[] = {{ADDR_IP4, 16, {169, 254}}, {ADDR_IP6, 10, {0xfe, 0x80}}};
    return in_any(a, block, ARRAY_COUNT(block));
}

bool addr_is_multicast(const struct addr *a)
{
    static const struct block block[] = {{ADDR_IP4, 4, {224}}, {ADDR_IP6, 8, {0xff}}};
    return in_any(a, block, ARRAY_COUNT(block));
}

bool addr_is_private(const struct addr *a)
{
    static const struct block block[] = {
        {ADDR_IP4, 8, {10}},       {ADDR_IP4, 12, {172, 16}}, {ADDR_IP4, 16, {192, 168}},
        {ADDR_IP4, 10, {100, 64}}, {ADDR_IP6, 7, {0xfc}},
    };
    return in_any(a, block, ARRAY_COUNT(block));
}

struct addr addr_unmap(const struct addr *a)
{
    if (a->family != ADDR_IP6 || memcmp(a->byte, mapped_prefix, sizeof mapped_prefix) != 0)
        return *a;
    struct addr inner = {.family = ADDR_IP4};
    memcpy(inner.byte, a->byte + sizeof mapped_prefix, IP4_LEN);
    return inner;
}

/* Set all bits behind the first `bits` to 0 or to 1. */
static void fill_behind(struct addr *a, unsigned bits, bool ones)
{
    uint8_t mask = (uint8_t)(0xff >> (bits % 8));
    for (size_t i = bits / 8; i < byte_count(a); i++, mask = 0xff)
        a->byte[i] = ones ? a->byte[i] | mask : a->byte[i] & (uint8_t)~mask;
}

struct cidr cidr_of(const struct addr *a, uint8_t prefix_len)
{
    struct cidr c = {.base = *a, .prefix_len = prefix_len};
    if (prefix_len > addr_bits(a))
        c.prefix_len = addr_bits(a);
    fill_behind(&c.base, c.prefix_len, false);
    if (!may_have_scope(&c.base)) /* fe80::1%2/0 is all addresses, of all links */
        c.base.scope = 0;
    return c;
}

struct addr cidr_last(const struct cidr *c)
{
    struct addr last = c->base;
    fill_behind(&last, c->prefix_len, true);
    return last;
}

bool cidr_contains(const struct cidr *c, const struct addr *a)
{
    return c->base.family == a->family && same_prefix(c->base.byte, a->byte, c->prefix_len);
}

int cidr_parse(struct cidr *out, const char *text, struct err *e)
{
    size_t len = strlen(text);
    const char *slash = memchr(text, '/', len);
    struct addr a;
    if (addr_parse_len(&a, text, slash ? (size_t)(slash - text) : len, e) != 0)
        return e->code;
    uint32_t prefix_len = addr_bits(&a);
    if (slash) {
        struct bytes_in in = bytes_in_of(slash + 1, len - (size_t)(slash + 1 - text));
        if (!read_decimal(&in, prefix_len, &prefix_len) || bytes_left(&in))
            return refuse(e, text, len, "no prefix: its length is not 0 to the address's bits");
    }
    *out = cidr_of(&a, (uint8_t)prefix_len);
    return 0;
}

char *cidr_format(const struct cidr *c, char to[CIDR_TEXT_MAX])
{
    addr_format(&c->base, to);
    size_t len = strlen(to);
    if (c->base.family != ADDR_NONE)
        snprintf(to + len, CIDR_TEXT_MAX - len, "/%u", c->prefix_len);
    return to;
}
