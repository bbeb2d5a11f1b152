/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's life: variables, frames, budgets, handles, the main loop. */
#include "tool/nasl/vm_private.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/match/regex.h"
#include "tool/nasl/constant.h"

enum { MEMORY_DEFAULT = 256 << 20, NAME_INDEX_FIRST = 512 };

void nasl_vm_note(struct nasl_vm *vm, const char *format, ...)
{
    const struct nasl_unit *u = vm->frame->linked->unit;
    struct str words = str_of(1000);
    if (!vm->host->note)
        return;
    va_list args;
    va_start(args, format);
    str_addv(&words, format, args);
    va_end(args);
    uint32_t at =
        vm->pc >= u->code && vm->pc < u->code + u->code_count ? (uint32_t)(vm->pc - u->code) : 0;
    vm->host->note(vm->host->ctx, u->name, u->line[at], str_text(&words));
    str_done(&words);
}

void nasl_vm_stop(struct nasl_vm *vm, enum nasl_end end)
{
    if (!vm->over && end != NASL_RAN)
        vm->end = end;
    vm->over = true;
}

static size_t slot_of(const struct nasl_vm *vm, const char *interned)
{
    size_t mask = vm->name_index_size - 1;
    size_t at = ((size_t)interned >> 4) * 0x9e3779b97f4a7c15ULL >> 20 & mask;
    while (vm->name_index[at] && vm->name[vm->name_index[at] - 1] != interned)
        at = (at + 1) & mask;
    return at;
}

static void grow_names(struct nasl_vm *vm)
{
    vm->name_index_size = vm->name_index_size ? vm->name_index_size * 2 : NAME_INDEX_FIRST;
    mem_free(vm->name_index);
    vm->name_index = mem_zero(vm->name_index_size * sizeof *vm->name_index);
    for (uint32_t i = 0; i < vm->cell_count; i++)
        vm->name_index[slot_of(vm, vm->name[i])] = i + 1;
}

uint32_t nasl_vm_cell(struct nasl_vm *vm, const char *interned)
{
    if ((vm->cell_count + 1) * 2 > vm->name_index_size)
        grow_names(vm);
    size_t slot = slot_of(vm, interned);
    if (vm->name_index[slot])
        return vm->name_index[slot] - 1;
    MEM_GROW(vm->cell, vm->cell_count, vm->cell_capacity);
    MEM_GROW(vm->function, vm->cell_count, vm->function_capacity);
    MEM_GROW(vm->name, vm->cell_count, vm->name_capacity);
    vm->cell[vm->cell_count] = (struct nasl_cell){.depth = UNBOUND};
    vm->function[vm->cell_count] = (struct nasl_bound_function){0};
    vm->name[vm->cell_count] = interned;
    vm->name_index[slot] = vm->cell_count + 1;
    return vm->cell_count++;
}

const struct nasl_linked *nasl_vm_link(struct nasl_vm *vm, const struct nasl_unit *u)
{
    for (size_t i = 0; i < vm->linked_count; i++)
        if (vm->linked[i]->unit == u)
            return vm->linked[i];
    struct nasl_linked *linked = mem_zero(sizeof *linked);
    linked->unit = u;
    linked->cell = mem_zero((u->symbol_count + 1) * sizeof *linked->cell);
    for (uint32_t i = 0; i < u->symbol_count; i++)
        linked->cell[i] = nasl_vm_cell(vm, u->symbol[i]);
    MEM_GROW(vm->linked, vm->linked_count, vm->linked_capacity);
    return vm->linked[vm->linked_count++] = linked;
}

/* Bind the variable in the function that runs; what it hides comes back when that returns. */
void nasl_vm_bind(struct nasl_vm *vm, uint32_t which)
{
    int32_t depth = vm->frame->depth;
    struct nasl_cell *cell = &vm->cell[which];
    if (depth > 0) {
        MEM_GROW(vm->hidden, vm->hidden_count, vm->hidden_capacity);
        vm->hidden[vm->hidden_count++] = (struct nasl_hidden){which, *cell};
    } else {
        nasl_value_drop(&cell->value);
    }
    *cell = (struct nasl_cell){.depth = depth};
}

void nasl_vm_push_frame(struct nasl_vm *vm, const struct nasl_frame *frame)
{
    uint32_t need = frame->linked->unit->stack_need + 1;
    if (vm->frame_count >= FRAMES_MAX || vm->sp + need > vm->stack + STACK_VALUES) {
        nasl_vm_note(vm, "calls nested too deeply");
        nasl_vm_stop(vm, NASL_TOO_DEEP);
        return;
    }
    vm->frames[vm->frame_count] = *frame;
    vm->frame = &vm->frames[vm->frame_count++];
    vm->map = vm->frame->linked->cell;
}

/* Undo what the function bound, walked and was given. */
const struct nasl_insn *nasl_vm_pop_frame(struct nasl_vm *vm)
{
    struct nasl_frame *f = &vm->frames[--vm->frame_count];
    while (vm->hidden_count > f->hidden) {
        struct nasl_hidden *h = &vm->hidden[--vm->hidden_count];
        nasl_value_drop(&vm->cell[h->which].value);
        vm->cell[h->which] = h->cell;
    }
    while (vm->each_count > f->each)
        nasl_value_drop(&vm->each[--vm->each_count].array);
    while (vm->sp > vm->stack + f->arguments)
        nasl_value_drop(--vm->sp);
    if (vm->frame_count) {
        vm->frame = &vm->frames[vm->frame_count - 1];
        vm->map = vm->frame->linked->cell;
    }
    return f->back;
}

bool nasl_vm_should_stop(struct nasl_vm *vm)
{
    if (vm->heap.exhausted)
        nasl_vm_stop(vm, NASL_TOO_LARGE);
    else if (clock_mono_ns(vm->host->clock) >= vm->deadline_ns)
        nasl_vm_stop(vm, NASL_TIMED_OUT);
    else if (vm->host->stop && vm->host->stop(vm->host->ctx))
        nasl_vm_stop(vm, NASL_STOPPED);
    return vm->over;
}

bool nasl_vm_check(struct nasl_vm *vm)
{
    vm->fuel = FUEL;
    return !nasl_vm_should_stop(vm);
}

uint64_t nasl_vm_wait_ns(struct nasl_vm *vm, uint64_t wanted_ns)
{
    uint64_t now = clock_mono_ns(vm->host->clock);
    uint64_t left = vm->deadline_ns > now ? vm->deadline_ns - now : 0;
    return wanted_ns < left ? wanted_ns : left;
}

struct nasl_host *nasl_vm_host(struct nasl_vm *vm)
{
    return vm->host;
}

struct nasl_library *nasl_vm_library(struct nasl_vm *vm)
{
    return vm->library;
}

struct regex_match *nasl_vm_match(struct nasl_vm *vm)
{
    if (!vm->match)
        vm->match = regex_match_new(REGEX_GROUPS_MAX, 0);
    return vm->match;
}

void nasl_vm_exit(struct nasl_vm *vm)
{
    nasl_vm_stop(vm, NASL_RAN);
}

const char *nasl_vm_oid(struct nasl_vm *vm)
{
    return vm->host->meta ? vm->host->meta->oid : NULL;
}

bool nasl_vm_has_function(struct nasl_vm *vm, const char *name)
{
    size_t len = strlen(name);
    if (nasl_library_builtin(vm->library, name, len))
        return true;
    uint32_t which = nasl_vm_cell(vm, nasl_library_intern(vm->library, name, len));
    return vm->function[which].there;
}

static void define(struct nasl_vm *vm, const char *name, struct nasl_value v)
{
    const char *interned = nasl_library_intern(vm->library, name, strlen(name));
    uint32_t which = nasl_vm_cell(vm, interned); /* first: the table may move */
    vm->cell[which] = (struct nasl_cell){.value = v, .depth = 0};
}

static void define_constants(struct nasl_vm *vm, const struct nasl_run *how)
{
    const char *version = "picket " PICKET_VERSION;
    for (size_t i = 0; i < nasl_constant_count; i++)
        define(vm, nasl_constants[i].name, nasl_int(nasl_constants[i].value));
    define(vm, "NULL", nasl_undef());
    define(vm, "OPENVAS_VERSION", nasl_text(&vm->heap, NASL_DATA, version, strlen(version)));
    define(vm, "COMMAND_LINE", nasl_int(how->command_line));
    define(vm, "description", nasl_int(how->description));
    const char *name = how->name ? how->name : "";
    define(vm, "SCRIPT_NAME", nasl_text(&vm->heap, NASL_DATA, name, strlen(name)));
}

static void loop(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    while (pc)
        pc = nasl_ops[pc->op](vm, pc);
}

/* A function named on_exit runs at the end, whatever ended the script. */
static void run_on_exit(struct nasl_vm *vm, const struct nasl_linked *top)
{
    while (vm->frame_count)
        nasl_vm_pop_frame(vm);
    struct nasl_frame base = {.linked = top};
    nasl_vm_push_frame(vm, &base);
    uint32_t which = nasl_vm_cell(vm, nasl_library_intern(vm->library, "on_exit", 7));
    struct nasl_bound_function f = vm->function[which];
    if (!f.there || vm->end != NASL_RAN)
        return;
    vm->over = false;
    struct nasl_frame frame = {.linked = f.linked, .depth = 1, .function = true};
    nasl_vm_push_frame(vm, &frame);
    loop(vm, f.linked->unit->code + f.entry);
}

static void run_branches(struct nasl_vm *vm, const struct nasl_linked *top)
{
    struct nasl_frame base = {.linked = top};
    nasl_vm_push_frame(vm, &base);
    if (vm->over)
        return;
    const struct nasl_insn *pc = top->unit->code;
    do {
        loop(vm, pc);
        run_on_exit(vm, top);
        if (vm->end != NASL_RAN || !nasl_vm_next_branch(vm))
            return;
        pc = vm->pc;
    } while (true);
}

static void vm_done(struct nasl_vm *vm)
{
    nasl_vm_drop_state(vm);
    nasl_vm_drop_branches(vm);
    for (size_t i = 0; i < vm->linked_count; i++) {
        mem_free(vm->linked[i]->cell);
        mem_free(vm->linked[i]);
    }
    mem_free(vm->linked);
    mem_free(vm->stack);
    mem_free(vm->frames);
    mem_free(vm->cell);
    mem_free(vm->function);
    mem_free(vm->name);
    mem_free(vm->name_index);
    mem_free(vm->hidden);
    mem_free(vm->each);
    mem_free(vm->handle);
    mem_free(vm->split);
    str_done(&vm->room);
    str_done(&vm->room2);
    regex_match_free(vm->match);
}

enum nasl_end nasl_run(struct nasl_library *l, const struct nasl_unit *u, struct nasl_host *h,
                       const struct nasl_run *how)
{
    struct nasl_vm vm = {.library = l, .host = h, .fuel = FUEL, .host_name = -1};
    vm.heap.limit = how->memory ? how->memory : MEMORY_DEFAULT;
    vm.deadline_ns = how->time_ns ? clock_mono_ns(h->clock) + how->time_ns : UINT64_MAX;
    vm.stack = vm.sp = mem_zero(STACK_VALUES * sizeof *vm.stack);
    vm.frames = mem_zero(FRAMES_MAX * sizeof *vm.frames);
    define_constants(&vm, how);
    const struct nasl_linked *top = nasl_vm_link(&vm, u);
    struct nasl_frame nowhere = {.linked = top};
    vm.frame = &nowhere;
    run_branches(&vm, top);
    enum nasl_end end = vm.end;
    vm_done(&vm);
    return end;
}
