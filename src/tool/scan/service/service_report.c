/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/service_report.h"

#include <stdlib.h>
#include <string.h>

#include "tool/scan/service/service_scan.h"

/* nmap's measure of its own certainty. */
enum { BY_TABLE = 3, BY_MANNERS = 8, BY_PROBE = 10 };

struct key {
    enum scan_proto proto;
    uint16_t port;
};

static int by_port(const void *a, const void *b)
{
    const struct key *key = a;
    const struct service_target *t = b;
    if (key->proto != t->proto)
        return key->proto < t->proto ? -1 : 1;
    return key->port < t->port ? -1 : key->port > t->port;
}

static const struct service_target *find(const struct group_host *host, enum scan_proto proto,
                                         uint16_t port)
{
    struct key key = {proto, port};
    return host->service_count
               ? bsearch(&key, host->service, host->service_count, sizeof *host->service, by_port)
               : NULL;
}

void service_report_state(const struct group_host *host, enum scan_proto proto, uint16_t port,
                          struct probe_result *result)
{
    if (result->state != SCAN_OPEN_FILTERED)
        return;
    const struct service_target *found = find(host, proto, port);
    if (!found || !found->answered)
        return;
    result->state = SCAN_OPEN;
    result->reason = proto == SCAN_UDP ? SCAN_REASON_UDP_RESPONSE : SCAN_REASON_SYN_ACK;
}

static void fill_named(const struct service_target *found, struct scan_service *out)
{
    const struct service_hit *hit = &found->hit;
    bool bare_tls = strcmp(hit->service, "ssl") == 0;
    *out = (struct scan_service){
        .name = hit->service,
        .product = hit->field[PROBE_PRODUCT],
        .version = hit->field[PROBE_VERSION],
        .extra_info = hit->field[PROBE_INFO],
        .hostname = hit->field[PROBE_HOSTNAME],
        .os_type = hit->field[PROBE_OS],
        .device_type = hit->field[PROBE_DEVICE],
        .fingerprint = found->fingerprint,
        .cpe = hit->cpe,
        .cpe_count = hit->cpe_count,
        .confidence = BY_PROBE,
        .probed = true,
        .ssl = found->ssl && !bare_tls,
    };
}

void service_report_fill(const struct group_host *host, struct scan_port *port,
                         const struct service_table *table, struct arena *arena)
{
    const char *name = service_table_name(table, port->proto, port->number);
    const struct service_target *found = find(host, port->proto, port->number);
    struct scan_service *s = &port->service;
    (void)arena;
    if (found && found->state == SERVICE_NAMED) {
        fill_named(found, s);
        return;
    }
    if (found && found->state == SERVICE_WRAPPED) {
        *s = (struct scan_service){.name = "tcpwrapped", .confidence = BY_MANNERS, .probed = true};
        return;
    }
    *s = (struct scan_service){.name = name, .confidence = name ? BY_TABLE : 0};
    if (!found)
        return;
    s->ssl = found->ssl;
    s->fingerprint = found->fingerprint;
    if (found->state == SERVICE_EXCLUDED)
        s->product = "Excluded from version scan";
}
