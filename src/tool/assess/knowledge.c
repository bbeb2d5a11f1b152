/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/knowledge.h"

#include <stdio.h>
#include <string.h>

#include "tool/nasl/constant.h"

enum { NASL_PLAIN = 1, NASL_TLS = 9 }; /* ENCAPS_IP, ENCAPS_TLScustom */

static const struct {
    const char *service, *name;
} names[] = {
    {"http", "www"},
    {"https", "www"},
    {"http-proxy", "http_proxy"},
    {"http-alt", "www"},
    {"smtps", "smtp"},
    {"submission", "smtp"},
    {"imaps", "imap"},
    {"pop3s", "pop3"},
    {"domain", "domain"},
    {"microsoft-ds", "cifs"},
    {"netbios-ssn", "smb"},
    {"ms-wbt-server", "ms-wbt-server"},
    {"postgresql", "postgresql"},
    {"mongod", "mongodb"},
    {"socks5", "socks"},
    {"socks4", "socks"},
};

const char *assess_service_name(const char *service)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].service, service) == 0)
            return names[i].name;
    return service;
}

static void know_port(struct nasl_kb *kb, const struct scan_port *p)
{
    char key[64];
    snprintf(key, sizeof key, "Ports/tcp/%u", p->number);
    nasl_kb_add_number(kb, key, 1);
    snprintf(key, sizeof key, "Transports/TCP/%u", p->number);
    nasl_kb_add_number(kb, key, p->service.ssl ? NASL_TLS : NASL_PLAIN);
    const char *service = p->service.name ? assess_service_name(p->service.name) : "unknown";
    snprintf(key, sizeof key, "Known/tcp/%u", p->number);
    if (p->service.name)
        nasl_kb_add_text(kb, key, service);
    snprintf(key, sizeof key, "Services/%.40s", service);
    nasl_kb_add_number(kb, key, p->number);
    if (p->service.product) {
        struct str product = str_of(1024);
        str_addf(&product, "%s %s", p->service.product,
                 p->service.version ? p->service.version : "");
        snprintf(key, sizeof key, "picket/product/tcp/%u", p->number);
        nasl_kb_add_text(kb, key, str_text(&product));
        str_done(&product);
    }
}

int assess_know_ports(struct nasl_kb *kb, const struct scan_host *host)
{
    int open = 0;
    for (size_t i = 0; i < host->port_count; i++)
        if (host->port[i].proto == SCAN_TCP && host->port[i].state == SCAN_OPEN) {
            know_port(kb, &host->port[i]);
            open++;
        }
    nasl_kb_add_number(kb, "Host/scanned", 1);
    return open;
}

struct taker {
    struct nasl_kb *kb;
    const struct assess_scan *what;
    int open;
};

static int take_host(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                     struct err *e)
{
    struct taker *t = ctx;
    (void)so_far, (void)e;
    t->open += assess_know_ports(t->kb, host);
    return 0;
}

static bool is_stopped(void *ctx)
{
    const struct taker *t = ctx;
    return t->what->stop && t->what->stop(t->what->ctx);
}

int assess_scan_host(const struct assess_scan *what, struct nasl_kb *kb, const struct clock *clock,
                     struct err *e)
{
    char text[ADDR_TEXT_MAX];
    struct arena arena = {0};
    struct target_list targets = {0}, none = {0};
    struct scan_options o = {
        .targets = &targets,
        .excludes = &none,
        .services = what->services,
        .names = SCAN_NAMES_NEVER,
        .timing = scan_timing_of(4),
        .skip_discovery = true,
        .technique = {scan_technique_find("connect")},
        .ports.of[SCAN_TCP] = *what->tcp,
        .probes = what->probes,
        .intensity = 7,
    };
    struct taker taker = {kb, what, 0};
    struct scan_events events = {.ctx = &taker, .host = take_host, .stop = is_stopped};
    struct scan_tail tail;
    int rc = target_list_add(&targets, addr_format(&what->addr, text), &arena, e);
    if (rc == 0)
        rc = scan_run(&o, &events, clock, &tail, e);
    target_list_done(&targets);
    arena_done(&arena);
    return rc < 0 ? rc : taker.open;
}
