/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/audit/reach.h"

#include <stdbool.h>

int reach_world_read(struct reach_world *w, struct arena *arena, const char *proc_net,
                     struct err *e)
{
    *w = (struct reach_world){.arena = arena};
    int result = iface_read(arena, &w->ifaces, e);
    if (result == 0)
        result = route_read(arena, &w->routes, e);
    if (result == 0)
        result = firewall_open(&w->firewall, proc_net, e);
    return result;
}

void reach_world_done(struct reach_world *w)
{
    firewall_close(w->firewall);
    w->firewall = NULL;
}

/* What was found out about one kind of sender, over all ways in.  A way in that is open counts more
 * than one that cannot be judged, and that more than one that is closed. */
struct opinion {
    bool asked;
    enum firewall_verdict verdict; /* PASS, UNKNOWN or DROP */
    const char *why;
};

struct survey {
    const struct reach_world *world;
    const struct listener *listener;
    struct opinion stranger, neighbour;
};

static int weight(enum firewall_verdict v)
{
    return v == FIREWALL_PASS ? 2 : v == FIREWALL_UNKNOWN ? 1 : 0;
}

static void ask(struct survey *s, struct opinion *o, const struct iface *in, const struct addr *src,
                const struct addr *dst)
{
    struct firewall_answer answer;
    char from[ADDR_TEXT_MAX];
    struct firewall_question q = {.in = in,
                                  .src = *src,
                                  .dst = *dst,
                                  .ip_proto = s->listener->ip_proto,
                                  .dst_port = s->listener->at.port};
    firewall_ask(s->world->firewall, &q, s->world->arena, &answer);
    if (o->asked && weight(answer.verdict) <= weight(o->verdict))
        return;
    o->asked = true;
    o->verdict = answer.verdict;
    o->why = arena_print(s->world->arena, "%s from %s by %s: %s",
                         o == &s->stranger ? "a stranger" : "a neighbour", addr_format(src, from),
                         in->name, answer.why);
}

static bool takes_family(const struct listener *l, uint8_t family)
{
    bool all = addr_is_unspecified(&l->at.addr);
    return l->at.addr.family == family ||
           (all && l->at.addr.family == ADDR_IP6 && family == ADDR_IP4 && !l->v6_only);
}

/* Does the socket hear what is sent to this address of the interface? */
static bool hears(const struct listener *l, const struct iface *i, const struct addr *own)
{
    if (!takes_family(l, own->family) || (l->interface && l->interface != i->index))
        return false;
    if (addr_is_unspecified(&l->at.addr) || addr_is_multicast(&l->at.addr))
        return true;
    struct addr a = l->at.addr, b = *own;
    a.scope = b.scope = 0;
    return addr_equal(&a, &b) && (l->at.addr.scope == 0 || l->at.addr.scope == i->index);
}

static bool is_connected(const struct reach_world *w, const struct addr *a)
{
    for (size_t i = 0; i < w->ifaces.count; i++)
        for (size_t k = 0; k < w->ifaces.item[i].addr_count; k++)
            if (cidr_contains(&w->ifaces.item[i].addr[k].net, a))
                return true;
    return false;
}

/* An address of those kept for documentation (RFC 5737, RFC 3849, RFC 9637) that is not, for once,
 * in use on a network here. */
static bool find_stranger(const struct reach_world *w, uint8_t family, struct addr *out)
{
    static const struct addr candidate[] = {
        {ADDR_IP4, {198, 51, 100, 99}, 0},
        {ADDR_IP4, {203, 0, 113, 99}, 0},
        {ADDR_IP4, {192, 0, 2, 99}, 0},
        {ADDR_IP6, {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xfe, [15] = 0x99}, 0},
        {ADDR_IP6, {0x3f, 0xff, 0x0f, 0xfe, [15] = 0x99}, 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(candidate); i++) {
        *out = candidate[i];
        if (out->family == family && !is_connected(w, out))
            return true;
    }
    return false;
}

static bool is_own(const struct reach_world *w, const struct addr *a)
{
    return iface_of_addr(&w->ifaces, a) != NULL;
}

/* Another host of the network of `own`: the first that is not ours. */
static bool find_neighbour(const struct reach_world *w, const struct iface_addr *own,
                           struct addr *out)
{
    if (own->peer.family) {
        *out = own->peer;
        return true;
    }
    struct addr last = cidr_last(&own->net);
    bool pair = own->net.prefix_len + 1 == addr_bits(&last); /* /31, /127: both are hosts */
    *out = own->net.base;
    out->scope = own->addr.scope;
    last.scope = out->scope;
    for (bool more = pair || addr_next(out); more; more = addr_next(out)) {
        if (!cidr_contains(&own->net, out) ||
            (!pair && own->addr.family == ADDR_IP4 && addr_equal(out, &last)))
            return false;
        if (!is_own(w, out))
            return true;
    }
    return false;
}

static void ask_neighbours(struct survey *s, const struct iface *i)
{
    for (size_t k = 0; k < i->addr_count; k++) {
        const struct iface_addr *own = &i->addr[k];
        struct addr src;
        if (!own->tentative && hears(s->listener, i, &own->addr) &&
            find_neighbour(s->world, own, &src))
            ask(s, &s->neighbour, i, &src, &own->addr);
    }
}

/* Strangers come in by `i`.  Their packets go to its addresses, or to one that is kept on
 * loopback, as servers with moving addresses have it. */
static void ask_strangers(struct survey *s, const struct iface *i, const struct addr *src)
{
    for (size_t m = 0; m < s->world->ifaces.count; m++) {
        const struct iface *holder = &s->world->ifaces.item[m];
        if (holder != i && !(holder->flag & IFACE_LOOPBACK))
            continue;
        for (size_t k = 0; k < holder->addr_count; k++) {
            const struct addr *own = &holder->addr[k].addr;
            if (own->family == src->family && !addr_is_link_local(own) && !addr_is_loopback(own) &&
                !holder->addr[k].tentative && hears(s->listener, i, own))
                ask(s, &s->stranger, i, src, own);
        }
    }
}

static void ask_default_routes(struct survey *s)
{
    for (size_t k = 0; k < s->world->routes.count; k++) {
        const struct route *r = &s->world->routes.item[k];
        const struct iface *i = iface_by_index(&s->world->ifaces, r->interface);
        struct addr src;
        if (r->dst.prefix_len != 0 || r->kind != ROUTE_UNICAST || !i || !(i->flag & IFACE_UP) ||
            i->flag & IFACE_LOOPBACK || addr_is_multicast(&s->listener->at.addr))
            continue;
        if (find_stranger(s->world, r->dst.base.family, &src))
            ask_strangers(s, i, &src);
    }
}

static bool is_on_loopback(const struct reach_world *w, const struct listener *l,
                           const char **out_why)
{
    const struct iface *bound = iface_by_index(&w->ifaces, l->interface);
    char text[ADDR_TEXT_MAX];
    if (bound && bound->flag & IFACE_LOOPBACK) {
        *out_why = arena_print(w->arena, "bound to interface %s", bound->name);
        return true;
    }
    if (!addr_is_loopback(&l->at.addr))
        return false;
    *out_why = arena_print(w->arena, "bound to %s", addr_format(&l->at.addr, text));
    return true;
}

/* Nobody gets in at this port; but perhaps at another one that is turned into it. */
static enum reach closed(const struct survey *s, const char **out_why)
{
    const struct opinion *o = s->stranger.asked ? &s->stranger : &s->neighbour;
    const char *turned =
        firewall_redirect_to(s->world->firewall, s->listener->at.port, s->world->arena);
    *out_why = o->why;
    if (!turned)
        return REACH_FIREWALLED;
    *out_why = arena_print(s->world->arena, "%s; but other packets are redirected to it by %s",
                           o->why, turned);
    return REACH_UNKNOWN;
}

enum reach reach_of(const struct reach_world *w, const struct listener *l, const char **out_why)
{
    struct survey s = {.world = w, .listener = l};
    if (is_on_loopback(w, l, out_why))
        return REACH_LOOPBACK;
    for (size_t i = 0; i < w->ifaces.count; i++) {
        const struct iface *one = &w->ifaces.item[i];
        if (one->flag & IFACE_UP && !(one->flag & IFACE_LOOPBACK))
            ask_neighbours(&s, one);
    }
    ask_default_routes(&s);
    if (!s.stranger.asked && !s.neighbour.asked) {
        *out_why = "no network that leads to it is up";
        return REACH_LOOPBACK;
    }
    if (s.stranger.asked && weight(s.stranger.verdict) > 0) {
        *out_why = s.stranger.why;
        return s.stranger.verdict == FIREWALL_PASS ? REACH_ANYONE : REACH_UNKNOWN;
    }
    if (s.neighbour.asked && weight(s.neighbour.verdict) > 0) {
        *out_why = s.neighbour.why;
        return s.neighbour.verdict == FIREWALL_PASS ? REACH_NEIGHBOURS : REACH_UNKNOWN;
    }
    return closed(&s, out_why);
}
