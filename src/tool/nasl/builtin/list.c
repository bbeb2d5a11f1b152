/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays and lists, and what a value is. */
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

static struct nasl_value copied(const struct nasl_value *v)
{
    struct nasl_value copy = nasl_value_copy(v);
    copy.turned ^= copy.type == NASL_ARRAY;
    return copy;
}

/* The items of an array, its indexes lost. */
static void add_items(struct nasl_value *list, const struct nasl_value *array, int64_t *count)
{
    struct nasl_walk walk = {0};
    int64_t index;
    const char *name;
    const struct nasl_value *item;
    while (nasl_array_walk(array, &walk, &index, &name, &item))
        if (!nasl_array_put(list, (*count)++, copied(item)))
            return;
}

static struct nasl_value do_make_list(struct nasl_call *c)
{
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    int64_t count = 0;
    for (uint32_t i = 0; list.type == NASL_ARRAY && i < c->count; i++) {
        const struct nasl_value *v = &c->arg[i];
        if (v->type == NASL_ARRAY)
            add_items(&list, v, &count);
        else if (v->type != NASL_UNDEF)
            (void)nasl_array_put(&list, count++, nasl_value_copy(v));
        else
            nasl_complain(c, "argument %u is undefined and left out", i);
    }
    return list;
}

static struct nasl_value do_make_array(struct nasl_call *c)
{
    struct nasl_value array = nasl_array_new(nasl_call_heap(c));
    if (c->count % 2)
        nasl_complain(c, "an odd number of arguments");
    for (uint32_t i = 0; array.type == NASL_ARRAY && i + 1 < c->count; i += 2) {
        const struct nasl_value *key = &c->arg[i], *v = &c->arg[i + 1];
        if (v->type == NASL_UNDEF || v->type == NASL_ARRAY)
            nasl_complain(c, "argument %u is no number or text", i + 1);
        else if (key->type == NASL_INT)
            (void)nasl_array_put(&array, (int32_t)key->number, nasl_value_copy(v));
        else if (nasl_is_text(key))
            (void)nasl_array_add_named(&array, key->string->text, nasl_value_copy(v));
    }
    return array;
}

static struct nasl_value do_keys(struct nasl_call *c)
{
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    int64_t count = 0, index;
    for (uint32_t i = 0; list.type == NASL_ARRAY && i < c->count; i++) {
        struct nasl_walk walk = {0};
        const char *name;
        const struct nasl_value *item;
        struct nasl_value array = copied(&c->arg[i]); /* an argument is a copy, see value.h */
        if (array.type != NASL_ARRAY)
            nasl_complain(c, "argument %u is no array", i);
        while (array.type == NASL_ARRAY && nasl_array_walk(&array, &walk, &index, &name, &item)) {
            struct nasl_value key =
                name ? nasl_text(nasl_call_heap(c), NASL_STRING, name, strlen(name))
                     : nasl_int(index);
            if (!nasl_array_put(&list, count++, key))
                break;
        }
        nasl_value_drop(&array);
    }
    return list;
}

static struct nasl_value do_max_index(struct nasl_call *c)
{
    const struct nasl_value *v = nasl_arg(c, 0);
    return v->type == NASL_ARRAY ? nasl_int((int64_t)nasl_array_next_index(v->array))
                                 : nasl_undef();
}

static int order(const void *a, const void *b)
{
    bool sense;
    int64_t by = nasl_value_compare(a, b, &sense);
    return by < 0 ? -1 : by > 0;
}

static struct nasl_value do_sort(struct nasl_call *c)
{
    struct nasl_value list = do_make_list(c);
    size_t count = list.type == NASL_ARRAY ? nasl_array_next_index(list.array) : 0;
    if (count > 1) /* the list is new and nobody else's: its slots lie in a row */
        qsort(nasl_array_slot(&list, 0), count, sizeof(struct nasl_value), order);
    return list;
}

static struct nasl_value do_typeof(struct nasl_call *c)
{
    const char *name = c->count ? nasl_type_name(c->arg[0].type) : "null";
    return nasl_data(c, name, strlen(name));
}

static struct nasl_value do_isnull(struct nasl_call *c)
{
    return nasl_int(nasl_arg(c, 0)->type == NASL_UNDEF);
}

static const struct nasl_builtin rows[] = {
    {"isnull", do_isnull, {0}, 0},         {"keys", do_keys, {0}, 0},
    {"make_array", do_make_array, {0}, 0}, {"make_list", do_make_list, {0}, 0},
    {"max_index", do_max_index, {0}, 0},   {"sort", do_sort, {0}, 0},
    {"typeof", do_typeof, {0}, 0},
};

const struct nasl_family nasl_family_list = {"list", rows, ARRAY_COUNT(rows)};
