/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/firewall_set.h"

#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/link/netlink.h"

/* NFTA_SET_ELEM_KEY and _KEY_END wrap the bytes once more. */
static const uint8_t *key_of(const struct firewall_attrs *a, uint16_t type, uint32_t key_len)
{
    struct firewall_attrs inner;
    firewall_attrs_read(&inner, a->value[type]);
    const struct bytes_in *value = &inner.value[NFTA_DATA_VALUE];
    return bytes_left(value) == key_len && key_len ? value->pos : NULL;
}

void firewall_set_add(struct firewall_set_builder *b, struct bytes_in list)
{
    uint16_t type;
    struct bytes_in value;
    while (netlink_next(&list, &type, &value)) {
        struct firewall_attrs a;
        firewall_attrs_read(&a, value);
        uint32_t flags = firewall_attrs_u32(&a, NFTA_SET_ELEM_FLAGS, 0);
        MEM_GROW(b->mark, b->count, b->capacity);
        struct firewall_set_mark *m = &b->mark[b->count++];
        *m = (struct firewall_set_mark){.key = key_of(&a, NFTA_SET_ELEM_KEY, b->set->key_len),
                                        .is_end = flags & NFT_SET_ELEM_INTERVAL_END};
        m->element = (struct firewall_element){
            .key = m->key,
            .last = key_of(&a, NFTA_SET_ELEM_KEY_END, b->set->key_len),
            .data = a.value[NFTA_SET_ELEM_DATA],
        };
    }
}

/* By key; where one interval ends and another begins at the same key, the end comes first. */
static int by_key(const void *a, const void *b, void *key_len)
{
    const struct firewall_set_mark *x = a, *y = b;
    if (!x->key || !y->key)
        return !x->key - !y->key;
    int order = memcmp(x->key, y->key, *(uint32_t *)key_len);
    return order ? order : y->is_end - x->is_end;
}

void firewall_set_seal(struct firewall_set_builder *b, struct arena *arena)
{
    struct firewall_set *s = b->set;
    bool intervals = s->flags & NFT_SET_INTERVAL && !(s->flags & NFT_SET_CONCAT);
    if (b->count)
        qsort_r(b->mark, b->count, sizeof *b->mark, by_key, &s->key_len);
    s->element = arena_array(arena, b->count, sizeof *s->element);
    s->element_count = 0;
    for (size_t i = 0; i < b->count; i++) {
        struct firewall_set_mark *m = &b->mark[i];
        if (m->is_end)
            continue;
        struct firewall_element *x = &s->element[s->element_count++];
        *x = m->element;
        if (!intervals || !x->key || x->last)
            continue;
        /* an interval reaches to the next mark, be it an end or the begin of its neighbour */
        x->end = i + 1 < b->count ? b->mark[i + 1].key : NULL;
        x->open_end = !x->end;
    }
    mem_free(b->mark);
}

static enum truth in_range(const struct firewall_value *v, size_t at, const uint8_t *first,
                           const uint8_t *last, size_t len)
{
    return truth_and(truth_not(firewall_value_less(v, at, first, len)),
                     truth_not(firewall_value_more(v, at, last, len)));
}

/* A concatenation is inside when each of its fields is; fields begin at multiples of four. */
static enum truth in_fields(const struct firewall_set *s, const struct firewall_value *v, size_t at,
                            const struct firewall_element *x)
{
    enum truth result = TRUTH_YES;
    size_t offset = 0;
    for (size_t i = 0; i < s->field_count && result != TRUTH_NO; i++) {
        size_t len = s->field_len[i];
        if (offset + len > s->key_len)
            return TRUTH_UNKNOWN;
        result =
            truth_and(result, in_range(v, at + offset, x->key + offset, x->last + offset, len));
        offset += (len + 3) / 4 * 4;
    }
    return s->field_count ? result : in_range(v, at, x->key, x->last, s->key_len);
}

static enum truth in_element(const struct firewall_set *s, const struct firewall_value *v,
                             size_t at, const struct firewall_element *x)
{
    if (x->last)
        return in_fields(s, v, at, x);
    if (x->end || x->open_end) {
        enum truth behind = truth_not(firewall_value_less(v, at, x->key, s->key_len));
        return x->end ? truth_and(behind, firewall_value_less(v, at, x->end, s->key_len)) : behind;
    }
    return firewall_value_equal(v, at, x->key, s->key_len);
}

enum truth firewall_set_find(const struct firewall_set *s, const struct firewall_value *v,
                             size_t at, const struct firewall_element **out)
{
    const struct firewall_element *otherwise = NULL;
    enum truth result = TRUTH_NO;
    for (size_t i = 0; i < s->element_count; i++) {
        const struct firewall_element *x = &s->element[i];
        if (!x->key) {
            otherwise = x;
            continue;
        }
        enum truth here = in_element(s, v, at, x);
        if (here == TRUTH_YES) {
            *out = x;
            return TRUTH_YES;
        }
        result = truth_or(result, here);
    }
    if (!otherwise)
        return result;
    if (result == TRUTH_UNKNOWN && s->flags & NFT_SET_MAP) /* one of two elements: which? */
        return TRUTH_UNKNOWN;
    *out = otherwise;
    return TRUTH_YES;
}
