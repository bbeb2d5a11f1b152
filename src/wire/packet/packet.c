/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over a frame: each layer's step reads its head and names who reads on.  What a head
 * looks like is known to its layer only; which numbers lead where stands in layer/number.def. */
#include "wire/packet/packet.h"

#include "wire/packet/checksum.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/sctp.h"
#include "wire/packet/layer/udp.h"
#include "wire/packet/walk.h"

const struct counter packet_counter[PACKET_VERDICT_COUNT] = {
#define VERDICT(upper, lower, doc) {"decode." #lower, doc},
#include "wire/packet/verdict.def"
#undef VERDICT
};

/* The event that tells of a verdict, plus one; 0: none does. */
static const uint8_t verdict_event[PACKET_VERDICT_COUNT] = {
#define TELLS(verdict, event) [PACKET_##verdict] = EVENT_##event + 1,
#include "wire/packet/verdict_event.def"
#undef TELLS
};

static layer_step_fn *const by_link[PACKET_LINK_COUNT] = {
#define BY_LINK(link, name) [link] = name##_step,
#define BY_ETHERTYPE(number, name)
#define BY_PROTOCOL(number, name)
#include "wire/packet/layer/number.def"
#undef BY_PROTOCOL
#undef BY_ETHERTYPE
#undef BY_LINK
};

static layer_step_fn *const by_protocol[256] = {
#define BY_LINK(link, name)
#define BY_ETHERTYPE(number, name)
#define BY_PROTOCOL(number, name) [number] = name##_step,
#include "wire/packet/layer/number.def"
#undef BY_PROTOCOL
#undef BY_ETHERTYPE
#undef BY_LINK
};

layer_step_fn *layer_by_protocol(uint8_t ip_proto)
{
    return by_protocol[ip_proto];
}

layer_step_fn *layer_by_ethertype(uint16_t type)
{
    switch (type) {
#define BY_LINK(link, name)
#define BY_ETHERTYPE(number, name)                                                                 \
    case number:                                                                                   \
        return name##_step;
#define BY_PROTOCOL(number, name)
#include "wire/packet/layer/number.def"
#undef BY_PROTOCOL
#undef BY_ETHERTYPE
#undef BY_LINK
    default:
        return NULL;
    }
}

/* Raw IP: the version nibble is all there is to tell. */
enum packet_verdict ip_step(struct packet_walk *w)
{
    struct bytes_in ahead = w->in;
    uint8_t version = bytes_u8(&ahead) >> 4;
    if (version != 4 && version != 6)
        return PACKET_IP_VERSION;
    w->next = version == 4 ? ip4_step : ip6_step;
    return PACKET_OK;
}

bool walk_enter(struct packet_walk *w, enum packet_kind kind)
{
    struct packet *p = w->out;
    size_t at = (size_t)(w->in.pos - p->frame);
    if (p->layer_count == PACKET_LAYER_MAX || at > UINT16_MAX)
        return false;
    p->layer[p->layer_count++] = (struct packet_layer){(uint8_t)kind, (uint16_t)at};
    if (kind == PACKET_IP4 || kind == PACKET_IP6 || kind == PACKET_ARP) {
        if (p->net)
            p->flag |= PACKET_FLAG_TUNNEL;
        p->net = (uint8_t)kind;
        p->net_at = (uint16_t)at;
    } else if (kind >= PACKET_TCP) {
        p->transport = (uint8_t)kind;
        p->transport_at = (uint16_t)at;
    }
    return true;
}

void walk_limit(struct packet_walk *w, size_t len)
{
    if (len > bytes_left(&w->in))
        w->out->flag |= PACKET_FLAG_CUT;
    else
        w->in.end = w->in.pos + len;
}

void walk_tunnel(struct packet_walk *w, enum packet_link link)
{
    size_t at = (size_t)(w->in.pos - w->out->frame);
    w->next = NULL;
    if (!w->events || at > UINT16_MAX)
        return;
    w->out->inner_at = (uint16_t)at;
    w->out->inner_link = (uint8_t)link;
}

bool walk_ends_inside(struct packet_walk *w)
{
    if (!w->events || !w->out->net)
        return false;
    walk_tunnel(w, PACKET_LINK_RAW_IP);
    return true;
}

void walk_vlan(struct packet_walk *w, uint16_t tci)
{
    w->out->flag |= PACKET_FLAG_VLAN;
    if (w->out->vlan_count < PACKET_VLAN_MAX)
        w->out->vlan[w->out->vlan_count++] = tci & 0xfff;
}

static enum packet_verdict walk(struct packet_walk *w)
{
    enum packet_verdict verdict = PACKET_OK;
    while (w->next && verdict == PACKET_OK) {
        layer_step_fn *step = w->next;
        w->next = NULL;
        verdict = step(w);
    }
    size_t at = (size_t)(w->in.pos - w->out->frame);
    if (at > UINT16_MAX) {
        w->out->payload_at = UINT16_MAX; /* behind every head that was entered */
        return verdict == PACKET_OK ? PACKET_DEPTH : verdict;
    }
    w->out->payload_at = (uint16_t)at;
    w->out->payload_len = (uint32_t)bytes_left(&w->in);
    return verdict;
}

enum packet_verdict packet_decode(struct packet *out, const void *frame, size_t len,
                                  enum packet_link link)
{
    *out = (struct packet){.frame = frame, .len = (uint32_t)len};
    struct packet_walk w = {bytes_in_of(frame, len), out, by_link[link], NULL};
    return walk(&w);
}

enum packet_verdict packet_decode_level(struct packet *out, const void *frame, size_t len,
                                        enum packet_link link, struct event_list *events)
{
    *out = (struct packet){.frame = frame, .len = (uint32_t)len};
    struct packet_walk w = {bytes_in_of(frame, len), out, by_link[link], events};
    enum packet_verdict verdict = walk(&w);
    if (verdict_event[verdict])
        event_list_add(events, (enum packet_event)(verdict_event[verdict] - 1));
    return verdict;
}

bool packet_is_icmp_error(const struct packet *p)
{
    if (p->flag & PACKET_FLAG_QUOTED) /* an error quotes no error (RFC 1122 3.2.2) */
        return false;
    return (p->transport == PACKET_ICMP4 && icmp4_is_error(p->icmp_type)) ||
           (p->transport == PACKET_ICMP6 && icmp6_is_error(p->icmp_type));
}

/* The stump ends inside the head of a datagram in the datagram: what is known is the outer one. */
static void leave_tunnel(struct packet *p)
{
    if (p->layer_count < 2 || !(p->flag & PACKET_FLAG_TUNNEL))
        return;
    const struct packet_layer *outer = &p->layer[p->layer_count - 2];
    p->net = outer->kind;
    p->net_at = outer->at;
}

enum packet_verdict packet_decode_quoted(struct packet *out, const struct packet *error)
{
    if (!packet_is_icmp_error(error)) {
        *out = (struct packet){.frame = error->frame, .len = error->len};
        return PACKET_NOT_QUOTED;
    }
    struct packet_walk w = {packet_payload(error), out,
                            error->transport == PACKET_ICMP4 ? ip4_step : ip6_step, NULL};
    *out = (struct packet){.frame = error->frame, .len = error->len, .flag = PACKET_FLAG_QUOTED};
    enum packet_verdict verdict = walk(&w);
    if (verdict == PACKET_IP4_SHORT || verdict == PACKET_IP6_SHORT)
        leave_tunnel(out);
    return verdict;
}

/* The place of two addresses that lie `gap` bytes apart in the innermost network head. */
static struct addr addr_at(const struct packet *p, bool want_dst)
{
    static const struct {
        uint8_t src, dst, len, family;
    } place[] = {
        [PACKET_ARP] = {14, 24, 4, ADDR_IP4},
        [PACKET_IP4] = {12, 16, 4, ADDR_IP4},
        [PACKET_IP6] = {8, 24, 16, ADDR_IP6},
    };
    struct addr a = {0};
    if (p->net == PACKET_NONE)
        return a;
    struct bytes_in in = bytes_in_of(p->frame + p->net_at, p->len - p->net_at);
    bytes_skip(&in, want_dst ? place[p->net].dst : place[p->net].src);
    bytes_copy(&in, a.byte, place[p->net].len);
    a.family = in.bad ? ADDR_NONE : place[p->net].family;
    return a;
}

struct addr packet_src(const struct packet *p)
{
    return addr_at(p, false);
}

struct addr packet_dst(const struct packet *p)
{
    return addr_at(p, true);
}

/* RFC 8200 8.1: with a routing header that is not used up, the pseudo header has the destination
 * that stands last in it, in a form that each routing type defines for itself. */
static bool is_source_routed(const struct packet *p)
{
    struct bytes_in in = packet_net(p);
    struct ip6_head head;
    struct ip6_ext ext;
    if (p->net != PACKET_IP6 || !(p->flag & PACKET_FLAG_IP_OPTIONS) || !ip6_decode(&in, &head))
        return false;
    for (uint8_t next = head.next; ip6_is_ext(next) && ip6_ext_decode(&in, next, &ext);) {
        if (next == IP_PROTO_ROUTING && ext.data[1] > 0) /* segments left */
            return true;
        next = ext.next;
    }
    return false;
}

static enum packet_sum sctp_sum_check(struct bytes_in in)
{
    size_t len = bytes_left(&in);
    const uint8_t *start = in.pos;
    struct sctp_head head;
    bool good = sctp_decode(&in, &head) && (head.sum == sctp_sum(start, len, SCTP_SUM_CRC32C) ||
                                            head.sum == sctp_sum(start, len, SCTP_SUM_ADLER32));
    return good ? PACKET_SUM_GOOD : PACKET_SUM_BAD_TRANSPORT;
}

static enum packet_sum transport_sum(const struct packet *p)
{
    struct bytes_in in = packet_transport(p);
    if (p->transport == PACKET_SCTP)
        return sctp_sum_check(in);
    size_t len = bytes_left(&in);
    uint64_t sum = checksum_add(0, in.pos, len);
    if (p->transport == PACKET_UDP) {
        struct udp_head udp;
        struct bytes_in head = in;
        if (!udp_decode(&head, &udp) || (udp.sum == 0 && p->net == PACKET_IP4))
            return PACKET_SUM_UNKNOWN;
    }
    if (p->transport != PACKET_ICMP4) {
        struct addr src = packet_src(p), dst = packet_dst(p);
        sum = checksum_add_pseudo(sum, &src, &dst, p->ip_proto, (uint32_t)len);
    }
    return checksum_end(sum) == 0 ? PACKET_SUM_GOOD : PACKET_SUM_BAD_TRANSPORT;
}

enum packet_sum packet_sum_check(const struct packet *p)
{
    if (p->net == PACKET_IP4) {
        struct bytes_in in = packet_net(p);
        struct ip4_head head;
        const uint8_t *start = in.pos;
        if (!ip4_decode(&in, &head))
            return PACKET_SUM_UNKNOWN;
        if (checksum_of(start, head.head_len) != 0)
            return PACKET_SUM_BAD_NET;
    }
    if (p->transport < PACKET_TCP || p->transport > PACKET_SCTP ||
        p->flag & (PACKET_FLAG_CUT | PACKET_FLAG_QUOTED) || is_source_routed(p))
        return PACKET_SUM_UNKNOWN;
    return transport_sum(p);
}
