/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/frame_transport.h"

#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "tool/scan/frame_build.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum {
    CAPACITY = 1 << 20,
    LOCAL_MAX = FRAME_BODY_MAX + IP6_HEAD_LEN + IP4_OPTION_LEN_MAX,
    NO_ITEM = UINT32_MAX,
    TRY_UNKNOWN = UINT8_MAX,
};

/* What a source port tells apart: one technique of the job, and one hop where hops are asked. */
struct slot {
    const struct scan_technique *technique;
    uint8_t ttl;            /* of its items; 0: the usual */
    uint32_t *item_of_port; /* PORT_COUNT of them, NO_ITEM where there is none */
    uint32_t any_item;      /* for techniques without ports */
};

struct frame_transport {
    struct frame_transport_setup setup;
    struct probe_transport as_transport;
    struct slot slot[FRAME_SLOTS];
    uint8_t slot_count;
    uint8_t tries;           /* that the source port tells apart, of each slot */
    struct map host_of_addr; /* host_key -> host number + 1 */
    struct prober *prober;
};

/* ---- sending ---- */

static uint8_t slot_of(const struct frame_transport *t, const struct probe_item *item)
{
    uint8_t s = 0;
    while (s < t->slot_count &&
           (t->slot[s].technique != item->technique || t->slot[s].ttl != item->ttl))
        s++;
    return s;
}

static uint32_t cookie_of(const struct frame_transport *t, const struct addr *target,
                          uint16_t target_port, uint16_t our_port)
{
    uint8_t key[sizeof target->byte + 4];
    memcpy(key, target->byte, sizeof target->byte);
    memcpy(key + sizeof target->byte, &target_port, 2);
    memcpy(key + sizeof target->byte + 2, &our_port, 2);
    return (uint32_t)hash_bytes(frame_net_secret(t->setup.net), key, sizeof key);
}

static uint16_t our_port(const struct frame_transport *t, const struct probe_item *item,
                         uint8_t try)
{
    uint16_t first = frame_net_port(t->setup.net);
    if (frame_net_port_is_fixed(t->setup.net))
        return first;
    return (uint16_t)(first + slot_of(t, item) * t->tries + try % t->tries);
}

/* Does the frame need the next hop's MAC?  Who asks for one does not have it. */
static bool lacks_mac(const struct frame_path *path, const struct scan_technique *technique)
{
    return path->needs_mac && !path->has_mac && !technique->asks_link;
}

static uint8_t flags_of(const struct frame_transport *t, const struct scan_technique *technique)
{
    bool forced = t->setup.has_tcp_flags && technique->proto == SCAN_TCP;
    return forced ? t->setup.tcp_flags : technique->tcp_flags;
}

/* The probe of this try, without the link around it. */
static struct frame_probe make_probe(const struct frame_transport *t, const struct frame_path *path,
                                     const struct addr *to, uint32_t item, uint8_t try)
{
    const struct probe_item *what = &t->setup.item[item];
    const struct scan_technique *technique = what->technique;
    int proto = to->family == ADDR_IP4 ? technique->ip4_proto : technique->ip6_proto;
    struct frame_probe probe = {
        .src = path->source,
        .dst = *to,
        .src_port = our_port(t, what, try),
        .dst_port = what->port,
        .src_mac = path->link->mac,
        .proto = (uint8_t)(technique->by_protocol ? what->port : proto),
        .tcp_flags = flags_of(t, technique),
        .adler32 = t->setup.shape->adler32,
    };
    probe.cookie = cookie_of(t, to, what->port, probe.src_port);
    return probe;
}

static uint8_t ttl_of(const struct frame_transport *t, const struct probe_item *what)
{
    if (what->ttl)
        return what->ttl;
    return t->setup.shape->ttl ? t->setup.shape->ttl : FRAME_TTL_USUAL;
}

static int send_local(void *ctx, const struct frame_build *b, const struct frame_piece *piece)
{
    struct frame_transport *t = ctx;
    uint8_t room[LOCAL_MAX];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    frame_build_put(b, piece, true, &out);
    return out.full ? -EMSGSIZE
                    : frame_net_send_local(t->setup.net, &b->probe->dst, room, bytes_out_len(&out));
}

static int queue_frame(void *ctx, const struct frame_build *b, const struct frame_piece *piece)
{
    struct sender *sender = b->path->link->sender;
    (void)ctx;
    uint8_t *room = sender_room(sender);
    if (!room) {
        int rc = sender_flush(sender);
        room = sender_room(sender);
        if (!room)
            return rc < 0 ? rc : -EAGAIN;
    }
    struct bytes_out out = bytes_out_of(room, sender_frame_max(sender));
    frame_build_put(b, piece, false, &out);
    if (out.full)
        return -EMSGSIZE;
    sender_commit(sender, bytes_out_len(&out));
    return 0;
}

static int send_probe(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    struct frame_transport *t = ctx;
    const struct probe_item *what = prober_item(p, item);
    const struct probe_host *to = prober_host(p, host);
    const struct frame_path *path = to->transport_data;
    t->prober = p;
    if (!path || lacks_mac(path, what->technique))
        return -EHOSTUNREACH;
    struct frame_probe probe = make_probe(t, path, &to->addr, item, try);
    struct frame_build b = {.path = path,
                            .shape = t->setup.shape,
                            .technique = what->technique,
                            .probe = &probe,
                            .ttl = ttl_of(t, what)};
    struct bytes_in data[PAYLOAD_PER_PORT_MAX];
    size_t count = frame_shape_data(t->setup.shape, what->technique->proto, what->port, data);
    for (size_t i = 0; i < count; i++) {
        probe.data = data[i].pos;
        probe.data_len = bytes_left(&data[i]);
        int rc = frame_build_each(&b, path->link->loopback ? send_local : queue_frame, t);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void forget(void *ctx, uint32_t host, uint32_t item)
{
    (void)ctx, (void)host, (void)item; /* a frame on its way holds nothing here */
}

static int wait_for_answers(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    struct frame_transport *t = ctx;
    t->prober = p;
    if (frame_net_flush(t->setup.net, e) < 0)
        return e->code;
    return loop_step(t->setup.loop, wait_ns, e);
}

/* ---- answers ---- */

/* Which probe an answer belongs to. */
struct origin {
    struct addr target;
    uint16_t our_port, target_port;
    uint8_t slot, slot_end; /* it is an answer to one of these techniques */
    uint8_t try;
    uint8_t proto; /* of the outermost IP head */
    bool without_number;
    uint32_t host, item;
};

/* The scope of a link-local address is not in its bytes, and no frame carries it. */
struct host_key {
    uint8_t byte[1 + 16];
};

static struct host_key host_key_of(const struct addr *a)
{
    struct host_key key = {{a->family}};
    memcpy(key.byte + 1, a->byte, sizeof a->byte);
    return key;
}

static bool find_host(const struct frame_transport *t, const struct addr *a, uint32_t *out)
{
    struct host_key key = host_key_of(a);
    size_t number = (size_t)map_find(&t->host_of_addr, key.byte, sizeof key.byte);
    *out = (uint32_t)(number - 1);
    return number != 0;
}

/* The number that our probe carried as its source port or identifier, and the target's port. */
static bool read_numbers(const struct packet *p, bool quoted, struct origin *out)
{
    struct bytes_in in = packet_transport(p);
    struct icmp4_head icmp;
    switch (p->transport) {
    case PACKET_TCP:
    case PACKET_UDP:
    case PACKET_SCTP:
        out->our_port = quoted ? p->src_port : p->dst_port;
        out->target_port = quoted ? p->dst_port : p->src_port;
        return true;
    case PACKET_ICMP4:
    case PACKET_ICMP6: /* identifier and sequence number lie in the same place in both */
        if (!icmp4_decode(&in, &icmp))
            return false;
        out->our_port = icmp4_id(&icmp);
        out->target_port = 0;
        return true;
    default:
        return false;
    }
}

/* The technique and try that a source port of ours tells; false: it is none of this job.  One port
 * for all (-g) tells neither. */
static bool read_port(const struct frame_transport *t, struct origin *out)
{
    uint16_t offset = (uint16_t)(out->our_port - frame_net_port(t->setup.net));
    if (frame_net_port_is_fixed(t->setup.net)) {
        out->slot_end = t->slot_count;
        out->try = TRY_UNKNOWN;
        return offset == 0;
    }
    out->slot = (uint8_t)(offset / t->tries);
    out->slot_end = out->slot + 1;
    out->try = (uint8_t)(offset % t->tries);
    return offset < FRAME_PORTS && out->slot < t->slot_count;
}

/* ARP replies and neighbour advertisements carry no number of ours: the address has to do. */
static bool is_numberless(const struct packet *p)
{
    return p->net == PACKET_ARP ||
           (p->transport == PACKET_ICMP6 && p->icmp_type == ICMP6_TYPE_NEIGHBOUR_ADVERT);
}

/* Whom it is about, and the protocol of the outermost IP head: behind that may lie another one, of
 * a probe for IP in IP, cut off. */
static bool read_heads(const struct packet *p, bool quoted, struct origin *out)
{
    struct bytes_in in = bytes_in_of(p->frame, p->len);
    struct ip4_head ip4;
    uint8_t i = 0;
    out->target = quoted ? packet_dst(p) : packet_src(p);
    out->proto = p->ip_proto;
    while (i < p->layer_count && p->layer[i].kind != PACKET_IP4)
        i++;
    if (i == p->layer_count)
        return p->net != PACKET_NONE;
    bytes_skip(&in, p->layer[i].at);
    if (!ip4_decode(&in, &ip4) && !quoted) /* some stacks quote a head with changed lengths */
        return false;
    out->target = quoted ? ip4.dst : ip4.src;
    out->proto = ip4.proto;
    return true;
}

/* What the frame itself says, or the probe of ours that an ICMP error quotes. */
static bool read_origin(const struct frame_transport *t, const struct packet *p,
                        const struct packet *quoted, struct origin *out)
{
    const struct packet *ours = quoted ? quoted : p;
    if (!read_heads(ours, quoted != NULL, out))
        return false;
    bool numbered = !is_numberless(p) && read_numbers(ours, quoted != NULL, out);
    if (numbered && !read_port(t, out))
        return false;
    if (!numbered) { /* then it is about a technique that needs no number, if at all */
        out->slot_end = t->slot_count;
        out->try = TRY_UNKNOWN;
        out->without_number = true;
    }
    return find_host(t, &out->target, &out->host);
}

/* Did the technique send anything that this can be an answer to? */
static bool find_item(const struct frame_transport *t, const struct slot *s, struct origin *out)
{
    const struct scan_technique *technique = s->technique;
    int proto = out->target.family == ADDR_IP4 ? technique->ip4_proto : technique->ip6_proto;
    uint16_t number = technique->by_protocol ? out->proto : out->target_port;
    if (!technique->by_protocol &&
        (proto != out->proto || technique->asks_link != out->without_number))
        return false;
    out->item = s->item_of_port ? s->item_of_port[number] : s->any_item;
    return out->item != NO_ITEM && prober_result(t->prober, out->host, out->item)->tries > 0;
}

/* The full number of the try, of which the port tells the low bits; and the time the answer took.
 */
static uint8_t settle_try(const struct frame_transport *t, const struct origin *o,
                          uint64_t arrived_ns, uint64_t *out_rtt_ns)
{
    uint8_t last = (uint8_t)(prober_result(t->prober, o->host, o->item)->tries - 1);
    uint8_t try =
        o->try == TRY_UNKNOWN ? last : (uint8_t)(last - (uint8_t)((last - o->try) % t->tries));
    uint64_t sent_ns = prober_sent_ns(t->prober, o->host, o->item);
    *out_rtt_ns = 0;
    if (try == last)
        *out_rtt_ns = arrived_ns > sent_ns ? arrived_ns - sent_ns : 1;
    return try;
}

/* Hand the answer to the prober, if the technique says that it is one. */
static bool judge(struct frame_transport *t, const struct origin *o, const struct packet *packet,
                  const struct packet *quoted, uint64_t arrived_ns)
{
    struct probe_host *host = prober_host(t->prober, o->host);
    const struct probe_item *item = prober_item(t->prober, o->item);
    const struct scan_technique *technique = item->technique;
    struct mac mac = {{0}};
    bool has_mac = false;
    struct frame_answer answer = {.packet = packet,
                                  .quoted = quoted,
                                  .out_mac = &mac,
                                  .out_has_mac = &has_mac,
                                  .tcp_flags = flags_of(t, technique),
                                  .on_reset = technique->on_reset,
                                  .cookie = cookie_of(t, &host->addr, item->port, o->our_port)};
    struct scan_verdict verdict = {0};
    if (!technique->judge(&answer, &verdict))
        return false;
    if (has_mac && host->transport_data) {
        struct frame_path *path = host->transport_data;
        path->mac = mac;
        path->has_mac = true;
    }
    uint64_t rtt_ns;
    uint8_t try = settle_try(t, o, arrived_ns, &rtt_ns);
    prober_answer(t->prober, o->host, o->item, try, &verdict, rtt_ns);
    return true;
}

/* Loopback shows us our own probes, too, and a SYN of ours to a port of our own block looks like an
 * answer from there.  Its sequence number gives it away. */
static bool is_own_probe(const struct frame_transport *t, const struct packet *p)
{
    struct bytes_in in = packet_transport(p);
    struct addr to = packet_dst(p);
    struct tcp_head tcp;
    return p->transport == PACKET_TCP && tcp_decode(&in, &tcp) && !(tcp.flags & TCP_RST) &&
           tcp.seq == cookie_of(t, &to, p->dst_port, p->src_port);
}

static void take_frame(void *ctx, const struct frame_link *link, const struct capture_frame *frame)
{
    struct frame_transport *t = ctx;
    struct packet packet, quoted_packet, *quoted = NULL;
    struct origin o = {0};
    enum packet_link kind = link->ethernet ? PACKET_LINK_ETHERNET : PACKET_LINK_RAW_IP;
    if (!t->prober)
        return;
    /* what lies behind the network head may be of any form where protocols are asked */
    if (packet_decode(&packet, frame->data, frame->len, kind) != PACKET_OK && !packet.net)
        return;
    if (packet_is_icmp_error(&packet)) {
        (void)packet_decode_quoted(&quoted_packet, &packet); /* often a stump */
        if (!quoted_packet.net)
            return;
        quoted = &quoted_packet;
    }
    if ((link->loopback && is_own_probe(t, &packet)) || !read_origin(t, &packet, quoted, &o))
        return;
    for (; o.slot < o.slot_end; o.slot++)
        if (find_item(t, &t->slot[o.slot], &o) && judge(t, &o, &packet, quoted, frame->mono_ns))
            return;
}

/* ---- life ---- */

static int add_slot(struct frame_transport *t, uint32_t item, struct err *e)
{
    const struct scan_technique *technique = t->setup.item[item].technique;
    uint8_t s = slot_of(t, &t->setup.item[item]);
    if (s == FRAME_SLOTS)
        return err_set(e, -E2BIG, "more than %d techniques at once", FRAME_SLOTS);
    struct slot *slot = &t->slot[s];
    if (s == t->slot_count) {
        t->slot_count++;
        *slot =
            (struct slot){.technique = technique, .ttl = t->setup.item[item].ttl, .any_item = item};
        if (technique->proto != SCAN_IP || technique->by_protocol) {
            slot->item_of_port = mem_resize(NULL, PORT_COUNT, sizeof *slot->item_of_port);
            memset(slot->item_of_port, 0xff, PORT_COUNT * sizeof *slot->item_of_port);
        }
    }
    if (slot->item_of_port)
        slot->item_of_port[t->setup.item[item].port] = item;
    return 0;
}

int frame_transport_open(struct frame_transport **out, const struct frame_transport_setup *setup,
                         struct err *e)
{
    struct frame_transport *t = mem_zero(sizeof *t);
    t->setup = *setup;
    for (uint32_t i = 0; i < setup->item_count; i++)
        if (add_slot(t, i, e) < 0) {
            frame_transport_close(t);
            return e->code;
        }
    t->tries = (uint8_t)(t->slot_count <= FRAME_SLOTS_FEW ? FRAME_TRIES : FRAME_TRIES_FEW);
    for (uint32_t h = 0; h < setup->host_count; h++) {
        struct host_key key = host_key_of(&setup->host[h].addr);
        map_put(&t->host_of_addr, key.byte, sizeof key.byte, (void *)((size_t)h + 1));
    }
    t->as_transport = (struct probe_transport){t, CAPACITY, send_probe, forget, wait_for_answers};
    frame_net_take(setup->net, take_frame, t);
    *out = t;
    return 0;
}

void frame_transport_close(struct frame_transport *t)
{
    if (!t)
        return;
    frame_net_take(t->setup.net, NULL, NULL);
    for (uint8_t s = 0; s < t->slot_count; s++)
        mem_free(t->slot[s].item_of_port);
    map_done(&t->host_of_addr);
    mem_free(t);
}

const struct probe_transport *frame_transport_of(struct frame_transport *t)
{
    return &t->as_transport;
}
