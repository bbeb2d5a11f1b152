/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What iptables-nft writes into nftables: rules whose matches and targets are those of x_tables,
 * each a struct of its own (linux/netfilter/xt_*.h).  The ones that ask for what is known of the
 * packet, and those that cannot change its fate, are interpreted; all others are unknown. */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_pkttype.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <stddef.h>
#include <string.h>

#include "sys/link/firewall_run.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

/* The struct of an extension; false when it has another size than this table knows. */
static bool take(struct bytes_in info, void *to, size_t len)
{
    /* the kernel pads to 8 bytes */
    if (bytes_left(&info) < len || bytes_left(&info) >= len + 8)
        return false;
    bytes_copy(&info, to, len);
    return true;
}

static enum truth ports_within(struct firewall_run *r, bool source, uint16_t first, uint16_t last)
{
    size_t at = r->transport_at + (source ? 0 : 2);
    uint8_t low[2] = {(uint8_t)(first >> 8), (uint8_t)first};
    uint8_t high[2] = {(uint8_t)(last >> 8), (uint8_t)last};
    if (source && !r->src_port_set)
        firewall_hint(r, first);
    return truth_and(truth_not(firewall_value_less(&r->datagram, at, low, 2)),
                     truth_not(firewall_value_more(&r->datagram, at, high, 2)));
}

static enum truth invert(enum truth t, bool inverted)
{
    return inverted ? truth_not(t) : t;
}

static enum truth match_tcp(struct firewall_run *r, struct bytes_in info)
{
    struct xt_tcp x;
    if (!take(info, &x, sizeof x) || x.option)
        return TRUTH_UNKNOWN;
    bool flags = (TCP_SYN & x.flg_mask) == x.flg_cmp; /* it is the first SYN */
    enum truth t =
        invert(ports_within(r, true, x.spts[0], x.spts[1]), x.invflags & XT_TCP_INV_SRCPT);
    t = truth_and(
        t, invert(ports_within(r, false, x.dpts[0], x.dpts[1]), x.invflags & XT_TCP_INV_DSTPT));
    return truth_and(t, invert(flags ? TRUTH_YES : TRUTH_NO, x.invflags & XT_TCP_INV_FLAGS));
}

static enum truth match_udp(struct firewall_run *r, struct bytes_in info)
{
    struct xt_udp x;
    if (!take(info, &x, sizeof x))
        return TRUTH_UNKNOWN;
    enum truth t =
        invert(ports_within(r, true, x.spts[0], x.spts[1]), x.invflags & XT_UDP_INV_SRCPT);
    return truth_and(
        t, invert(ports_within(r, false, x.dpts[0], x.dpts[1]), x.invflags & XT_UDP_INV_DSTPT));
}

static enum truth match_multiport(struct firewall_run *r, struct bytes_in info)
{
    struct xt_multiport_v1 x;
    enum truth t = TRUTH_NO;
    if (!take(info, &x, sizeof x) || x.count > XT_MULTI_PORTS)
        return TRUTH_UNKNOWN;
    for (uint8_t i = 0; i < x.count; i++) {
        uint16_t first = x.ports[i], last = first;
        if (x.pflags[i] && i + 1 < x.count) /* the next one is the end of a range */
            last = x.ports[++i];
        if (x.flags != XT_MULTIPORT_DESTINATION)
            t = truth_or(t, ports_within(r, true, first, last));
        if (x.flags != XT_MULTIPORT_SOURCE)
            t = truth_or(t, ports_within(r, false, first, last));
    }
    return invert(t, x.invert);
}

static enum truth state_in(const struct firewall_run *r, unsigned mask)
{
    switch (r->tracking) {
    case TRACKING_NEW:
        return mask & XT_CONNTRACK_STATE_BIT(IP_CT_NEW) ? TRUTH_YES : TRUTH_NO;
    case TRACKING_OFF:
        return mask & XT_CONNTRACK_STATE_UNTRACKED ? TRUTH_YES : TRUTH_NO;
    case TRACKING_NONE:
        return mask & XT_CONNTRACK_STATE_INVALID ? TRUTH_YES : TRUTH_NO;
    default:
        return TRUTH_UNKNOWN;
    }
}

static enum truth match_conntrack(struct firewall_run *r, struct bytes_in info)
{
    struct xt_conntrack_mtinfo3 x; /* revision 2 is a part of it, with the same begin */
    memset(&x, 0, sizeof x);
    if (!take(info, &x, sizeof x) && !take(info, &x, sizeof(struct xt_conntrack_mtinfo2)))
        return TRUTH_UNKNOWN;
    if (x.match_flags & (uint16_t) ~(XT_CONNTRACK_STATE | XT_CONNTRACK_STATE_ALIAS))
        return TRUTH_UNKNOWN;
    if (!(x.match_flags & XT_CONNTRACK_STATE))
        return TRUTH_YES;
    return invert(state_in(r, x.state_mask), x.invert_flags & XT_CONNTRACK_STATE);
}

static enum truth match_state(struct firewall_run *r, struct bytes_in info)
{
    struct xt_state_info x;
    return take(info, &x, sizeof x) ? state_in(r, x.statemask) : TRUTH_UNKNOWN;
}

static enum truth match_addrtype(struct firewall_run *r, struct bytes_in info)
{
    struct xt_addrtype_info_v1 x;
    (void)r;
    if (!take(info, &x, sizeof x) ||
        x.flags & ~(uint32_t)(XT_ADDRTYPE_INVERT_SOURCE | XT_ADDRTYPE_INVERT_DEST |
                              XT_ADDRTYPE_LIMIT_IFACE_IN))
        return TRUTH_UNKNOWN;
    enum truth t = TRUTH_YES;
    if (x.source)
        t = invert(x.source & XT_ADDRTYPE_UNICAST ? TRUTH_YES : TRUTH_NO,
                   x.flags & XT_ADDRTYPE_INVERT_SOURCE);
    if (x.dest)
        t = truth_and(t, invert(x.dest & XT_ADDRTYPE_LOCAL ? TRUTH_YES : TRUTH_NO,
                                x.flags & XT_ADDRTYPE_INVERT_DEST));
    return t;
}

static enum truth match_mark(struct firewall_run *r, struct bytes_in info)
{
    struct xt_mark_mtinfo1 x;
    uint32_t mark;
    if (!take(info, &x, sizeof x) || !firewall_value_is_known(&r->mark, MARK_PACKET, 4))
        return TRUTH_UNKNOWN;
    memcpy(&mark, r->mark.bit + MARK_PACKET, sizeof mark);
    return invert((mark & x.mask) == x.mark ? TRUTH_YES : TRUTH_NO, x.invert);
}

static enum truth match_pkttype(struct firewall_run *r, struct bytes_in info)
{
    struct xt_pkttype_info x;
    (void)r;
    if (!take(info, &x, sizeof x))
        return TRUTH_UNKNOWN;
    return invert(x.pkttype == PACKET_HOST ? TRUTH_YES : TRUTH_NO, x.invert);
}

static bool between(const struct addr *a, const union nf_inet_addr *low,
                    const union nf_inet_addr *high)
{
    size_t len = addr_bits(a) / 8;
    return memcmp(a->byte, low, len) >= 0 && memcmp(a->byte, high, len) <= 0;
}

static enum truth match_iprange(struct firewall_run *r, struct bytes_in info)
{
    struct xt_iprange_mtinfo x;
    enum truth t = TRUTH_YES;
    if (!take(info, &x, sizeof x))
        return TRUTH_UNKNOWN;
    if (x.flags & IPRANGE_SRC)
        t = invert(between(&r->src, &x.src_min, &x.src_max) ? TRUTH_YES : TRUTH_NO,
                   x.flags & IPRANGE_SRC_INV);
    if (x.flags & IPRANGE_DST)
        t = truth_and(t, invert(between(&r->dst, &x.dst_min, &x.dst_max) ? TRUTH_YES : TRUTH_NO,
                                x.flags & IPRANGE_DST_INV));
    return t;
}

/* A comment is none of the packet's business; a new stranger is under every limit. */
static enum truth match_always(struct firewall_run *r, struct bytes_in info)
{
    (void)r, (void)info;
    return TRUTH_YES;
}

static const struct {
    const char *name;
    uint8_t first_revision, last_revision;
    enum truth (*match)(struct firewall_run *r, struct bytes_in info);
} matches[] = {
    {"addrtype", 1, 1, match_addrtype},
    {"comment", 0, 0, match_always},
    {"conntrack", 2, 3, match_conntrack},
    {"iprange", 1, 1, match_iprange},
    {"limit", 0, 0, match_always},
    {"mark", 1, 1, match_mark},
    {"multiport", 1, 1, match_multiport},
    {"pkttype", 0, 0, match_pkttype},
    {"state", 0, 0, match_state},
    {"tcp", 0, 0, match_tcp},
    {"udp", 0, 0, match_udp},
};

enum firewall_step firewall_compat_match(struct firewall_run *r, const struct firewall_attrs *a)
{
    const char *name = firewall_attrs_text(a, NFTA_MATCH_NAME);
    uint32_t revision = firewall_attrs_u32(a, NFTA_MATCH_REV, 0);
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++)
        if (strcmp(matches[i].name, name) == 0 && revision >= matches[i].first_revision &&
            revision <= matches[i].last_revision)
            return firewall_step_of(r, matches[i].match(r, a->value[NFTA_MATCH_INFO]), name);
    return firewall_doubt(r, name);
}

/* Targets after which the packet goes on as it was. */
static const char *const harmless[] = {"AUDIT", "CHECKSUM", "CLASSIFY",   "DSCP",    "LED",
                                       "LOG",   "NFLOG",    "RATEEST",    "SECMARK", "TCPMSS",
                                       "TOS",   "TRACE",    "CONNSECMARK"};

static enum firewall_step target_mark(struct firewall_run *r, struct bytes_in info)
{
    struct xt_mark_tginfo2 x;
    uint32_t mark;
    if (!take(info, &x, sizeof x) || r->maybe ||
        !firewall_value_is_known(&r->mark, MARK_PACKET, 4)) {
        firewall_value_forget(&r->mark, MARK_PACKET, 4);
        return STEP_NEXT;
    }
    memcpy(&mark, r->mark.bit + MARK_PACKET, sizeof mark);
    mark = (mark & ~x.mask) ^ x.mark;
    firewall_value_put(&r->mark, MARK_PACKET, &mark, sizeof mark);
    return STEP_NEXT;
}

enum firewall_step firewall_compat_target(struct firewall_run *r, const struct firewall_attrs *a)
{
    const char *name = firewall_attrs_text(a, NFTA_TARGET_NAME);
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        if (strcmp(harmless[i], name) == 0)
            return STEP_NEXT;
    if (strcmp(name, "REJECT") == 0)
        r->verdict = VERDICT_REJECT;
    else if (strcmp(name, "DNAT") == 0 || strcmp(name, "REDIRECT") == 0)
        r->verdict = VERDICT_REDIRECT;
    else if (strcmp(name, "SNAT") == 0 || strcmp(name, "MASQUERADE") == 0)
        r->verdict = VERDICT_ACCEPT;
    else if (strcmp(name, "MARK") == 0 && firewall_attrs_u32(a, NFTA_TARGET_REV, 0) == 2)
        return target_mark(r, a->value[NFTA_TARGET_INFO]);
    else
        return firewall_give_up(r, name);
    return STEP_NEXT;
}

uint16_t firewall_compat_port(const struct firewall_attrs *a)
{
    const char *name = firewall_attrs_text(a, NFTA_TARGET_NAME);
    uint32_t revision = firewall_attrs_u32(a, NFTA_TARGET_REV, 0);
    struct bytes_in in = a->value[NFTA_TARGET_INFO];
    if (strcmp(name, "DNAT") != 0 && strcmp(name, "REDIRECT") != 0)
        return 0;
    if (revision == 0) /* behind a count: flags, two IPv4 addresses, first and last port */
        bytes_skip(&in, offsetof(struct nf_nat_ipv4_multi_range_compat, range) +
                            offsetof(struct nf_nat_ipv4_range, min));
    else
        bytes_skip(&in, offsetof(struct nf_nat_range2, min_proto));
    return bytes_u16be(&in);
}
