/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way does each host lie, and who on the link takes its frames?  Asking a neighbour for its
 * MAC tells at the same time whether it is there: nobody on a link can be there and not answer. */
#include <errno.h>

#include "core/base/map.h"
#include "tool/scan/phase.h"

/* Those who take frames: each asked once, however many hosts lie behind. */
struct next_hops {
    struct probe_host *host; /* transport_data is the path whose MAC is filled in */
    uint32_t count;
    struct map by_addr; /* of the next hop -> its entry of host */
};

/* A host that no route leads to is down.  0, or what keeps us from sending frames at all. */
static int find_path(struct phase *p, struct group *g, struct group_host *h, struct err *e)
{
    struct frame_path path;
    int rc = frame_net_path(p->net, &h->addr, &path, e);
    if (rc == 0) {
        h->path = arena_take(&g->arena, sizeof path);
        *h->path = path;
    } else if (rc == -EHOSTUNREACH || rc == -ENETUNREACH) {
        phase_mark(h, SCAN_HOST_DOWN,
                   rc == -EHOSTUNREACH ? SCAN_REASON_HOST_UNREACH : SCAN_REASON_NET_UNREACH);
        rc = 0;
    }
    return rc;
}

/* Is the host itself a neighbour that has to prove it is there? */
static bool is_proved_by_link(const struct phase *p, const struct group_host *h)
{
    return h->path && h->path->on_link && h->path->needs_mac && h->state == SCAN_HOST_UNKNOWN &&
           !p->options->no_link_ping;
}

static void add_next_hop(struct next_hops *n, const struct phase *p, struct group_host *h)
{
    struct frame_path *path = h->path;
    if (!path || !path->needs_mac)
        return;
    if (is_proved_by_link(p, h))
        path->has_mac = false; /* what the kernel remembers is no proof of now */
    if (path->has_mac || map_find(&n->by_addr, path->next_hop.byte, sizeof path->next_hop.byte))
        return;
    struct probe_host *entry = &n->host[n->count++];
    *entry = (struct probe_host){
        .addr = path->next_hop, .rtt = rtt_of(&p->options->timing), .transport_data = path};
    map_put(&n->by_addr, path->next_hop.byte, sizeof path->next_hop.byte, entry);
}

static int ask_family(struct phase *p, struct group *g, const struct next_hops *n, uint8_t family,
                      struct err *e)
{
    struct probe_item item = {.technique = scan_technique_find(family == ADDR_IP4 ? "arp" : "nd")};
    struct phase_job job = {.title = item.technique->title,
                            .unit = "hosts",
                            .item = &item,
                            .item_count = 1,
                            .one_answer = true};
    job.host = arena_array(&g->arena, n->count, sizeof *job.host);
    for (uint32_t i = 0; i < n->count; i++)
        if (n->host[i].addr.family == family)
            job.host[job.host_count++] = n->host[i];
    if (!job.host_count)
        return 0;
    struct prober *prober;
    if (phase_run_job(p, &job, &prober, e) < 0)
        return e->code;
    prober_free(prober);
    for (uint32_t from = 0, to = 0; to < n->count; to++) /* the times that were measured */
        if (n->host[to].addr.family == family)
            n->host[to].rtt = job.host[from++].rtt;
    return 0;
}

/* What the answer of the link, or its silence, means for the host. */
static void take_link(struct phase *p, const struct next_hops *n, struct group_host *h,
                      bool was_asked)
{
    struct frame_path *path = h->path;
    if (!path || !path->needs_mac)
        return;
    const struct probe_host *asked =
        map_find(&n->by_addr, path->next_hop.byte, sizeof path->next_hop.byte);
    const struct frame_path *answer = asked ? asked->transport_data : NULL;
    if (answer && answer->has_mac) {
        path->mac = answer->mac;
        path->has_mac = true;
        if (path->on_link) {
            h->rtt = asked->rtt;
            h->rtt_of_link = true;
        }
    }
    h->end_wall_ns = clock_wall_ns(p->clock);
    if (!path->has_mac)
        phase_mark(h, SCAN_HOST_DOWN,
                   path->on_link ? SCAN_REASON_NO_RESPONSE : SCAN_REASON_HOST_UNREACH);
    else if (was_asked)
        phase_mark(h, SCAN_HOST_UP,
                   h->addr.family == ADDR_IP4 ? SCAN_REASON_ARP_RESPONSE : SCAN_REASON_ND_RESPONSE);
}

int phase_link(struct phase *p, struct group *g, struct err *e)
{
    struct next_hops n = {.host = arena_array(&g->arena, g->count, sizeof *n.host)};
    bool *asked = arena_array(&g->arena, g->count, sizeof *asked);
    for (size_t i = 0; i < g->count; i++) {
        if (find_path(p, g, &g->host[i], e) < 0) {
            map_done(&n.by_addr);
            return e->code;
        }
        asked[i] = is_proved_by_link(p, &g->host[i]);
        add_next_hop(&n, p, &g->host[i]);
    }
    int rc = ask_family(p, g, &n, ADDR_IP4, e);
    if (rc == 0)
        rc = ask_family(p, g, &n, ADDR_IP6, e);
    for (size_t i = 0; i < g->count && rc == 0; i++)
        take_link(p, &n, &g->host[i], asked[i]);
    map_done(&n.by_addr);
    return rc;
}

int phase_link_way(struct phase *p, const struct addr *to, struct arena *arena,
                   struct frame_path **out, struct err *e)
{
    struct group g = {0};
    struct target_addr target = {.addr = *to};
    char text[ADDR_TEXT_MAX];
    int rc = group_add(&g, &target) ? phase_link(p, &g, e) : -EINVAL;
    const struct frame_path *path = rc == 0 ? g.host[0].path : NULL;
    if (rc == 0 && (!path || (path->needs_mac && !path->has_mac)))
        rc = err_set(e, -EHOSTUNREACH, "%s cannot be reached", addr_format(to, text));
    if (rc == 0) {
        *out = arena_take(arena, sizeof **out);
        **out = *path;
    }
    group_done(&g);
    return rc;
}
