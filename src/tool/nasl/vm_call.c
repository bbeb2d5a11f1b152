/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of functions, built-ins and include files, and the ways back. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/vm_private.h"

const struct nasl_insn *nasl_do_FUNCTION(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    uint32_t which = vm->map[pc->a];
    if (vm->function[which].there)
        return pc + 2;
    vm->pc = pc;
    nasl_vm_note(vm, "undefined function '%s'", vm->name[which]);
    *vm->sp++ = nasl_undef();
    return pc + 1;
}

const struct nasl_insn *nasl_do_DEFINE(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_unit *u = vm->frame->linked->unit;
    const struct nasl_function *f = &u->function[pc->a];
    uint32_t which = vm->map[f->symbol];
    vm->pc = pc;
    if (vm->function[which].there ||
        nasl_library_builtin(vm->library, vm->name[which], strlen(vm->name[which])))
        nasl_vm_note(vm, "function '%s' is already defined", vm->name[which]);
    else
        vm->function[which] = (struct nasl_bound_function){vm->frame->linked, f->entry, true};
    return pc + 1;
}

/* Named arguments become variables of the new function, which is the top frame already; unnamed
 * ones stay on the stack. */
static void bind_arguments(struct nasl_vm *vm, const struct nasl_call_site *site,
                           const uint32_t *caller_map)
{
    struct nasl_frame *f = &vm->frames[vm->frame_count - 1];
    struct nasl_value *from = vm->sp - site->count, *to = from;
    for (uint16_t i = 0; i < site->count; i++) {
        struct nasl_value v = from[i];
        if (v.type == NASL_ARRAY)
            v.turned ^= 1;
        if (site->plain || site->name[i] == (uint32_t)NASL_UNNAMED) {
            *to++ = v;
            continue;
        }
        uint32_t which = caller_map[site->name[i]];
        nasl_vm_bind(vm, which);
        vm->cell[which].value = v;
    }
    f->argument_count = (uint32_t)(to - from);
    vm->sp = to;
}

const struct nasl_insn *nasl_do_CALL(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_call_site *site = &vm->frame->linked->unit->call[pc->a];
    const uint32_t *caller_map = vm->map;
    struct nasl_bound_function f = vm->function[caller_map[site->symbol]];
    struct nasl_frame frame = {
        .linked = f.linked,
        .back = pc + 1,
        .hidden = vm->hidden_count,
        .each = vm->each_count,
        .arguments = (uint32_t)(vm->sp - vm->stack) - site->count,
        .depth = vm->frame->depth + 1,
        .function = true,
        .keeps = pc->c,
    };
    vm->pc = pc;
    if (--vm->fuel < 0 && !nasl_vm_check(vm))
        return NULL;
    nasl_vm_push_frame(vm, &frame);
    if (vm->over)
        return NULL;
    bind_arguments(vm, site, caller_map);
    return f.linked->unit->code + f.entry;
}

const struct nasl_insn *nasl_do_CANCEL(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    vm->pc = pc;
    nasl_vm_note(vm, "an argument is given twice: nothing is called");
    for (int32_t i = 0; i < pc->a; i++)
        nasl_value_drop(--vm->sp);
    *vm->sp++ = nasl_undef();
    return pc + 1;
}

/* Out of the function (through the includes in it), with a result; at the top, the script ends. */
static const struct nasl_insn *leave(struct nasl_vm *vm, struct nasl_value result)
{
    while (vm->frame_count > 1) {
        bool function = vm->frame->function, keeps = vm->frame->keeps;
        const struct nasl_insn *back = nasl_vm_pop_frame(vm);
        if (!function)
            continue;
        if (keeps)
            *vm->sp++ = result;
        else
            nasl_value_drop(&result);
        return back;
    }
    nasl_value_drop(&result);
    return NULL;
}

const struct nasl_insn *nasl_do_RETURN(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value result = *--vm->sp;
    if (result.type == NASL_ARRAY && pc->c)
        result.turned ^= 1;
    return leave(vm, result);
}

const struct nasl_insn *nasl_do_LEAVE(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    (void)pc;
    return leave(vm, nasl_undef());
}

const struct nasl_insn *nasl_do_END(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    (void)pc;
    return vm->frame_count > 1 ? nasl_vm_pop_frame(vm) : NULL;
}

const struct nasl_insn *nasl_do_INCLUDE(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_linked *linked = nasl_vm_link(vm, vm->frame->linked->unit->include[pc->a]);
    struct nasl_frame frame = {
        .linked = linked,
        .back = pc + 1,
        .hidden = vm->hidden_count,
        .each = vm->each_count,
        .arguments = (uint32_t)(vm->sp - vm->stack),
        .depth = vm->frame->depth,
    };
    vm->pc = pc;
    nasl_vm_push_frame(vm, &frame);
    return vm->over ? NULL : linked->unit->code;
}

/* Named arguments go to their places in vm->named, the others to vm->split; all stay the stack's.
 */
static void split_arguments(struct nasl_vm *vm, const struct nasl_call_site *site,
                            struct nasl_call *call)
{
    const struct nasl_value *from = call->arg;
    while (vm->split_capacity < site->count)
        MEM_GROW(vm->split, vm->split_capacity, vm->split_capacity);
    for (unsigned i = 0; i < NASL_NAMED_MAX && site->builtin->named[i]; i++)
        vm->named[i] = nasl_undef();
    call->count = 0;
    for (uint16_t i = 0; i < site->count; i++)
        if (site->name[i] == (uint32_t)NASL_UNNAMED)
            vm->split[call->count++] = from[i];
        else if (site->name[i] < NASL_NAMED_MAX)
            vm->named[site->name[i]] = from[i];
    call->arg = vm->split;
}

/* The machine may stop in a built-in, or go on in several branches behind it. */
static const struct nasl_insn *after_builtin(struct nasl_vm *vm, const struct nasl_insn *pc,
                                             struct nasl_value result)
{
    if (vm->fork_count) {
        vm->pc = pc + 1;
        nasl_vm_take_branches(vm, pc->c);
    }
    if (pc->c)
        *vm->sp++ = result;
    else
        nasl_value_drop(&result);
    if (vm->heap.exhausted) {
        nasl_vm_note(vm, "over its budget of memory");
        nasl_vm_stop(vm, NASL_TOO_LARGE);
    }
    return vm->over ? NULL : pc + 1;
}

const struct nasl_insn *nasl_do_BUILTIN(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_call_site *site = &vm->frame->linked->unit->call[pc->a];
    struct nasl_call call = {
        .vm = vm,
        .builtin = site->builtin,
        .arg = vm->sp - site->count,
        .count = site->count,
        .named = vm->named,
    };
    vm->pc = pc;
    if (!site->plain)
        split_arguments(vm, site, &call);
    else
        for (unsigned i = 0; i < NASL_NAMED_MAX && site->builtin->named[i]; i++)
            vm->named[i] = nasl_undef();
    struct nasl_value result = site->builtin->call(&call);
    for (uint16_t i = 0; i < site->count; i++)
        nasl_value_drop(--vm->sp);
    return after_builtin(vm, pc, result);
}
