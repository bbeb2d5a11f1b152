/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/firewall.h"

#include <assert.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/link/firewall_run.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

enum {
    USUAL_PORT = 50123,  /* among the ephemeral ports of every common system */
    SYN_OPTION_LEN = 20, /* what usual systems send; their bytes are not known here */
    NAMES_MAX = 64 * 1024,
};

struct firewall {
    struct firewall_rules rules;
    bool blind;            /* the rules may not be read */
    bool legacy4, legacy6; /* tables of the older iptables are there */
};

static bool has_names(const char *proc_net, const char *file)
{
    struct err ignored;
    struct str path = str_of(4096), text = str_of(NAMES_MAX);
    str_addf(&path, "%s/%s", proc_net, file);
    bool has = file_read(str_text(&path), &text, &ignored) == 0 && text.len > 0;
    str_done(&path);
    str_done(&text);
    return has;
}

int firewall_open(struct firewall **out, const char *proc_net, struct err *e)
{
    struct firewall *f = mem_zero(sizeof *f);
    int result = firewall_rules_read(&f->rules, e);
    f->blind = result == -EPERM;
    if (result && !f->blind) {
        firewall_close(f);
        return result;
    }
    f->legacy4 = has_names(proc_net, "ip_tables_names");
    f->legacy6 = has_names(proc_net, "ip6_tables_names");
    *out = f;
    return 0;
}

void firewall_close(struct firewall *f)
{
    if (!f)
        return;
    firewall_rules_done(&f->rules);
    mem_free(f);
}

/* A network head as the question has it, with what its sender or its way decides left open. */
static void build_net(struct firewall_run *r)
{
    uint8_t head[IP6_HEAD_LEN];
    struct bytes_out out = bytes_out_of(head, sizeof head);
    bool v4 = r->dst.family == ADDR_IP4;
    if (v4)
        ip4_encode(&out, &(struct ip4_head){.src = r->src, .dst = r->dst, .proto = r->ip_proto}, 0);
    else
        ip6_encode(&out, &(struct ip6_head){.src = r->src, .dst = r->dst, .next = r->ip_proto}, 0);
    r->transport_at = bytes_out_len(&out);
    firewall_value_put(&r->datagram, 0, head, r->transport_at);
    if (!v4) {
        firewall_value_forget(&r->datagram, 4, 2); /* length */
        firewall_value_forget(&r->datagram, 7, 1); /* hop limit */
        return;
    }
    firewall_value_forget(&r->datagram, 2, 4);  /* length, identification */
    r->datagram.known[6] = 0xbf;                /* "don't fragment" */
    firewall_value_forget(&r->datagram, 8, 1);  /* time to live */
    firewall_value_forget(&r->datagram, 10, 2); /* checksum */
}

static void build_transport(struct firewall_run *r)
{
    struct firewall_value *d = &r->datagram;
    size_t at = r->transport_at;
    const uint8_t ports[4] = {(uint8_t)(r->src_port >> 8), (uint8_t)r->src_port,
                              (uint8_t)(r->dst_port >> 8), (uint8_t)r->dst_port};
    firewall_value_put(d, at, ports, sizeof ports);
    if (!r->src_port_set)
        firewall_value_forget(d, at, 2);
    if (r->ip_proto == IP_PROTO_TCP) {
        static const uint8_t ack[4] = {0};
        const uint8_t flags[2] = {(TCP_HEAD_LEN + SYN_OPTION_LEN) / 4 << 4, TCP_SYN};
        firewall_value_put(d, at + 8, ack, sizeof ack);
        firewall_value_put(d, at + 12, flags, sizeof flags);
        r->datagram_len = at + TCP_HEAD_LEN + SYN_OPTION_LEN;
    } else {
        r->datagram_len = at + UDP_HEAD_LEN;
        r->endless = true;
    }
}

static void build_link(struct firewall_run *r)
{
    const uint8_t type[2] = {r->dst.family == ADDR_IP4 ? 0x08 : 0x86,
                             r->dst.family == ADDR_IP4 ? 0x00 : 0xdd};
    if (r->in->has_mac)
        firewall_value_put(&r->link, 0, r->in->mac.byte, sizeof r->in->mac.byte);
    firewall_value_put(&r->link, 12, type, sizeof type);
}

static unsigned try(const struct firewall *f, const struct firewall_question *q,
                    struct firewall_run *r, int src_port)
{
    static const uint8_t zeros[8] = {0};
    *r = (struct firewall_run){.rules = &f->rules,
                               .in = q->in,
                               .src = q->src,
                               .dst = q->dst,
                               .ip_proto = q->ip_proto,
                               .src_port = (uint16_t)(src_port < 0 ? 0 : src_port),
                               .dst_port = q->dst_port,
                               .src_port_set = src_port >= 0};
    firewall_value_put(&r->mark, 0, zeros, sizeof zeros); /* no marks yet */
    build_net(r);
    build_transport(r);
    build_link(r);
    return firewall_run_packet(r);
}

static const char *place_text(struct arena *arena, const struct firewall_chain *c,
                              const struct firewall_rule *rule)
{
    static const struct {
        uint8_t family;
        const char *name;
    } names[] = {{NFPROTO_INET, "inet"},
                 {NFPROTO_IPV4, "ip"},
                 {NFPROTO_IPV6, "ip6"},
                 {NFPROTO_NETDEV, "netdev"},
                 {NFPROTO_BRIDGE, "bridge"}};
    const char *family = "";
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (names[i].family == c->family)
            family = names[i].name;
    const char *chain = arena_print(arena, "table %s %s, chain %s", family, c->table, c->name);
    if (!rule)
        return chain;
    return arena_print(arena, "%s, rule %llu%s%s%s", chain, (unsigned long long)rule->handle,
                       rule->comment ? " (\"" : "", rule->comment ? rule->comment : "",
                       rule->comment ? "\")" : "");
}

static const char *end_text(struct arena *arena, const struct firewall_run *r)
{
    static const char *const word[] = {[VERDICT_ACCEPT] = "accepted",
                                       [VERDICT_DROP] = "dropped",
                                       [VERDICT_REJECT] = "rejected",
                                       [VERDICT_REDIRECT] = "redirected"};
    if (!r->end_chain)
        return "no rule is in its way";
    if (r->end_rule)
        return arena_print(arena, "%s by %s", word[r->end_verdict],
                           place_text(arena, r->end_chain, r->end_rule));
    if (r->end_verdict == VERDICT_ACCEPT)
        return "no rule is in its way";
    return arena_print(arena, "dropped by the policy of %s", place_text(arena, r->end_chain, NULL));
}

static const char *doubt_text(struct arena *arena, const struct firewall_run *r)
{
    if (!r->doubt_chain)
        return "the rules cannot be followed";
    return arena_print(arena, "cannot judge %s in %s", r->doubt_kept ? r->doubt_kept : "a match",
                       place_text(arena, r->doubt_chain, r->doubt_rule));
}

/* Dropped with the usual source port; perhaps another one gets through.  Returns the ends of the
 * luckiest try and leaves its state in *r; *out_port is -1 when none did better. */
static unsigned try_ports(const struct firewall *f, const struct firewall_question *q,
                          struct firewall_run *r, int *out_port)
{
    struct firewall_run open_run, one;
    unsigned best = 0;
    *out_port = -1;
    if (!(try(f, q, &open_run, -1) & END_ACCEPT))
        return 0;
    for (size_t i = 0; i < 3 * open_run.hint_count; i++) { /* each port, and its neighbours */
        int port = open_run.hint[i / 3] + (int)(i % 3) - 1;
        if (port < 0 || port > UINT16_MAX)
            continue;
        unsigned ends = try(f, q, &one, port);
        if (!(ends & END_ACCEPT) || best == END_ACCEPT)
            continue;
        best = ends;
        *r = one;
        *out_port = port;
    }
    return best;
}

static bool is_bridge(const struct iface *i)
{
    struct stat st;
    struct str path = str_of(256);
    str_addf(&path, "/sys/class/net/%s/bridge", i->name);
    bool is = stat(str_text(&path), &st) == 0;
    str_done(&path);
    return is;
}

/* What may stand in the way of a packet that the rules let in. */
static const char *beside(const struct firewall *f, const struct firewall_question *q)
{
    if (f->blind)
        return "the firewall rules cannot be read without CAP_NET_ADMIN";
    if (q->dst.family == ADDR_IP4 ? f->legacy4 : f->legacy6)
        return "rules of legacy iptables are in force and cannot be read";
    if (f->rules.has_bridge && is_bridge(q->in))
        return "a bridge table has rules for this interface";
    return NULL;
}

void firewall_ask(const struct firewall *f, const struct firewall_question *q, struct arena *arena,
                  struct firewall_answer *out)
{
    struct firewall_run run;
    int port = -1;
    assert(q->src.family == q->dst.family);
    unsigned ends = try(f, q, &run, USUAL_PORT);
    if (!(ends & END_ACCEPT)) {
        struct firewall_run lucky;
        unsigned more = try_ports(f, q, &lucky, &port);
        if (more) {
            ends = more;
            run = lucky;
        }
    }
    const char *other = beside(f, q);
    *out = (struct firewall_answer){0};
    if (!(ends & END_ACCEPT)) { /* none of the ends is arrival: that is sure */
        out->verdict = ends == END_REDIRECT ? FIREWALL_REDIRECT : FIREWALL_DROP;
        out->rejected = run.end_verdict == VERDICT_REJECT;
        out->why = end_text(arena, &run);
    } else if (ends != END_ACCEPT) {
        out->verdict = FIREWALL_UNKNOWN;
        out->why = doubt_text(arena, &run);
    } else {
        out->verdict = other ? FIREWALL_UNKNOWN : FIREWALL_PASS;
        out->why = other ? other : end_text(arena, &run);
    }
    if (port >= 0 && !other)
        out->why = arena_print(arena, "from source port %d: %s", port, out->why);
}

static bool redirects_to(const struct firewall_rule *rule, uint16_t port)
{
    bool nat = false, named = false;
    for (size_t i = 0; i < rule->expr_count; i++) {
        const struct firewall_expr *x = &rule->expr[i];
        struct firewall_attrs inner;
        nat |= strcmp(x->name, "redir") == 0 ||
               (strcmp(x->name, "nat") == 0 &&
                firewall_attrs_u32(&x->attr, NFTA_NAT_TYPE, 0) == NFT_NAT_DNAT);
        if (strcmp(x->name, "target") == 0 && firewall_compat_port(&x->attr) == port)
            return true;
        if (strcmp(x->name, "immediate") != 0)
            continue;
        firewall_attrs_read(&inner, x->attr.value[NFTA_IMMEDIATE_DATA]);
        struct bytes_in value = inner.value[NFTA_DATA_VALUE];
        named |= bytes_left(&value) == 2 && bytes_u16be(&value) == port;
    }
    return nat && named;
}

const char *firewall_redirect_to(const struct firewall *f, uint16_t port, struct arena *arena)
{
    for (size_t i = 0; i < f->rules.chain_count; i++) {
        const struct firewall_chain *c = &f->rules.chain[i];
        for (size_t k = 0; k < c->rule_count; k++)
            if (redirects_to(&c->rule[k], port))
                return place_text(arena, c, &c->rule[k]);
    }
    return NULL;
}
