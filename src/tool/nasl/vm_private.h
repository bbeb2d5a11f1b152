/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's inside, for vm*.c. */
#pragma once

#include "tool/nasl/array.h"
#include "tool/nasl/vm.h"

enum {
    STACK_VALUES = 1 << 16,
    FRAMES_MAX = 4000,
    FUEL = 2000, /* loops and calls between two looks at the clock */
    BRANCHES_MAX = 1024,
    UNBOUND = -1,
};

/* A variable.  Scope is dynamic: the newest binding of a name is the one everybody sees, so one
 * cell a name is enough; what a function hides is kept on the machine's list of hidden cells. */
struct nasl_cell {
    struct nasl_value value;
    int32_t depth; /* of the function that bound it; UNBOUND */
};

struct nasl_hidden {
    uint32_t which;
    struct nasl_cell cell;
};

/* A unit that the machine has met. */
struct nasl_linked {
    const struct nasl_unit *unit;
    uint32_t *cell; /* of each symbol */
};

struct nasl_bound_function {
    const struct nasl_linked *linked;
    uint32_t entry;
    bool there;
};

struct nasl_frame {
    const struct nasl_linked *linked;
    const struct nasl_insn *back;       /* where the caller goes on */
    uint32_t hidden, each;              /* how long those lists were */
    uint32_t arguments, argument_count; /* unnamed ones, on the stack */
    int32_t depth;                      /* an include has that of who includes it */
    bool function, keeps;               /* the result is wanted */
};

struct nasl_each {
    struct nasl_value array;
    struct nasl_walk walk;
};

struct nasl_handle {
    int32_t owners;
    const struct nasl_handle_kind *kind;
    void *thing;
};

/* All that changes while a script runs. */
struct nasl_state {
    const struct nasl_insn *pc;
    struct nasl_value *stack;
    uint32_t sp;
    struct nasl_cell *cell;
    uint32_t cell_count;
    struct nasl_bound_function *function; /* of each cell */
    struct nasl_hidden *hidden;
    uint32_t hidden_count;
    struct nasl_frame *frame;
    uint32_t frame_count;
    struct nasl_each *each;
    uint32_t each_count;
    struct nasl_handle **handle; /* NULL: free */
    uint32_t handle_count;
    int host_name;
};

/* A branch that waits: the state behind the built-in, and what it shall have returned. */
struct nasl_branch {
    struct nasl_branch *next;
    struct nasl_state state;
    struct nasl_value result;
    bool keeps;
};

struct nasl_vm {
    struct nasl_value *sp, *stack;
    const struct nasl_frame *frame; /* the top one */
    const uint32_t *map;            /* of its unit */
    struct nasl_cell *cell;
    int64_t fuel;
    const struct nasl_insn *pc; /* for diagnostics: set before what may complain */
    struct nasl_frame *frames;
    struct nasl_hidden *hidden;
    struct nasl_each *each;
    struct nasl_bound_function *function;
    uint32_t cell_count, frame_count, hidden_count, each_count;
    size_t cell_capacity, function_capacity, hidden_capacity, each_capacity;
    const char **name; /* of each cell */
    size_t name_capacity;
    uint32_t *name_index; /* open addressing by the interned pointer; cell + 1 */
    uint32_t name_index_size;
    struct nasl_linked **linked;
    size_t linked_count, linked_capacity;
    struct nasl_handle **handle;
    uint32_t handle_count;
    struct nasl_branch *waiting;
    uint32_t branches;
    struct nasl_value *fork; /* what a built-in asked for */
    size_t fork_count;
    bool fork_host_name;
    int host_name;
    struct nasl_value *split; /* unnamed arguments of a call that has named ones */
    size_t split_capacity;
    struct nasl_value named[NASL_NAMED_MAX];
    struct str room, room2;
    struct nasl_heap heap;
    struct nasl_library *library;
    struct nasl_host *host;
    struct regex_match *match;
    uint64_t deadline_ns; /* UINT64_MAX: none */
    enum nasl_end end;
    bool over; /* the script has ended */
};

/* vm.c */
uint32_t nasl_vm_cell(struct nasl_vm *vm, const char *interned);
const struct nasl_linked *nasl_vm_link(struct nasl_vm *vm, const struct nasl_unit *u);
void nasl_vm_bind(struct nasl_vm *vm, uint32_t which);
void nasl_vm_push_frame(struct nasl_vm *vm, const struct nasl_frame *frame);
const struct nasl_insn *nasl_vm_pop_frame(struct nasl_vm *vm);
bool nasl_vm_check(struct nasl_vm *vm); /* fuel is out: may the script go on? */
void nasl_vm_stop(struct nasl_vm *vm, enum nasl_end end);
void nasl_vm_note(struct nasl_vm *vm, const char *format, ...) PRINTF_LIKE(2, 3);

/* vm_branch.c */
void nasl_vm_take_branches(struct nasl_vm *vm, bool keeps);
bool nasl_vm_next_branch(struct nasl_vm *vm); /* goes on in a waiting one; false: none is left */
void nasl_vm_drop_state(struct nasl_vm *vm);
void nasl_vm_drop_branches(struct nasl_vm *vm);

/* vm_operate.c: x OP y.  x is taken, y is lent. */
struct nasl_value nasl_operate(struct nasl_vm *vm, enum nasl_op op, struct nasl_value x,
                               const struct nasl_value *y);
int64_t nasl_operand_int(struct nasl_vm *vm, const struct nasl_value *v);

/* vm_op.c */
typedef const struct nasl_insn *nasl_op_fn(struct nasl_vm *vm, const struct nasl_insn *pc);
extern nasl_op_fn *const nasl_ops[NASL_OP_COUNT];
/* vm_element.c, vm_call.c */
const struct nasl_insn *nasl_do_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_SET_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_UPDATE_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_STEP_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_ANON(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_ANON_AT(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_STEP(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_FUNCTION(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_CALL(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_BUILTIN(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_CANCEL(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_RETURN(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_LEAVE(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_END(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_DEFINE(struct nasl_vm *vm, const struct nasl_insn *pc);
const struct nasl_insn *nasl_do_INCLUDE(struct nasl_vm *vm, const struct nasl_insn *pc);

static inline void nasl_assign(struct nasl_value *to, struct nasl_value v)
{
    if (v.type == NASL_ARRAY)
        v.turned ^= 1; /* a copy, see value.h */
    nasl_value_drop(to);
    *to = v;
}

/* The variable of a symbol, bound where nobody has. */
static inline struct nasl_cell *nasl_variable(struct nasl_vm *vm, int32_t symbol)
{
    uint32_t which = vm->map[symbol];
    if (vm->cell[which].depth == UNBOUND)
        nasl_vm_bind(vm, which);
    return &vm->cell[which];
}
