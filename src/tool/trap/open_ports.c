/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/open_ports.h"

#include <errno.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "sys/host/listener.h"
#include "sys/host/taker.h"
#include "wire/packet/layer/number.h"

enum { BY_TCP, BY_UDP, BY_COUNT };

struct open_ports {
    const char *proc_net;
    struct arena arena;
    struct listener_list list;
    struct port_set used[BY_COUNT]; /* at any address: most questions end here */
    uint64_t read_ns;
    bool was_read;
    struct taker *taker; /* NULL: the list is all there is */
    uint64_t window_ns;  /* when `asked` and `nobody` began */
    uint32_t asked;
    struct port_set nobody[BY_COUNT]; /* found unserved since window_ns */
};

static int index_of(uint8_t ip_proto)
{
    return ip_proto == IP_PROTO_UDP ? BY_UDP : BY_TCP;
}

struct open_ports *open_ports_new(const char *proc_net)
{
    struct open_ports *o = mem_zero(sizeof *o);
    struct err e = {0};
    o->proc_net = proc_net;
    if (taker_open(&o->taker, &e) < 0)
        o->taker = NULL;
    return o;
}

void open_ports_free(struct open_ports *o)
{
    if (o) {
        arena_done(&o->arena);
        taker_close(o->taker);
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

static bool is_listed(struct open_ports *o, uint8_t ip_proto, const struct endpoint *local,
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

/* 1, 0, or negative when the kernel cannot say. */
static int ask(struct open_ports *o, uint8_t ip_proto, const struct endpoint *local,
               const struct endpoint *remote, uint64_t mono_ns)
{
    struct port_set *nobody = &o->nobody[index_of(ip_proto)];
    if (!o->taker)
        return -ENOSYS;
    if (mono_ns - o->window_ns >= OPEN_PORTS_AGE_MS * UINT64_C(1000000)) {
        o->window_ns = mono_ns;
        if (o->asked > OPEN_PORTS_ASK_MAX)
            memset(o->nobody, 0, sizeof o->nobody);
        o->asked = 0;
    }
    if (o->asked > OPEN_PORTS_ASK_MAX && port_set_has(nobody, local->port))
        return 0;
    int answer = taker_find(o->taker, ip_proto, local, remote);
    if (o->asked++ > OPEN_PORTS_ASK_MAX && answer == 0)
        port_set_add(nobody, local->port);
    return answer;
}

bool open_ports_has(struct open_ports *o, uint8_t ip_proto, const struct endpoint *local,
                    const struct endpoint *remote, uint64_t mono_ns)
{
    int answer = ask(o, ip_proto, local, remote, mono_ns);
    return answer < 0 ? is_listed(o, ip_proto, local, mono_ns) : answer == 1;
}

void open_ports_list(struct open_ports *o, uint8_t ip_proto, uint64_t mono_ns, struct port_set *out)
{
    refresh(o, mono_ns);
    *out = o->used[index_of(ip_proto)];
}
