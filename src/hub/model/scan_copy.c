/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/arena.h"
#include "hub/model/scan_report.h"

static void *copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
    void *to = arena_array(arena, count, size);
    if (count)
        memcpy(to, from, count * size);
    return to;
}

static const char *const *copy_texts(struct arena *arena, const char *const *from, size_t count)
{
    const char **to = copy_array(arena, from, count, sizeof *to);
    for (size_t i = 0; i < count; i++)
        to[i] = arena_text(arena, from[i]);
    return to;
}

static void copy_service(struct arena *arena, struct scan_service *s)
{
    const char **text[] = {&s->name,     &s->product, &s->version,     &s->extra_info,
                           &s->hostname, &s->os_type, &s->device_type, &s->fingerprint};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        *text[i] = arena_text(arena, *text[i]);
    s->cpe = copy_texts(arena, s->cpe, s->cpe_count);
}

static void copy_ports(struct arena *arena, struct scan_host *h)
{
    struct scan_port *port = copy_array(arena, h->port, h->port_count, sizeof *port);
    for (size_t i = 0; i < h->port_count; i++) {
        copy_service(arena, &port[i].service);
        port[i].owner = arena_text(arena, port[i].owner);
        port[i].script = NULL;
        port[i].script_count = 0;
    }
    h->port = port;
}

static void copy_extras(struct arena *arena, struct scan_host *h)
{
    struct scan_extra *extra = copy_array(arena, h->extra, h->extra_count, sizeof *extra);
    for (size_t i = 0; i < h->extra_count; i++) {
        struct scan_extra_reason *reason =
            copy_array(arena, extra[i].reason, extra[i].reason_count, sizeof *reason);
        for (size_t k = 0; k < extra[i].reason_count; k++)
            reason[k].ports = copy_array(arena, reason[k].ports, 1, sizeof *reason[k].ports);
        extra[i].reason = reason;
    }
    h->extra = extra;
}

struct scan_host *scan_host_copy(struct arena *arena, const struct scan_host *host)
{
    struct scan_host *h = copy_array(arena, host, 1, sizeof *h);
    struct scan_name *name = copy_array(arena, h->name, h->name_count, sizeof *name);
    for (size_t i = 0; i < h->name_count; i++)
        name[i].name = arena_text(arena, name[i].name);
    h->name = name;
    h->vendor = arena_text(arena, h->vendor);
    h->comment = arena_text(arena, h->comment);
    h->other_addr = copy_array(arena, h->other_addr, h->other_count, sizeof *h->other_addr);
    copy_ports(arena, h);
    copy_extras(arena, h);
    h->os = NULL;
    h->script = NULL;
    h->script_count = 0;
    h->trace = NULL;
    h->tcp_sequence_index = h->tcp_sequence_difficulty = h->tcp_sequence_values = NULL;
    h->ip_id_class = h->ip_id_values = h->tcp_ts_class = h->tcp_ts_values = NULL;
    return h;
}
