/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/watch.h"

#include <errno.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "sys/host/trusted.h"
#include "sys/link/capture.h"
#include "sys/link/filter.h"
#include "sys/link/iface.h"
#include "tool/trap/open_ports.h"
#include "wire/packet/defrag.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/packet.h"

enum {
    READ_BATCH = 64,
    EYE_MAX = 64,                /* interfaces */
    EYE_BLOCK_SIZE = 128 * 1024, /* eight of them an interface: 1 MiB */
    EYE_BLOCK_COUNT = 8,
    EYE_BLOCK_WAIT_MS = 1, /* a probe is to be answered within milliseconds */
};

static const struct defrag_config pieces = {
    .tracker_max = 1024, .piece_max = 8192, .bytes_max = 4 << 20, .timeout_s = 30};
static const uint64_t look_again_ns = UINT64_C(2000000000);

struct eye { /* one interface */
    struct watch *watch;
    struct capture *capture; /* NULL: free */
    uint32_t interface;
    struct loop_fd readable;
    bool is_there; /* met at the last look */
};

struct watch {
    struct loop *loop;
    struct watch_spec spec;
    watch_probe_fn *probe;
    watch_reset_fn *reset;
    void *ctx;
    struct eye eye[EYE_MAX];
    struct loop_timer look;
    struct trusted trusted; /* whose packets are for us: trusted.own */
    struct open_ports *open;
    struct defrag *defrag; /* nmap -f: heads in pieces */
    uint16_t first, last;  /* of spec.ports */
};

static void close_eye(struct eye *eye)
{
    loop_fd_remove(eye->watch->loop, &eye->readable);
    capture_close(eye->capture);
    eye->capture = NULL;
}

/* The first fields of a probe; false when the packet is none of ours. */
static bool read_ends(struct watch *w, const struct packet *p, struct probe *out)
{
    out->from = (struct endpoint){packet_src(p), p->src_port};
    out->to = (struct endpoint){packet_dst(p), p->dst_port};
    out->ip_proto = p->ip_proto;
    return port_set_has(&w->spec.ports, p->dst_port) &&
           cidr_set_has(&w->trusted.own, &out->to.addr);
}

static bool read_tcp(struct watch *w, const struct packet *p, struct probe *out)
{
    struct bytes_in in = packet_transport(p);
    struct tcp_head head;
    if (!tcp_decode(&in, &head))
        return false;
    out->tcp_flags = head.flags;
    out->seq = head.seq;
    if (head.flags & TCP_RST) {
        w->reset(w->ctx, out);
        return false;
    }
    return probe_kind_of_flags(head.flags, &out->kind) &&
           (w->spec.quiet_kinds || !probe_is_quiet(out->kind));
}

static bool read_packet(struct watch *w, const struct packet *p, struct probe *out)
{
    if (p->ip_proto != w->spec.ip_proto || !read_ends(w, p, out))
        return false;
    out->ip_options = p->net == PACKET_IP4 && p->flag & PACKET_FLAG_IP_OPTIONS;
    if (p->transport == PACKET_TCP)
        return read_tcp(w, p, out);
    out->kind = p->transport == PACKET_UDP ? PROBE_UDP : PROBE_SCTP;
    return p->transport != PACKET_NONE;
}

/* Of a whole datagram.  A bad checksum is thrown away by the kernel, and never answered: it would
 * show us, not them. */
static void take_packet(struct watch *w, const struct packet *p, const struct capture_frame *frame,
                        bool is_summed)
{
    struct probe probe = {
        .mono_ns = frame->mono_ns, .wall_ns = frame->wall_ns, .strength = STRENGTH_CLAIMED};
    if (!read_packet(w, p, &probe))
        return;
    enum packet_sum sum = is_summed ? packet_sum_check(p) : PACKET_SUM_GOOD;
    if (sum == PACKET_SUM_BAD_NET || sum == PACKET_SUM_BAD_TRANSPORT ||
        open_ports_has(w->open, probe.ip_proto, &probe.to, &probe.from, loop_now_ns(w->loop)))
        return;
    w->probe(w->ctx, &probe);
}

static void take_fragment(struct watch *w, const struct packet *p,
                          const struct capture_frame *frame)
{
    static const uint16_t no_vlan[PACKET_VLAN_MAX];
    struct event_list events = {0};
    struct bytes_in datagram;
    struct packet whole;
    if (defrag_take(w->defrag, p, DEFRAG_LINUX, no_vlan, frame->wall_ns, &events, &datagram) &&
        packet_decode(&whole, datagram.pos, bytes_left(&datagram), PACKET_LINK_RAW_IP) == PACKET_OK)
        take_packet(w, &whole, frame, true);
}

static void take_frame(struct watch *w, const struct capture_frame *frame)
{
    struct packet p;
    enum packet_verdict verdict =
        packet_decode(&p, frame->data, frame->len, (enum packet_link)frame->link);
    if (verdict != PACKET_OK || p.flag & PACKET_FLAG_TUNNEL)
        return;
    if (p.flag & PACKET_FLAG_FRAGMENT)
        take_fragment(w, &p, frame);
    else
        take_packet(w, &p, frame, !frame->sum_unset);
}

static void on_frames(struct loop_fd *watch, unsigned ready)
{
    struct eye *eye = watch->ctx;
    struct capture_frame frame[READ_BATCH];
    int count;
    (void)ready;
    while ((count = capture_read(eye->capture, frame, READ_BATCH)) > 0)
        for (int i = 0; i < count; i++)
            take_frame(eye->watch, &frame[i]);
    capture_release(eye->capture);
    if (count < 0)
        close_eye(eye);
}

static int open_capture(struct watch *w, const struct iface *iface, struct capture **out,
                        struct err *e)
{
    const struct filter_want want = {.link = iface->link,
                                     .proto = {w->spec.ip_proto},
                                     .proto_count = 1,
                                     .port_first = w->first,
                                     .port_last = w->last,
                                     .no_ack =
                                         w->spec.ip_proto == IP_PROTO_TCP && !w->spec.quiet_kinds,
                                     .not_own = true};
    struct filter filter;
    if (filter_build(&filter, &want, e) < 0)
        return e->code;
    const struct capture_spec spec = {.interface = iface->index,
                                      .protocol = CAPTURE_PROTO_ALL,
                                      .filter = &filter,
                                      .block_size = EYE_BLOCK_SIZE,
                                      .block_count = EYE_BLOCK_COUNT,
                                      .block_wait_ms = EYE_BLOCK_WAIT_MS,
                                      .not_own = true};
    return capture_open(out, &spec, e);
}

static int open_eye(struct watch *w, struct eye *eye, const struct iface *iface, struct err *e)
{
    struct capture *capture;
    if (open_capture(w, iface, &capture, e) < 0)
        return e->code;
    *eye = (struct eye){.watch = w, .capture = capture, .interface = iface->index};
    eye->readable = (struct loop_fd){.fn = on_frames, .ctx = eye, .fd = capture_fd(capture)};
    if (loop_fd_add(w->loop, &eye->readable, LOOP_READ, e) < 0) {
        capture_close(capture);
        eye->capture = NULL;
        return e->code;
    }
    return 0;
}

static struct eye *eye_of(struct watch *w, uint32_t interface)
{
    struct eye *free_place = NULL;
    for (size_t i = 0; i < EYE_MAX; i++) {
        if (w->eye[i].capture && w->eye[i].interface == interface)
            return &w->eye[i];
        if (!w->eye[i].capture && !free_place)
            free_place = &w->eye[i];
    }
    return free_place;
}

static int look_at(struct watch *w, const struct iface *iface, struct err *e)
{
    if (!(iface->flag & IFACE_UP) || !iface->has_link)
        return 0;
    struct eye *eye = eye_of(w, iface->index);
    if (!eye)
        return err_set(e, -ENOSPC, "more than %d interfaces", EYE_MAX);
    if (!eye->capture && open_eye(w, eye, iface, e) < 0)
        return err_wrap(e, "%s", iface->name);
    eye->is_there = true;
    return 0;
}

/* Whose addresses are ours, and which interfaces are up, now. */
static int look(struct watch *w, struct err *e)
{
    struct arena arena = {0};
    struct iface_list list;
    int rc = trusted_read(&w->trusted, "/etc/resolv.conf", e);
    for (size_t i = 0; i < EYE_MAX; i++)
        w->eye[i].is_there = false;
    if (rc == 0)
        rc = iface_read(&arena, &list, e);
    for (size_t i = 0; rc == 0 && i < list.count; i++)
        rc = look_at(w, &list.item[i], e);
    for (size_t i = 0; rc == 0 && i < EYE_MAX; i++)
        if (w->eye[i].capture && !w->eye[i].is_there)
            close_eye(&w->eye[i]);
    arena_done(&arena);
    return rc;
}

static void on_look(struct loop_timer *timer)
{
    struct watch *w = timer->ctx;
    struct err e = {0};
    if (look(w, &e) < 0)
        log_at(LOG_LEVEL_WARN, "interfaces: %s", e.text);
    loop_timer_set(w->loop, timer, loop_now_ns(w->loop) + look_again_ns);
}

static void find_bounds(struct watch *w)
{
    int first = port_set_next(&w->spec.ports, 0), last = first;
    for (int p = first; p >= 0; p = p < PORT_COUNT - 1 ? port_set_next(&w->spec.ports, p + 1) : -1)
        last = p;
    w->first = (uint16_t)(first < 0 ? 0 : first);
    w->last = (uint16_t)(last < 0 ? 0 : last);
}

int watch_open(struct watch **out, struct loop *loop, const struct watch_spec *spec,
               watch_probe_fn *probe, watch_reset_fn *reset, void *ctx, struct err *e)
{
    struct watch *w = mem_zero(sizeof *w);
    *w = (struct watch){.loop = loop, .spec = *spec, .probe = probe, .reset = reset, .ctx = ctx};
    w->open = open_ports_new("/proc/net");
    w->defrag = defrag_new(&pieces);
    w->look = (struct loop_timer){.fn = on_look, .ctx = w};
    find_bounds(w);
    if (look(w, e) < 0) {
        watch_close(w);
        return e->code;
    }
    loop_timer_set(loop, &w->look, loop_now_ns(loop) + look_again_ns);
    *out = w;
    return 0;
}

void watch_close(struct watch *w)
{
    if (!w)
        return;
    loop_timer_stop(w->loop, &w->look);
    for (size_t i = 0; i < EYE_MAX; i++)
        if (w->eye[i].capture)
            close_eye(&w->eye[i]);
    open_ports_free(w->open);
    defrag_free(w->defrag);
    trusted_done(&w->trusted);
    mem_free(w);
}
