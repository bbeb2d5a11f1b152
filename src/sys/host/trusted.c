/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/trusted.h"

#include <errno.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "sys/host/session.h"
#include "sys/io/file.h"
#include "sys/link/iface.h"
#include "sys/link/route.h"

enum { RESOLV_CONF_MAX = 1 << 20 };

/* Loopback, and what is no address of a single host (RFC 6890). */
static const char *const nobody[] = {
    "127.0.0.0/8", "::1", "0.0.0.0", "::", "224.0.0.0/4", "255.255.255.255/32", "ff00::/8"};

static void add(struct cidr_set *set, const struct addr *a)
{
    struct cidr one = cidr_of(a, addr_bits(a));
    cidr_set_add(set, &one);
}

static int add_nobody(struct trusted *t, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(nobody); i++) {
        struct cidr c;
        if (cidr_parse(&c, nobody[i], e) < 0)
            return e->code;
        cidr_set_add(&t->all, &c);
        if (addr_is_loopback(&c.base))
            cidr_set_add(&t->own, &c);
    }
    return 0;
}

/* The last address of an IPv4 network is everybody in it (RFC 919); links of two have none (RFC
 * 3021). */
static void add_broadcast(struct trusted *t, const struct cidr *net)
{
    if (net->base.family != ADDR_IP4 || net->prefix_len >= 31)
        return;
    struct addr last = cidr_last(net);
    add(&t->all, &last);
}

static int add_own(struct trusted *t, struct arena *arena, struct err *e)
{
    struct iface_list list;
    int rc = iface_read(arena, &list, e);
    for (size_t i = 0; rc == 0 && i < list.count; i++)
        for (size_t k = 0; k < list.item[i].addr_count; k++) {
            const struct iface_addr *a = &list.item[i].addr[k];
            add(&t->own, &a->addr);
            add(&t->all, &a->addr);
            add_broadcast(t, &a->net);
        }
    return rc;
}

static int add_gateways(struct trusted *t, struct arena *arena, struct err *e)
{
    struct route_list list;
    int rc = route_read(arena, &list, e);
    for (size_t i = 0; rc == 0 && i < list.count; i++)
        if (list.item[i].gateway.family != ADDR_NONE)
            add(&t->all, &list.item[i].gateway);
    return rc;
}

/* Lines "nameserver ADDRESS" of resolv.conf(5). */
static int add_resolvers(struct trusted *t, const char *path, struct err *e)
{
    struct str text = str_of(RESOLV_CONF_MAX);
    int rc = file_read(path, &text, e);
    char *rest = text.text;
    for (char *line; rc == 0 && (line = strsep(&rest, "\n"));) {
        struct err ignored = {0};
        struct addr a;
        char *words = line;
        const char *key = strsep(&words, " \t");
        if (!words)
            continue;
        words += strspn(words, " \t");
        const char *value = strsep(&words, " \t\r");
        if (value && strcmp(key, "nameserver") == 0 && addr_parse(&a, value, &ignored) == 0)
            add(&t->all, &a);
    }
    str_done(&text);
    return rc == -ENOENT ? 0 : rc;
}

int trusted_read(struct trusted *out, const char *resolv_conf, struct err *e)
{
    struct trusted now = {0};
    struct arena arena = {0};
    int rc = add_nobody(&now, e);
    if (rc == 0)
        rc = add_own(&now, &arena, e);
    if (rc == 0)
        rc = add_gateways(&now, &arena, e);
    if (rc == 0)
        rc = add_resolvers(&now, resolv_conf, e);
    if (rc == 0)
        rc = session_add_peers(&now.all, "/proc", "/etc/group", e);
    arena_done(&arena);
    if (rc < 0) {
        trusted_done(&now);
        return rc;
    }
    cidr_set_seal(&now.own);
    cidr_set_seal(&now.all);
    trusted_done(out);
    *out = now;
    return 0;
}

void trusted_done(struct trusted *t)
{
    cidr_set_done(&t->own);
    cidr_set_done(&t->all);
}
