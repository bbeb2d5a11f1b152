/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "sys/io/sock.h"

struct look {
    struct resolver *resolver;
    struct names_wish wish;
    names_fn *fn;
    void *ctx;
    struct names_answer answer;
    size_t checked; /* addresses whose name was asked for */
};

static void give(struct look *l)
{
    l->fn(l->ctx, &l->answer);
    str_done(&l->answer.warnings);
    mem_free(l);
}

static const char *why(int result)
{
    return result == -ENOENT ? "Unknown host" : "Host name lookup failure";
}

/* ---- the checks: each address has a name, and the name has the address ---- */

static void check_next(struct look *l);

static void note_name(struct look *l, const char *name)
{
    if (!l->answer.name[0])
        snprintf(l->answer.name, sizeof l->answer.name, "%s", name);
    else if (l->wish.check && strcasecmp(l->answer.name, name) != 0)
        str_addf(&l->answer.warnings, "DNS fwd/rev mismatch: %s != %s\n", l->answer.name, name);
}

static void reverse_checked(void *ctx, int result, const char *name)
{
    struct look *l = ctx;
    char text[ADDR_TEXT_MAX];
    if (result)
        str_addf(&l->answer.warnings, "Warning: inverse host lookup failed for %s: %s\n",
                 addr_format(&l->answer.addr[l->checked], text), why(result));
    else
        note_name(l, name);
    l->checked++;
    check_next(l);
}

static void check_next(struct look *l)
{
    if (l->wish.check && l->answer.is_typed && l->checked < l->answer.count)
        resolver_reverse(l->resolver, &l->answer.addr[l->checked], reverse_checked, l);
    else
        give(l);
}

/* The name of an address was found; does it lead back to it? */
static void forward_checked(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct look *l = ctx;
    bool found = false;
    for (size_t i = 0; result == 0 && i < count; i++)
        found |= addr_equal(&addr[i], &l->answer.addr[0]);
    if (result)
        str_addf(&l->answer.warnings, "Warning: forward host lookup failed for %s: %s\n",
                 l->answer.name, why(result));
    else if (!found) {
        char text[ADDR_TEXT_MAX];
        str_addf(&l->answer.warnings, "Warning: %s does not lead back to %s\n", l->answer.name,
                 addr_format(&l->answer.addr[0], text));
    }
    give(l);
}

static void name_found(void *ctx, int result, const char *name)
{
    struct look *l = ctx;
    char text[ADDR_TEXT_MAX];
    if (result == 0)
        snprintf(l->answer.name, sizeof l->answer.name, "%s", name);
    else if (l->wish.check)
        str_addf(&l->answer.warnings, "Warning: inverse host lookup failed for %s: %s\n",
                 addr_format(&l->answer.addr[0], text), why(result));
    if (result == 0 && l->wish.check)
        resolver_forward(l->resolver, name, l->answer.addr[0].family, forward_checked, l);
    else
        give(l);
}

/* ---- the questions ---- */

static struct look *look_new(struct resolver *r, const struct names_wish *wish, names_fn *fn,
                             void *ctx)
{
    struct look *l = mem_zero(sizeof *l);
    *l = (struct look){.resolver = r, .wish = *wish, .fn = fn, .ctx = ctx};
    l->answer.warnings = str_of(0);
    return l;
}

static void look_number(struct look *l, const struct addr *addr)
{
    if (l->wish.family && addr->family != l->wish.family)
        l->answer.result = -EAFNOSUPPORT;
    l->answer.addr[0] = *addr;
    l->answer.count = 1;
    if (l->answer.result == 0 && l->wish.want_name && !l->wish.no_dns)
        resolver_reverse(l->resolver, addr, name_found, l);
    else
        give(l);
}

static void name_looked_up(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct look *l = ctx;
    l->answer.result = result;
    if (result == 0) {
        l->answer.count = count;
        memcpy(l->answer.addr, addr, count * sizeof *addr);
    }
    check_next(l);
}

/* An address, also one with the name of an interface behind it (fe80::1%eth0). */
static bool read_number(const char *host, struct addr *out)
{
    struct err e;
    char text[ADDR_TEXT_MAX];
    const char *percent = strchr(host, '%');
    if (addr_parse(out, host, &e) == 0)
        return true;
    if (!percent || percent - host >= ADDR_TEXT_MAX)
        return false;
    uint32_t index = sock_interface_index(percent + 1);
    snprintf(text, sizeof text, "%.*s%%%u", (int)(percent - host), host, index);
    return index && addr_parse(out, text, &e) == 0;
}

void names_look(struct resolver *r, const char *host, const struct names_wish *wish, names_fn *fn,
                void *ctx)
{
    struct look *l = look_new(r, wish, fn, ctx);
    struct addr addr;
    if (read_number(host, &addr)) {
        look_number(l, &addr);
        return;
    }
    l->answer.is_typed = true;
    snprintf(l->answer.name, sizeof l->answer.name, "%s", host);
    if (!wish->no_dns) {
        resolver_forward(r, host, wish->family, name_looked_up, l);
        return;
    }
    l->answer.result = -ENOENT;
    give(l);
}

void names_of(struct resolver *r, const struct addr *addr, const struct names_wish *wish,
              names_fn *fn, void *ctx)
{
    look_number(look_new(r, wish, fn, ctx), addr);
}
