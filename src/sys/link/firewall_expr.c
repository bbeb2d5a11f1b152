/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The expressions of nftables, one function each, as the kernel's net/netfilter/nft_*.c defines
 * their meaning and linux/netfilter/nf_tables.h their attributes. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sys/link/firewall_run.h"
#include "sys/link/firewall_set.h"
#include "sys/link/netlink.h"
#include "wire/packet/layer/number.h"

enum { BAD_REG = FIREWALL_REG_LEN, BYTES_MAX = 64 };

/* Registers 1-4 are the four old ones of 16 bytes, 8-23 the same bytes as sixteen of 4. */
static size_t place_of(const struct firewall_attrs *a, uint16_t type)
{
    uint32_t number = firewall_attrs_u32(a, type, 0);
    if (number >= NFT_REG_1 && number <= NFT_REG_4)
        return (number - NFT_REG_1) * 16;
    if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
        return (number - NFT_REG32_00) * 4;
    return BAD_REG;
}

static bool fits(size_t place, size_t len)
{
    return len <= BYTES_MAX && place + len <= FIREWALL_REG_LEN;
}

/* A value that ends inside a register of four bytes has zeros behind it. */
static void pad(struct firewall_run *r, size_t place, size_t len)
{
    static const uint8_t zeros[4] = {0};
    if (len % 4)
        firewall_value_put(&r->reg, place + len, zeros, 4 - len % 4);
}

static void set_reg(struct firewall_run *r, size_t place, const void *data, size_t len)
{
    if (!fits(place, len))
        return;
    firewall_value_put(&r->reg, place, data, len);
    pad(r, place, len);
}

static void set_reg_u32(struct firewall_run *r, size_t place, uint32_t value)
{
    set_reg(r, place, &value, sizeof value);
}

static enum firewall_step forget_reg(struct firewall_run *r, size_t place, size_t len)
{
    if (fits(place, len)) {
        firewall_value_forget(&r->reg, place, len);
        pad(r, place, len);
    }
    return STEP_NEXT;
}

static struct bytes_in data_of(const struct firewall_attrs *a, uint16_t type)
{
    struct firewall_attrs inner;
    firewall_attrs_read(&inner, a->value[type]);
    return inner.value[NFTA_DATA_VALUE];
}

static enum firewall_step set_verdict(struct firewall_run *r, struct bytes_in data)
{
    struct firewall_attrs outer, verdict;
    firewall_attrs_read(&outer, data);
    firewall_attrs_read(&verdict, outer.value[NFTA_DATA_VERDICT]);
    r->target = firewall_attrs_text(&verdict, NFTA_VERDICT_CHAIN);
    switch ((int32_t)firewall_attrs_u32(&verdict, NFTA_VERDICT_CODE, (uint32_t)NF_QUEUE)) {
    case NFT_CONTINUE:
        return STEP_NEXT;
    case NFT_BREAK:
        return STEP_BREAK;
    case NFT_JUMP:
        r->verdict = VERDICT_JUMP;
        return STEP_NEXT;
    case NFT_GOTO:
        r->verdict = VERDICT_GOTO;
        return STEP_NEXT;
    case NFT_RETURN:
        r->verdict = VERDICT_RETURN;
        return STEP_NEXT;
    case NF_ACCEPT:
        r->verdict = VERDICT_ACCEPT;
        return STEP_NEXT;
    case NF_DROP:
        r->verdict = VERDICT_DROP;
        return STEP_NEXT;
    default:
        return firewall_give_up(r, "queue");
    }
}

static enum firewall_step run_immediate(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_IMMEDIATE_DREG, 0) == NFT_REG_VERDICT)
        return set_verdict(r, a->value[NFTA_IMMEDIATE_DATA]);
    struct bytes_in data = data_of(a, NFTA_IMMEDIATE_DATA);
    set_reg(r, place_of(a, NFTA_IMMEDIATE_DREG), data.pos, bytes_left(&data));
    return STEP_NEXT;
}

/* A constant of two bytes that an unknown source port may be compared with. */
static void hint_data(struct firewall_run *r, size_t place, const uint8_t *data, size_t len)
{
    if (!r->src_port_set && len == 2 && !firewall_value_is_known(&r->reg, place, len))
        firewall_hint(r, (uint16_t)(data[0] << 8 | data[1]));
}

static enum firewall_step run_cmp(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t place = place_of(a, NFTA_CMP_SREG);
    struct bytes_in data = data_of(a, NFTA_CMP_DATA);
    size_t len = bytes_left(&data);
    enum truth t;
    if (!fits(place, len))
        return firewall_doubt(r, "cmp");
    hint_data(r, place, data.pos, len);
    switch (firewall_attrs_u32(a, NFTA_CMP_OP, UINT32_MAX)) {
    case NFT_CMP_EQ:
        t = firewall_value_equal(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_NEQ:
        t = truth_not(firewall_value_equal(&r->reg, place, data.pos, len));
        break;
    case NFT_CMP_LT:
        t = firewall_value_less(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_LTE:
        t = truth_not(firewall_value_more(&r->reg, place, data.pos, len));
        break;
    case NFT_CMP_GT:
        t = firewall_value_more(&r->reg, place, data.pos, len);
        break;
    case NFT_CMP_GTE:
        t = truth_not(firewall_value_less(&r->reg, place, data.pos, len));
        break;
    default:
        t = TRUTH_UNKNOWN;
    }
    return firewall_step_of(r, t, r->doubt);
}

static enum firewall_step run_range(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t place = place_of(a, NFTA_RANGE_SREG);
    struct bytes_in from = data_of(a, NFTA_RANGE_FROM_DATA), to = data_of(a, NFTA_RANGE_TO_DATA);
    size_t len = bytes_left(&from);
    if (!fits(place, len) || bytes_left(&to) != len)
        return firewall_doubt(r, "range");
    hint_data(r, place, from.pos, len);
    enum truth t = truth_and(truth_not(firewall_value_less(&r->reg, place, from.pos, len)),
                             truth_not(firewall_value_more(&r->reg, place, to.pos, len)));
    bool negated = firewall_attrs_u32(a, NFTA_RANGE_OP, 0) == NFT_RANGE_NEQ;
    return firewall_step_of(r, negated ? truth_not(t) : t, r->doubt);
}

static void shift(struct firewall_run *r, size_t from, size_t to, size_t len, uint32_t bits,
                  bool left)
{
    uint32_t word[FIREWALL_REG_LEN / 4], carry = 0;
    size_t count = len / 4;
    if (!firewall_value_is_known(&r->reg, from, len) || bits == 0 || bits > 31) {
        forget_reg(r, to, len);
        return;
    }
    memcpy(word, r->reg.bit + from, len);
    for (size_t i = 0; i < count; i++) { /* as nft_bitwise.c: words in the machine's order */
        size_t at = left ? count - 1 - i : i;
        uint32_t old = word[at];
        word[at] = (left ? old << bits : old >> bits) | carry;
        carry = left ? old >> (32 - bits) : old << (32 - bits);
    }
    firewall_value_put(&r->reg, to, word, len);
}

static enum firewall_step run_bitwise(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t from = place_of(a, NFTA_BITWISE_SREG), to = place_of(a, NFTA_BITWISE_DREG);
    size_t len = firewall_attrs_u32(a, NFTA_BITWISE_LEN, 0);
    uint32_t op = firewall_attrs_u32(a, NFTA_BITWISE_OP, NFT_BITWISE_BOOL);
    if (!fits(from, len) || !fits(to, len))
        return firewall_doubt(r, "bitwise");
    if (op == NFT_BITWISE_LSHIFT || op == NFT_BITWISE_RSHIFT) {
        struct bytes_in bits = data_of(a, NFTA_BITWISE_DATA);
        uint32_t count;
        bytes_copy(&bits, &count, sizeof count); /* in the machine's order */
        shift(r, from, to, (len + 3) / 4 * 4, count, op == NFT_BITWISE_LSHIFT);
        return STEP_NEXT;
    }
    struct bytes_in mask = data_of(a, NFTA_BITWISE_MASK), xor = data_of(a, NFTA_BITWISE_XOR);
    if (op != NFT_BITWISE_BOOL || bytes_left(&mask) != len || bytes_left(&xor) != len)
        return forget_reg(r, to, len);
    struct firewall_value *reg = &r->reg;
    firewall_value_move(reg, to, reg, from, len);
    for (size_t i = 0; i < len; i++) { /* where the mask is zero the result is known */
        reg->known[to + i] |= (uint8_t)~mask.pos[i];
        reg->bit[to + i] = (uint8_t)((reg->bit[to + i] & mask.pos[i]) ^ xor.pos[i]);
        reg->bit[to + i] &= reg->known[to + i];
    }
    pad(r, to, len);
    return STEP_NEXT;
}

static enum firewall_step run_byteorder(struct firewall_run *r, const struct firewall_attrs *a)
{
    size_t from = place_of(a, NFTA_BYTEORDER_SREG), to = place_of(a, NFTA_BYTEORDER_DREG);
    size_t len = firewall_attrs_u32(a, NFTA_BYTEORDER_LEN, 0);
    size_t size = firewall_attrs_u32(a, NFTA_BYTEORDER_SIZE, 0);
    if (!fits(from, len) || !fits(to, len) || (size != 2 && size != 4 && size != 8) || len % size)
        return firewall_doubt(r, "byteorder");
    struct firewall_value copy = r->reg;
    for (size_t i = 0; i < len; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        size_t source = i - i % size + (size - 1 - i % size);
#else
        size_t source = i;
#endif
        firewall_value_move(&r->reg, to + i, &copy, from + source, 1);
    }
    pad(r, to, len);
    return STEP_NEXT;
}

/* Where a payload expression reads; false: beyond what there is. */
static bool payload_place(const struct firewall_run *r, uint32_t base, size_t offset, size_t len,
                          const struct firewall_value **from, size_t *at)
{
    *at = offset;
    *from = &r->datagram;
    switch (base) {
    case NFT_PAYLOAD_LL_HEADER:
        *from = &r->link;
        return offset + len <= FIREWALL_LINK_LEN && r->in->link == PACKET_LINK_ETHERNET;
    case NFT_PAYLOAD_NETWORK_HEADER:
        break;
    case NFT_PAYLOAD_TRANSPORT_HEADER:
        *at += r->transport_at;
        break;
    default:
        return false;
    }
    return *at + len <= r->datagram_len;
}

static enum firewall_step payload_set(struct firewall_run *r, const struct firewall_attrs *a)
{
    const struct firewall_value *from;
    size_t at, len = firewall_attrs_u32(a, NFTA_PAYLOAD_LEN, 0);
    uint32_t base = firewall_attrs_u32(a, NFTA_PAYLOAD_BASE, UINT32_MAX);
    size_t place = place_of(a, NFTA_PAYLOAD_SREG);
    if (!fits(place, len) ||
        !payload_place(r, base, firewall_attrs_u32(a, NFTA_PAYLOAD_OFFSET, 0), len, &from, &at))
        return STEP_NEXT;
    if (from == &r->link)
        return STEP_NEXT;
    size_t addr_at = r->dst.family == ADDR_IP4 ? 16 : 24;
    bool moves = (at < r->transport_at + 4 && at + len > r->transport_at + 2) ||
                 (at < addr_at + addr_bits(&r->dst) / 8 && at + len > addr_at);
    if (moves) /* another destination, without connection tracking's knowledge */
        return firewall_give_up(r, "payload set");
    if (r->maybe)
        firewall_value_blur(&r->datagram, at, &r->reg, place, len);
    else
        firewall_value_move(&r->datagram, at, &r->reg, place, len);
    return STEP_NEXT;
}

static enum firewall_step run_payload(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_has(a, NFTA_PAYLOAD_SREG))
        return payload_set(r, a);
    const struct firewall_value *from;
    uint32_t base = firewall_attrs_u32(a, NFTA_PAYLOAD_BASE, UINT32_MAX);
    uint32_t offset = firewall_attrs_u32(a, NFTA_PAYLOAD_OFFSET, 0);
    size_t len = firewall_attrs_u32(a, NFTA_PAYLOAD_LEN, 0);
    size_t place = place_of(a, NFTA_PAYLOAD_DREG), at;
    bool src_port = base == NFT_PAYLOAD_TRANSPORT_HEADER && offset == 0 && len == 2;
    r->doubt = src_port ? "the source port" : "a field of the packet";
    if (!fits(place, len) || offset > UINT16_MAX)
        return firewall_doubt(r, "payload");
    if (payload_place(r, base, offset, len, &from, &at)) {
        firewall_value_move(&r->reg, place, from, at, len);
        pad(r, place, len);
        return STEP_NEXT;
    }
    forget_reg(r, place, len);
    bool beyond = base == NFT_PAYLOAD_NETWORK_HEADER || base == NFT_PAYLOAD_TRANSPORT_HEADER;
    return beyond && !r->endless ? STEP_BREAK : STEP_MAYBE;
}

/* The options of a SYN as usual systems send them: maximum segment size 1460, SACK, window scale 7,
 * and a time stamp, whose value is not known. */
static bool tcp_option(uint8_t kind, struct firewall_value *out, size_t *len)
{
    static const uint8_t list[][4] = {{2, 4, 0x05, 0xb4}, {3, 3, 7}, {4, 2}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i][0] == kind) {
            *len = list[i][1];
            firewall_value_put(out, 0, list[i], *len);
            return true;
        }
    if (kind != 8)
        return false;
    *len = 10;
    firewall_value_put(out, 0, (const uint8_t[2]){8, 10}, 2);
    return true;
}

static enum firewall_step run_exthdr(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (!firewall_attrs_has(a, NFTA_EXTHDR_DREG))
        return STEP_NEXT; /* changes an option */
    struct firewall_value option = {0};
    size_t place = place_of(a, NFTA_EXTHDR_DREG), have = 0;
    size_t len = firewall_attrs_u32(a, NFTA_EXTHDR_LEN, 0);
    size_t offset = firewall_attrs_u32(a, NFTA_EXTHDR_OFFSET, 0);
    uint32_t op = firewall_attrs_u32(a, NFTA_EXTHDR_OP, NFT_EXTHDR_OP_IPV6);
    uint8_t kind = (uint8_t)firewall_attrs_u32(a, NFTA_EXTHDR_TYPE, 0);
    bool there = op == NFT_EXTHDR_OP_TCPOPT && r->ip_proto == IP_PROTO_TCP &&
                 tcp_option(kind, &option, &have);
    r->doubt = "a TCP option";
    if (!fits(place, len))
        return firewall_doubt(r, "exthdr");
    if (firewall_attrs_u32(a, NFTA_EXTHDR_FLAGS, 0) & NFT_EXTHDR_F_PRESENT) {
        set_reg_u32(r, place, 0);
        set_reg(r, place, &(uint8_t){there}, 1);
        return STEP_NEXT;
    }
    if (!there || offset + len > have)
        return STEP_BREAK;
    firewall_value_move(&r->reg, place, &option, offset, len);
    pad(r, place, len);
    return STEP_NEXT;
}

static void set_name(struct firewall_run *r, size_t place, const char *name)
{
    char field[IFACE_NAME_MAX] = {0};
    memcpy(field, name, strnlen(name, IFACE_NAME_MAX - 1));
    set_reg(r, place, field, sizeof field);
}

static void assign_mark(struct firewall_run *r, size_t slot, size_t place)
{
    if (place == BAD_REG)
        firewall_value_forget(&r->mark, slot, 4);
    else if (r->maybe)
        firewall_value_blur(&r->mark, slot, &r->reg, place, 4);
    else
        firewall_value_move(&r->mark, slot, &r->reg, place, 4);
}

static enum firewall_step meta_get(struct firewall_run *r, uint32_t key, size_t place)
{
    bool v4 = r->dst.family == ADDR_IP4;
    uint16_t type_be = htons(v4 ? ETH_P_IP : ETH_P_IPV6);
    switch (key) {
    case NFT_META_PROTOCOL:
        set_reg(r, place, &type_be, sizeof type_be);
        return STEP_NEXT;
    case NFT_META_MARK:
        firewall_value_move(&r->reg, place, &r->mark, MARK_PACKET, 4);
        r->doubt = "meta mark";
        return STEP_NEXT;
    case NFT_META_IIF:
        set_reg_u32(r, place, r->in->index);
        return STEP_NEXT;
    case NFT_META_IIFNAME:
        set_name(r, place, r->in->name);
        return STEP_NEXT;
    case NFT_META_IIFTYPE:
        set_reg(r, place, &r->in->hardware, sizeof r->in->hardware);
        return STEP_NEXT;
    case NFT_META_OIF: /* there is none on the way in */
    case NFT_META_SECPATH:
        set_reg_u32(r, place, 0);
        return STEP_NEXT;
    case NFT_META_OIFNAME:
        set_name(r, place, "");
        return STEP_NEXT;
    case NFT_META_OIFTYPE:
    case NFT_META_OIFGROUP:
        return STEP_BREAK;
    case NFT_META_NFPROTO:
        if (r->base->family == NFPROTO_NETDEV)
            set_reg(r, place, &(uint8_t){NFPROTO_NETDEV}, 1);
        else
            set_reg(r, place, &(uint8_t){v4 ? NFPROTO_IPV4 : NFPROTO_IPV6}, 1);
        return STEP_NEXT;
    case NFT_META_L4PROTO:
        set_reg(r, place, &r->ip_proto, 1);
        return STEP_NEXT;
    case NFT_META_PKTTYPE:
        set_reg(r, place, &(uint8_t){PACKET_HOST}, 1);
        return STEP_NEXT;
    default: /* the clock, the processor, chance, sockets, bridges ... */
        r->doubt = "a meta key";
        forget_reg(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE; /* some keys end the rule where they have no value */
    }
}

static enum firewall_step run_meta(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t key = firewall_attrs_u32(a, NFTA_META_KEY, UINT32_MAX);
    if (firewall_attrs_has(a, NFTA_META_SREG)) {
        if (key == NFT_META_MARK)
            assign_mark(r, MARK_PACKET, place_of(a, NFTA_META_SREG));
        return STEP_NEXT; /* priority, trace ...: nothing that a rule here could ask about */
    }
    size_t place = place_of(a, NFTA_META_DREG);
    return place == BAD_REG ? firewall_doubt(r, "meta") : meta_get(r, key, place);
}

static enum firewall_step ct_state(struct firewall_run *r, size_t place)
{
    switch (r->tracking) {
    case TRACKING_NEW:
        set_reg_u32(r, place, NF_CT_STATE_BIT(IP_CT_NEW));
        return STEP_NEXT;
    case TRACKING_OFF:
        set_reg_u32(r, place, NF_CT_STATE_UNTRACKED_BIT);
        return STEP_NEXT;
    case TRACKING_NONE:
        set_reg_u32(r, place, NF_CT_STATE_INVALID_BIT);
        return STEP_NEXT;
    default:
        return forget_reg(r, place, 4);
    }
}

/* The tuple of the first packet: in the original direction it is the packet's own. */
static enum firewall_step ct_tuple(struct firewall_run *r, uint32_t key, bool reply, size_t place)
{
    bool want_src = key == NFT_CT_SRC || key == NFT_CT_SRC_IP || key == NFT_CT_SRC_IP6 ||
                    key == NFT_CT_PROTO_SRC;
    want_src ^= reply;
    if (key == NFT_CT_PROTO_SRC || key == NFT_CT_PROTO_DST) {
        firewall_value_move(&r->reg, place, &r->datagram, r->transport_at + (want_src ? 0 : 2), 2);
        pad(r, place, 2);
        return STEP_NEXT;
    }
    bool v4 = r->dst.family == ADDR_IP4;
    if (key == (v4 ? NFT_CT_SRC_IP6 : NFT_CT_SRC_IP) ||
        key == (v4 ? NFT_CT_DST_IP6 : NFT_CT_DST_IP))
        return STEP_BREAK; /* of the other family */
    set_reg(r, place, want_src ? r->src.byte : r->dst.byte, addr_bits(&r->dst) / 8);
    return STEP_NEXT;
}

static enum firewall_step ct_get(struct firewall_run *r, uint32_t key, bool reply, size_t place)
{
    r->doubt = "connection tracking";
    if (key == NFT_CT_STATE)
        return ct_state(r, place);
    if (r->tracking == TRACKING_UNKNOWN) {
        forget_reg(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE;
    }
    if (r->tracking != TRACKING_NEW)
        return STEP_BREAK;
    switch (key) {
    case NFT_CT_DIRECTION:
        set_reg(r, place, &(uint8_t){IP_CT_DIR_ORIGINAL}, 1);
        return STEP_NEXT;
    case NFT_CT_STATUS: /* nothing has happened yet; a redirected packet never comes here */
        set_reg_u32(r, place, 0);
        return STEP_NEXT;
    case NFT_CT_MARK:
        firewall_value_move(&r->reg, place, &r->mark, MARK_CT, 4);
        return STEP_NEXT;
    case NFT_CT_HELPER:
        return STEP_BREAK;
    case NFT_CT_L3PROTOCOL:
        set_reg(r, place, &(uint8_t){r->dst.family == ADDR_IP4 ? NFPROTO_IPV4 : NFPROTO_IPV6}, 1);
        return STEP_NEXT;
    case NFT_CT_PROTOCOL:
        set_reg(r, place, &r->ip_proto, 1);
        return STEP_NEXT;
    case NFT_CT_SRC:
    case NFT_CT_DST:
    case NFT_CT_SRC_IP:
    case NFT_CT_DST_IP:
    case NFT_CT_SRC_IP6:
    case NFT_CT_DST_IP6:
    case NFT_CT_PROTO_SRC:
    case NFT_CT_PROTO_DST:
        return ct_tuple(r, key, reply, place);
    default:
        forget_reg(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE;
    }
}

static enum firewall_step run_ct(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t key = firewall_attrs_u32(a, NFTA_CT_KEY, UINT32_MAX);
    if (firewall_attrs_has(a, NFTA_CT_SREG)) {
        if (key == NFT_CT_MARK)
            assign_mark(r, MARK_CT, place_of(a, NFTA_CT_SREG));
        return STEP_NEXT;
    }
    size_t place = place_of(a, NFTA_CT_DREG);
    bool reply = firewall_attrs_u32(a, NFTA_CT_DIRECTION, 0) == IP_CT_DIR_REPLY;
    return place == BAD_REG ? firewall_doubt(r, "ct") : ct_get(r, key, reply, place);
}

static bool is_dirty(const struct firewall_run *r, const struct firewall_set *s)
{
    for (size_t i = 0; i < r->dirty_count; i++)
        if (r->dirty[i] == s)
            return true;
    return r->dirty_count == FIREWALL_DIRTY_MAX;
}

static void hint_set(struct firewall_run *r, const struct firewall_set *s, size_t place)
{
    for (size_t i = 0; i < s->element_count; i++)
        if (s->element[i].key)
            hint_data(r, place, s->element[i].key, s->key_len);
}

static enum firewall_step take_data(struct firewall_run *r, const struct firewall_attrs *a,
                                    const struct firewall_element *x)
{
    if (firewall_attrs_u32(a, NFTA_LOOKUP_DREG, 0) == NFT_REG_VERDICT)
        return set_verdict(r, x->data);
    struct firewall_attrs inner;
    firewall_attrs_read(&inner, x->data);
    struct bytes_in data = inner.value[NFTA_DATA_VALUE];
    set_reg(r, place_of(a, NFTA_LOOKUP_DREG), data.pos, bytes_left(&data));
    return STEP_NEXT;
}

static enum firewall_step run_lookup(struct firewall_run *r, const struct firewall_attrs *a)
{
    const struct firewall_set *s = firewall_rules_set(r->rules, r->base->family, r->base->table,
                                                      firewall_attrs_text(a, NFTA_LOOKUP_SET));
    size_t place = place_of(a, NFTA_LOOKUP_SREG);
    bool is_map = firewall_attrs_has(a, NFTA_LOOKUP_DREG);
    const struct firewall_element *x = NULL;
    enum truth found = TRUTH_UNKNOWN;
    if (s && fits(place, s->key_len) && !is_dirty(r, s)) {
        hint_set(r, s, place);
        found = firewall_set_find(s, &r->reg, place, &x);
    }
    if (found == TRUTH_UNKNOWN && is_map) {
        if (firewall_attrs_u32(a, NFTA_LOOKUP_DREG, 0) == NFT_REG_VERDICT)
            return firewall_give_up(r, r->doubt ? r->doubt : "a map");
        return forget_reg(r, place_of(a, NFTA_LOOKUP_DREG), 16), firewall_doubt(r, "a map");
    }
    if (firewall_attrs_u32(a, NFTA_LOOKUP_FLAGS, 0) & NFT_LOOKUP_F_INV)
        found = truth_not(found);
    if (found == TRUTH_YES && is_map)
        return take_data(r, a, x);
    return firewall_step_of(r, found, s && !is_dirty(r, s) && r->doubt ? r->doubt : "a set");
}

/* Expressions that count: a new stranger is under every limit. */
static enum firewall_step under_limit(const struct firewall_attrs *a, uint16_t flags,
                                      uint32_t inverted)
{
    return firewall_attrs_u32(a, flags, 0) & inverted ? STEP_BREAK : STEP_NEXT;
}

static enum firewall_step run_limit(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r;
    return under_limit(a, NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
}

static enum firewall_step run_connlimit(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_CONNLIMIT_COUNT, 0) == 0)
        return firewall_doubt(r, "connlimit"); /* even the first is one */
    return under_limit(a, NFTA_CONNLIMIT_FLAGS, NFT_CONNLIMIT_F_INV);
}

static enum firewall_step run_quota(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r;
    bool over =
        firewall_attrs_u64(a, NFTA_QUOTA_CONSUMED, 0) >= firewall_attrs_u64(a, NFTA_QUOTA_BYTES, 0);
    bool inverted = firewall_attrs_u32(a, NFTA_QUOTA_FLAGS, 0) & NFT_QUOTA_F_INV;
    return over != inverted ? STEP_BREAK : STEP_NEXT;
}

/* Expressions that hang on the element a packet adds (meters): met for the first time. */
static enum firewall_step run_nested(struct firewall_run *r, struct bytes_in expr)
{
    struct firewall_attrs outer;
    struct firewall_expr x;
    firewall_attrs_read(&outer, expr);
    x.name = firewall_attrs_text(&outer, NFTA_EXPR_NAME);
    firewall_attrs_read(&x.attr, outer.value[NFTA_EXPR_DATA]);
    return firewall_expr_run(r, &x);
}

static enum firewall_step run_dynset(struct firewall_run *r, const struct firewall_attrs *a)
{
    const struct firewall_set *s = firewall_rules_set(r->rules, r->base->family, r->base->table,
                                                      firewall_attrs_text(a, NFTA_DYNSET_SET_NAME));
    enum firewall_step step = STEP_NEXT;
    if (s && r->dirty_count < FIREWALL_DIRTY_MAX)
        r->dirty[r->dirty_count++] = s;
    if (firewall_attrs_has(a, NFTA_DYNSET_EXPR))
        step = run_nested(r, a->value[NFTA_DYNSET_EXPR]);
    uint16_t type;
    struct bytes_in list = a->value[NFTA_DYNSET_EXPRESSIONS], value;
    while (step == STEP_NEXT && netlink_next(&list, &type, &value))
        step = run_nested(r, value);
    if (step == STEP_NEXT && firewall_attrs_u32(a, NFTA_DYNSET_FLAGS, 0) & NFT_DYNSET_F_INV)
        step = STEP_BREAK;
    return step;
}

static enum firewall_step run_objref(struct firewall_run *r, const struct firewall_attrs *a)
{
    switch (firewall_attrs_u32(a, NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_UNSPEC)) {
    case NFT_OBJECT_COUNTER:
    case NFT_OBJECT_CT_HELPER:
    case NFT_OBJECT_CT_TIMEOUT:
    case NFT_OBJECT_CT_EXPECT:
    case NFT_OBJECT_SECMARK:
        return STEP_NEXT;
    case NFT_OBJECT_SYNPROXY:
        return firewall_give_up(r, "synproxy");
    default: /* limits and quotas, which may be inverted in the object */
        return firewall_doubt(r, "a named object");
    }
}

/* The sender chosen for a question is one whom the routes lead back through the interface it came
 * in by, and the destination is an address of this machine. */
static enum firewall_step run_fib(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t flags = firewall_attrs_u32(a, NFTA_FIB_FLAGS, 0);
    uint32_t result = firewall_attrs_u32(a, NFTA_FIB_RESULT, NFT_FIB_RESULT_UNSPEC);
    size_t place = place_of(a, NFTA_FIB_DREG);
    bool of_source = flags & NFTA_FIB_F_SADDR;
    r->doubt = "fib";
    if (place == BAD_REG)
        return firewall_doubt(r, "fib");
    if (result == NFT_FIB_RESULT_ADDRTYPE) {
        set_reg_u32(r, place, of_source ? RTN_UNICAST : RTN_LOCAL);
        return STEP_NEXT;
    }
    if (!of_source || flags & NFTA_FIB_F_MARK)
        return forget_reg(r, place, result == NFT_FIB_RESULT_OIFNAME ? IFACE_NAME_MAX : 4);
    if (flags & NFTA_FIB_F_PRESENT)
        set_reg(r, place, (const uint8_t[4]){1}, 4);
    else if (result == NFT_FIB_RESULT_OIF)
        set_reg_u32(r, place, r->in->index);
    else
        set_name(r, place, r->in->name);
    return STEP_NEXT;
}

static enum firewall_step redirect_to(struct firewall_run *r, size_t addr, size_t port)
{
    enum truth same = TRUTH_YES;
    uint8_t port_be[2] = {(uint8_t)(r->dst_port >> 8), (uint8_t)r->dst_port};
    if (addr != BAD_REG)
        same = firewall_value_equal(&r->reg, addr, r->dst.byte, addr_bits(&r->dst) / 8);
    if (port != BAD_REG)
        same = truth_and(same, firewall_value_equal(&r->reg, port, port_be, sizeof port_be));
    if (same == TRUTH_UNKNOWN)
        return firewall_give_up(r, "nat");
    r->verdict = same == TRUTH_YES ? VERDICT_ACCEPT : VERDICT_REDIRECT;
    return STEP_NEXT;
}

static enum firewall_step run_nat(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_u32(a, NFTA_NAT_TYPE, NFT_NAT_SNAT) == NFT_NAT_SNAT) {
        r->verdict = VERDICT_ACCEPT; /* another source, the same destination */
        return STEP_NEXT;
    }
    return redirect_to(r, place_of(a, NFTA_NAT_REG_ADDR_MIN), place_of(a, NFTA_NAT_REG_PROTO_MIN));
}

static enum firewall_step run_redir(struct firewall_run *r, const struct firewall_attrs *a)
{
    return redirect_to(r, BAD_REG, place_of(a, NFTA_REDIR_REG_PROTO_MIN));
}

static enum firewall_step run_notrack(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    if (r->tracking == TRACKING_NONE)
        r->tracking = r->maybe ? TRACKING_UNKNOWN : TRACKING_OFF;
    return STEP_NEXT;
}

static enum firewall_step run_reject(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    r->verdict = VERDICT_REJECT;
    return STEP_NEXT;
}

static enum firewall_step run_away(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    r->verdict = VERDICT_REDIRECT;
    return STEP_NEXT;
}

static enum firewall_step run_nothing(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)r, (void)a;
    return STEP_NEXT;
}

/* Expressions that load what is not known here: chance, hashes, other sockets. */
static enum firewall_step run_load(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    firewall_value_forget(&r->reg, 0, FIREWALL_REG_LEN);
    r->doubt = "a value that is not interpreted";
    return STEP_MAYBE;
}

static enum firewall_step run_queue(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    return firewall_give_up(r, "queue");
}

/* Sorted by name; attributes above `known` are younger than this table. */
static const struct expression {
    const char *name;
    uint16_t known;
    enum firewall_step (*run)(struct firewall_run *r, const struct firewall_attrs *a);
} expression[] = {
    {"bitwise", NFTA_BITWISE_DATA, run_bitwise},
    {"byteorder", NFTA_BYTEORDER_SIZE, run_byteorder},
    {"cmp", NFTA_CMP_DATA, run_cmp},
    {"connlimit", NFTA_CONNLIMIT_FLAGS, run_connlimit},
    {"counter", UINT16_MAX, run_nothing},
    {"ct", NFTA_CT_SREG, run_ct},
    {"dup", UINT16_MAX, run_nothing},
    {"dynset", NFTA_DYNSET_EXPRESSIONS, run_dynset},
    {"exthdr", NFTA_EXTHDR_SREG, run_exthdr},
    {"fib", NFTA_FIB_FLAGS, run_fib},
    {"flow_offload", UINT16_MAX, run_nothing},
    {"fwd", UINT16_MAX, run_away},
    {"hash", UINT16_MAX, run_load},
    {"immediate", NFTA_IMMEDIATE_DATA, run_immediate},
    {"last", UINT16_MAX, run_nothing},
    {"limit", NFTA_LIMIT_PAD, run_limit},
    {"log", UINT16_MAX, run_nothing},
    {"lookup", NFTA_LOOKUP_FLAGS, run_lookup},
    {"match", NFTA_MATCH_INFO, firewall_compat_match},
    {"meta", NFTA_META_SREG, run_meta},
    {"nat", NFTA_NAT_FLAGS, run_nat},
    {"notrack", UINT16_MAX, run_notrack},
    {"numgen", UINT16_MAX, run_load},
    {"objref", NFTA_OBJREF_SET_ID, run_objref},
    {"osf", UINT16_MAX, run_load},
    {"payload", NFTA_PAYLOAD_CSUM_FLAGS, run_payload},
    {"queue", UINT16_MAX, run_queue},
    {"quota", NFTA_QUOTA_CONSUMED, run_quota},
    {"range", NFTA_RANGE_TO_DATA, run_range},
    {"redir", NFTA_REDIR_FLAGS, run_redir},
    {"reject", UINT16_MAX, run_reject},
    {"rt", UINT16_MAX, run_load},
    {"socket", UINT16_MAX, run_load},
    {"target", NFTA_TARGET_INFO, firewall_compat_target},
    {"xfrm", UINT16_MAX, run_load},
};

enum firewall_step firewall_expr_run(struct firewall_run *r, const struct firewall_expr *x)
{
    for (size_t i = 0; i < sizeof expression / sizeof expression[0]; i++)
        if (strcmp(expression[i].name, x->name) == 0)
            return x->attr.highest <= expression[i].known ? expression[i].run(r, &x->attr)
                                                          : firewall_give_up(r, x->name);
    /* tproxy, synproxy and whatever comes */
    return firewall_give_up(r, x->name);
}
