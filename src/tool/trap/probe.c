/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/probe.h"

#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

static const struct {
    const char *name, *words;
} kinds[PROBE_KIND_COUNT] = {
    [PROBE_CONNECT] = {"connect", "Connect"},
    [PROBE_SYN] = {"syn", "TCP SYN/Normal scan"},
    [PROBE_FIN] = {"fin", "TCP FIN scan"},
    [PROBE_NULL] = {"null", "TCP NULL scan"},
    [PROBE_XMAS] = {"xmas", "TCP XMAS scan"},
    [PROBE_ACK] = {"ack", "TCP ACK scan"},
    [PROBE_MAIMON] = {"maimon", "TCP Maimon scan"},
    [PROBE_ODD] = {"odd", NULL},
    [PROBE_UDP] = {"udp", "UDP scan"},
    [PROBE_SCTP] = {"sctp", "SCTP scan"},
};

bool probe_kind_of_flags(uint8_t tcp_flags, enum probe_kind *out)
{
    uint8_t flags = tcp_flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK | TCP_URG);
    if (flags & TCP_RST || (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        return false;
    switch (flags) {
    case TCP_SYN:
        *out = PROBE_SYN;
        break;
    case TCP_FIN:
        *out = PROBE_FIN;
        break;
    case 0:
        *out = PROBE_NULL;
        break;
    case TCP_FIN | TCP_PSH | TCP_URG:
        *out = PROBE_XMAS;
        break;
    case TCP_FIN | TCP_ACK:
        *out = PROBE_MAIMON;
        break;
    default:
        *out = flags & TCP_ACK ? PROBE_ACK : PROBE_ODD;
        break;
    }
    return true;
}

bool probe_is_quiet(enum probe_kind kind)
{
    return kind == PROBE_ACK || kind == PROBE_MAIMON;
}

const char *probe_kind_name(enum probe_kind kind)
{
    return kinds[kind].name;
}

void probe_write_words(const struct probe *p, struct str *out)
{
    const uint8_t f = p->tcp_flags;
    if (kinds[p->kind].words)
        str_add(out, kinds[p->kind].words);
    else
        str_addf(out,
                 "Unknown Type: TCP Packet Flags: SYN: %d FIN: %d ACK: %d PSH: %d URG: %d RST: %d",
                 !!(f & TCP_SYN), !!(f & TCP_FIN), !!(f & TCP_ACK), !!(f & TCP_PSH),
                 !!(f & TCP_URG), !!(f & TCP_RST));
}

const char *probe_proto_name(const struct probe *p)
{
    return p->ip_proto == IP_PROTO_UDP ? "UDP" : p->ip_proto == IP_PROTO_SCTP ? "SCTP" : "TCP";
}
