/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_ping.h"

#include <errno.h>

#include "sys/priv/capability.h"
#include "tool/scan/technique/technique.h"

/* In the order in which they are sent: what answers most often, first. */
static const struct {
    enum scan_cli_ping_kind kind;
    const char *option, *technique;
    enum scan_proto proto;
    const char *ports; /* without a list (nmap(1), HOST DISCOVERY); NULL: the kind has none */
    bool plain;        /* without rights a connection takes its place */
} kinds[] = {
    {SCAN_CLI_PING_ECHO, "PE", "echo", SCAN_IP, NULL, true},
    {SCAN_CLI_PING_SYN, "PS", "syn", SCAN_TCP, "80", true},
    {SCAN_CLI_PING_ACK, "PA", "ack", SCAN_TCP, "80", true},
    {SCAN_CLI_PING_UDP, "PU", "udp", SCAN_UDP, "40125", false},
    {SCAN_CLI_PING_SCTP, "PY", "sctp_init", SCAN_SCTP, "80", false},
    {SCAN_CLI_PING_PROTOCOL, "PO", "protocol", SCAN_IP, "1,2,4", false},
    {SCAN_CLI_PING_TIMESTAMP, "PP", "timestamp", SCAN_IP, NULL, true},
    {SCAN_CLI_PING_MASK, "PM", "mask", SCAN_IP, NULL, true},
};

/* The default is nmap(1)'s: with rights an ICMP echo, a SYN to 443, an ACK to 80 and an ICMP
 * timestamp; without, a connection to 80 and one to 443. */
static const struct scan_cli_ping usual[] = {{SCAN_CLI_PING_ECHO, NULL},
                                             {SCAN_CLI_PING_SYN, "443"},
                                             {SCAN_CLI_PING_ACK, "80"},
                                             {SCAN_CLI_PING_TIMESTAMP, NULL}},
                                  usual_plain[] = {{SCAN_CLI_PING_SYN, "80,443"}};

static int add_ping(struct scan_options *o, const char *technique, uint16_t port, struct err *e)
{
    if (o->ping_count == SCAN_DISCOVERY_MAX)
        return err_set(e, -EINVAL, "-P options: more than %d questions to each host",
                       SCAN_DISCOVERY_MAX);
    o->ping[o->ping_count++] = (struct probe_item){scan_technique_find(technique), port, 0};
    return 0;
}

static int add_port_pings(struct scan_options *o, const char *technique,
                          const struct port_set *asked, struct err *e)
{
    for (int port = -1; (port = port_set_next(asked, port + 1)) >= 0;)
        if (add_ping(o, technique, (uint16_t)port, e) < 0)
            return e->code;
    return 0;
}

/* What the options say of each kind: whether it is used, and with which ports. */
struct wish {
    bool used[SCAN_CLI_PING_KINDS];
    struct port_set ports[SCAN_CLI_PING_KINDS];
};

static int read_wish(const struct scan_cli_ping *ping, size_t count, const struct scan_setup *s,
                     struct wish *out, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (kinds[k].kind != ping[i].kind)
            k++;
        out->used[ping[i].kind] = true;
        if (!kinds[k].ports)
            continue;
        struct scan_ports ports = {0};
        const char *text = ping[i].ports ? ping[i].ports : kinds[k].ports;
        if (port_spec_parse(text, 1U << kinds[k].proto, &s->services, &ports, e) < 0)
            return err_wrap(e, "-%s%s", kinds[k].option, text);
        for (size_t w = 0; w < ARRAY_COUNT(ports.of[0].word); w++)
            out->ports[ping[i].kind].word[w] |= ports.of[kinds[k].proto].word[w];
    }
    return 0;
}

/* Without rights every kind of question becomes a connection; to port 80 where ICMP was meant. */
static int choose_plain(const struct wish *wish, struct scan_setup *s, struct err *e)
{
    struct port_set ports = wish->ports[SCAN_CLI_PING_SYN];
    bool icmp = false;
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        if (wish->used[kinds[k].kind] && !kinds[k].plain)
            return err_set(e, -EPERM, "-%s needs root privilege or %s", kinds[k].option,
                           capability_name(CAPABILITY_NET_RAW));
        icmp |= wish->used[kinds[k].kind] && !kinds[k].ports;
    }
    for (size_t w = 0; w < ARRAY_COUNT(ports.word); w++)
        ports.word[w] |= wish->ports[SCAN_CLI_PING_ACK].word[w];
    if (port_set_count(&ports) == 0)
        port_set_add(&ports, 80);
    if (icmp)
        s->remark = "without CAP_NET_RAW hosts are asked by TCP connections instead of ICMP";
    return add_port_pings(&s->options, "connect", &ports, e);
}

int scan_ping_choose(const struct scan_cli *cli, struct scan_setup *s, struct err *e)
{
    struct scan_options *o = &s->options;
    const struct scan_cli_ping *ping = cli->ping;
    size_t count = cli->ping_count;
    struct wish wish = {0};
    if (count == 0) {
        ping = o->frames ? usual : usual_plain;
        count = o->frames ? ARRAY_COUNT(usual) : ARRAY_COUNT(usual_plain);
    }
    if (read_wish(ping, count, s, &wish, e) < 0)
        return e->code;
    if (!o->frames)
        return choose_plain(&wish, s, e);
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        if (!wish.used[kinds[k].kind])
            continue;
        int rc = kinds[k].ports
                     ? add_port_pings(o, kinds[k].technique, &wish.ports[kinds[k].kind], e)
                     : add_ping(o, kinds[k].technique, 0, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}
