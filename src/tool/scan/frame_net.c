/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/frame_net.h"

#include <assert.h>
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/base/rng.h"
#include "sys/link/iface.h"
#include "sys/link/neighbour.h"
#include "sys/link/netlink.h"
#include "sys/link/raw_ip.h"
#include "sys/link/route_map.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/number.h"

enum {
    PORT_LOW = 33000,  /* the block of source ports begins somewhere from here .. */
    PORT_HIGH = 60000, /* .. to here */
    READ_BATCH = 256,
    SENDER_QUEUE = 128,
};

struct frame_net {
    struct frame_net_setup setup;
    struct arena arena;
    struct iface_list ifaces;
    struct netlink *netlink;
    struct route_map routes;
    struct frame_link link[FRAME_LINKS_MAX];
    size_t link_count;
    uint32_t wanted_interface;
    uint16_t first_port;
    struct hash_key secret;
    frame_taker_fn *take;
    void *take_ctx;
    const struct frame_link *known_link; /* the gateway that was looked up last */
    struct addr known_hop;
    struct mac known_mac;
    bool known_has_mac;
    int raw4_fd, raw6_fd;           /* -1: not open */
    struct frame_net_totals totals; /* received, and sent to this machine */
    int failed;                     /* a link went down: what the kernel said .. */
    uint32_t failed_interface;      /* .. and which */
};

int frame_net_open(struct frame_net **out, const struct frame_net_setup *setup, struct err *e)
{
    struct frame_net *n = mem_zero(sizeof *n);
    struct rng rng = rng_system();
    n->setup = *setup;
    n->raw4_fd = n->raw6_fd = -1;
    n->secret = hash_key_secret();
    n->first_port =
        setup->source_port
            ? setup->source_port
            : (uint16_t)(PORT_LOW + rng_below(&rng, PORT_HIGH - PORT_LOW - FRAME_PORTS));
    int rc = iface_read(&n->arena, &n->ifaces, e);
    if (rc == 0 && setup->interface) {
        const struct iface *i = iface_by_name(&n->ifaces, setup->interface);
        n->wanted_interface = i ? i->index : 0;
        rc = i ? 0 : err_set(e, -ENODEV, "interface \"%s\" does not exist", setup->interface);
    }
    if (rc == 0)
        rc = netlink_open(&n->netlink, NETLINK_ROUTE, e);
    if (rc == 0)
        rc = route_map_open(&n->routes, n->netlink, e);
    if (rc < 0)
        frame_net_close(n);
    else
        *out = n;
    return rc;
}

void frame_net_close(struct frame_net *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->link_count; i++) {
        loop_fd_remove(n->setup.loop, &n->link[i].watch);
        sender_close(n->link[i].sender);
        capture_close(n->link[i].capture);
    }
    own_close_fd(&n->raw4_fd);
    own_close_fd(&n->raw6_fd);
    route_map_done(&n->routes);
    netlink_close(n->netlink);
    arena_done(&n->arena);
    mem_free(n);
}

static void note_failure(struct frame_net *n, const struct frame_link *link, int rc)
{
    n->failed = rc;
    n->failed_interface = link->interface;
}

static size_t head_len(const struct frame_link *link)
{
    return link->ethernet ? ETH_HEAD_LEN : 0;
}

static void on_frames(struct loop_fd *watch, unsigned ready)
{
    struct frame_link *link = watch->ctx;
    struct frame_net *n = link->net;
    struct capture_frame frame[READ_BATCH];
    int count;
    (void)ready;
    while ((count = capture_read(link->capture, frame, READ_BATCH)) > 0)
        for (int i = 0; i < count; i++) {
            n->totals.received++;
            n->totals.received_bytes += frame[i].wire_len - head_len(link);
            if (n->take)
                n->take(n->take_ctx, link, &frame[i]);
        }
    capture_release(link->capture);
    if (count < 0) {
        note_failure(n, link, count);
        loop_fd_remove(n->setup.loop, watch);
    }
}

/* What can be an answer: to one of our addresses, of a protocol that techniques use, to our ports.
 */
static int build_filter(const struct frame_net *n, const struct iface *iface, struct filter *out,
                        struct err *e)
{
    struct addr to[FILTER_ADDR_MAX];
    struct filter_want want = {
        .link = iface->link,
        .to = to,
        .proto = {IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_ICMP, IP_PROTO_ICMP6, IP_PROTO_SCTP},
        .proto_count = 5,
        .port_first = n->first_port,
        .port_last =
            n->setup.source_port ? n->first_port : (uint16_t)(n->first_port + FRAME_PORTS - 1),
        .arp = true,
        .not_own = !(iface->flag & IFACE_LOOPBACK),
    };
    for (size_t i = 0; i < iface->addr_count && want.to_count < FILTER_ADDR_MAX - 1; i++)
        to[want.to_count++] = iface->addr[i].addr;
    if (n->setup.source.family != ADDR_NONE)
        to[want.to_count++] = n->setup.source;
    if (n->setup.any_protocol)
        want.proto_count = 0;
    /* Every address of the machine is answered on loopback; and of more addresses than the filter
     * holds none may be left out, or its answers would be lost. */
    if (iface->flag & IFACE_LOOPBACK || iface->addr_count >= FILTER_ADDR_MAX)
        want.to_count = 0;
    return filter_build(out, &want, e);
}

static int open_link(struct frame_net *n, uint32_t index, struct frame_link **out, struct err *e)
{
    for (size_t i = 0; i < n->link_count; i++)
        if (n->link[i].interface == index) {
            *out = &n->link[i];
            return 0;
        }
    const struct iface *iface = iface_by_index(&n->ifaces, index);
    if (!iface || !iface->has_link)
        return err_set(e, -EOPNOTSUPP, "interface %s: frames of its kind cannot be made",
                       iface ? iface->name : "?");
    if (n->link_count == FRAME_LINKS_MAX)
        return err_set(e, -E2BIG, "targets behind more than %d interfaces", FRAME_LINKS_MAX);
    struct frame_link *link = &n->link[n->link_count];
    *link = (struct frame_link){.net = n,
                                .interface = index,
                                .mac = n->setup.mac ? *n->setup.mac : iface->mac,
                                .ethernet = iface->link == PACKET_LINK_ETHERNET,
                                .loopback = (iface->flag & IFACE_LOOPBACK) != 0};
    struct filter filter;
    struct capture_spec capture = {.interface = index,
                                   .protocol = CAPTURE_PROTO_ALL,
                                   .filter = &filter,
                                   .block_wait_ms = 1,
                                   .promiscuous = n->setup.mac != NULL,
                                   .block_size = 64 * 1024};
    /* through the queueing discipline: tcpdump and nftables' egress see what is sent, at no cost
     * measured */
    struct sender_spec sender = {.interface = index, .batch = SENDER_QUEUE, .through_qdisc = true};
    if (build_filter(n, iface, &filter, e) < 0 || capture_open(&link->capture, &capture, e) < 0)
        return err_wrap(e, "interface %s", iface->name);
    if (sender_open(&link->sender, &sender, e) < 0) {
        capture_close(link->capture);
        return err_wrap(e, "interface %s", iface->name);
    }
    link->watch = (struct loop_fd){.fn = on_frames, .ctx = link, .fd = capture_fd(link->capture)};
    if (loop_fd_add(n->setup.loop, &link->watch, LOOP_READ, e) < 0) {
        sender_close(link->sender);
        capture_close(link->capture);
        return e->code;
    }
    n->link_count++;
    *out = link;
    return 0;
}

/* Neighbours are asked themselves (phase_link), all at once; of a gateway the kernel will know. */
static void look_up_mac(struct frame_net *n, struct frame_path *p)
{
    struct neighbour known;
    struct err ignored = {0};
    if (n->known_link == p->link && addr_equal(&n->known_hop, &p->next_hop)) {
        p->mac = n->known_mac;
        p->has_mac = n->known_has_mac;
        return;
    }
    if (neighbour_find(n->netlink, p->link->interface, &p->next_hop, &known, &ignored) == 0 &&
        known.has_mac && neighbour_is_usable(&known)) {
        p->mac = known.mac;
        p->has_mac = true;
    }
    n->known_link = p->link;
    n->known_hop = p->next_hop;
    n->known_mac = p->mac;
    n->known_has_mac = p->has_mac;
}

int frame_net_path(struct frame_net *n, const struct addr *target, struct frame_path *out,
                   struct err *e)
{
    struct route_hop hop;
    bool own_source = n->setup.source.family == target->family;
    char text[ADDR_TEXT_MAX];
    /* a source that is not ours cannot be asked for: the kernel refuses it */
    if (route_map_find(&n->routes, target, n->wanted_interface, &hop, e) < 0) {
        /* "prohibit" and "blackhole" routes have errors of their own, that mean other things too */
        e->code = e->code == -EHOSTUNREACH ? -EHOSTUNREACH : -ENETUNREACH;
        return err_wrap(e, "route to %s", addr_format(target, text));
    }
    struct frame_path p = {.source = own_source ? n->setup.source : hop.source,
                           .next_hop = hop.next_hop,
                           .on_link = hop.on_link};
    if (open_link(n, hop.interface, &p.link, e) < 0)
        return e->code;
    assert(p.link);
    p.needs_mac = p.link->ethernet && !p.link->loopback && !hop.local;
    if (p.needs_mac && !p.on_link)
        look_up_mac(n, &p);
    *out = p;
    return 0;
}

void frame_net_take(struct frame_net *n, frame_taker_fn *fn, void *ctx)
{
    n->take = fn;
    n->take_ctx = ctx;
}

int frame_net_send_local(struct frame_net *n, const struct addr *to, const void *datagram,
                         size_t len)
{
    int *fd = to->family == ADDR_IP6 ? &n->raw6_fd : &n->raw4_fd;
    struct err ignored = {0};
    int rc = *fd < 0 ? raw_ip_open(to->family, fd, &ignored) : 0;
    if (rc == 0)
        rc = raw_ip_send(*fd, to, datagram, len);
    n->totals.sent += rc == 0;
    n->totals.sent_bytes += rc == 0 ? len : 0;
    return rc;
}

struct frame_net_totals frame_net_totals(const struct frame_net *n)
{
    struct frame_net_totals all = n->totals;
    for (size_t i = 0; i < n->link_count; i++) {
        struct sender_stats stats;
        sender_stats_read(n->link[i].sender, &stats);
        all.sent += stats.sent;
        all.sent_bytes += stats.bytes - stats.sent * head_len(&n->link[i]);
    }
    return all;
}

int frame_net_flush(struct frame_net *n, struct err *e)
{
    for (size_t i = 0; i < n->link_count; i++) {
        int rc = sender_queued(n->link[i].sender) ? sender_flush(n->link[i].sender) : 0;
        if (rc < 0 && rc != -EAGAIN)
            note_failure(n, &n->link[i], rc);
    }
    if (!n->failed)
        return 0;
    const struct iface *iface = iface_by_index(&n->ifaces, n->failed_interface);
    return err_set(e, n->failed, "interface %s: %s", iface ? iface->name : "?",
                   strerror(-n->failed));
}

uint16_t frame_net_port(const struct frame_net *n)
{
    return n->first_port;
}

bool frame_net_port_is_fixed(const struct frame_net *n)
{
    return n->setup.source_port != 0;
}

const struct hash_key *frame_net_secret(const struct frame_net *n)
{
    return &n->secret;
}
