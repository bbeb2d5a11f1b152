/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorted ranges of addresses.  Order and equality here are those of the numbers: a set knows no
 * scopes, though a range keeps that of its first address for who walks the set. */
#include "core/net/cidr_set.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"

static int compare(const struct addr *a, const struct addr *b)
{
    struct addr left = *a, right = *b;
    left.scope = right.scope = 0;
    return addr_compare(&left, &right);
}

void cidr_set_add_range(struct cidr_set *set, const struct addr *first, const struct addr *last)
{
    assert(first->family == last->family && first->family != ADDR_NONE);
    assert(compare(first, last) <= 0);
    MEM_GROW(set->range, set->count, set->capacity);
    struct addr_range *r = &set->range[set->count++];
    r->first = *first;
    r->last = *last;
    r->last.scope = first->scope;
    set->sealed = false;
}

void cidr_set_add(struct cidr_set *set, const struct cidr *c)
{
    struct addr last = cidr_last(c);
    cidr_set_add_range(set, &c->base, &last);
}

static int compare_first(const void *a, const void *b)
{
    const struct addr_range *left = a, *right = b;
    int order = compare(&left->first, &right->first);
    /* equal starts in a fixed order, so that which scope remains does not hang on the sort */
    return order ? order : addr_compare(&left->first, &right->first);
}

/* Does `next`, which starts no earlier, overlap `r` or begin right behind it? */
static bool reaches(const struct addr_range *r, const struct addr_range *next)
{
    if (r->last.family != next->first.family)
        return false;
    struct addr behind = r->last;
    return !addr_next(&behind) || compare(&next->first, &behind) <= 0;
}

void cidr_set_seal(struct cidr_set *set)
{
    if (set->count > 1)
        qsort(set->range, set->count, sizeof *set->range, compare_first);
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        struct addr_range next = set->range[i];
        struct addr_range *top = kept ? &set->range[kept - 1] : NULL;
        if (!top || !reaches(top, &next)) {
            set->range[kept++] = next;
        } else if (compare(&next.last, &top->last) > 0) {
            next.last.scope = top->first.scope;
            top->last = next.last;
        }
    }
    set->count = kept;
    set->sealed = true;
}

const struct addr_range *cidr_set_find(const struct cidr_set *set, const struct addr *a)
{
    assert(set->sealed || set->count == 0);
    size_t low = 0, high = set->count; /* the answer is in low..high */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&set->range[middle].last, a) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count ? &set->range[low] : NULL;
}

bool cidr_set_has(const struct cidr_set *set, const struct addr *a)
{
    const struct addr_range *r = cidr_set_find(set, a);
    return r && compare(&r->first, a) <= 0;
}

/* The address before `a`, which is not the first of its family. */
static struct addr before(struct addr a)
{
    for (size_t i = addr_bits(&a) / 8; i-- > 0;) {
        if (a.byte[i] > 0) {
            a.byte[i]--;
            break;
        }
        a.byte[i] = UINT8_MAX;
    }
    return a;
}

/* Add to `out` what is left of `r` without the ranges of `other`; `*at` is the first of them that
 * may matter, here and for the ranges behind `r`. */
static void add_rest(struct cidr_set *out, struct addr_range r, const struct cidr_set *other,
                     size_t *at)
{
    while (*at < other->count && compare(&other->range[*at].last, &r.first) < 0)
        ++*at;
    for (; *at < other->count && compare(&other->range[*at].first, &r.last) <= 0; ++*at) {
        const struct addr_range *cut = &other->range[*at];
        if (compare(&cut->first, &r.first) > 0) {
            struct addr last = before(cut->first);
            cidr_set_add_range(out, &r.first, &last);
        }
        if (compare(&cut->last, &r.last) >= 0)
            return; /* nothing is left, and `cut` may reach into the next range */
        uint32_t scope = r.first.scope;
        r.first = cut->last;
        r.first.scope = scope;
        addr_next(&r.first);
    }
    cidr_set_add_range(out, &r.first, &r.last);
}

void cidr_set_subtract(struct cidr_set *set, const struct cidr_set *other)
{
    assert((set->sealed || set->count == 0) && (other->sealed || other->count == 0));
    struct cidr_set rest = {0};
    size_t at = 0;
    for (size_t i = 0; i < set->count; i++)
        add_rest(&rest, set->range[i], other, &at);
    rest.sealed = true;
    cidr_set_done(set);
    *set = rest;
}

void cidr_set_done(struct cidr_set *set)
{
    mem_free(set->range);
    *set = (struct cidr_set){0};
}
