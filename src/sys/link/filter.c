/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A little assembler: instructions name their jump targets by label, and a label becomes a distance
 * when the program is whole.  Classic BPF jumps forward only, by at most 255. */
#include "sys/link/filter.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum label {
    NEXT, /* the instruction behind */
    ACCEPT,
    REJECT,
    IP4,
    IP6,
    PROTO4,
    PROTO6,
    PORTS4,
    PORTS6,
    PORT4,
    PORT6,
    FLAGS4,
    FLAGS6,
    ADDR6, /* and one more for each further IPv6 address */
    LABEL_COUNT = ADDR6 + FILTER_ADDR_MAX,
};

struct program {
    struct filter *out;
    uint8_t if_true[FILTER_CODE_MAX], if_false[FILTER_CODE_MAX]; /* labels */
    uint16_t place[LABEL_COUNT];
    uint32_t net; /* offset of the network head */
    const struct filter_want *want;
};

static void emit(struct program *p, unsigned code, uint32_t value, uint8_t if_true,
                 uint8_t if_false)
{
    assert(p->out->count < FILTER_CODE_MAX); /* the limits of the lists see to it */
    uint16_t at = p->out->count++;
    p->out->code[at] = (struct sock_filter){.code = (uint16_t)code, .k = value};
    p->if_true[at] = if_true;
    p->if_false[at] = if_false;
}

static void load(struct program *p, unsigned size, uint32_t offset)
{
    emit(p, BPF_LD | size | BPF_ABS, offset, NEXT, NEXT);
}

static void equal(struct program *p, uint32_t value, uint8_t if_true, uint8_t if_false)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, value, if_true, if_false);
}

static void go(struct program *p, uint8_t to)
{
    emit(p, BPF_JMP | BPF_JA, 0, to, to);
}

static void put_label(struct program *p, uint8_t label)
{
    p->place[label] = p->out->count;
}

static void resolve(struct program *p)
{
    for (uint16_t at = 0; at < p->out->count; at++) {
        struct sock_filter *code = &p->out->code[at];
        if (BPF_CLASS(code->code) != BPF_JMP)
            continue;
        uint8_t t = p->if_true[at], f = p->if_false[at];
        unsigned far_true = t == NEXT ? 0 : p->place[t] - at - 1u;
        unsigned far_false = f == NEXT ? 0 : p->place[f] - at - 1u;
        assert(far_true <= UINT8_MAX && far_false <= UINT8_MAX);
        if (BPF_OP(code->code) == BPF_JA) {
            code->k = far_true;
        } else {
            code->jt = (uint8_t)far_true;
            code->jf = (uint8_t)far_false;
        }
    }
}

static size_t count_family(const struct filter_want *want, uint8_t family)
{
    size_t count = 0;
    for (size_t i = 0; i < want->to_count; i++)
        count += want->to[i].family == family;
    return count;
}

static bool has_ports(const struct filter_want *want)
{
    return want->port_first || want->port_last;
}

static bool reads_transport(const struct filter_want *want)
{
    return has_ports(want) || want->no_ack;
}

static uint32_t word_of(const struct addr *a, size_t at)
{
    struct bytes_in in = bytes_in_of(a->byte + at, 4);
    return bytes_u32be(&in);
}

/* Which network protocol, and where its head begins. */
static void emit_link(struct program *p)
{
    const struct filter_want *want = p->want;
    if (want->not_own) {
        load(p, BPF_B, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
        equal(p, PACKET_OUTGOING, REJECT, NEXT);
    }
    if (want->link == PACKET_LINK_ETHERNET) {
        p->net = ETH_HEAD_LEN;
        load(p, BPF_H, 12);
        if (want->arp)
            equal(p, ETH_TYPE_ARP, ACCEPT, NEXT);
        equal(p, ETH_TYPE_IP4, IP4, NEXT);
        equal(p, ETH_TYPE_IP6, IP6, REJECT);
    } else {
        p->net = 0;
        load(p, BPF_B, 0);
        emit(p, BPF_ALU | BPF_AND | BPF_K, 0xf0, NEXT, NEXT);
        equal(p, 0x40, IP4, NEXT);
        equal(p, 0x60, IP6, REJECT);
    }
}

static void emit_protos(struct program *p, uint8_t found)
{
    for (size_t i = 0; i < p->want->proto_count; i++)
        equal(p, p->want->proto[i], found, NEXT);
    go(p, p->want->proto_count ? REJECT : found);
}

/* Of a TCP or UDP head: the port that was loaded by `mode` and `head`, and what TCP's flags say. */
static void emit_transport(struct program *p, unsigned mode, uint32_t head, uint32_t proto,
                           uint8_t flags)
{
    if (has_ports(p->want)) {
        emit(p, BPF_LD | BPF_H | mode, head + 2, NEXT, NEXT);
        emit(p, BPF_JMP | BPF_JGE | BPF_K, p->want->port_first, NEXT, REJECT);
        emit(p, BPF_JMP | BPF_JGT | BPF_K, p->want->port_last, REJECT,
             p->want->no_ack ? flags : ACCEPT);
    }
    if (p->want->no_ack) {
        put_label(p, flags);
        load(p, BPF_B, proto);
        equal(p, IP_PROTO_TCP, NEXT, ACCEPT);
        emit(p, BPF_LD | BPF_B | mode, head + 13, NEXT, NEXT);
        emit(p, BPF_JMP | BPF_JSET | BPF_K, TCP_ACK, REJECT, ACCEPT);
    }
}

static void emit_ip4(struct program *p)
{
    const struct filter_want *want = p->want;
    put_label(p, IP4);
    if (want->to_count) {
        load(p, BPF_W, p->net + 16);
        for (size_t i = 0; i < want->to_count; i++)
            if (want->to[i].family == ADDR_IP4)
                equal(p, word_of(&want->to[i], 0), PROTO4, NEXT);
        go(p, REJECT);
    }
    put_label(p, PROTO4);
    load(p, BPF_B, p->net + 9);
    emit_protos(p, PORTS4);
    put_label(p, PORTS4);
    if (!reads_transport(want)) {
        go(p, ACCEPT);
        return;
    }
    equal(p, IP_PROTO_TCP, PORT4, NEXT);
    equal(p, IP_PROTO_UDP, PORT4, ACCEPT);
    put_label(p, PORT4);
    load(p, BPF_H, p->net + 6);
    /* A later fragment has no ports; the first one may end before the flags. */
    emit(p, BPF_JMP | BPF_JSET | BPF_K, want->no_ack ? 0x3fff : 0x1fff, ACCEPT, NEXT);
    emit(p, BPF_LDX | BPF_B | BPF_MSH, p->net, NEXT, NEXT);
    emit_transport(p, BPF_IND, p->net, p->net + 9, FLAGS4);
}

static void emit_addr6(struct program *p, const struct addr *a, uint8_t otherwise)
{
    for (uint32_t at = 0; at < 16; at += 4) {
        load(p, BPF_W, p->net + 24 + at);
        equal(p, word_of(a, at), at == 12 ? PROTO6 : NEXT, otherwise);
    }
}

static void emit_ip6(struct program *p)
{
    static const uint8_t ext[] = {IP_PROTO_HOP_BY_HOP, IP_PROTO_ROUTING, IP_PROTO_FRAGMENT,
                                  IP_PROTO_DST_OPTIONS};
    const struct filter_want *want = p->want;
    put_label(p, IP6);
    uint8_t label = ADDR6;
    size_t left = count_family(want, ADDR_IP6);
    if (want->to_count && left == 0)
        go(p, REJECT);
    for (size_t i = 0; i < want->to_count; i++) {
        if (want->to[i].family != ADDR_IP6)
            continue;
        emit_addr6(p, &want->to[i], --left ? label : REJECT);
        put_label(p, label++);
    }
    put_label(p, PROTO6);
    load(p, BPF_B, p->net + 6);
    for (size_t i = 0; i < sizeof ext; i++)
        equal(p, ext[i], ACCEPT, NEXT);
    emit_protos(p, PORTS6);
    put_label(p, PORTS6);
    if (!reads_transport(want)) {
        go(p, ACCEPT);
        return;
    }
    equal(p, IP_PROTO_TCP, PORT6, NEXT);
    equal(p, IP_PROTO_UDP, PORT6, ACCEPT);
    put_label(p, PORT6);
    emit_transport(p, BPF_ABS, p->net + IP6_HEAD_LEN, p->net + 6, FLAGS6);
}

int filter_build(struct filter *out, const struct filter_want *want, struct err *e)
{
    if (count_family(want, ADDR_IP4) > FILTER_ADDR_MAX ||
        count_family(want, ADDR_IP6) > FILTER_ADDR_MAX || want->proto_count > FILTER_PROTO_MAX)
        return err_set(e, -E2BIG, "filter: more than %d addresses of a family or %d protocols",
                       FILTER_ADDR_MAX, FILTER_PROTO_MAX);
    struct program p = {.out = out, .want = want};
    out->count = 0;
    emit_link(&p);
    emit_ip4(&p);
    emit_ip6(&p);
    put_label(&p, ACCEPT);
    emit(&p, BPF_RET | BPF_K, want->snap_len ? want->snap_len : UINT32_MAX, NEXT, NEXT);
    put_label(&p, REJECT);
    emit(&p, BPF_RET | BPF_K, 0, NEXT, NEXT);
    resolve(&p);
    return 0;
}

int filter_attach(int fd, const struct filter *f, struct err *e)
{
    struct sock_fprog program = {.len = f->count, .filter = (struct sock_filter *)f->code};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
        return err_set(e, -errno, "filter: %s", strerror(errno));
    return 0;
}
