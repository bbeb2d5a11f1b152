/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branches: where the peer forks a process, the state is copied and waits its turn.  The first
 * value's branch runs to its end before the second's begins, as a parent waits for its child. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/vm_private.h"

static void *copy_bytes(const void *from, size_t count, size_t size)
{
    void *to = mem_zero(count * size + 1);
    if (count)
        memcpy(to, from, count * size);
    return to;
}

static struct nasl_state copy_state(const struct nasl_vm *vm)
{
    uint32_t sp = (uint32_t)(vm->sp - vm->stack);
    struct nasl_state s = {
        .pc = vm->pc,
        .stack = copy_bytes(vm->stack, sp, sizeof *vm->stack),
        .sp = sp,
        .cell = copy_bytes(vm->cell, vm->cell_count, sizeof *vm->cell),
        .cell_count = vm->cell_count,
        .function = copy_bytes(vm->function, vm->cell_count, sizeof *vm->function),
        .hidden = copy_bytes(vm->hidden, vm->hidden_count, sizeof *vm->hidden),
        .hidden_count = vm->hidden_count,
        .frame = copy_bytes(vm->frames, vm->frame_count, sizeof *vm->frames),
        .frame_count = vm->frame_count,
        .each = copy_bytes(vm->each, vm->each_count, sizeof *vm->each),
        .each_count = vm->each_count,
        .handle = copy_bytes(vm->handle, vm->handle_count, sizeof *vm->handle),
        .handle_count = vm->handle_count,
        .host_name = vm->host_name,
    };
    for (uint32_t i = 0; i < s.sp; i++)
        (void)nasl_value_copy(&s.stack[i]);
    for (uint32_t i = 0; i < s.cell_count; i++)
        (void)nasl_value_copy(&s.cell[i].value);
    for (uint32_t i = 0; i < s.hidden_count; i++)
        (void)nasl_value_copy(&s.hidden[i].cell.value);
    for (uint32_t i = 0; i < s.each_count; i++)
        (void)nasl_value_copy(&s.each[i].array);
    for (uint32_t i = 0; i < s.handle_count; i++)
        if (s.handle[i])
            s.handle[i]->owners++;
    return s;
}

static void free_state(struct nasl_state *s)
{
    mem_free(s->stack);
    mem_free(s->cell);
    mem_free(s->function);
    mem_free(s->hidden);
    mem_free(s->frame);
    mem_free(s->each);
    mem_free(s->handle);
}

static void add_branch(struct nasl_vm *vm, struct nasl_branch **at, struct nasl_value result,
                       bool keeps, int host_name)
{
    struct nasl_branch *b = mem_zero(sizeof *b);
    b->state = copy_state(vm);
    b->state.host_name = host_name;
    b->result = result;
    b->keeps = keeps;
    b->next = *at;
    *at = b;
    vm->branches++;
}

/* The built-in's frame is cleared: vm->pc is the instruction behind it, its result not yet there.
 */
void nasl_vm_take_branches(struct nasl_vm *vm, bool keeps)
{
    struct nasl_branch **at = &vm->waiting;
    for (size_t i = 0; i < vm->fork_count; i++) {
        if (vm->branches >= BRANCHES_MAX) {
            nasl_vm_note(vm, "more values than a script may go on with");
            nasl_value_drop(&vm->fork[i]);
            continue;
        }
        int name = vm->fork_host_name ? (int)i + 1 : vm->host_name;
        add_branch(vm, at, vm->fork[i], keeps, name);
        at = &(*at)->next;
    }
    mem_free(vm->fork);
    vm->fork = NULL;
    vm->fork_count = 0;
    vm->fork_host_name = false;
}

void nasl_vm_fork(struct nasl_vm *vm, const struct nasl_value *others, size_t count)
{
    vm->fork = copy_bytes(others, count, sizeof *others);
    vm->fork_count = count;
}

int nasl_vm_host_name(struct nasl_vm *vm)
{
    return vm->host_name;
}

void nasl_vm_fork_host_name(struct nasl_vm *vm)
{
    vm->host_name = 0;
    vm->fork_host_name = true;
}

static void drop_handle(struct nasl_handle *h)
{
    if (!h || --h->owners > 0)
        return;
    h->kind->close(h->thing);
    mem_free(h);
}

void nasl_vm_drop_state(struct nasl_vm *vm)
{
    while (vm->frame_count)
        nasl_vm_pop_frame(vm);
    while (vm->sp > vm->stack)
        nasl_value_drop(--vm->sp);
    for (uint32_t i = 0; i < vm->cell_count; i++) {
        nasl_value_drop(&vm->cell[i].value);
        vm->cell[i].depth = UNBOUND;
        vm->function[i].there = false;
    }
    for (uint32_t i = 0; i < vm->handle_count; i++)
        drop_handle(vm->handle[i]);
    vm->handle_count = 0;
}

/* The waiting state becomes the machine's.  What its tables hold moves over; they only grew since.
 */
static void restore(struct nasl_vm *vm, struct nasl_state *s)
{
    memcpy(vm->stack, s->stack, s->sp * sizeof *s->stack);
    vm->sp = vm->stack + s->sp;
    memcpy(vm->cell, s->cell, s->cell_count * sizeof *s->cell);
    memcpy(vm->function, s->function, s->cell_count * sizeof *s->function);
    if (s->hidden_count)
        memcpy(vm->hidden, s->hidden, s->hidden_count * sizeof *s->hidden);
    vm->hidden_count = s->hidden_count;
    memcpy(vm->frames, s->frame, s->frame_count * sizeof *s->frame);
    vm->frame_count = s->frame_count;
    vm->frame = &vm->frames[s->frame_count - 1];
    vm->map = vm->frame->linked->cell;
    if (s->each_count)
        memcpy(vm->each, s->each, s->each_count * sizeof *s->each);
    vm->each_count = s->each_count;
    if (s->handle_count)
        memcpy(vm->handle, s->handle, s->handle_count * sizeof(struct nasl_handle *));
    vm->handle_count = s->handle_count;
    vm->host_name = s->host_name;
    vm->pc = s->pc;
}

bool nasl_vm_next_branch(struct nasl_vm *vm)
{
    struct nasl_branch *b = vm->waiting;
    if (!b)
        return false;
    vm->waiting = b->next;
    nasl_vm_drop_state(vm);
    restore(vm, &b->state);
    vm->over = false;
    if (b->keeps)
        *vm->sp++ = b->result;
    else
        nasl_value_drop(&b->result);
    free_state(&b->state);
    mem_free(b);
    return true;
}

void nasl_vm_drop_branches(struct nasl_vm *vm)
{
    while (nasl_vm_next_branch(vm))
        nasl_vm_drop_state(vm);
}

int64_t nasl_handle_add(struct nasl_vm *vm, const struct nasl_handle_kind *kind, void *thing)
{
    uint32_t at = 0;
    while (at < vm->handle_count && vm->handle[at])
        at++;
    if (at >= NASL_HANDLES_MAX) {
        nasl_vm_note(vm, "more than %d open handles", NASL_HANDLES_MAX);
        kind->close(thing);
        return -1;
    }
    if (!vm->handle)
        vm->handle = mem_zero(NASL_HANDLES_MAX * sizeof(struct nasl_handle *));
    struct nasl_handle *h = mem_zero(sizeof *h);
    *h = (struct nasl_handle){.owners = 1, .kind = kind, .thing = thing};
    vm->handle[at] = h;
    if (at == vm->handle_count)
        vm->handle_count++;
    return kind->first + at;
}

static struct nasl_handle **find_handle(struct nasl_vm *vm, const struct nasl_handle_kind *kind,
                                        int64_t number)
{
    int64_t at = number - kind->first;
    if (at < 0 || at >= vm->handle_count || !vm->handle[at] || vm->handle[at]->kind != kind)
        return NULL;
    return &vm->handle[at];
}

void *nasl_handle_get(struct nasl_vm *vm, const struct nasl_handle_kind *kind, int64_t number)
{
    struct nasl_handle **h = find_handle(vm, kind, number);
    return h ? (*h)->thing : NULL;
}

bool nasl_handle_close(struct nasl_vm *vm, const struct nasl_handle_kind *kind, int64_t number)
{
    struct nasl_handle **h = find_handle(vm, kind, number);
    if (!h)
        return false;
    drop_handle(*h);
    *h = NULL;
    return true;
}

int64_t nasl_handle_find(struct nasl_vm *vm, const struct nasl_handle_kind *kind,
                         bool (*fits)(void *thing, int64_t detail), int64_t detail)
{
    for (uint32_t i = 0; i < vm->handle_count; i++)
        if (vm->handle[i] && vm->handle[i]->kind == kind && fits(vm->handle[i]->thing, detail))
            return kind->first + i;
    return -1;
}
