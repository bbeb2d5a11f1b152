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

void group_reset(struct group *g)
{
    for (size_t i = 0; i < g->scan_count; i++) {
        prober_free(g->scan[i].prober);
        g->scan[i].prober = NULL;
    }
    g->scan_count = 0;
    g->count = 0;
    arena_reset(&g->arena);
}
