/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over the addresses that a list of targets means. */
#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "tool/scan/target.h"

struct target_walk {
    struct target_walk_setup setup;
    struct arena arena;
    struct rng rng;
    size_t at;           /* the specification whose turn it is */
    bool started;        /* within it */
    struct addr current; /* TARGET_RANGE, and the addresses of a name */
    struct addr last;    /* the end of the range being walked */
    unsigned octet[4];   /* TARGET_OCTETS */
    const char *name;
    struct addr found[TARGET_OTHER_MAX]; /* addresses of a name */
    size_t found_count, found_at;
    struct cidr_set excluded;
    const struct target_octets **excluded_octets;
    size_t excluded_octet_count, excluded_octet_capacity;
    struct map seen; /* unique: family and address bytes */
    uint64_t random_left;
};

static bool octets_have(const struct target_octets *o, const struct addr *a)
{
    for (int i = 0; i < 4; i++)
        if (!(o->bit[i][a->byte[i] / 64] >> (a->byte[i] % 64) & 1))
            return false;
    return true;
}

static bool is_excluded(const struct target_walk *w, const struct addr *a)
{
    if (cidr_set_has(&w->excluded, a))
        return true;
    for (size_t i = 0; i < w->excluded_octet_count && a->family == ADDR_IP4; i++)
        if (octets_have(w->excluded_octets[i], a))
            return true;
    return false;
}

static int exclude(struct target_walk *w, const struct target_spec *s, struct err *e)
{
    struct addr addr[TARGET_OTHER_MAX];
    size_t count = 0;
    switch (s->kind) {
    case TARGET_RANGE:
        cidr_set_add_range(&w->excluded, &s->first, &s->last);
        break;
    case TARGET_OCTETS:
        MEM_GROW(w->excluded_octets, w->excluded_octet_count, w->excluded_octet_capacity);
        w->excluded_octets[w->excluded_octet_count++] = s->octets;
        break;
    case TARGET_NAME:
        /* a host that must not be touched and cannot be found: better no scan at all */
        if (w->setup.resolve(w->setup.ctx, s->name, ADDR_NONE, addr, TARGET_OTHER_MAX, &count, e) <
            0)
            return err_wrap(e, "excluded host \"%s\"", s->name);
        for (size_t i = 0; i < count; i++) {
            struct cidr c = cidr_of(
                &addr[i], (uint8_t)(s->prefix_len < 0 ? addr_bits(&addr[i]) : s->prefix_len));
            cidr_set_add(&w->excluded, &c);
        }
        break;
    }
    return 0;
}

int target_walk_open(struct target_walk **out, const struct target_walk_setup *setup,
                     struct rng rng, struct err *e)
{
    struct target_walk *w = mem_zero(sizeof *w);
    w->setup = *setup;
    w->rng = rng;
    w->random_left = setup->random_count;
    for (size_t i = 0; setup->excludes && i < setup->excludes->count; i++)
        if (exclude(w, &setup->excludes->spec[i], e) < 0) {
            target_walk_close(w);
            return e->code;
        }
    cidr_set_seal(&w->excluded);
    *out = w;
    return 0;
}

void target_walk_close(struct target_walk *w)
{
    if (!w)
        return;
    cidr_set_done(&w->excluded);
    map_done(&w->seen);
    mem_free(w->excluded_octets);
    arena_done(&w->arena);
    mem_free(w);
}

/* IPv4 where the name has it, unless IPv6 was asked for.  Servers that do not answer would not
 * answer the second question either. */
static int resolve(struct target_walk *w, const struct target_spec *s, struct err *e)
{
    const struct target_walk_setup *u = &w->setup;
    uint8_t family = u->family == ADDR_IP6 ? ADDR_IP6 : ADDR_IP4;
    w->found_count = w->found_at = 0;
    int rc = u->resolve(u->ctx, s->name, family, w->found, TARGET_OTHER_MAX, &w->found_count, e);
    bool has_none = rc == -ENOENT || (rc == 0 && !w->found_count);
    if (has_none && family == ADDR_IP4)
        rc = u->resolve(u->ctx, s->name, ADDR_IP6, w->found, TARGET_OTHER_MAX, &w->found_count, e);
    if (rc == 0 && !w->found_count)
        rc = err_set(e, -ENOENT, "no address");
    return rc;
}

static void begin_range(struct target_walk *w, const struct addr *a, int prefix_len)
{
    struct cidr c = cidr_of(a, (uint8_t)(prefix_len < 0 ? addr_bits(a) : prefix_len));
    w->current = c.base;
    w->last = cidr_last(&c);
}

/* Start on the specification; false: it gives nothing. */
static bool begin(struct target_walk *w, const struct target_spec *s)
{
    struct err e = {0};
    w->name = NULL;
    w->found_count = w->found_at = 0;
    switch (s->kind) {
    case TARGET_RANGE:
        w->current = s->first;
        w->last = s->last;
        return true;
    case TARGET_OCTETS:
        memset(w->octet, 0, sizeof w->octet);
        return true;
    case TARGET_NAME:
        if (resolve(w, s, &e) < 0) {
            w->setup.bad(w->setup.ctx, s->text, e.text);
            return false;
        }
        w->name = s->name;
        begin_range(w, &w->found[0], s->prefix_len);
        return true;
    }
    return false;
}

static bool has_octet(const struct target_octets *o, int i, unsigned v)
{
    return v < 256 && o->bit[i][v / 64] >> (v % 64) & 1;
}

/* Count up like an odometer over the values each octet may have. */
static bool next_octets(struct target_walk *w, const struct target_octets *o, bool first,
                        struct addr *out)
{
    int i = first ? 0 : 3;
    if (first) {
        for (; i < 4; i++)
            while (!has_octet(o, i, w->octet[i]))
                w->octet[i]++;
    } else {
        for (; i >= 0; i--) {
            do
                w->octet[i]++;
            while (w->octet[i] < 256 && !has_octet(o, i, w->octet[i]));
            if (w->octet[i] < 256)
                break;
            w->octet[i] = 0;
            while (!has_octet(o, i, w->octet[i]))
                w->octet[i]++;
        }
        if (i < 0)
            return false;
    }
    *out = addr_ip4(w->octet[0] << 24 | w->octet[1] << 16 | w->octet[2] << 8 | w->octet[3]);
    return true;
}

/* The next address of the specification being walked. */
static bool next_of_spec(struct target_walk *w, const struct target_spec *s, struct addr *out)
{
    bool first = !w->started;
    w->started = true;
    if (s->kind == TARGET_OCTETS)
        return next_octets(w, s->octets, first, out);
    if (!first && addr_compare(&w->current, &w->last) >= 0) {
        if (s->kind != TARGET_NAME || !w->setup.all_addrs || ++w->found_at >= w->found_count)
            return false;
        begin_range(w, &w->found[w->found_at], s->prefix_len);
    } else if (!first) {
        addr_next(&w->current);
    }
    *out = w->current;
    return true;
}

/* Any address that could belong to a host of the public Internet. */
static struct addr random_addr(struct target_walk *w)
{
    for (;;) {
        struct addr a = addr_ip4((uint32_t)rng_u64(&w->rng));
        bool reserved = a.byte[0] == 0 || a.byte[0] >= 240 || addr_is_private(&a) ||
                        addr_is_loopback(&a) || addr_is_link_local(&a) || addr_is_multicast(&a);
        if (!reserved)
            return a;
    }
}

static bool was_seen(struct target_walk *w, const struct addr *a)
{
    if (!w->setup.unique)
        return false;
    uint8_t key[1 + sizeof a->byte];
    key[0] = a->family;
    memcpy(key + 1, a->byte, sizeof a->byte);
    return map_put(&w->seen, key, sizeof key, w) != NULL;
}

static bool next_raw(struct target_walk *w, struct target_addr *out)
{
    const struct target_list *list = w->setup.targets;
    while (w->at < list->count) {
        const struct target_spec *s = &list->spec[w->at];
        if ((w->started || begin(w, s)) && next_of_spec(w, s, &out->addr)) {
            out->name = w->name;
            if (w->name && !w->setup.all_addrs) {
                out->other = w->found + 1;
                out->other_count = w->found_count - 1;
            }
            return true;
        }
        w->at++;
        w->started = false;
    }
    if (w->setup.random_forever || w->random_left) {
        w->random_left -= !w->setup.random_forever;
        out->addr = random_addr(w);
        return true;
    }
    return false;
}

bool target_walk_next(struct target_walk *w, struct target_addr *out)
{
    for (;;) {
        *out = (struct target_addr){0};
        if (!next_raw(w, out))
            return false;
        if (!is_excluded(w, &out->addr) && !was_seen(w, &out->addr))
            return true;
    }
}
