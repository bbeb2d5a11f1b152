/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/group.h"

#include "core/base/mem.h"

/* Memory is bounded by positions (host times probe), answers by hosts: a group should not be so
 * large that its first host is told late. */
enum { GROUP_POSITIONS = 1 << 20, GROUP_HOSTS_MAX = 4096 };

size_t group_size(const struct scan_options *options, size_t items)
{
    size_t size = GROUP_POSITIONS / (items ? items : 1);
    if (size > GROUP_HOSTS_MAX)
        size = GROUP_HOSTS_MAX;
    if (size < options->timing.hostgroup_min)
        size = options->timing.hostgroup_min;
    if (options->timing.hostgroup_max && size > options->timing.hostgroup_max)
        size = options->timing.hostgroup_max;
    if (size > PROBER_POSITIONS_MAX / (items ? items : 1))
        size = PROBER_POSITIONS_MAX / (items ? items : 1);
    return size ? size : 1;
}

bool group_add(struct group *g, const struct target_addr *target)
{
    char key[ADDR_TEXT_MAX];
    if (map_put_text(&g->members, addr_format(&target->addr, key), g))
        return false;
    MEM_GROW(g->host, g->count, g->capacity);
    struct group_host *h = &g->host[g->count++];
    *h = (struct group_host){
        .addr = target->addr,
        .number = GROUP_NOT_PROBED,
        .user_name = arena_text(&g->arena, target->name),
        .other_count = target->other_count,
    };
    if (target->other_count)
        h->other = (const struct addr *)(const void *)arena_copy(
            &g->arena, target->other, target->other_count * sizeof *target->other);
    return true;
}

void group_reset(struct group *g)
{
    for (size_t i = 0; i < g->scan_count; i++) {
        prober_free(g->scan[i].prober);
        g->scan[i].prober = NULL;
    }
    g->scan_count = 0;
    g->count = 0;
    map_done(&g->members);
    arena_reset(&g->arena);
}

void group_done(struct group *g)
{
    group_reset(g);
    mem_free(g->host);
    arena_done(&g->arena);
    *g = (struct group){0};
}
