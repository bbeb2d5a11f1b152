/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/packet_field.h"

#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/net/addr.h"
#include "wire/packet/checksum.h"

static const struct nasl_packet_field ip4[] = {
    {"ip_v", 0, 4, false},     {"ip_hl", 4, 4, false},    {"ip_tos", 8, 8, false},
    {"ip_len", 16, 16, false}, {"ip_id", 32, 16, false},  {"ip_off", 48, 16, false},
    {"ip_ttl", 64, 8, false},  {"ip_p", 72, 8, false},    {"ip_sum", 80, 16, false},
    {"ip_src", 96, 0, false},  {"ip_dst", 128, 0, false},
};

static const struct nasl_packet_field ip6[] = {
    {"ip6_v", 0, 4, false},      {"ip6_tc", 4, 8, false},    {"ip6_fl", 12, 20, false},
    {"ip6_plen", 32, 16, false}, {"ip6_nxt", 48, 8, false},  {"ip6_hlim", 56, 8, false},
    {"ip6_src", 64, 0, false},   {"ip6_dst", 192, 0, false},
};

static const struct nasl_packet_field tcp[] = {
    {"th_sport", 0, 16, false},  {"th_dport", 16, 16, false}, {"th_seq", 32, 32, false},
    {"th_ack", 64, 32, false},   {"th_off", 96, 4, false},    {"th_x2", 100, 4, false},
    {"th_flags", 104, 8, false}, {"th_win", 112, 16, false},  {"th_sum", 128, 16, true},
    {"th_urp", 144, 16, true},
};

static const struct nasl_packet_field udp[] = {
    {"uh_sport", 0, 16, false},
    {"uh_dport", 16, 16, false},
    {"uh_ulen", 32, 16, false},
    {"uh_sum", 48, 16, false},
};

static const struct nasl_packet_field icmp[] = {
    {"icmp_type", 0, 8, false}, {"icmp_code", 8, 8, false},  {"icmp_cksum", 16, 16, false},
    {"icmp_id", 32, 16, false}, {"icmp_seq", 48, 16, false},
};

static const struct nasl_packet_field igmp[] = {
    {"type", 0, 8, false},
    {"code", 8, 8, false},
    {"cksum", 16, 16, false},
    {"group", 32, 0, false},
};

const struct nasl_head_layout nasl_head_layouts[NASL_HEAD_COUNT] = {
    [NASL_HEAD_IP4] = {"IP", 20, ip4, ARRAY_COUNT(ip4)},
    [NASL_HEAD_IP6] = {"IPv6", 40, ip6, ARRAY_COUNT(ip6)},
    [NASL_HEAD_TCP] = {"TCP", 20, tcp, ARRAY_COUNT(tcp)},
    [NASL_HEAD_UDP] = {"UDP", 8, udp, ARRAY_COUNT(udp)},
    [NASL_HEAD_ICMP] = {"ICMP", 8, icmp, ARRAY_COUNT(icmp)},
    [NASL_HEAD_ICMP6] = {"ICMPv6", 8, icmp, ARRAY_COUNT(icmp)},
    [NASL_HEAD_IGMP] = {"IGMP", 8, igmp, ARRAY_COUNT(igmp)},
};

const struct nasl_packet_field *nasl_packet_field(enum nasl_head head, const char *name)
{
    const struct nasl_head_layout *l = &nasl_head_layouts[head];
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->field[i].name, name) == 0)
            return &l->field[i];
    return NULL;
}

/* No field crosses more than five bytes; none here more than four. */
uint32_t nasl_field_get(const uint8_t *head, const struct nasl_packet_field *f)
{
    uint64_t bits = 0;
    unsigned first = f->bit / 8, last = (f->bit + f->width - 1u) / 8;
    for (unsigned i = first; i <= last; i++)
        bits = bits << 8 | head[i];
    bits >>= (last + 1) * 8 - (f->bit + f->width);
    uint32_t value = (uint32_t)(bits & ((1ULL << f->width) - 1));
    return f->swapped ? (uint32_t)__builtin_bswap16((uint16_t)value) : value;
}

void nasl_field_set(uint8_t *head, const struct nasl_packet_field *f, uint32_t value)
{
    if (f->swapped)
        value = __builtin_bswap16((uint16_t)value);
    for (unsigned i = 0; i < f->width; i++) {
        unsigned at = f->bit + f->width - 1u - i;
        uint8_t mask = (uint8_t)(0x80 >> (at % 8));
        if (value >> i & 1)
            head[at / 8] |= mask;
        else
            head[at / 8] &= (uint8_t)~mask;
    }
}

uint32_t nasl_head_get(enum nasl_head head, const uint8_t *at, const char *name)
{
    return nasl_field_get(at, nasl_packet_field(head, name));
}

void nasl_head_set(enum nasl_head head, uint8_t *at, const char *name, uint32_t value)
{
    nasl_field_set(at, nasl_packet_field(head, name), value);
}

size_t nasl_packet_transport(const uint8_t *packet, size_t len, bool is_ip6)
{
    size_t head = is_ip6 ? 40 : len ? (packet[0] & 15) * 4u : 0;
    return head >= 20 && head <= len ? head : 0;
}

void nasl_packet_sum_ip4(uint8_t *packet, size_t head_len)
{
    nasl_head_set(NASL_HEAD_IP4, packet, "ip_sum", 0);
    nasl_head_set(NASL_HEAD_IP4, packet, "ip_sum", checksum_of(packet, head_len));
}

void nasl_packet_set_length(uint8_t *packet, size_t len, bool is_ip6)
{
    if (is_ip6) {
        nasl_head_set(NASL_HEAD_IP6, packet, "ip6_plen", (uint32_t)(len - 40));
        return;
    }
    nasl_head_set(NASL_HEAD_IP4, packet, "ip_len", (uint32_t)len);
    nasl_packet_sum_ip4(packet, (packet[0] & 15) * 4u);
}

void nasl_packet_sum_transport(uint8_t *packet, size_t len, size_t at, uint8_t protocol,
                               size_t sum_at, bool is_ip6)
{
    struct addr src = is_ip6 ? addr_ip6(packet + 8) : (struct addr){.family = ADDR_IP4};
    struct addr dst = is_ip6 ? addr_ip6(packet + 24) : (struct addr){.family = ADDR_IP4};
    if (!is_ip6) {
        memcpy(src.byte, packet + 12, 4);
        memcpy(dst.byte, packet + 16, 4);
    }
    packet[at + sum_at] = packet[at + sum_at + 1] = 0;
    uint64_t sum = checksum_add_pseudo(0, &src, &dst, protocol, (uint32_t)(len - at));
    uint16_t value = checksum_end(checksum_add(sum, packet + at, len - at));
    packet[at + sum_at] = (uint8_t)(value >> 8);
    packet[at + sum_at + 1] = (uint8_t)value;
}

static void print_address(const uint8_t *at, bool is_ip6, struct str *out)
{
    char text[ADDR_TEXT_MAX];
    struct addr a = {.family = is_ip6 ? ADDR_IP6 : ADDR_IP4};
    memcpy(a.byte, at, is_ip6 ? 16 : 4);
    str_add(out, addr_format(&a, text));
}

void nasl_head_print(enum nasl_head head, const uint8_t *at, size_t len, struct str *out)
{
    const struct nasl_head_layout *l = &nasl_head_layouts[head];
    str_addf(out, "------------\n%s:\n", l->title);
    if (len < l->size) {
        str_addf(out, "\t%zu bytes, too few\n", len);
        return;
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct nasl_packet_field *f = &l->field[i];
        str_addf(out, "\t%-10s: ", f->name);
        if (f->width)
            str_addf(out, "%u", nasl_field_get(at, f));
        else
            print_address(at + f->bit / 8, head == NASL_HEAD_IP6, out);
        str_add_char(out, '\n');
    }
    str_add(out, "\tdata      : ");
    for (size_t i = l->size; i < len; i++)
        str_add_char(out, isprint(at[i]) ? (char)at[i] : '.');
    str_add(out, "\n");
}
