/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/suspects.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/base/mem.h"
#include "core/net/port_set.h"

enum { WAYS = 8, SETS = SUSPECT_MAX / WAYS };

static const uint64_t crowd_ns = UINT64_C(3600) * 1000000000;

/* Set-associative: a source has WAYS places, found without a walk and given away without a list. */
struct suspects {
    struct hash_key secret;
    struct suspect place[SETS][WAYS];
};

struct suspects *suspects_new(void)
{
    struct suspects *s = mem_zero(sizeof *s);
    s->secret = hash_key_secret();
    return s;
}

void suspects_free(struct suspects *s)
{
    mem_free(s);
}

static struct suspect *set_of(struct suspects *s, const struct addr *who)
{
    struct {
        uint8_t family, byte[16];
    } key = {.family = who->family};
    memcpy(key.byte, who->byte, sizeof key.byte);
    return s->place[hash_bytes(&s->secret, &key, sizeof key) % SETS];
}

static struct suspect *find_in(struct suspect *set, const struct addr *who)
{
    for (size_t i = 0; i < WAYS; i++)
        if (addr_equal(&set[i].who, who))
            return &set[i];
    return NULL;
}

/* Who may be forgotten first: the free place, then those seen once, then the longest unseen. */
static bool is_worth_less(const struct suspect *a, const struct suspect *b)
{
    if (!a->who.family != !b->who.family)
        return !a->who.family;
    bool a_came_back = a->hits > 1, b_came_back = b->hits > 1;
    if (a_came_back != b_came_back)
        return b_came_back;
    return a->last_ns < b->last_ns;
}

static struct suspect *make_room(struct suspect *set)
{
    struct suspect *worst = &set[0];
    for (size_t i = 1; i < WAYS; i++)
        if (is_worth_less(&set[i], worst))
            worst = &set[i];
    *worst = (struct suspect){0};
    return worst;
}

static void note_port(struct suspect *entry, uint16_t port)
{
    for (size_t i = 0; i < entry->port_count; i++)
        if (entry->port[i] == port)
            return;
    if (entry->port_count < SUSPECT_PORTS)
        entry->port[entry->port_count++] = port;
}

struct suspect *suspects_hit(struct suspects *s, const struct addr *who, uint16_t port,
                             uint64_t mono_ns)
{
    struct suspect *set = set_of(s, who), *entry = find_in(set, who);
    if (!entry) {
        entry = make_room(set);
        entry->who = *who;
        entry->first_ns = mono_ns;
    }
    entry->last_ns = mono_ns;
    if (entry->hits < UINT32_MAX)
        entry->hits++;
    note_port(entry, port);
    return entry;
}

struct suspect *suspects_find(struct suspects *s, const struct addr *who)
{
    return find_in(set_of(s, who), who);
}

struct crowd suspects_crowd(const struct suspects *s, uint64_t mono_ns)
{
    struct crowd crowd = {0};
    struct port_set ports = {0};
    const struct suspect *entry = &s->place[0][0];
    for (size_t i = 0; i < SUSPECT_MAX; i++, entry++) {
        if (!entry->who.family || entry->acted || mono_ns - entry->first_ns > crowd_ns)
            continue;
        crowd.sources++;
        for (size_t p = 0; p < entry->port_count; p++)
            port_set_add(&ports, entry->port[p]);
    }
    crowd.ports = (uint32_t)port_set_count(&ports);
    return crowd;
}
