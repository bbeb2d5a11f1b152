/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/facts.h"

#include "core/text/json.h"

static const uint8_t ip_proto_of[SCAN_PROTO_COUNT] = {
    [SCAN_TCP] = 6, [SCAN_UDP] = 17, [SCAN_SCTP] = 132};

enum { SURE = 100, BY_TABLE = 30 };

static void publish(struct bus_port *port, const struct fact *fact)
{
    struct record r = {.kind = RECORD_FACT, .fact = *fact};
    bus_publish_wait(port, &r);
}

static void add_text(struct json_out *j, const char *key, const char *text)
{
    if (text)
        json_text(j, key, text);
}

static void publish_service(struct bus_port *port, struct fact base, const struct scan_service *s)
{
    struct str detail = str_of(0);
    struct json_out j = json_out_of(&detail);
    json_object(&j, NULL);
    add_text(&j, "product", s->product);
    add_text(&j, "version", s->version);
    add_text(&j, "extra_info", s->extra_info);
    add_text(&j, "tunnel", s->ssl ? "ssl" : NULL);
    if (s->cpe_count) {
        json_array(&j, "cpe");
        for (size_t i = 0; i < s->cpe_count; i++)
            json_text(&j, NULL, s->cpe[i]);
        json_end(&j);
    }
    json_end(&j);
    base.kind = FACT_SERVICE;
    base.value = s->name;
    base.source = s->probed ? FACT_BY_PROBE : FACT_BY_TABLE;
    base.confidence = s->probed ? SURE : BY_TABLE;
    base.detail = s->product || s->version || s->cpe_count || s->ssl ? str_text(&detail) : NULL;
    publish(port, &base);
    str_done(&detail);
}

static void publish_port(struct bus_port *port, struct fact base, const struct scan_port *p)
{
    struct str detail = str_of(0);
    struct json_out j = json_out_of(&detail);
    json_object(&j, NULL);
    json_text(&j, "reason", scan_reason_name(p->because.reason, 1));
    if (p->because.ttl)
        json_u64(&j, "ttl", p->because.ttl);
    json_end(&j);
    base.ip_proto = ip_proto_of[p->proto];
    base.port = p->number;
    struct fact state = base;
    state.kind = FACT_PORT;
    state.value = scan_state_name(p->state);
    state.detail = str_text(&detail);
    publish(port, &state);
    str_done(&detail);
    if (p->service.name)
        publish_service(port, base, &p->service);
}

void facts_publish(struct bus_port *port, const struct scan_host *host, uint64_t seen_wall_ns)
{
    struct fact base = {.seen_ns = seen_wall_ns,
                        .source = FACT_BY_PROBE,
                        .confidence = SURE,
                        .host = host->addr,
                        .observer = "scan"};
    struct fact fact = base;
    char mac[MAC_TEXT_MAX];
    if (host->state != SCAN_HOST_UP && host->state != SCAN_HOST_DOWN)
        return;
    fact.kind = FACT_HOST;
    fact.value = scan_host_state_name(host->state);
    publish(port, &fact);
    for (size_t i = 0; i < host->name_count; i++) {
        fact.kind = FACT_NAME;
        fact.value = host->name[i].name;
        publish(port, &fact);
    }
    if (host->has_mac) {
        fact.kind = FACT_MAC;
        fact.value = mac_format(&host->mac, mac);
        publish(port, &fact);
    }
    for (size_t i = 0; i < host->port_count; i++)
        if (host->port[i].state != SCAN_CLOSED && host->port[i].proto != SCAN_IP)
            publish_port(port, base, &host->port[i]);
}
