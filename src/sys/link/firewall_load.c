/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions that load something of the packet or of its way into registers (and, being the same
 * ones in the kernel, change it): payload, exthdr, meta, ct, fib. */
#include "sys/link/firewall_load.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sys/link/firewall_reg.h"
#include "wire/packet/layer/number.h"

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
    size_t place = firewall_reg_place(a, NFTA_PAYLOAD_SREG);
    if (!firewall_reg_fits(place, len) ||
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

enum firewall_step firewall_load_payload(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (firewall_attrs_has(a, NFTA_PAYLOAD_SREG))
        return payload_set(r, a);
    const struct firewall_value *from;
    uint32_t base = firewall_attrs_u32(a, NFTA_PAYLOAD_BASE, UINT32_MAX);
    uint32_t offset = firewall_attrs_u32(a, NFTA_PAYLOAD_OFFSET, 0);
    size_t len = firewall_attrs_u32(a, NFTA_PAYLOAD_LEN, 0);
    size_t place = firewall_reg_place(a, NFTA_PAYLOAD_DREG), at;
    bool src_port = base == NFT_PAYLOAD_TRANSPORT_HEADER && offset == 0 && len == 2;
    r->doubt = src_port ? "the source port" : "a field of the packet";
    if (!firewall_reg_fits(place, len) || offset > UINT16_MAX)
        return firewall_doubt(r, "payload");
    if (payload_place(r, base, offset, len, &from, &at)) {
        firewall_value_move(&r->reg, place, from, at, len);
        firewall_reg_pad(r, place, len);
        return STEP_NEXT;
    }
    firewall_reg_forget(r, place, len);
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

enum firewall_step firewall_load_exthdr(struct firewall_run *r, const struct firewall_attrs *a)
{
    if (!firewall_attrs_has(a, NFTA_EXTHDR_DREG))
        return STEP_NEXT; /* changes an option */
    struct firewall_value option = {0};
    size_t place = firewall_reg_place(a, NFTA_EXTHDR_DREG), have = 0;
    size_t len = firewall_attrs_u32(a, NFTA_EXTHDR_LEN, 0);
    size_t offset = firewall_attrs_u32(a, NFTA_EXTHDR_OFFSET, 0);
    uint32_t op = firewall_attrs_u32(a, NFTA_EXTHDR_OP, NFT_EXTHDR_OP_IPV6);
    uint8_t kind = (uint8_t)firewall_attrs_u32(a, NFTA_EXTHDR_TYPE, 0);
    bool there = op == NFT_EXTHDR_OP_TCPOPT && r->ip_proto == IP_PROTO_TCP &&
                 tcp_option(kind, &option, &have);
    r->doubt = "a TCP option";
    if (!firewall_reg_fits(place, len))
        return firewall_doubt(r, "exthdr");
    if (firewall_attrs_u32(a, NFTA_EXTHDR_FLAGS, 0) & NFT_EXTHDR_F_PRESENT) {
        firewall_reg_set_u32(r, place, 0);
        firewall_reg_set(r, place, &(uint8_t){there}, 1);
        return STEP_NEXT;
    }
    if (!there || offset + len > have)
        return STEP_BREAK;
    firewall_value_move(&r->reg, place, &option, offset, len);
    firewall_reg_pad(r, place, len);
    return STEP_NEXT;
}

static void set_name(struct firewall_run *r, size_t place, const char *name)
{
    char field[IFACE_NAME_MAX] = {0};
    memcpy(field, name, strnlen(name, IFACE_NAME_MAX - 1));
    firewall_reg_set(r, place, field, sizeof field);
}

static void assign_mark(struct firewall_run *r, size_t slot, size_t place)
{
    if (place == FIREWALL_REG_NONE)
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
        firewall_reg_set(r, place, &type_be, sizeof type_be);
        return STEP_NEXT;
    case NFT_META_MARK:
        firewall_value_move(&r->reg, place, &r->mark, MARK_PACKET, 4);
        r->doubt = "meta mark";
        return STEP_NEXT;
    case NFT_META_IIF:
        firewall_reg_set_u32(r, place, r->in->index);
        return STEP_NEXT;
    case NFT_META_IIFNAME:
        set_name(r, place, r->in->name);
        return STEP_NEXT;
    case NFT_META_IIFTYPE:
        firewall_reg_set(r, place, &r->in->hardware, sizeof r->in->hardware);
        return STEP_NEXT;
    case NFT_META_OIF: /* there is none on the way in */
    case NFT_META_SECPATH:
        firewall_reg_set_u32(r, place, 0);
        return STEP_NEXT;
    case NFT_META_OIFNAME:
        set_name(r, place, "");
        return STEP_NEXT;
    case NFT_META_OIFTYPE:
    case NFT_META_OIFGROUP:
        return STEP_BREAK;
    case NFT_META_NFPROTO:
        if (r->base->family == NFPROTO_NETDEV)
            firewall_reg_set(r, place, &(uint8_t){NFPROTO_NETDEV}, 1);
        else
            firewall_reg_set(r, place, &(uint8_t){v4 ? NFPROTO_IPV4 : NFPROTO_IPV6}, 1);
        return STEP_NEXT;
    case NFT_META_L4PROTO:
        firewall_reg_set(r, place, &r->ip_proto, 1);
        return STEP_NEXT;
    case NFT_META_PKTTYPE:
        firewall_reg_set(r, place, &(uint8_t){PACKET_HOST}, 1);
        return STEP_NEXT;
    default: /* the clock, the processor, chance, sockets, bridges ... */
        r->doubt = "a meta key";
        firewall_reg_forget(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE; /* some keys end the rule where they have no value */
    }
}

enum firewall_step firewall_load_meta(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t key = firewall_attrs_u32(a, NFTA_META_KEY, UINT32_MAX);
    if (firewall_attrs_has(a, NFTA_META_SREG)) {
        if (key == NFT_META_MARK)
            assign_mark(r, MARK_PACKET, firewall_reg_place(a, NFTA_META_SREG));
        return STEP_NEXT; /* priority, trace ...: nothing that a rule here could ask about */
    }
    size_t place = firewall_reg_place(a, NFTA_META_DREG);
    return place == FIREWALL_REG_NONE ? firewall_doubt(r, "meta") : meta_get(r, key, place);
}

static enum firewall_step ct_state(struct firewall_run *r, size_t place)
{
    switch (r->tracking) {
    case TRACKING_NEW:
        firewall_reg_set_u32(r, place, NF_CT_STATE_BIT(IP_CT_NEW));
        return STEP_NEXT;
    case TRACKING_OFF:
        firewall_reg_set_u32(r, place, NF_CT_STATE_UNTRACKED_BIT);
        return STEP_NEXT;
    case TRACKING_NONE:
        firewall_reg_set_u32(r, place, NF_CT_STATE_INVALID_BIT);
        return STEP_NEXT;
    default:
        return firewall_reg_forget(r, place, 4);
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
        firewall_reg_pad(r, place, 2);
        return STEP_NEXT;
    }
    bool v4 = r->dst.family == ADDR_IP4;
    if (key == (v4 ? NFT_CT_SRC_IP6 : NFT_CT_SRC_IP) ||
        key == (v4 ? NFT_CT_DST_IP6 : NFT_CT_DST_IP))
        return STEP_BREAK; /* of the other family */
    firewall_reg_set(r, place, want_src ? r->src.byte : r->dst.byte, addr_bits(&r->dst) / 8);
    return STEP_NEXT;
}

static enum firewall_step ct_get(struct firewall_run *r, uint32_t key, bool reply, size_t place)
{
    r->doubt = "connection tracking";
    if (key == NFT_CT_STATE)
        return ct_state(r, place);
    if (r->tracking == TRACKING_UNKNOWN) {
        firewall_reg_forget(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE;
    }
    if (r->tracking != TRACKING_NEW)
        return STEP_BREAK;
    switch (key) {
    case NFT_CT_DIRECTION:
        firewall_reg_set(r, place, &(uint8_t){IP_CT_DIR_ORIGINAL}, 1);
        return STEP_NEXT;
    case NFT_CT_STATUS: /* nothing has happened yet; a redirected packet never comes here */
        firewall_reg_set_u32(r, place, 0);
        return STEP_NEXT;
    case NFT_CT_MARK:
        firewall_value_move(&r->reg, place, &r->mark, MARK_CT, 4);
        return STEP_NEXT;
    case NFT_CT_HELPER:
        return STEP_BREAK;
    case NFT_CT_L3PROTOCOL:
        firewall_reg_set(r, place,
                         &(uint8_t){r->dst.family == ADDR_IP4 ? NFPROTO_IPV4 : NFPROTO_IPV6}, 1);
        return STEP_NEXT;
    case NFT_CT_PROTOCOL:
        firewall_reg_set(r, place, &r->ip_proto, 1);
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
        firewall_reg_forget(r, place, place + 16 <= FIREWALL_REG_LEN ? 16 : 4);
        return STEP_MAYBE;
    }
}

enum firewall_step firewall_load_ct(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t key = firewall_attrs_u32(a, NFTA_CT_KEY, UINT32_MAX);
    if (firewall_attrs_has(a, NFTA_CT_SREG)) {
        if (key == NFT_CT_MARK)
            assign_mark(r, MARK_CT, firewall_reg_place(a, NFTA_CT_SREG));
        return STEP_NEXT;
    }
    size_t place = firewall_reg_place(a, NFTA_CT_DREG);
    bool reply = firewall_attrs_u32(a, NFTA_CT_DIRECTION, 0) == IP_CT_DIR_REPLY;
    return place == FIREWALL_REG_NONE ? firewall_doubt(r, "ct") : ct_get(r, key, reply, place);
}

/* The sender chosen for a question is one whom the routes lead back through the interface it came
 * in by, and the destination is an address of this machine. */
enum firewall_step firewall_load_fib(struct firewall_run *r, const struct firewall_attrs *a)
{
    uint32_t flags = firewall_attrs_u32(a, NFTA_FIB_FLAGS, 0);
    uint32_t result = firewall_attrs_u32(a, NFTA_FIB_RESULT, NFT_FIB_RESULT_UNSPEC);
    size_t place = firewall_reg_place(a, NFTA_FIB_DREG);
    bool of_source = flags & NFTA_FIB_F_SADDR;
    r->doubt = "fib";
    if (place == FIREWALL_REG_NONE)
        return firewall_doubt(r, "fib");
    if (result == NFT_FIB_RESULT_ADDRTYPE) {
        firewall_reg_set_u32(r, place, of_source ? RTN_UNICAST : RTN_LOCAL);
        return STEP_NEXT;
    }
    if (!of_source || flags & NFTA_FIB_F_MARK)
        return firewall_reg_forget(r, place, result == NFT_FIB_RESULT_OIFNAME ? IFACE_NAME_MAX : 4);
    if (flags & NFTA_FIB_F_PRESENT)
        firewall_reg_set(r, place, (const uint8_t[4]){1}, 4);
    else if (result == NFT_FIB_RESULT_OIF)
        firewall_reg_set_u32(r, place, r->in->index);
    else
        set_name(r, place, r->in->name);
    return STEP_NEXT;
}

/* Expressions that load what is not known here: chance, hashes, other sockets. */
enum firewall_step firewall_load_unknown(struct firewall_run *r, const struct firewall_attrs *a)
{
    (void)a;
    firewall_value_forget(&r->reg, 0, FIREWALL_REG_LEN);
    r->doubt = "a value that is not interpreted";
    return STEP_MAYBE;
}
