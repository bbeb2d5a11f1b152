/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/calls.h"

#include "core/base/map.h"
#include "tool/nasl/builtin.h"

enum { NESTING_MAX = 32 };

/* Names are interned: one pointer a name. */
static bool defines(const struct nasl_unit *u, const char *name, unsigned depth)
{
    for (uint32_t i = 0; i < u->function_count; i++)
        if (u->symbol[u->function[i].symbol] == name)
            return true;
    for (uint32_t i = 0; i < u->include_count && depth < NESTING_MAX; i++)
        if (defines(u->include[i], name, depth + 1))
            return true;
    return false;
}

static bool is_call(const struct nasl_insn *in)
{
    return in->op == NASL_OP_CALL || in->op == NASL_OP_BUILTIN;
}

void assess_find_calls(const struct nasl_unit *u, assess_call_fn *fn, void *ctx)
{
    struct map told = {0};
    for (uint32_t at = 0; at < u->code_count; at++) {
        if (!is_call(&u->code[at]))
            continue;
        const struct nasl_call_site *site = &u->call[u->code[at].a];
        bool stub = site->builtin && (site->builtin->flags & NASL_STUB);
        if (site->builtin && !stub)
            continue;
        const char *name = stub ? site->builtin->name : u->symbol[site->symbol];
        if (map_find_text(&told, name) || (!stub && defines(u, name, 0)))
            continue;
        map_put_text(&told, name, &told);
        fn(ctx, stub ? ASSESS_CALL_STUB : ASSESS_CALL_UNDEFINED, name, u->line[at]);
    }
    map_done(&told);
}
