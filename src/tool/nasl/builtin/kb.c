/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knowledge base of the host.  Numbers come back as texts, as from the peer's data base. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { NAME, VALUE, EXPIRE };
enum { BRANCHES_AT_ONCE = 256 };

static struct nasl_value value_of(struct nasl_call *c, const struct nasl_kb_value *v, bool cut)
{
    struct str text = str_of(0);
    if (!v->is_number)
        return nasl_data(c, v->text, cut ? strlen(v->text) : v->len);
    str_addf(&text, "%lld", (long long)v->number);
    return nasl_data_str(c, &text);
}

/* 0 as a number is what the peer cannot store, -1 what it takes for a missing argument. */
static void set(struct nasl_call *c, bool replace)
{
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    struct str room = str_of(0), room2 = str_of(0);
    const struct nasl_value *value = nasl_named(c, VALUE);
    const char *name = nasl_arg_text(nasl_named(c, NAME), &room, NULL);
    struct nasl_kb_value v = {.is_number = value->type == NASL_INT};
    int64_t expire_s = replace ? -1 : nasl_arg_int(nasl_named(c, EXPIRE), -1);
    if (v.is_number)
        v.number = (int32_t)value->number;
    else
        v.text = nasl_arg_text(value, &room2, &v.len);
    if (!name || (v.is_number ? v.number == -1 : !v.text))
        nasl_complain(c, "name and value are needed (%s)", name ? name : "no name");
    else if (v.is_number && v.number == 0)
        ;
    else if (!(replace ? nasl_kb_replace(kb, name, &v) : nasl_kb_add(kb, name, &v, expire_s)))
        nasl_complain(c, "the knowledge base is full: %s is not stored", name);
    str_done(&room);
    str_done(&room2);
}

static struct nasl_value do_set_kb_item(struct nasl_call *c)
{
    set(c, false);
    return nasl_undef();
}

static struct nasl_value do_replace_kb_item(struct nasl_call *c)
{
    set(c, true);
    return nasl_undef();
}

/* The script goes on once for each value, the newest first; a script run by itself (as by
 * openvas-nasl) goes on once more without any. */
static struct nasl_value one_of_many(struct nasl_call *c, const char *name, size_t count)
{
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    struct nasl_value value[BRANCHES_AT_ONCE + 1];
    struct nasl_kb_value v;
    size_t got = 0;
    while (count && got < BRANCHES_AT_ONCE && nasl_kb_get(kb, name, --count, &v))
        value[got++] = value_of(c, &v, false);
    if (nasl_vm_host(c->vm)->trusted)
        value[got++] = nasl_undef();
    nasl_vm_fork(c->vm, value + 1, got - 1);
    return value[0];
}

static struct nasl_value do_get_kb_item(struct nasl_call *c)
{
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    struct str room = str_of(0);
    struct nasl_kb_value v;
    const char *name = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    bool single = nasl_arg_int(nasl_arg(c, 1), 0) != 0;
    size_t count = name ? nasl_kb_count(kb, name) : 0;
    struct nasl_value result = nasl_undef();
    if (count > 1 && !single)
        result = one_of_many(c, name, count);
    else if (count && nasl_kb_get(kb, name, count - 1, &v))
        result = value_of(c, &v, false);
    str_done(&room);
    return result;
}

struct collect {
    struct nasl_call *call;
    struct nasl_value *list;
};

static bool add_values(void *ctx, const char *name)
{
    struct collect *collect = ctx;
    struct nasl_kb *kb = nasl_vm_host(collect->call->vm)->kb;
    struct nasl_kb_value v;
    for (size_t i = nasl_kb_count(kb, name); i-- > 0 && nasl_kb_get(kb, name, i, &v);)
        if (!nasl_array_add_named(collect->list, name, value_of(collect->call, &v, true)))
            return false;
    return true;
}

static struct nasl_value do_get_kb_list(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *mask = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    struct nasl_value list = nasl_undef();
    if (!mask)
        nasl_complain(c, "get_kb_list(name)");
    else
        list = nasl_array_new(nasl_call_heap(c));
    if (list.type == NASL_ARRAY) {
        struct collect collect = {c, &list};
        if (strchr(mask, '*'))
            nasl_kb_each(nasl_vm_host(c->vm)->kb, mask, add_values, &collect);
        else
            add_values(&collect, mask);
        if (!nasl_array_named_count(list.array))
            nasl_value_drop(&list);
    }
    str_done(&room);
    return list;
}

/* The peer's number of a data base: here each host has its one. */
static struct nasl_value do_get_host_kb_index(struct nasl_call *c)
{
    (void)c;
    return nasl_int(1);
}

static const struct nasl_builtin rows[] = {
    {"get_host_kb_index", do_get_host_kb_index, {0}, 0},
    {"get_kb_item", do_get_kb_item, {0}, 0},
    {"get_kb_list", do_get_kb_list, {0}, 0},
    {"replace_kb_item", do_replace_kb_item, {"name", "value"}, 0},
    {"set_kb_item", do_set_kb_item, {"name", "value", "expire"}, 0},
};

const struct nasl_family nasl_family_kb = {"kb", rows, ARRAY_COUNT(rows)};
