/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/idle_transport.h"

#include <errno.h>

#include "core/base/mem.h"
#include "tool/scan/frame_build.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum {
    TOGETHER_MAX = 64,
    CHECK_QUERIES = 6,
    CHECK_SPOOFED = 4,
    QUERY_TRIES = 4,
    MEASURES_MAX = 6, /* of one set of ports, before the zombie is too busy */
    STEP_SWAPPED = 256,
    BUSY_ALLOWED = 1, /* steps of the check that others may have made larger */
};
static const uint64_t query_wait_ns = NS_PER_S, query_gap_ns = 30 * NS_PER_MS,
                      settle_min_ns = 30 * NS_PER_MS; /* target to zombie and back */

struct pending {
    uint32_t host, item;
    uint8_t try;
};

struct idle_transport {
    struct idle_transport_setup setup;
    struct probe_transport as_transport;
    struct prober *prober;
    struct pending pending[TOGETHER_MAX];
    uint32_t count;
    unsigned step;
    uint64_t rtt_ns;            /* of the zombie */
    uint32_t serial;            /* of the query under way: its answer repeats it */
    bool heard;                 /* that answer has come .. */
    uint16_t heard_id;          /* .. with this IP ID */
    const struct addr *checked; /* the target for whom the zombie was seen to count; NULL: none */
};

/* ---- frames ---- */

static int queue_piece(void *ctx, const struct frame_build *b, const struct frame_piece *piece)
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
    sender_commit(sender, bytes_out_len(&out));
    return out.full ? -EMSGSIZE : 0;
}

static int send_segment(struct idle_transport *t, const struct frame_path *path,
                        const struct frame_probe *probe)
{
    static const struct frame_shape
        plain; /* decoys of an idle scan would be seen for what they are */
    struct frame_build b = {.path = path,
                            .shape = &plain,
                            .technique = scan_technique_find("syn"),
                            .probe = probe,
                            .ttl = t->setup.shape->ttl ? t->setup.shape->ttl : FRAME_TTL_USUAL};
    return frame_build_each(&b, queue_piece, t);
}

/* A SYN-ACK out of nowhere is reset, and the reset takes its number from our acknowledgment (RFC
 * 9293 3.10.7). */
static struct frame_probe syn_ack(const struct idle_transport *t, const struct addr *src,
                                  uint16_t src_port, uint32_t cookie)
{
    return (struct frame_probe){.src = *src,
                                .dst = t->setup.zombie,
                                .src_port = src_port,
                                .dst_port = t->setup.zombie_port,
                                .cookie = cookie,
                                .proto = IP_PROTO_TCP,
                                .tcp_flags = TCP_SYN | TCP_ACK};
}

static void take_frame(void *ctx, const struct frame_link *link, const struct capture_frame *frame)
{
    struct idle_transport *t = ctx;
    struct packet p;
    struct tcp_head tcp;
    struct ip4_head ip;
    enum packet_link kind = link->ethernet ? PACKET_LINK_ETHERNET : PACKET_LINK_RAW_IP;
    if (packet_decode(&p, frame->data, frame->len, kind) != PACKET_OK ||
        p.transport != PACKET_TCP || p.net != PACKET_IP4)
        return;
    struct addr from = packet_src(&p);
    struct bytes_in net = packet_net(&p), in = packet_transport(&p);
    if (!addr_equal(&from, &t->setup.zombie) || !tcp_decode(&in, &tcp) || !ip4_decode(&net, &ip))
        return;
    if (tcp.flags & TCP_RST && tcp.seq == t->serial && p.dst_port == frame_net_port(t->setup.net)) {
        t->heard = true;
        t->heard_id = ip.id;
    }
}

/* Let the loop run for so long, or until the answer is there. */
static int wait_for(struct idle_transport *t, uint64_t for_ns, bool until_heard, struct err *e)
{
    const struct clock *clock = loop_clock(t->setup.loop);
    uint64_t end_ns = clock_mono_ns(clock) + for_ns;
    if (frame_net_flush(t->setup.net, e) < 0)
        return e->code;
    for (uint64_t now_ns; (now_ns = clock_mono_ns(clock)) < end_ns;) {
        if (until_heard && t->heard)
            return 0;
        if (loop_step(t->setup.loop, end_ns - now_ns, e) < 0)
            return e->code;
    }
    return 0;
}

/* Ask the zombie for its IP ID.  *out_clean: at the first try, so that no answer got lost that had
 * been counted. */
static int query(struct idle_transport *t, uint16_t *out_id, bool *out_clean, struct err *e)
{
    const struct clock *clock = loop_clock(t->setup.loop);
    for (int try = 0; try < QUERY_TRIES; try++) {
        uint64_t begin_ns = clock_mono_ns(clock);
        t->serial = t->serial * 1664525U + 1013904223U; /* any number that was not before */
        t->heard = false;
        struct frame_probe p =
            syn_ack(t, &t->setup.zombie_path->source, frame_net_port(t->setup.net), t->serial);
        uint64_t wait_ns = t->rtt_ns ? 4 * t->rtt_ns + settle_min_ns : query_wait_ns;
        if (send_segment(t, t->setup.zombie_path, &p) < 0)
            continue;
        if (wait_for(t, wait_ns, true, e) < 0)
            return e->code;
        if (!t->heard)
            continue;
        t->rtt_ns = clock_mono_ns(clock) - begin_ns;
        *out_id = t->heard_id;
        *out_clean = try == 0;
        return 0;
    }
    return err_set(e, -EHOSTUNREACH, "the zombie does not answer at port %u", t->setup.zombie_port);
}

/* ---- counting ---- */

static uint16_t swapped(uint16_t id)
{
    return (uint16_t)(id << 8 | id >> 8);
}

unsigned idle_step_of(const uint16_t *id, size_t count, const char **out_why)
{
    size_t ones = 0, swapped_ones = 0, zeros = 0, small = 0;
    for (size_t i = 1; i < count; i++) {
        uint16_t step = (uint16_t)(id[i] - id[i - 1]);
        uint16_t step_swapped = (uint16_t)(swapped(id[i]) - swapped(id[i - 1]));
        ones += step == 1;
        swapped_ones += step_swapped == 1;
        zeros += step == 0;
        small += (step > 0 && step < 16) || (step_swapped > 0 && step_swapped < 16);
    }
    if (ones + BUSY_ALLOWED + 1 >= count && small + 1 == count)
        return 1;
    if (swapped_ones + BUSY_ALLOWED + 1 >= count && small + 1 == count)
        return STEP_SWAPPED;
    *out_why = zeros + 1 == count   ? "its IP IDs stay the same"
               : small + 1 == count ? "it is not idle"
                                    : "its IP IDs do not count";
    return 0;
}

static uint16_t distance(const struct idle_transport *t, uint16_t from, uint16_t to)
{
    return t->step == STEP_SWAPPED ? (uint16_t)(swapped(to) - swapped(from))
                                   : (uint16_t)(to - from);
}

typedef int send_fn(struct idle_transport *t, const void *what, uint32_t count);

/* How many packets the zombie sends to others because of what `send` sends.  *out_count: -1 when
 * something got in between. */
static int count_packets(struct idle_transport *t, send_fn *send, const void *what, uint32_t sent,
                         int *out_count, struct err *e)
{
    uint16_t before, after;
    bool clean_before, clean_after;
    *out_count = -1;
    if (query(t, &before, &clean_before, e) < 0)
        return e->code;
    if (send(t, what, sent) < 0)
        return 0;
    if (wait_for(t, settle_min_ns + 4 * t->rtt_ns, false, e) < 0 ||
        query(t, &after, &clean_after, e) < 0)
        return e->code;
    int count = distance(t, before, after) - 1; /* the answer to the query itself */
    if (clean_after && count >= 0 && (uint32_t)count <= sent)
        *out_count = count;
    return 0;
}

static int send_spoofed(struct idle_transport *t, const void *what, uint32_t count)
{
    int rc = 0;
    for (uint32_t i = 0; i < count && rc == 0; i++) {
        struct frame_probe p =
            syn_ack(t, what, (uint16_t)(frame_net_port(t->setup.net) + i), i + 1);
        rc = send_segment(t, t->setup.zombie_path, &p);
    }
    return rc;
}

/* Stacks of today count for each peer apart: what the zombie sends to the target is then not seen
 * in what it sends to us. */
static int check_target(struct idle_transport *t, const struct addr *target, struct err *e)
{
    int count = -1;
    if (t->checked && addr_equal(t->checked, target))
        return 0;
    for (int i = 0; i < MEASURES_MAX && count != CHECK_SPOOFED; i++)
        if (count_packets(t, send_spoofed, target, CHECK_SPOOFED, &count, e) < 0)
            return e->code;
    t->checked = target;
    if (count == CHECK_SPOOFED)
        return 0;
    return err_set(e, -ENOTSUP, "the zombie counts what it sends to others apart");
}

static int send_syns(struct idle_transport *t, const void *what, uint32_t count)
{
    const struct pending *p = what;
    int rc = 0;
    for (uint32_t i = 0; i < count && rc == 0; i++) {
        const struct probe_host *to = prober_host(t->prober, p[i].host);
        const struct frame_path *path = to->transport_data;
        struct frame_probe probe = {.src = t->setup.zombie,
                                    .dst = to->addr,
                                    .src_port = t->setup.zombie_port,
                                    .dst_port = prober_item(t->prober, p[i].item)->port,
                                    .cookie = ++t->serial,
                                    .proto = IP_PROTO_TCP,
                                    .tcp_flags = TCP_SYN};
        rc = path ? send_segment(t, path, &probe) : -EHOSTUNREACH;
    }
    return rc;
}

static void answer(struct idle_transport *t, const struct pending *p, uint32_t count, bool open)
{
    struct scan_verdict v = {
        open ? SCAN_OPEN : SCAN_CLOSED_FILTERED,
        {.reason = open ? SCAN_REASON_IPID_CHANGE : SCAN_REASON_NO_IPID_CHANGE}};
    for (uint32_t i = 0; i < count; i++)
        prober_answer(t->prober, p[i].host, p[i].item, p[i].try, &v, 0);
}

/* What the same measure says twice is taken: somebody else may have talked to the zombie in
 * between. None open is believed at once, for no noise lowers a count. */
static int measure(struct idle_transport *t, const struct pending *p, uint32_t count, int *out_open,
                   struct err *e)
{
    int last = -1;
    for (int i = 0; i < MEASURES_MAX; i++) {
        int open;
        if (count_packets(t, send_syns, p, count, &open, e) < 0)
            return e->code;
        *out_open = open;
        if (open == 0 || (open > 0 && open == last) || (open > 0 && (uint32_t)open < count))
            return 0;
        last = open;
    }
    return err_set(e, -ENOTSUP, "the zombie is not idle");
}

/* Find the open ones.  All or none are told together, else each half is asked by itself (6 levels
 * for TOGETHER_MAX). */
static int ask(struct idle_transport *t, const struct pending *p, uint32_t count, struct err *e)
{
    int open = 0;
    if (measure(t, p, count, &open, e) < 0)
        return e->code;
    if (open == 0 || (uint32_t)open == count) {
        answer(t, p, count, open > 0);
        return 0;
    }
    uint32_t half = count / 2;
    int rc = ask(t, p, half, e);
    return rc < 0 ? rc : ask(t, p + half, count - half, e);
}

/* ---- transport ---- */

static int send_probe(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    struct idle_transport *t = ctx;
    t->prober = p;
    if (t->count == TOGETHER_MAX)
        return -EAGAIN;
    t->pending[t->count++] = (struct pending){host, item, try};
    return 0;
}

static void forget(void *ctx, uint32_t host, uint32_t item)
{
    (void)ctx, (void)host, (void)item; /* what is asked is answered before the prober looks again */
}

/* Ports of one target together. */
static int wait_for_answers(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    struct idle_transport *t = ctx;
    t->prober = p;
    uint32_t count = t->count;
    if (count == 0)
        return loop_step(t->setup.loop, wait_ns, e);
    t->count = 0;
    for (uint32_t first = 0, next; first < count; first = next) {
        const struct pending *of = &t->pending[first];
        for (next = first + 1; next < count && t->pending[next].host == of->host;)
            next++;
        if (check_target(t, &prober_host(p, of->host)->addr, e) < 0 ||
            ask(t, of, next - first, e) < 0)
            return err_wrap(e, "idle scan");
    }
    return 0;
}

int idle_transport_open(struct idle_transport **out, const struct idle_transport_setup *setup,
                        struct err *e)
{
    struct idle_transport *t = mem_zero(sizeof *t);
    uint16_t id[CHECK_QUERIES];
    bool clean;
    const char *why = "";
    char text[ADDR_TEXT_MAX];
    t->setup = *setup;
    t->serial = (uint32_t)clock_mono_ns(loop_clock(setup->loop));
    t->as_transport =
        (struct probe_transport){t, TOGETHER_MAX, send_probe, forget, wait_for_answers};
    frame_net_take(setup->net, take_frame, t);
    int rc = 0;
    for (size_t i = 0; i < CHECK_QUERIES && rc == 0; i++) {
        rc = query(t, &id[i], &clean, e);
        if (rc == 0)
            rc = wait_for(t, query_gap_ns, false, e);
    }
    t->step = rc == 0 ? idle_step_of(id, CHECK_QUERIES, &why) : 0;
    if (rc == 0 && t->step == 0)
        rc = err_set(e, -ENOTSUP, "%s", why);
    if (rc < 0) {
        idle_transport_close(t);
        return err_wrap(e, "zombie %s", addr_format(&setup->zombie, text));
    }
    *out = t;
    return 0;
}

void idle_transport_close(struct idle_transport *t)
{
    if (!t)
        return;
    frame_net_take(t->setup.net, NULL, NULL);
    mem_free(t);
}

const struct probe_transport *idle_transport_of(struct idle_transport *t)
{
    return &t->as_transport;
}
