/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/icmp6.h"

#include <assert.h>

#include "wire/packet/checksum.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

enum { SUM_AT = 2, OPTION_UNIT = 8, ERROR_TYPES_END = 128, MAC_LEN = 6 };

static const uint32_t ADVERT_ROUTER = 1u << 31, ADVERT_SOLICITED = 1u << 30,
                      ADVERT_OVERRIDE = 1u << 29;

bool icmp6_decode(struct bytes_in *in, struct icmp6_head *out)
{
    out->type = bytes_u8(in);
    out->code = bytes_u8(in);
    out->sum = bytes_u16be(in);
    out->rest = bytes_u32be(in);
    return !in->bad;
}

static void put_head(struct bytes_out *out, const struct icmp6_head *h)
{
    bytes_put_u8(out, h->type);
    bytes_put_u8(out, h->code);
    bytes_put_u16be(out, 0);
    bytes_put_u32be(out, h->rest);
}

static void seal(struct bytes_out *out, size_t at, const struct addr *src, const struct addr *dst)
{
    if (out->full)
        return;
    size_t len = bytes_out_len(out) - at;
    uint64_t sum = checksum_add_pseudo(0, src, dst, IP_PROTO_ICMP6, (uint32_t)len);
    bytes_patch_u16be(out, at + SUM_AT, checksum_end(checksum_add(sum, out->start + at, len)));
}

void icmp6_encode(struct bytes_out *out, const struct icmp6_head *h, const struct addr *src,
                  const struct addr *dst, struct bytes_in data)
{
    size_t at = bytes_out_len(out);
    put_head(out, h);
    bytes_put(out, data.pos, bytes_left(&data));
    seal(out, at, src, dst);
}

bool icmp6_is_error(uint8_t type)
{
    return type < ERROR_TYPES_END;
}

bool icmp6_option_next(struct bytes_in *in, struct icmp6_option *out)
{
    if (bytes_left(in) == 0 || in->bad)
        return false;
    *out = (struct icmp6_option){.kind = bytes_u8(in)};
    uint8_t units = bytes_u8(in);
    if (units == 0) {
        in->bad = true;
        return false;
    }
    out->len = (uint16_t)(units * OPTION_UNIT - 2);
    out->data = bytes_take(in, out->len);
    return !in->bad;
}

static bool read_options(struct icmp6_nd *nd)
{
    struct bytes_in in = nd->option;
    struct icmp6_option option;
    while (icmp6_option_next(&in, &option)) {
        if (option.len != MAC_LEN)
            continue; /* a link layer with other addresses, or another option */
        if (option.kind == ICMP6_OPTION_SOURCE_LINK) {
            nd->has_source_mac = true;
            memcpy(nd->source_mac.byte, option.data, MAC_LEN);
        } else if (option.kind == ICMP6_OPTION_TARGET_LINK) {
            nd->has_target_mac = true;
            memcpy(nd->target_mac.byte, option.data, MAC_LEN);
        }
    }
    return !in.bad;
}

static struct addr read_addr(struct bytes_in *in)
{
    struct addr a = {.family = ADDR_IP6};
    bytes_copy(in, a.byte, sizeof a.byte);
    return a;
}

static bool read_body(struct bytes_in *in, const struct icmp6_head *h, struct icmp6_nd *out)
{
    switch (h->type) {
    case ICMP6_TYPE_ROUTER_SOLICIT:
        return true;
    case ICMP6_TYPE_ROUTER_ADVERT:
        out->hop_limit = (uint8_t)(h->rest >> 24);
        out->managed = h->rest >> 23 & 1;
        out->other_config = h->rest >> 22 & 1;
        out->router_lifetime_s = (uint16_t)h->rest;
        out->reachable_ms = bytes_u32be(in);
        out->retransmit_ms = bytes_u32be(in);
        return true;
    case ICMP6_TYPE_NEIGHBOUR_ADVERT:
        out->router = h->rest & ADVERT_ROUTER;
        out->solicited = h->rest & ADVERT_SOLICITED;
        out->override = h->rest & ADVERT_OVERRIDE;
        out->target = read_addr(in);
        return true;
    case ICMP6_TYPE_NEIGHBOUR_SOLICIT:
        out->target = read_addr(in);
        return true;
    case ICMP6_TYPE_REDIRECT:
        out->target = read_addr(in);
        out->redirect_dst = read_addr(in);
        return true;
    default:
        return false;
    }
}

bool icmp6_nd_decode(struct bytes_in *in, const struct icmp6_head *h, struct icmp6_nd *out)
{
    *out = (struct icmp6_nd){.type = h->type};
    if (!read_body(in, h, out) || in->bad)
        return false;
    out->option = bytes_sub(in, bytes_left(in));
    return read_options(out);
}

static void put_mac_option(struct bytes_out *out, uint8_t kind, const struct mac *mac)
{
    bytes_put_u8(out, kind);
    bytes_put_u8(out, 1);
    bytes_put(out, mac->byte, MAC_LEN);
}

void icmp6_nd_encode(struct bytes_out *out, const struct icmp6_nd *nd, const struct addr *src,
                     const struct addr *dst)
{
    assert(nd->type == ICMP6_TYPE_ROUTER_SOLICIT || nd->type == ICMP6_TYPE_NEIGHBOUR_SOLICIT ||
           nd->type == ICMP6_TYPE_NEIGHBOUR_ADVERT);
    struct icmp6_head head = {.type = nd->type};
    if (nd->type == ICMP6_TYPE_NEIGHBOUR_ADVERT)
        head.rest = (nd->router ? ADVERT_ROUTER : 0) | (nd->solicited ? ADVERT_SOLICITED : 0) |
                    (nd->override ? ADVERT_OVERRIDE : 0);
    size_t at = bytes_out_len(out);
    put_head(out, &head);
    if (nd->type != ICMP6_TYPE_ROUTER_SOLICIT)
        bytes_put(out, nd->target.byte, sizeof nd->target.byte);
    if (nd->has_source_mac)
        put_mac_option(out, ICMP6_OPTION_SOURCE_LINK, &nd->source_mac);
    if (nd->has_target_mac)
        put_mac_option(out, ICMP6_OPTION_TARGET_LINK, &nd->target_mac);
    seal(out, at, src, dst);
}

struct addr icmp6_solicited_node(const struct addr *target)
{
    struct addr group = {.family = ADDR_IP6,
                         .byte = {0xff, 0x02, [11] = 0x01, [12] = 0xff, target->byte[13],
                                  target->byte[14], target->byte[15]},
                         .scope = target->scope};
    return group;
}

struct mac icmp6_multicast_mac(const struct addr *group)
{
    return (struct mac){
        {0x33, 0x33, group->byte[12], group->byte[13], group->byte[14], group->byte[15]}};
}

enum packet_verdict icmp6_step(struct packet_walk *w)
{
    struct icmp6_head head;
    if (!walk_enter(w, PACKET_ICMP6))
        return PACKET_DEPTH;
    if (!icmp6_decode(&w->in, &head))
        return PACKET_ICMP6_SHORT;
    w->out->icmp_type = head.type;
    w->out->icmp_code = head.code;
    return PACKET_OK;
}
