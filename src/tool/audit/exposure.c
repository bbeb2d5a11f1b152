/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/audit/exposure.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sys/host/listener.h"
#include "sys/host/package.h"
#include "sys/host/process.h"
#include "sys/host/user.h"
#include "tool/audit/close.h"
#include "tool/audit/reach.h"
#include "wire/packet/layer/number.h"

static int by_inode(const void *a, const void *b)
{
    const struct process_owner *x = a, *y = b;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static const struct process_owner *owner_of(const struct process_owner *owner, size_t count,
                                            uint64_t inode)
{
    struct process_owner key = {.inode = inode};
    return bsearch(&key, owner, count, sizeof *owner, by_inode);
}

/* The owners of all sockets, by inode. */
static int find_owners(struct arena *arena, const char *proc, const struct listener_list *l,
                       struct process_owner **out, struct err *e)
{
    struct process_owner *owner = arena_array(arena, l->count, sizeof *owner);
    for (size_t i = 0; i < l->count; i++)
        owner[i].inode = l->item[i].inode;
    if (l->count)
        qsort(owner, l->count, sizeof *owner, by_inode);
    *out = owner;
    return process_find_owners(arena, proc, owner, l->count, e);
}

/* The packages of the programs, in the order of the sockets.  A program in a container is of no
 * package of ours. */
static int find_packages(struct arena *arena, const char *root, const struct listener_list *l,
                         const struct process_owner *owner, struct package_owner **out,
                         struct err *e)
{
    struct package_owner *package = arena_array(arena, l->count, sizeof *package);
    for (size_t i = 0; i < l->count; i++) {
        const struct process *p = owner_of(owner, l->count, l->item[i].inode)->leader;
        package[i].path = p && !p->other_root ? p->path : NULL;
    }
    *out = package;
    return package_find_owners(arena, root, package, l->count, e);
}

static void describe_process(struct exposure *x, const struct process_owner *owner,
                             const struct package_owner *package)
{
    x->process_count = owner->count;
    if (!owner->leader)
        return;
    x->pid = owner->leader->pid;
    x->process = owner->leader->name;
    x->path = owner->leader->path;
    x->unit = owner->leader->unit;
    x->package = package->name;
    x->package_version = package->version;
}

static void describe(struct exposure *x, const struct listener *l, const struct reach_world *world,
                     const struct exposure_source *from)
{
    const struct iface *bound = iface_by_index(&world->ifaces, l->interface);
    enum scan_proto proto = l->ip_proto == IP_PROTO_TCP ? SCAN_TCP : SCAN_UDP;
    x->ip_proto = l->ip_proto;
    x->at = l->at;
    /* an address with a scope is bound to its interface by that alone */
    x->interface = bound && !l->at.addr.scope ? bound->name : NULL;
    x->uid = l->uid;
    x->user = user_name(world->arena, from->root, l->uid);
    x->service = from->services ? service_table_name(from->services, proto, l->at.port) : NULL;
    x->service = arena_text(world->arena, x->service);
    x->reach = reach_of(world, l, &x->reach_why);
    if (x->reach != REACH_LOOPBACK && x->reach != REACH_FIREWALLED)
        x->cure = close_port_command(world->arena, from->program ? from->program : "picket",
                                     &(struct close_port){l->ip_proto, l->at.port});
}

static int join(struct arena *arena, const struct exposure_source *from,
                const struct listener_list *l, const struct reach_world *world,
                struct exposure_list *out, struct err *e)
{
    struct process_owner *owner;
    struct package_owner *package;
    int result = find_owners(arena, from->proc, l, &owner, e);
    if (result == 0)
        result = find_packages(arena, from->root, l, owner, &package, e);
    if (result)
        return result;
    struct exposure *item = arena_array(arena, l->count, sizeof *item);
    for (size_t i = 0; i < l->count; i++) {
        describe(&item[i], &l->item[i], world, from);
        describe_process(&item[i], owner_of(owner, l->count, l->item[i].inode), &package[i]);
    }
    *out = (struct exposure_list){item, l->count};
    return 0;
}

int exposure_collect_from(struct arena *arena, const struct exposure_source *from,
                          struct exposure_list *out, struct err *e)
{
    struct listener_list listeners;
    struct reach_world world;
    /* of this very process: where /proc is of another namespace, /proc/net would be, too */
    const char *proc_net = arena_print(arena, "%s/self/net", from->proc);
    int result = listener_read(arena, proc_net, &listeners, e);
    if (result)
        return result;
    result = reach_world_read(&world, arena, proc_net, e);
    if (result == 0)
        result = join(arena, from, &listeners, &world, out, e);
    reach_world_done(&world);
    return result;
}

int exposure_collect(struct arena *arena, struct exposure_list *out, struct err *e)
{
    struct service_table services = {0};
    struct err ignored;
    /* a table that cannot be read costs the names of ports, no more */
    bool named = service_table_open(&services, NULL, &ignored) == 0;
    struct exposure_source system = {
        .proc = "/proc", .root = "", .services = named ? &services : NULL};
    int result = exposure_collect_from(arena, &system, out, e);
    service_table_done(&services);
    return result;
}
