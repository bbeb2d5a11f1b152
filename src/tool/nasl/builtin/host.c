/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host under test, its names and ports, and this machine as it sees it. */
#include <ctype.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/text/option.h"
#include "sys/io/resolver.h"
#include "sys/io/sock.h"
#include "sys/link/netlink.h"
#include "sys/link/route.h"
#include "sys/loop/loop.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum { ADDRESSES_MAX = 64, CANDIDATES_MAX = 16, NAME_MAX_BYTES = 256 };

static struct nasl_value text_value(struct nasl_call *c, const char *text)
{
    return nasl_text(nasl_call_heap(c), NASL_STRING, text, strlen(text));
}

static struct nasl_value do_get_host_ip(struct nasl_call *c)
{
    return text_value(c, nasl_vm_host(c->vm)->ip);
}

/* The script goes on once for each name of the host. */
static struct nasl_value do_get_host_name(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    int which = nasl_vm_host_name(c->vm);
    struct nasl_value other[NASL_HOST_NAMES_MAX];
    if (!h->name_count)
        return text_value(c, h->ip);
    if (which < 0 && h->name_count > 1) {
        for (size_t i = 1; i < h->name_count; i++)
            other[i - 1] = text_value(c, h->name[i].name);
        nasl_vm_fork(c->vm, other, h->name_count - 1);
        nasl_vm_fork_host_name(c->vm);
    }
    return text_value(c, h->name[which < 0 ? 0 : which].name);
}

static struct nasl_value do_get_host_names(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    for (size_t i = 0; list.type == NASL_ARRAY && i < h->name_count; i++)
        (void)nasl_array_put(&list, (int64_t)i,
                             nasl_data(c, h->name[i].name, strlen(h->name[i].name)));
    if (list.type == NASL_ARRAY && !h->name_count)
        (void)nasl_array_put(&list, 0, nasl_data(c, h->ip, strlen(h->ip)));
    return list;
}

static const struct nasl_host_name *find_name(const struct nasl_host *h, const char *name)
{
    for (size_t i = 0; name && i < h->name_count; i++)
        if (strcasecmp(h->name[i].name, name) == 0)
            return &h->name[i];
    return NULL;
}

static struct nasl_value do_get_host_name_source(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    struct str room = str_of(0);
    const char *name = nasl_arg_text(nasl_named(c, 0), &room, NULL);
    const struct nasl_host_name *found = find_name(h, name);
    if (!found && h->name_count)
        found = &h->name[0];
    str_done(&room);
    return found ? text_value(c, found->source) : text_value(c, "IP-address");
}

enum { ADD_HOSTNAME, ADD_SOURCE };

static struct nasl_value do_add_host_name(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct str room = str_of(0), room2 = str_of(0), small = str_of(NAME_MAX_BYTES);
    const char *name = nasl_arg_text(nasl_named(c, ADD_HOSTNAME), &room, NULL);
    const char *source = nasl_arg_text(nasl_named(c, ADD_SOURCE), &room2, NULL);
    for (const char *p = name ? name : ""; *p; p++)
        str_add_char(&small, (char)tolower((unsigned char)*p));
    if (!name || !*name)
        nasl_complain(c, "hostname: is empty");
    else if (!find_name(h, str_text(&small)) && h->name_count < NASL_HOST_NAMES_MAX && h->meta)
        h->name[h->name_count++] = (struct nasl_host_name){
            arena_text(&h->meta->arena, str_text(&small)),
            arena_text(&h->meta->arena, source && *source ? source : "NASL")};
    str_done(&room);
    str_done(&room2);
    str_done(&small);
    return nasl_undef();
}

static size_t resolve(const char *name, struct addr *out, size_t max)
{
    struct err e = {0};
    size_t count = 0;
    if (addr_parse(out, name, &e) == 0)
        return 1;
    if (resolver_lookup(name, ADDR_NONE, out, max, &count, &e) < 0)
        return 0;
    return count;
}

static struct nasl_value do_resolve_host_name(struct nasl_call *c)
{
    struct str room = str_of(0);
    struct addr a;
    char text[ADDR_TEXT_MAX];
    const char *name = nasl_arg_text(nasl_named(c, 0), &room, NULL);
    struct nasl_value v = nasl_undef();
    if (!name)
        nasl_complain(c, "hostname: is empty");
    else if (resolve(name, &a, 1))
        v = text_value(c, addr_format(&a, text));
    str_done(&room);
    return v;
}

static struct nasl_value do_resolve_all(struct nasl_call *c)
{
    struct str room = str_of(0);
    struct addr a[ADDRESSES_MAX];
    char text[ADDR_TEXT_MAX];
    const char *name = nasl_arg_text(nasl_named(c, 0), &room, NULL);
    struct nasl_value list = nasl_undef();
    if (!name) {
        nasl_complain(c, "hostname: is empty");
    } else {
        list = nasl_array_new(nasl_call_heap(c));
        size_t count = resolve(name, a, ADDRESSES_MAX);
        for (size_t i = 0; list.type == NASL_ARRAY && i < count; i++) {
            addr_format(&a[i], text);
            (void)nasl_array_put(&list, (int64_t)i, nasl_data(c, text, strlen(text)));
        }
    }
    str_done(&room);
    return list;
}

struct reverse {
    char name[NAME_MAX_BYTES];
    struct loop *loop;
};

static void on_name(void *ctx, int result, const char *name)
{
    struct reverse *r = ctx;
    if (result == 0)
        snprintf(r->name, sizeof r->name, "%s", name);
    loop_stop(r->loop);
}

static bool find_reverse(const struct addr *a, struct reverse *r)
{
    struct err e = {0};
    struct resolver *resolver = NULL;
    if (loop_open(&r->loop, &clock_system, &e) < 0)
        return false;
    if (resolver_open(&resolver, r->loop, NULL, &e) == 0) {
        resolver_reverse(resolver, a, on_name, r);
        if (loop_run(r->loop, &e) < 0)
            r->name[0] = '\0';
        resolver_close(resolver);
    }
    loop_close(r->loop);
    return r->name[0] != '\0';
}

static struct nasl_value do_ip_reverse_lookup(struct nasl_call *c)
{
    struct str room = str_of(0);
    struct reverse r = {.name = ""};
    struct addr a = nasl_vm_host(c->vm)->addr;
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    struct err e = {0};
    struct nasl_value v = nasl_undef();
    if (text && addr_parse(&a, text, &e) < 0)
        nasl_complain(c, "%s", e.text);
    else if (find_reverse(&a, &r))
        v = text_value(c, r.name);
    str_done(&room);
    return v;
}

enum { SAME_BY_NAME };

/* Do two names or addresses stand for one host?  An address they share, or with cmp_hostname the
 * same name. */
static struct nasl_value do_same_host(struct nasl_call *c)
{
    struct str room = str_of(0), room2 = str_of(0);
    struct addr a[ADDRESSES_MAX], b[ADDRESSES_MAX];
    const char *first = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    const char *second = nasl_arg_text(nasl_arg(c, 1), &room2, NULL);
    struct nasl_value v = nasl_undef();
    if (first && second) {
        bool same = nasl_arg_int(nasl_named(c, SAME_BY_NAME), 0) && strcasecmp(first, second) == 0;
        size_t count = resolve(first, a, ADDRESSES_MAX);
        size_t others = resolve(second, b, ADDRESSES_MAX);
        for (size_t i = 0; i < count * others && !same; i++)
            same = addr_equal(&a[i / others], &b[i % others]);
        v = nasl_int(same);
    } else {
        nasl_complain(c, "two hosts are needed");
    }
    str_done(&room);
    str_done(&room2);
    return v;
}

static struct nasl_value do_target_is_ipv6(struct nasl_call *c)
{
    return nasl_int(nasl_vm_host(c->vm)->addr.family == ADDR_IP6);
}

/* The address this machine would send from. */
static bool source_address(struct nasl_call *c, struct endpoint *here)
{
    struct nasl_stream_options o = {.port = 9, .datagram = true};
    struct nasl_stream *s = nasl_stream_open(c->vm, &o);
    struct err e = {0};
    bool ok = s && sock_local(s->fd, here, &e) == 0;
    nasl_stream_close(s);
    return ok;
}

static struct nasl_value do_islocalhost(struct nasl_call *c)
{
    const struct addr *a = &nasl_vm_host(c->vm)->addr;
    struct endpoint here;
    return nasl_int(addr_is_loopback(a) || addr_is_unspecified(a) ||
                    (source_address(c, &here) && addr_equal(&here.addr, a)));
}

/* Is it reached without a gateway? */
static struct nasl_value do_islocalnet(struct nasl_call *c)
{
    struct netlink *n = NULL;
    struct route_hop hop = {0};
    struct err e = {0};
    bool local = false;
    if (netlink_open(&n, NETLINK_ROUTE, &e) == 0) {
        local = route_find(n, &nasl_vm_host(c->vm)->addr, 0, NULL, &hop, &e) == 0 &&
                (hop.on_link || hop.local);
        netlink_close(n);
    }
    return nasl_int(local);
}

static struct nasl_value do_this_host(struct nasl_call *c)
{
    struct endpoint here;
    char text[ADDR_TEXT_MAX];
    if (!source_address(c, &here))
        return nasl_data(c, "", 0);
    addr_format(&here.addr, text);
    return nasl_data(c, text, strlen(text));
}

static struct nasl_value do_this_host_name(struct nasl_call *c)
{
    char name[NAME_MAX_BYTES] = "";
    if (gethostname(name, sizeof name - 1) < 0)
        name[0] = '\0';
    return nasl_data(c, name, strlen(name));
}

static bool number_in(struct nasl_kb *kb, const char *key)
{
    struct nasl_kb_value v;
    bool clean;
    return nasl_kb_get(kb, key, 0, &v) &&
           (v.is_number ? v.number : nasl_number_of(v.text, 10, &clean)) > 0;
}

/* A port that was not scanned counts as closed, unless the preferences say otherwise. */
static bool port_state(struct nasl_call *c, uint16_t port, bool udp)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    const char *preference = udp ? "unscanned_closed_udp" : "unscanned_closed";
    const char *closed = h->preference ? h->preference(h->ctx, NULL, preference, -1) : NULL;
    bool otherwise = closed && strcmp(closed, "no") == 0;
    if (!number_in(h->kb, udp ? "Host/udp_scanned" : "Host/scanned") || !h->ports ||
        !port_set_has(h->ports, port))
        return otherwise;
    struct str key = str_of(0);
    str_addf(&key, "Ports/%s/%u", udp ? "udp" : "tcp", port);
    bool open = number_in(h->kb, str_text(&key));
    str_done(&key);
    return open;
}

static struct nasl_value state_of(struct nasl_call *c, bool udp)
{
    int64_t port = nasl_arg_int(nasl_arg(c, 0), -1);
    return port < 0 || port > 65535 ? nasl_undef() : nasl_int(port_state(c, (uint16_t)port, udp));
}

static struct nasl_value do_get_port_state(struct nasl_call *c)
{
    return state_of(c, false);
}

static struct nasl_value do_get_udp_port_state(struct nasl_call *c)
{
    return state_of(c, true);
}

static struct nasl_value do_get_port_transport(struct nasl_call *c)
{
    static const char *const names[NASL_ENCAPS_MAX] = {"auto",   "IP",       "SSLv23", "SSLv2",
                                                       "SSLv3",  "TLSv1",    "TLSv11", "TLSv12",
                                                       "TLSv13", "TLScustom"};
    int64_t port = nasl_arg_int(nasl_arg(c, 0), -1);
    if (port < 0 || port > 65535)
        return nasl_undef();
    struct nasl_kb_value v;
    struct str key = str_of(0);
    bool clean;
    str_addf(&key, "Transports/TCP/%lld", (long long)port);
    int64_t transport = NASL_ENCAPS_IP;
    if (nasl_kb_get(nasl_vm_host(c->vm)->kb, str_text(&key), 0, &v))
        transport = v.is_number ? v.number : nasl_number_of(v.text, 10, &clean);
    str_done(&key);
    if (!nasl_arg_int(nasl_named(c, 0), 0))
        return nasl_int(transport);
    if (transport >= 0 && transport < NASL_ENCAPS_MAX)
        return text_value(c, names[transport]);
    return text_value(c, "[unknown transport]");
}

enum { SCANNER_PORT, SCANNER_PROTO };

static struct nasl_value do_scanner_add_port(struct nasl_call *c)
{
    struct str room = str_of(0), key = str_of(0);
    int64_t port = nasl_arg_int(nasl_named(c, SCANNER_PORT), -1);
    const char *proto = nasl_arg_text(nasl_named(c, SCANNER_PROTO), &room, NULL);
    str_addf(&key, "Ports/%s/%lld", proto ? proto : "tcp", (long long)port);
    if (port > 0 && port < 65536)
        (void)nasl_kb_add_number(nasl_vm_host(c->vm)->kb, str_text(&key), 1);
    str_done(&room);
    str_done(&key);
    return nasl_undef();
}

/* The n-th port that is to be scanned. */
static struct nasl_value do_scanner_get_port(struct nasl_call *c)
{
    const struct port_set *ports = nasl_vm_host(c->vm)->ports;
    int64_t n = nasl_arg_int(nasl_arg(c, 0), -1);
    if (n < 0 || !ports) {
        nasl_complain(c, "scanner_get_port(number)");
        return nasl_undef();
    }
    int port = port_set_next(ports, 0);
    for (; n > 0 && port >= 0; n--)
        port = port_set_next(ports, port + 1);
    return port >= 0 ? nasl_int(port) : nasl_undef();
}

struct candidates {
    int64_t port[CANDIDATES_MAX];
    size_t count;
    int64_t last_resort;
};

/* 21 and 80 are answered by proxies on the way, too: other ports are better. */
static bool collect_port(void *ctx, const char *key)
{
    struct candidates *found = ctx;
    bool clean;
    int64_t port = nasl_number_of(key + strlen("Ports/tcp/"), 10, &clean);
    if (port == 21 || port == 80)
        found->last_resort = found->last_resort == 21 ? 21 : port;
    else
        found->port[found->count++] = port;
    return found->count < CANDIDATES_MAX;
}

static struct nasl_value do_get_host_open_port(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct candidates found = {.count = 0};
    nasl_kb_each(h->kb, "Ports/tcp/*", collect_port, &found);
    if (found.count)
        return nasl_int(found.port[rng_below(h->rng, (uint32_t)found.count)]);
    return nasl_int(found.last_resort);
}

static const struct nasl_builtin rows[] = {
    {"TARGET_IS_IPV6", do_target_is_ipv6, {0}, 0},
    {"add_host_name", do_add_host_name, {"hostname", "source"}, 0},
    {"get_host_ip", do_get_host_ip, {0}, 0},
    {"get_host_name", do_get_host_name, {0}, 0},
    {"get_host_name_source", do_get_host_name_source, {"hostname"}, 0},
    {"get_host_names", do_get_host_names, {0}, 0},
    {"get_host_open_port", do_get_host_open_port, {0}, 0},
    {"get_port_state", do_get_port_state, {0}, 0},
    {"get_port_transport", do_get_port_transport, {"asstring"}, 0},
    {"get_tcp_port_state", do_get_port_state, {0}, 0},
    {"get_udp_port_state", do_get_udp_port_state, {0}, 0},
    {"ip_reverse_lookup", do_ip_reverse_lookup, {0}, 0},
    {"islocalhost", do_islocalhost, {0}, 0},
    {"islocalnet", do_islocalnet, {0}, 0},
    {"resolve_host_name", do_resolve_host_name, {"hostname"}, 0},
    {"resolve_hostname_to_multiple_ips", do_resolve_all, {"hostname"}, 0},
    {"same_host", do_same_host, {"cmp_hostname"}, 0},
    {"scanner_add_port", do_scanner_add_port, {"port", "proto"}, 0},
    {"scanner_get_port", do_scanner_get_port, {0}, 0},
    {"this_host", do_this_host, {0}, 0},
    {"this_host_name", do_this_host_name, {0}, 0},
};

const struct nasl_family nasl_family_host = {"host", rows, ARRAY_COUNT(rows)};
