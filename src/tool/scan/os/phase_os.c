/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All hosts of a batch are asked at the same time: the six SYNs in step, 100 ms apart, then the
 * other probes, until all that will answer have.  What nobody answers is asked again, and the whole
 * again where nothing known fits. */
#include "tool/scan/os/phase_os.h"

#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "tool/scan/os/os_report.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/number.h"

enum {
    BATCH_HOSTS = 64,
    ROUNDS = 2, /* nmap(1): --max-os-tries */
    TRIES = 3,  /* of each probe in a round */
    PORTS_OF_TRY = 16,
    PORTS_OF_ROUND = PORTS_OF_TRY * TRIES,
    UDP_PORT_FIRST = 30000,
    UDP_PORT_LAST = 44380,
};
/* What fits worse is no guess (nmap's bound), or with --osscan-guess. */
static const double least_usual = 0.85, least_asked_for = 0.60;
static const uint64_t seq_gap_ns = 100 * NS_PER_MS, probe_gap_ns = 15 * NS_PER_MS,
                      answer_wait_min_ns = 100 * NS_PER_MS, answer_wait_max_ns = NS_PER_S;

struct os_host {
    struct group_host *host;
    struct os_ask ask;
    struct os_seen seen; /* of this round */
    struct os_matches matches;
    bool done;
};

struct os_job {
    struct phase *phase;
    struct arena *arena; /* the group's */
    struct os_host *host;
    uint32_t count;
    struct map by_addr; /* address -> its entry of host */
    unsigned round;
    struct rng rng;
};

/* ---- which ports ---- */

static bool has_answered(const struct group *g, const struct group_scan *s,
                         const struct group_host *h, uint32_t item, enum scan_state state)
{
    const struct probe_result *r = prober_result(s->prober, h->number, item);
    return r->state == state &&
           prober_answered_by(s->prober, h->number, item).family == ADDR_NONE && g->count > 0;
}

/* The first port of that state; 0: none. */
static uint16_t find_port(const struct group *g, const struct group_host *h, enum scan_proto proto,
                          enum scan_state state)
{
    for (size_t s = 0; s < g->scan_count && h->number != GROUP_NOT_PROBED; s++) {
        const struct group_scan *scan = &g->scan[s];
        if (!scan->prober || scan->technique->proto != proto)
            continue;
        for (uint32_t i = 0; i < scan->item_count; i++)
            if (scan->item[i].port && has_answered(g, scan, h, i, state))
                return scan->item[i].port;
    }
    return 0;
}

static void choose_ports(struct os_job *job, const struct group *g, struct os_host *o)
{
    const struct scan_options *options = job->phase->options;
    struct rng *rng = &job->rng;
    o->ask = (struct os_ask){
        .src = o->host->path->source,
        .dst = o->host->addr,
        .open_tcp = find_port(g, o->host, SCAN_TCP, SCAN_OPEN),
        .closed_tcp = find_port(g, o->host, SCAN_TCP, SCAN_CLOSED),
        .closed_udp = find_port(g, o->host, SCAN_UDP, SCAN_CLOSED),
        .seq = (uint32_t)rng_u64(rng),
        .ack = (uint32_t)rng_u64(rng),
        .ttl = options->shape.ttl ? options->shape.ttl : FRAME_TTL_USUAL,
    };
    if (!o->ask.closed_udp) /* most are */
        o->ask.closed_udp =
            (uint16_t)(UDP_PORT_FIRST + rng_below(rng, UDP_PORT_LAST - UDP_PORT_FIRST));
}

/* ---- asking ---- */

static uint16_t our_port(const struct os_job *job, enum os_probe probe, unsigned try)
{
    return (uint16_t)(frame_net_port(job->phase->net) + job->round * PORTS_OF_ROUND +
                      try * PORTS_OF_TRY + probe);
}

static int send_probe(struct os_job *job, struct os_host *o, enum os_probe probe, unsigned try)
{
    const struct frame_path *path = o->host->path;
    uint8_t room[1024];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    if (path->link->ethernet && !path->link->loopback) {
        struct eth_head eth = {.dst = path->mac, .src = path->link->mac, .type = ETH_TYPE_IP4};
        eth_encode(&out, &eth);
    }
    os_probe_build(&o->ask, probe, our_port(job, probe, try), &out);
    if (path->link->loopback)
        return frame_net_send_local(job->phase->net, &o->ask.dst, room, bytes_out_len(&out));
    uint8_t *frame = sender_room(path->link->sender);
    if (!frame) {
        (void)!sender_flush(path->link->sender);
        frame = sender_room(path->link->sender);
    }
    if (!frame)
        return -EAGAIN; /* a lost probe is asked again like one lost on the way */
    memcpy(frame, room, bytes_out_len(&out));
    sender_commit(path->link->sender, bytes_out_len(&out));
    return 0;
}

static int run_until(struct os_job *job, uint64_t end_ns, struct err *e)
{
    struct phase *p = job->phase;
    if (frame_net_flush(p->net, e) < 0)
        return e->code;
    for (uint64_t now_ns; (now_ns = clock_mono_ns(p->clock)) < end_ns;) {
        if (p->events->stop && p->events->stop(p->events->ctx))
            return err_set(e, -ECANCELED, "interrupted");
        if (loop_step(p->loop, end_ns - now_ns, e) < 0)
            return e->code;
    }
    return 0;
}

static bool is_asked(const struct os_host *o, enum os_probe probe)
{
    if (o->done || o->seen.heard[probe])
        return false;
    if (os_probe_wants_open(probe))
        return o->ask.open_tcp != 0;
    return probe < OS_PROBE_T5 || probe > OS_PROBE_T7 || o->ask.closed_tcp != 0;
}

/* The six SYNs: the time between them is part of the measure. */
static int ask_sequence(struct os_job *job, struct err *e)
{
    uint64_t next_ns = clock_mono_ns(job->phase->clock);
    for (enum os_probe probe = OS_PROBE_SEQ; probe <= OS_PROBE_SEQ_LAST; probe++) {
        for (uint32_t i = 0; i < job->count; i++) {
            struct os_host *o = &job->host[i];
            if (!is_asked(o, probe))
                continue;
            o->seen.seq[probe].sent_ns = clock_mono_ns(job->phase->clock);
            (void)!send_probe(job, o, probe, 0);
        }
        next_ns += seq_gap_ns;
        if (run_until(job, next_ns, e) < 0)
            return e->code;
    }
    return 0;
}

/* How long the slowest host may take. */
static uint64_t answer_wait_ns(const struct os_job *job)
{
    uint64_t longest_ns = answer_wait_min_ns;
    for (uint32_t i = 0; i < job->count; i++) {
        const struct rtt *rtt = &job->host[i].host->rtt;
        uint64_t wait_ns = rtt->srtt_ns ? rtt->srtt_ns + 4 * rtt->var_ns : answer_wait_max_ns / 2;
        longest_ns = wait_ns > longest_ns ? wait_ns : longest_ns;
    }
    return longest_ns < answer_wait_max_ns ? longest_ns : answer_wait_max_ns;
}

static int ask_rest(struct os_job *job, struct err *e)
{
    for (unsigned try = 0; try < TRIES; try++) {
        bool any = false;
        for (enum os_probe probe = OS_PROBE_IE1; probe < OS_PROBES; probe++) {
            bool sent = false;
            for (uint32_t i = 0; i < job->count; i++)
                if (is_asked(&job->host[i], probe)) {
                    (void)!send_probe(job, &job->host[i], probe, try);
                    sent = true;
                }
            any |= sent;
            uint64_t now_ns = clock_mono_ns(job->phase->clock);
            if (sent && run_until(job, now_ns + probe_gap_ns, e) < 0)
                return e->code;
        }
        uint64_t now_ns = clock_mono_ns(job->phase->clock);
        if (any && run_until(job, now_ns + answer_wait_ns(job), e) < 0)
            return e->code;
    }
    return 0;
}

/* ---- answers ---- */

static bool read_our_port(const struct packet *p, bool quoted, uint16_t *out)
{
    struct bytes_in in = packet_transport(p);
    struct icmp4_head icmp;
    if (p->transport == PACKET_TCP || p->transport == PACKET_UDP) {
        *out = quoted ? p->src_port : p->dst_port;
        return true;
    }
    if (p->transport != PACKET_ICMP4 || !icmp4_decode(&in, &icmp))
        return false;
    *out = icmp4_id(&icmp);
    return true;
}

static void take_frame(void *ctx, const struct frame_link *link, const struct capture_frame *frame)
{
    struct os_job *job = ctx;
    struct packet packet, quoted_packet, *quoted = NULL;
    enum packet_link kind = link->ethernet ? PACKET_LINK_ETHERNET : PACKET_LINK_RAW_IP;
    uint16_t port;
    if (packet_decode(&packet, frame->data, frame->len, kind) != PACKET_OK)
        return;
    if (packet_is_icmp_error(&packet)) {
        (void)packet_decode_quoted(&quoted_packet, &packet);
        if (quoted_packet.net != PACKET_IP4)
            return;
        quoted = &quoted_packet;
    }
    if (!read_our_port(quoted ? quoted : &packet, quoted != NULL, &port))
        return;
    struct addr from = quoted ? packet_dst(quoted) : packet_src(&packet);
    struct os_host *o = map_find(&job->by_addr, from.byte, sizeof from.byte);
    unsigned offset = (uint16_t)(port - frame_net_port(job->phase->net));
    if (!o || offset / PORTS_OF_ROUND != job->round)
        return;
    enum os_probe probe = (enum os_probe)(offset % PORTS_OF_TRY);
    (void)os_reply_take(&o->seen, &o->ask, probe, &packet, quoted);
}

/* ---- a batch ---- */

static void begin_round(struct os_job *job)
{
    for (uint32_t i = 0; i < job->count; i++) {
        struct os_host *o = &job->host[i];
        if (o->done)
            continue;
        o->seen = (struct os_seen){
            .distance = (uint8_t)(o->host->path->on_link && !o->host->path->link->loopback)};
        if (!o->seen.distance && o->host->trace && o->host->trace->hop_count)
            o->seen.distance = (uint8_t)o->host->trace->hop_count;
    }
}

/* The matches of this round, if they are better than those of the one before. */
static void end_round(struct os_job *job)
{
    for (uint32_t i = 0; i < job->count; i++) {
        struct os_host *o = &job->host[i];
        struct os_matches found;
        if (o->done)
            continue;
        os_reply_finish(&o->seen, &o->ask);
        os_match_find(job->phase->options->os_db, &o->seen.print,
                      job->phase->options->os_guess ? least_asked_for : least_usual, &found);
        o->matches = found;
        o->done = found.perfect > 0 || !o->ask.open_tcp || !o->ask.closed_tcp;
    }
}

static const char *sequence_text(struct os_job *job, const struct os_seen *seen, int kind)
{
    struct str text = str_of(0);
    for (size_t i = 0; i < OS_SEQ_PROBES; i++)
        if (seen->seq[i].heard)
            str_addf(&text, "%s%X", text.len ? "," : "",
                     kind == 0   ? seen->seq[i].isn
                     : kind == 1 ? seen->seq[i].ip_id
                                 : seen->seq[i].timestamp);
    const char *kept = arena_text(job->arena, str_text(&text));
    str_done(&text);
    return kept;
}

static void tell(struct os_job *job, struct os_host *o)
{
    const struct scan_options *options = job->phase->options;
    const struct os_seen *seen = &o->seen;
    struct group_os *out = arena_take(job->arena, sizeof *out);
    struct os_report_of of = {.seen = seen,
                              .ask = &o->ask,
                              .matches = &o->matches,
                              .db = options->os_db,
                              .mac = o->host->path->has_mac ? &o->host->path->mac : NULL,
                              .on_link = o->host->path->on_link,
                              .local = o->host->path->link->loopback,
                              .guess = options->os_guess,
                              .show_print = options->debugging || options->verbosity > 1,
                              .wall_ns = clock_wall_ns(job->phase->clock)};
    const char *ids = os_print_get(&seen->print, OS_SEQ, "TI"),
               *ts = os_print_get(&seen->print, OS_SEQ, "TS");
    *out = (struct group_os){.os = os_report_make(&of, job->arena), .distance = seen->distance};
    if (seen->sp >= 0 && seen->seq[0].heard) {
        out->sequence_index = arena_print(job->arena, "%d", seen->sp);
        out->sequence_difficulty = os_report_difficulty(seen->sp);
        out->sequence_values = sequence_text(job, seen, 0);
    }
    if (ids) {
        out->id_class = os_report_id_class(ids);
        out->id_values = sequence_text(job, seen, 1);
    }
    if (ts) {
        out->timestamp_class = seen->timestamp_hz > 0
                                   ? arena_print(job->arena, "%.0fHZ", seen->timestamp_hz)
                                   : "none returned (unsupported)";
        out->timestamp_values = seen->timestamp_hz > 0 ? sequence_text(job, seen, 2) : NULL;
    }
    if (seen->timestamp_hz > 0 && seen->seq[0].has_timestamp) {
        out->uptime_s = (uint64_t)(seen->seq[0].timestamp / seen->timestamp_hz);
        out->last_boot_wall_ns = of.wall_ns - out->uptime_s * NS_PER_S;
    }
    o->host->os = out;
}

static int run_batch(struct os_job *job, struct err *e)
{
    for (uint32_t i = 0; i < job->count; i++)
        map_put(&job->by_addr, job->host[i].host->addr.byte, sizeof job->host[i].host->addr.byte,
                &job->host[i]);
    frame_net_take(job->phase->net, take_frame, job);
    int rc = 0;
    for (job->round = 0; job->round < ROUNDS && rc == 0; job->round++) {
        bool any = false;
        for (uint32_t i = 0; i < job->count; i++)
            any |= !job->host[i].done;
        if (!any)
            break;
        begin_round(job);
        rc = ask_sequence(job, e);
        if (rc == 0)
            rc = ask_rest(job, e);
        if (rc == 0)
            end_round(job);
    }
    frame_net_take(job->phase->net, NULL, NULL);
    map_done(&job->by_addr);
    for (uint32_t i = 0; i < job->count && rc == 0; i++)
        tell(job, &job->host[i]);
    job->count = 0;
    return rc;
}

/* Can it be told apart, and is it worth trying? */
static bool is_candidate(const struct phase *p, const struct group *g, const struct group_host *h)
{
    if (h->state != SCAN_HOST_UP || h->timed_out || !h->path || h->addr.family != ADDR_IP4)
        return false;
    return !p->options->os_limit ||
           (find_port(g, h, SCAN_TCP, SCAN_OPEN) && find_port(g, h, SCAN_TCP, SCAN_CLOSED));
}

int phase_os(struct phase *p, struct group *g, struct err *e)
{
    static const char title[] = "OS Scan";
    if (!p->options->os_db || !p->net)
        return 0;
    struct os_job job = {.phase = p,
                         .arena = &g->arena,
                         .host = arena_array(&g->arena, BATCH_HOSTS, sizeof *job.host),
                         .rng = rng_of(p->options->seed ^ 5)};
    if (phase_tell(p, SCAN_TASK_BEGIN, title, NULL, e) < 0)
        return e->code;
    for (size_t i = 0; i < g->count; i++) {
        if (!is_candidate(p, g, &g->host[i]))
            continue;
        job.host[job.count] = (struct os_host){.host = &g->host[i]};
        choose_ports(&job, g, &job.host[job.count++]);
        if (job.count == BATCH_HOSTS && run_batch(&job, e) < 0)
            return e->code;
    }
    if (job.count && run_batch(&job, e) < 0)
        return e->code;
    return phase_tell(p, SCAN_TASK_END, title, NULL, e);
}

void phase_os_report(const struct group_host *host, struct scan_host *out)
{
    const struct group_os *os = host->os;
    if (!os)
        return;
    out->os = os->os;
    out->distance = os->distance ? os->distance : out->distance;
    out->uptime_s = os->uptime_s;
    out->last_boot_wall_ns = os->last_boot_wall_ns;
    out->tcp_sequence_index = os->sequence_index;
    out->tcp_sequence_difficulty = os->sequence_difficulty;
    out->tcp_sequence_values = os->sequence_values;
    out->ip_id_class = os->id_class;
    out->ip_id_values = os->id_values;
    out->tcp_ts_class = os->timestamp_class;
    out->tcp_ts_values = os->timestamp_values;
}
