/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/review.h"

#include "core/base/attr.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum {
    OPT_QUICK_START = 25,   /* RFC 4782 */
    OPT_SECURITY_EXT = 133, /* RFC 1108 */
    OPT_COMMERCIAL = 134,   /* CIPSO */
    TCP_OPT_MD5 = 19,       /* RFC 2385 */
    TCP_OPT_AO = 29,        /* RFC 5925 */
    TCP_OPT_FASTOPEN = 34,  /* RFC 7413 */
    TCP_OPT_EXPERIMENT_1 = 253,
    TCP_OPT_EXPERIMENT_2 = 254,
    FASTOPEN_MAGIC = 0xf989,
    IP6_OPT_PAD1 = 0,
    IP6_OPT_PADN = 1,
    IP6_OPT_ALERT = 5,    /* RFC 2711 */
    IP6_OPT_JUMBO = 0xc2, /* RFC 2675 */
    IP6_OPT_HOME = 0xc9,  /* RFC 6275 */
};

struct review {
    struct event_list *events;
    bool good;
};

static void note(struct review *r, enum packet_event event)
{
    event_list_add(r->events, event);
}

static void refuse(struct review *r, enum packet_event event)
{
    event_list_add(r->events, event);
    r->good = false;
}

/* ---- IPv4 options ---- */

static bool route_is_good(const struct ip4_option *o)
{
    uint8_t pointer = o->data[0]; /* counts from 1, kind and length included */
    return pointer >= 4 && pointer % 4 == 0 && pointer <= o->len + 2 + 1;
}

static bool timestamp_is_good(const struct ip4_option *o)
{
    uint8_t pointer = o->data[0], kind = o->data[1] & 3;
    uint8_t record = kind == 0 ? 4 : 8;
    return pointer >= 5 && (pointer - 5) % record == 0 && pointer <= o->len + 2 + 1;
}

static void review_ip4_option(struct review *r, const struct ip4_option *o)
{
    switch (o->kind) {
    case IP4_OPTION_RECORD_ROUTE:
    case IP4_OPTION_LOOSE_ROUTE:
    case IP4_OPTION_STRICT_ROUTE:
        if (o->len < 1)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        else if (!route_is_good(o))
            refuse(r, EVENT_IPV4_OPT_MALFORMED);
        break;
    case IP4_OPTION_TIMESTAMP:
        if (o->len < 3)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        else if (!timestamp_is_good(o))
            refuse(r, EVENT_IPV4_OPT_MALFORMED);
        break;
    case IP4_OPTION_ROUTER_ALERT:
    case IP4_OPTION_STREAM_ID:
        if (o->len != 2)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        break;
    case IP4_OPTION_SECURITY:
    case OPT_SECURITY_EXT:
        if (o->len < 1)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        break;
    case OPT_QUICK_START:
        if (o->len < 6)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        break;
    case OPT_COMMERCIAL:
        if (o->len < 8)
            refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
        break;
    default:
        refuse(r, EVENT_IPV4_OPT_INVALID);
        break;
    }
}

static void review_ip4(struct review *r, const struct packet *p)
{
    struct bytes_in in = packet_net(p);
    struct ip4_head head;
    struct ip4_option o;
    uint8_t seen[256 / 8] = {0};
    if (!ip4_decode(&in, &head))
        return;
    if (head.proto == IP_PROTO_ICMP6)
        refuse(r, EVENT_IPV4_ICMPV6);
    if (!head.option_len)
        return;
    if (head.option_len % 8)
        note(r, EVENT_IPV4_OPT_PAD_REQUIRED);
    struct bytes_in list = bytes_in_of(head.option, head.option_len);
    while (ip4_option_next(&list, &o)) {
        if (o.kind == IP4_OPTION_NOP || o.kind == IP4_OPTION_END)
            continue;
        if (seen[o.kind / 8] & 1 << o.kind % 8)
            note(r, EVENT_IPV4_OPT_DUPLICATE);
        else
            review_ip4_option(r, &o);
        seen[o.kind / 8] |= (uint8_t)(1 << o.kind % 8);
    }
    if (list.bad)
        refuse(r, EVENT_IPV4_OPT_INVALID_LEN);
}

/* ---- IPv6 extension headers ---- */

struct ext_walk {
    struct review *r;
    bool routing, hop, auth, fragment, esp;
    uint8_t destination;
};

static void review_ip6_options(struct review *r, const struct ip6_ext *ext)
{
    bool hop = ext->kind == IP_PROTO_HOP_BY_HOP;
    unsigned pads = 0, others = 0;
    struct bytes_in in = bytes_in_of(ext->data, ext->data_len);
    while (bytes_left(&in)) {
        uint8_t kind = bytes_u8(&in);
        if (kind == IP6_OPT_PAD1) {
            pads++;
            continue;
        }
        uint8_t len = bytes_u8(&in);
        bytes_skip(&in, len);
        bool too_short = (kind == IP6_OPT_ALERT && len < 2) || (kind == IP6_OPT_JUMBO && len < 4) ||
                         (kind == IP6_OPT_HOME && len < 16);
        if (in.bad || too_short) {
            refuse(r, EVENT_IPV6_EXTHDR_INVALID_OPTLEN);
            break;
        }
        if (kind == IP6_OPT_PADN) {
            pads++;
            if (len == 0)
                note(r, EVENT_IPV6_ZERO_LEN_PADN);
        } else if (kind == IP6_OPT_ALERT || kind == IP6_OPT_HOME) {
            others++;
        } else if (kind != IP6_OPT_JUMBO) {
            note(r, hop ? EVENT_IPV6_HOPOPTS_UNKNOWN_OPT : EVENT_IPV6_DSTOPTS_UNKNOWN_OPT);
            others++;
        }
    }
    if (pads && !others)
        note(r, hop ? EVENT_IPV6_HOPOPTS_ONLY_PADDING : EVENT_IPV6_DSTOPTS_ONLY_PADDING);
}

static bool twice(struct review *r, bool *seen, enum packet_event event)
{
    if (*seen)
        note(r, event);
    bool before = *seen;
    *seen = true;
    return before;
}

static void review_fragment_head(struct ext_walk *w, const struct ip6_ext *ext, uint8_t reserved,
                                 size_t rest)
{
    if (reserved)
        note(w->r, EVENT_IPV6_FH_NON_ZERO_RESERVED_FIELD);
    if (twice(w->r, &w->fragment, EVENT_IPV6_EXTHDR_DUPL_FH))
        return;
    if (!ext->more_fragments && ext->fragment_at == 0)
        note(w->r, EVENT_IPV6_EXTHDR_USELESS_FH);
    else if (ext->more_fragments && rest % 8)
        note(w->r, EVENT_IPV6_FRAG_INVALID_LENGTH);
}

static void review_ext(struct ext_walk *w, const struct ip6_ext *ext, uint8_t length_byte,
                       size_t rest)
{
    switch (ext->kind) {
    case IP_PROTO_ROUTING:
        if (!twice(w->r, &w->routing, EVENT_IPV6_EXTHDR_DUPL_RH) && ext->data[0] == 0)
            note(w->r, EVENT_IPV6_RH_TYPE_0);
        break;
    case IP_PROTO_HOP_BY_HOP:
        if (!twice(w->r, &w->hop, EVENT_IPV6_EXTHDR_DUPL_HH))
            review_ip6_options(w->r, ext);
        break;
    case IP_PROTO_DST_OPTIONS: /* two may be there: before and behind a routing header */
        if (++w->destination > 2)
            note(w->r, EVENT_IPV6_EXTHDR_DUPL_DH);
        else
            review_ip6_options(w->r, ext);
        break;
    case IP_PROTO_FRAGMENT:
        review_fragment_head(w, ext, length_byte, rest);
        break;
    case IP_PROTO_AH:
        if (ext->data_len >= 2 && (ext->data[0] || ext->data[1]))
            note(w->r, EVENT_IPV6_EXTHDR_AH_RES_NOT_NULL);
        (void)twice(w->r, &w->auth, EVENT_IPV6_EXTHDR_DUPL_AH);
        break;
    default:
        break;
    }
}

static bool is_known_transport(uint8_t next)
{
    switch (next) {
    case IP_PROTO_TCP:
    case IP_PROTO_UDP:
    case IP_PROTO_ICMP6:
    case IP_PROTO_SCTP:
    case IP_PROTO_ESP:
    case IP_PROTO_IP4:
    case IP_PROTO_IP6:
    case 47:
    case IP_PROTO_NONE:
        return true;
    default:
        return false;
    }
}

static void review_ip6(struct review *r, const struct packet *p)
{
    struct bytes_in in = packet_net(p);
    struct ip6_head head;
    struct ext_walk w = {.r = r};
    if (!ip6_decode(&in, &head))
        return;
    uint8_t next = head.next;
    for (int count = 0; ip6_is_ext(next) && count < IP6_EXT_MAX; count++) {
        struct ip6_ext ext;
        size_t rest = bytes_left(&in); /* the fragment header counts, and is a multiple of 8 */
        uint8_t length_byte = rest > 1 ? in.pos[1] : 0;
        if (!ip6_ext_decode(&in, next, &ext))
            return;
        review_ext(&w, &ext, length_byte, rest);
        next = ext.next;
        if (ext.kind == IP_PROTO_FRAGMENT && (ext.more_fragments || ext.fragment_at))
            return;
    }
    if (next == IP_PROTO_NONE && bytes_left(&in))
        note(r, EVENT_IPV6_DATA_AFTER_NONE_HEADER);
    else if (next == IP_PROTO_ICMP)
        note(r, EVENT_IPV6_ICMPV4);
    else if (!is_known_transport(next) && !ip6_is_ext(next))
        note(r, EVENT_IPV6_UNKNOWN_NEXT_HEADER);
    if (next == IP_PROTO_IP4 || next == IP_PROTO_IP6) {
        bool four = next == IP_PROTO_IP4;
        if (bytes_left(&in) < (four ? IP4_HEAD_LEN : IP6_HEAD_LEN))
            refuse(r, four ? EVENT_IPV6_IPV4_IN_IPV6_TOO_SMALL : EVENT_IPV6_IPV6_IN_IPV6_TOO_SMALL);
        else if (in.pos[0] >> 4 != (four ? 4 : 6))
            refuse(r, four ? EVENT_IPV6_IPV4_IN_IPV6_WRONG_VERSION
                           : EVENT_IPV6_IPV6_IN_IPV6_WRONG_VERSION);
    }
}

/* ---- TCP options ---- */

/* The length an option should have, with kind and length; 0: any. */
static bool tcp_len_is_good(const struct tcp_option *o)
{
    uint8_t len = (uint8_t)(o->len + 2);
    switch (o->kind) {
    case TCP_OPTION_WINDOW_SCALE:
        return len == 3;
    case TCP_OPTION_MSS:
        return len == 4;
    case TCP_OPTION_SACK_PERMITTED:
        return len == 2;
    case TCP_OPTION_TIMESTAMP:
        return len == 10;
    case TCP_OPTION_SACK:
        return len == 2 || (len >= 10 && len <= 34 && (len - 2) % 8 == 0);
    case TCP_OPT_FASTOPEN:
        return len == 2 || (len >= 6 && len <= 18 && (len - 2) % 2 == 0);
    case TCP_OPT_EXPERIMENT_1:
    case TCP_OPT_EXPERIMENT_2:
        return len == 4 || len == 12;
    default:
        return true;
    }
}

static bool counts_once(uint8_t kind)
{
    return kind == TCP_OPTION_WINDOW_SCALE || kind == TCP_OPTION_MSS ||
           kind == TCP_OPTION_SACK_PERMITTED || kind == TCP_OPTION_TIMESTAMP ||
           kind == TCP_OPTION_SACK || kind == TCP_OPT_FASTOPEN;
}

static void review_tcp(struct review *r, const struct packet *p)
{
    struct bytes_in in = packet_transport(p);
    struct tcp_head head;
    struct tcp_option o;
    uint8_t seen[256 / 8] = {0};
    if (!tcp_decode(&in, &head) || !head.option_len)
        return;
    struct bytes_in list = bytes_in_of(head.option, head.option_len);
    while (tcp_option_next(&list, &o)) {
        if (o.kind == TCP_OPTION_NOP || o.kind == TCP_OPTION_END)
            continue;
        if (!tcp_len_is_good(&o)) {
            note(r, EVENT_TCP_OPT_INVALID_LEN);
            continue;
        }
        if ((o.kind == TCP_OPT_MD5 && o.len != 16) || (o.kind == TCP_OPT_AO && o.len < 2))
            refuse(r, EVENT_TCP_OPT_INVALID_LEN);
        if (counts_once(o.kind) && seen[o.kind / 8] & 1 << o.kind % 8)
            note(r, EVENT_TCP_OPT_DUPLICATE);
        seen[o.kind / 8] |= (uint8_t)(1 << o.kind % 8);
    }
    if (list.bad && bytes_left(&list) == 0 && head.option_len > 1)
        refuse(r, EVENT_TCP_OPT_INVALID_LEN);
}

/* ---- ICMP ---- */

/* The highest code of each type; -1: no such type. */
static int icmp4_code_max(uint8_t type)
{
    switch (type) {
    case 3:
        return 15;
    case 5:
        return 3;
    case 11:
        return 1;
    case 9:
        return 255;
    case 0:
    case 4:
    case 8:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
        return 0;
    default:
        return -1;
    }
}

static void review_icmp4(struct review *r, const struct packet *p)
{
    int most = icmp4_code_max(p->icmp_type);
    if (most < 0)
        note(r, EVENT_ICMPV4_UNKNOWN_TYPE);
    else if (p->icmp_code > most)
        note(r, EVENT_ICMPV4_UNKNOWN_CODE);
    if ((p->icmp_type == 13 || p->icmp_type == 14) && p->payload_len < 12)
        note(r, EVENT_ICMPV4_IPV4_TRUNC_PKT);
    if (most < 0 || !packet_is_icmp_error(p) || p->icmp_code > most || p->payload_len == 0)
        return;
    if (p->payload_len < IP4_HEAD_LEN)
        refuse(r, EVENT_ICMPV4_IPV4_TRUNC_PKT);
    else if (p->frame[p->payload_at] >> 4 != 4)
        refuse(r, EVENT_ICMPV4_IPV4_UNKNOWN_VER);
}

static const struct {
    uint8_t type, code_max;
} icmp6_known[] = {
    {1, 6},   {2, 0},   {3, 1},     {4, 2},     {128, 0}, {129, 0},   {130, 0},   {131, 0},
    {132, 0}, {133, 0}, {134, 0},   {135, 0},   {136, 0}, {137, 0},   {138, 255}, {139, 2},
    {140, 2}, {141, 0}, {142, 0},   {143, 0},   {144, 0}, {145, 0},   {146, 0},   {147, 0},
    {148, 0}, {149, 0}, {150, 255}, {151, 255}, {152, 0}, {153, 0},   {154, 4},   {155, 255},
    {156, 1}, {157, 4}, {158, 0},   {159, 0},   {160, 0}, {161, 255},
};

static void review_icmp6(struct review *r, const struct packet *p)
{
    struct bytes_in in = packet_net(p);
    struct ip6_head head;
    uint8_t type = p->icmp_type;
    bool known = false;
    for (size_t i = 0; i < ARRAY_COUNT(icmp6_known); i++)
        if (icmp6_known[i].type == type) {
            known = true;
            if (p->icmp_code > icmp6_known[i].code_max)
                note(r, EVENT_ICMPV6_UNKNOWN_CODE);
        }
    if (type >= 130 && type <= 132 && ip6_decode(&in, &head) && head.hop_limit != 1)
        note(r, EVENT_ICMPV6_MLD_MESSAGE_WITH_INVALID_HL);
    if (!known && (type == 100 || type == 101 || type == 200 || type == 201)) {
        note(r, EVENT_ICMPV6_EXPERIMENTATION_TYPE); /* RFC 4443 6 */
        return;
    }
    if (!known)
        note(r, type > 4 && type < 127 ? EVENT_ICMPV6_UNASSIGNED_TYPE
                : type > 161           ? EVENT_ICMPV6_UNASSIGNED_TYPE
                                       : EVENT_ICMPV6_UNKNOWN_TYPE);
    if (known && type < 128 && p->payload_len && p->payload_len < IP6_HEAD_LEN)
        refuse(r, EVENT_ICMPV6_IPV6_TRUNC_PKT);
    else if (known && type < 128 && p->payload_len && p->frame[p->payload_at] >> 4 != 6)
        refuse(r, EVENT_ICMPV6_IPV6_UNKNOWN_VERSION);
}

static void review_arp(struct review *r, const struct packet *p)
{
    struct bytes_in in = bytes_in_of(p->frame + p->net_at, p->len - p->net_at);
    struct arp_head head;
    if (!arp_decode(&in, &head))
        return;
    if (head.hardware != ARP_HARDWARE_ETHERNET)
        refuse(r, EVENT_ARP_UNSUPPORTED_HARDWARE);
    else if (head.protocol != ETH_TYPE_IP4)
        refuse(r, EVENT_ARP_UNSUPPORTED_PROTOCOL);
    else if (head.hardware_len != 6)
        refuse(r, EVENT_ARP_INVALID_HARDWARE_SIZE);
    else if (head.protocol_len != 4)
        refuse(r, EVENT_ARP_INVALID_PROTOCOL_SIZE);
    else if (head.operation < 1 ||
             (head.operation > 4 && head.operation != 8 && head.operation != 9))
        refuse(r, EVENT_ARP_UNSUPPORTED_OPCODE);
}

bool packet_review(const struct packet *p, enum packet_verdict verdict, struct event_list *events)
{
    struct review r = {events, true};
    if (p->net == PACKET_ARP && (verdict == PACKET_OK || verdict == PACKET_ARP_OTHER))
        review_arp(&r, p);
    if (verdict == PACKET_IP4_CUT || verdict == PACKET_IP6_CUT)
        return true;
    if (p->net == PACKET_IP4)
        review_ip4(&r, p);
    else if (p->net == PACKET_IP6)
        review_ip6(&r, p);
    if (verdict != PACKET_OK)
        return r.good;
    if (p->transport == PACKET_TCP)
        review_tcp(&r, p);
    else if (p->transport == PACKET_ICMP4)
        review_icmp4(&r, p);
    else if (p->transport == PACKET_ICMP6)
        review_icmp6(&r, p);
    return r.good;
}
