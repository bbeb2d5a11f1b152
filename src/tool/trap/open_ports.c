/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/open_ports.h"

#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "sys/host/listener.h"
#include "wire/packet/layer/number.h"

enum { BY_TCP, BY_UDP, BY_COUNT };

struct open_ports {
    const char *proc_net;
    struct arena arena;
    struct listener_list list;
    struct port_set used[BY_COUNT]; /* at any address: most questions end here */
    uint64_t read_ns;
    bool was_read;
};

static int index_of(uint8_t ip_proto)
{
    return ip_proto == IP_PROTO_UDP ? BY_UDP : BY_TCP;
}

struct open_ports *open_ports_new(const char *proc_net)
{
    struct open_ports *o = mem_zero(sizeof *o);
    o->proc_net = proc_net;
    return o;
}

void open_ports_free(struct open_ports *o)
{
    if (o) {
        arena_done(&o->arena);
        mem_free(o);
    }
}

static void refresh(struct open_ports *o, uint64_t mono_ns)
{
    struct arena arena = {0};
    struct listener_list list;
    struct err e = {0};
    if (o->was_read && mono_ns - o->read_ns < OPEN_PORTS_AGE_MS * UINT64_C(1000000))
        return;
    o->read_ns = mono_ns;
    if (listener_read_bound(&arena, o->proc_net, &list, &e) < 0) {
        arena_done(&arena);
        return;
    }
    arena_done(&o->arena);
    o->arena = arena;
    o->list = list;
    o->was_read = true;
    memset(o->used, 0, sizeof o->used);
    for (size_t i = 0; i < list.count; i++)
        port_set_add(&o->used[index_of(list.item[i].ip_proto)], list.item[i].at.port);
}

static bool takes(const struct listener *l, const struct endpoint *local)
{
    if (l->at.port != local->port)
        return false;
    if (!addr_is_unspecified(&l->at.addr))
        return addr_equal(&l->at.addr, &local->addr);
    return l->at.addr.family == local->addr.family ||
           (l->at.addr.family == ADDR_IP6 && !l->v6_only);
}

bool open_ports_has(struct open_ports *o, uint8_t ip_proto, const struct endpoint *local,
                    uint64_t mono_ns)
{
    refresh(o, mono_ns);
    if (!port_set_has(&o->used[index_of(ip_proto)], local->port))
        return false;
    for (size_t i = 0; i < o->list.count; i++)
        if (o->list.item[i].ip_proto == ip_proto && takes(&o->list.item[i], local))
            return true;
    return false;
}

void open_ports_list(struct open_ports *o, uint8_t ip_proto, uint64_t mono_ns, struct port_set *out)
{
    refresh(o, mono_ns);
    *out = o->used[index_of(ip_proto)];
}
