/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/audit/close.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/clock.h"
#include "sys/loop/child.h"
#include "sys/priv/capability.h"

enum { RULE_MAX = 640, TEXT_MAX = 32, PROTO_TCP = 6, PROTO_UDP = 17, OUTPUT_MAX = 4096 };

static const char *proto_name(const struct close_port *port)
{
    return port->ip_proto == PROTO_TCP ? "tcp" : "udp";
}

static bool read_proto(struct close_port *out, const char *text, size_t len)
{
    bool tcp = len == 3 && memcmp(text, "tcp", 3) == 0,
         udp = len == 3 && memcmp(text, "udp", 3) == 0;
    out->ip_proto = tcp ? PROTO_TCP : PROTO_UDP;
    return tcp || udp;
}

static bool read_number(struct close_port *out, const char *text, size_t len)
{
    unsigned value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 5)
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    out->port = (uint16_t)value;
    return len > 0 && value > 0 && value <= UINT16_MAX;
}

int close_port_parse(struct close_port *out, const char *text, struct err *e)
{
    struct close_port p;
    const char *slash = strchr(text, '/');
    size_t first = slash ? (size_t)(slash - text) : 0, second = slash ? strlen(slash + 1) : 0;
    bool good = slash && ((read_proto(&p, text, first) && read_number(&p, slash + 1, second)) ||
                          (read_number(&p, text, first) && read_proto(&p, slash + 1, second)));
    if (!good)
        return err_set(e, -EINVAL, "\"%s\" is no port: tcp/22, 53/udp", text);
    *out = p;
    return 0;
}

const char *close_port_command(struct arena *arena, const char *program,
                               const struct close_port *port)
{
    return arena_print(arena, "%s audit --close %s/%u", program, proto_name(port), port->port);
}

/* The rules are ours; of outside there is a protocol of two and a number. */
static int run_nft(const char *rules, struct err *e)
{
    const char *argv[] = {"nft", rules, NULL};
    struct str output = str_of(OUTPUT_MAX);
    int status = 0;
    if (!capability_has(CAPABILITY_NET_ADMIN))
        return err_set(e, -EPERM, "changing the firewall needs root privilege or CAP_NET_ADMIN");
    int rc = child_run("nft", argv, 10 * NS_PER_S, &output, &status, e);
    str_done(&output);
    if (rc == -ENOENT)
        return err_set(e, rc, "nft(8) is not installed (apt-get install nftables)");
    if (rc == 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return err_set(e, -EIO, "nft refused the change");
    return rc;
}

int close_port_apply(const struct close_port *port, struct err *e)
{
    char rules[RULE_MAX];
    snprintf(
        rules, sizeof rules,
        "add table inet picket; "
        "add chain inet picket closed { type filter hook input priority -10; }; "
        "add set inet picket closed_ports { type inet_proto . inet_service; }; "
        "flush chain inet picket closed; "
        "add rule inet picket closed iifname != \"lo\" meta l4proto . th dport @closed_ports drop; "
        "add element inet picket closed_ports { %s . %u }",
        proto_name(port), port->port);
    return run_nft(rules, e);
}

int close_port_undo(const struct close_port *port, struct err *e)
{
    char rules[RULE_MAX];
    snprintf(rules, sizeof rules, "delete element inet picket closed_ports { %s . %u }",
             proto_name(port), port->port);
    int rc = run_nft(rules, e);
    if (rc == -EIO)
        return err_set(e, -ENOENT, "%s/%u is not closed by picket", proto_name(port), port->port);
    return rc;
}
