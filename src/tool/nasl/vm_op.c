/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The instructions, one function each, and their table.  Each returns the next instruction; NULL
 * ends the branch.  Elements and calls have files of their own. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/ereg.h"
#include "tool/nasl/vm_private.h"

#define DO(name)                                                                                   \
    static const struct nasl_insn *nasl_do_##name(struct nasl_vm *vm, const struct nasl_insn *pc)

DO(CONST)
{
    *vm->sp++ = vm->frame->linked->unit->constant[pc->a]; /* never counted, see nasl_code_string */
    return pc + 1;
}

DO(INT)
{
    *vm->sp++ = nasl_int(pc->a);
    return pc + 1;
}

DO(UNDEF)
{
    *vm->sp++ = nasl_undef();
    return pc + 1;
}

DO(VAR)
{
    *vm->sp++ = nasl_value_copy(&nasl_variable(vm, pc->a)->value);
    return pc + 1;
}

DO(SET)
{
    struct nasl_cell *cell = nasl_variable(vm, pc->a);
    if (pc->c)
        nasl_assign(&cell->value, nasl_value_copy(&vm->sp[-1]));
    else
        nasl_assign(&cell->value, *--vm->sp);
    return pc + 1;
}

DO(UPDATE)
{
    struct nasl_cell *cell = nasl_variable(vm, pc->a);
    struct nasl_value *y = &vm->sp[-1];
    vm->pc = pc;
    struct nasl_value x = cell->value;
    cell->value = nasl_undef(); /* moved out, so that a text can grow in place */
    x = nasl_operate(vm, NASL_OP_ADD + pc->c / 2, x, y);
    nasl_value_drop(y);
    if (pc->c & 1)
        *y = nasl_value_copy(&x);
    else
        vm->sp--;
    nasl_assign(&nasl_variable(vm, pc->a)->value, x);
    return pc + 1;
}

static const struct nasl_insn *operate_slowly(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value *y = --vm->sp;
    vm->pc = pc;
    y[-1] = nasl_operate(vm, pc->op, y[-1], y);
    nasl_value_drop(y);
    return pc + 1;
}

/* Two numbers by `result`, all else the slow way. */
#define DO_NUMBERS(name, result)                                                                   \
    DO(name)                                                                                       \
    {                                                                                              \
        struct nasl_value *v = vm->sp - 2;                                                         \
        if (v[0].type != NASL_INT || v[1].type != NASL_INT)                                        \
            return operate_slowly(vm, pc);                                                         \
        uint64_t x = (uint64_t)v[0].number, y = (uint64_t)v[1].number;                             \
        v[0].number = (int64_t)(result);                                                           \
        vm->sp--;                                                                                  \
        return pc + 1;                                                                             \
    }

DO_NUMBERS(ADD, x + y)
DO_NUMBERS(SUBTRACT, x - y)
DO_NUMBERS(MULTIPLY, x *y)
DO_NUMBERS(BIT_AND, x &y)
DO_NUMBERS(BIT_OR, x | y)
DO_NUMBERS(BIT_XOR, x ^ y)
DO_NUMBERS(LESS, (int64_t)(x - y) < 0)
DO_NUMBERS(LESS_EQUAL, (int64_t)(x - y) <= 0)
DO_NUMBERS(GREATER, (int64_t)(x - y) > 0)
DO_NUMBERS(GREATER_EQUAL, (int64_t)(x - y) >= 0)
DO_NUMBERS(EQUAL, x == y)
DO_NUMBERS(NOT_EQUAL, x != y)

#define DO_SLOWLY(name)                                                                            \
    DO(name)                                                                                       \
    {                                                                                              \
        return operate_slowly(vm, pc);                                                             \
    }

DO_SLOWLY(DIVIDE)
DO_SLOWLY(MODULO)
DO_SLOWLY(SHIFT_LEFT)
DO_SLOWLY(SHIFT_RIGHT)
DO_SLOWLY(SHIFT_RIGHT_UNSIGNED)
DO_SLOWLY(POWER)

static bool compare_numbers(enum nasl_op op, int64_t x, int64_t y)
{
    int64_t order = (int64_t)((uint64_t)x - (uint64_t)y);
    switch (op) {
    case NASL_OP_LESS:
        return order < 0;
    case NASL_OP_LESS_EQUAL:
        return order <= 0;
    case NASL_OP_GREATER:
        return order > 0;
    case NASL_OP_GREATER_EQUAL:
        return order >= 0;
    case NASL_OP_EQUAL:
        return order == 0;
    default:
        return order != 0;
    }
}

/* A variable and a small number, by an operation in c. */
static struct nasl_value with_number(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_value *x = &nasl_variable(vm, pc->a)->value;
    struct nasl_value y = nasl_int(pc->b);
    if (x->type == NASL_INT) {
        if (pc->c >= NASL_OP_LESS)
            return nasl_int(compare_numbers(pc->c, x->number, pc->b));
        if (pc->c == NASL_OP_ADD)
            return nasl_int((int64_t)((uint64_t)x->number + (uint64_t)y.number));
        if (pc->c == NASL_OP_SUBTRACT)
            return nasl_int((int64_t)((uint64_t)x->number - (uint64_t)y.number));
        if (pc->c == NASL_OP_MODULO && pc->b > 0)
            return nasl_int(x->number % pc->b);
    }
    vm->pc = pc;
    return nasl_operate(vm, pc->c, nasl_value_copy(x), &y);
}

DO(VAR_CONST)
{
    *vm->sp++ = with_number(vm, pc);
    return pc + 1;
}

/* The jump lies in the next instruction. */
DO(VAR_CONST_JUMP)
{
    const struct nasl_value *x = &nasl_variable(vm, pc->a)->value;
    bool yes = x->type == NASL_INT ? compare_numbers(pc->c, x->number, pc->b)
                                   : with_number(vm, pc).number != 0;
    return yes ? pc + 2 : pc + 2 + pc[1].a;
}

DO(JUMP_UNLESS)
{
    struct nasl_value *v = vm->sp -= 2;
    if (v[0].type == NASL_INT && v[1].type == NASL_INT)
        return compare_numbers(pc->c, v[0].number, v[1].number) ? pc + 1 : pc + 1 + pc->a;
    vm->pc = pc;
    bool yes = nasl_operate(vm, pc->c, v[0], &v[1]).number != 0;
    nasl_value_drop(&v[1]);
    return yes ? pc + 1 : pc + 1 + pc->a;
}

DO(HAS)
{
    operate_slowly(vm, pc);
    vm->sp[-1].number ^= pc->c;
    return pc + 1;
}

DO(MATCH)
{
    struct nasl_value *v = &vm->sp[-1];
    size_t len;
    vm->pc = pc;
    const char *text = nasl_value_text(v, &vm->room, &len);
    enum regex_verdict verdict = nasl_ereg_find(vm->frame->linked->unit->regex[pc->a],
                                                nasl_vm_match(vm), text, len, false, NULL);
    if (verdict == REGEX_LIMIT)
        nasl_vm_note(vm, "a regular expression took too long on %zu bytes", len);
    nasl_value_drop(v);
    *v = nasl_int((verdict == REGEX_YES) != pc->c);
    return pc + 1;
}

static const struct nasl_insn *one_number(struct nasl_vm *vm, const struct nasl_insn *pc,
                                          bool negate)
{
    struct nasl_value *v = &vm->sp[-1];
    vm->pc = pc;
    int64_t number = nasl_operand_int(vm, v);
    nasl_value_drop(v);
    *v = nasl_int(negate ? (int64_t) - (uint64_t)number : ~number);
    return pc + 1;
}

DO(NEGATE)
{
    return one_number(vm, pc, true);
}

DO(BIT_NOT)
{
    return one_number(vm, pc, false);
}

static bool take_bool(struct nasl_vm *vm)
{
    struct nasl_value *v = --vm->sp;
    bool yes = nasl_value_bool(v);
    nasl_value_drop(v);
    return yes;
}

DO(NOT)
{
    bool yes = take_bool(vm);
    *vm->sp++ = nasl_int(!yes);
    return pc + 1;
}

DO(BOOL)
{
    bool yes = take_bool(vm);
    *vm->sp++ = nasl_int(yes);
    return pc + 1;
}

DO(JUMP)
{
    (void)vm;
    return pc + 1 + pc->a;
}

DO(LOOP)
{
    if (--vm->fuel < 0) {
        vm->pc = pc;
        if (!nasl_vm_check(vm))
            return NULL;
    }
    return pc + 1 + pc->a;
}

DO(JUMP_FALSE)
{
    return take_bool(vm) ? pc + 1 : pc + 1 + pc->a;
}

DO(KEEP_IF_FALSE)
{
    if (vm->sp[-1].number == 0)
        return pc + 1 + pc->a;
    vm->sp--;
    return pc + 1;
}

DO(KEEP_IF_TRUE)
{
    if (vm->sp[-1].number != 0)
        return pc + 1 + pc->a;
    vm->sp--;
    return pc + 1;
}

DO(POP)
{
    nasl_value_drop(--vm->sp);
    return pc + 1;
}

DO(EACH)
{
    struct nasl_value array = *--vm->sp;
    nasl_variable(vm, pc->a);
    if (array.type != NASL_ARRAY)
        nasl_value_drop(&array);
    array.turned ^= 1; /* what is walked is a copy */
    MEM_GROW(vm->each, vm->each_count, vm->each_capacity);
    vm->each[vm->each_count++] = (struct nasl_each){.array = array};
    return pc + 1;
}

DO(EACH_NEXT)
{
    struct nasl_each *each = &vm->each[vm->each_count - 1];
    int64_t index;
    const char *name;
    const struct nasl_value *item;
    if (each->array.type != NASL_ARRAY ||
        !nasl_array_walk(&each->array, &each->walk, &index, &name, &item))
        return pc + 1;
    nasl_assign(&nasl_variable(vm, pc->a)->value, nasl_value_copy(item));
    return pc + 2;
}

DO(EACH_END)
{
    nasl_value_drop(&vm->each[--vm->each_count].array);
    return pc + 1;
}

DO(TIMES)
{
    struct nasl_value *n = &vm->sp[-1];
    vm->pc = pc;
    int64_t number = nasl_operand_int(vm, n);
    nasl_value_drop(n);
    *n = nasl_int(number);
    return number < 1 ? pc + 1 + pc->a : pc + 1;
}

DO(TIMES_NEXT)
{
    if (--vm->sp[-1].number < 1)
        return pc + 1;
    return nasl_do_LOOP(vm, pc);
}

DO(LOCAL)
{
    uint32_t which = vm->map[pc->a];
    if (vm->cell[which].depth != vm->frame->depth)
        nasl_vm_bind(vm, which);
    return pc + 1;
}

/* The outermost binding, which locals may hide: of those the oldest hides it. */
DO(GLOBAL)
{
    uint32_t which = vm->map[pc->a];
    struct nasl_cell *cell = &vm->cell[which];
    for (uint32_t i = 0; i < vm->hidden_count && cell->depth != 0; i++)
        if (vm->hidden[i].which == which) {
            cell = &vm->hidden[i].cell;
            break;
        }
    if (cell->depth == UNBOUND)
        cell->depth = 0;
    return pc + 1;
}

nasl_op_fn *const nasl_ops[NASL_OP_COUNT] = {
#define OP(name) nasl_do_##name,
    NASL_OPS(OP)
#undef OP
};
