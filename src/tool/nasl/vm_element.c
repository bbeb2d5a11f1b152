/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements of arrays, bytes of texts, and steps by one. */
#include <string.h>

#include "tool/nasl/vm_private.h"

/* One byte of a text: data; behind its end the empty text. */
static struct nasl_value byte_of(struct nasl_vm *vm, const struct nasl_value *text,
                                 const struct nasl_value *index)
{
    int32_t at = (int32_t)index->number;
    if (index->type != NASL_INT && index->type != NASL_UNDEF) {
        nasl_vm_note(vm, "a string has no element named by a %s", nasl_type_name(index->type));
        return nasl_undef();
    }
    at = index->type == NASL_UNDEF ? 0 : at;
    if (at < 0) {
        nasl_vm_note(vm, "a negative index (%d) of a string", at);
        return nasl_undef();
    }
    bool inside = (uint32_t)at < text->string->len;
    if (!inside)
        nasl_vm_note(vm, "element %d is behind the end of a string of %u bytes", at,
                     text->string->len);
    return nasl_text(&vm->heap, NASL_DATA, inside ? text->string->text + at : "", inside);
}

static struct nasl_value item_of(struct nasl_vm *vm, const struct nasl_value *array,
                                 const struct nasl_value *index)
{
    const struct nasl_value *item = NULL;
    if (index->type == NASL_UNDEF)
        item = nasl_array_at(array->array, 0);
    else if (nasl_is_text(index))
        item = nasl_array_named(array->array, index->string->text);
    else if (index->type == NASL_INT && (int32_t)index->number >= 0)
        item = nasl_array_at(array->array, (int32_t)index->number);
    else
        nasl_vm_note(vm, "an index that is negative or no number or text");
    return item ? nasl_value_copy(item) : nasl_undef();
}

const struct nasl_insn *nasl_do_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value *index = &vm->sp[-1], result = nasl_undef();
    struct nasl_value *v = &nasl_variable(vm, pc->a)->value;
    vm->pc = pc;
    if (v->type == NASL_UNDEF)
        *v = nasl_array_new(&vm->heap); /* looking makes it an array */
    if (v->type == NASL_ARRAY)
        result = item_of(vm, v, index);
    else if (nasl_is_text(v))
        result = byte_of(vm, v, index);
    else
        nasl_vm_note(vm, "an integer has no elements");
    nasl_value_drop(index);
    *index = result;
    return pc + 1;
}

/* The slot to be changed; NULL, with a diagnostic, where there can be none. */
static struct nasl_value *slot_of(struct nasl_vm *vm, const struct nasl_insn *pc,
                                  const struct nasl_value *index)
{
    struct nasl_value *v = &nasl_variable(vm, pc->a)->value;
    vm->pc = pc;
    if (v->type == NASL_UNDEF)
        *v = nasl_array_new(&vm->heap);
    struct nasl_value *slot = NULL;
    if (v->type == NASL_ARRAY && index->type == NASL_UNDEF)
        slot = nasl_array_slot(v, 0);
    else if (v->type == NASL_ARRAY && index->type == NASL_INT)
        slot = nasl_array_slot(v, (int32_t)index->number);
    else if (v->type == NASL_ARRAY && nasl_is_text(index))
        slot = nasl_array_slot_named(v, index->string->text, strlen(index->string->text));
    if (!slot)
        nasl_vm_note(vm, "no element of a variable of type %s can be set so",
                     nasl_type_name(v->type));
    return slot;
}

const struct nasl_insn *nasl_do_SET_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value *index = vm->sp - 2, *value = vm->sp - 1;
    struct nasl_value *slot = slot_of(vm, pc, index);
    if (slot)
        nasl_assign(slot, nasl_value_copy(value));
    nasl_value_drop(index);
    vm->sp--;
    if (pc->c)
        *index = *value;
    else
        nasl_value_drop(value), vm->sp--;
    return pc + 1;
}

const struct nasl_insn *nasl_do_UPDATE_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value *index = vm->sp - 2, *y = vm->sp - 1;
    struct nasl_value *slot = slot_of(vm, pc, index), x = nasl_undef();
    if (slot) {
        x = *slot;
        *slot = nasl_undef();
    }
    x = nasl_operate(vm, NASL_OP_ADD + pc->c / 2, x, y);
    if (slot)
        nasl_assign(slot, nasl_value_copy(&x));
    nasl_value_drop(y);
    nasl_value_drop(index);
    vm->sp -= 2;
    if (pc->c & 1)
        *vm->sp++ = x;
    else
        nasl_value_drop(&x);
    return pc + 1;
}

/* By one, in 32 bits as the peer does; a text is its leading decimal digits. */
static bool step(struct nasl_vm *vm, struct nasl_value *v, unsigned mode, struct nasl_value *out)
{
    bool clean;
    uint32_t old = 0;
    if (v->type == NASL_INT) {
        old = (uint32_t)v->number;
    } else if (nasl_is_text(v)) {
        old = (uint32_t)nasl_number_of(v->string->text, 10, &clean);
    } else if (v->type == NASL_ARRAY) {
        nasl_vm_note(vm, "an array cannot be stepped");
        return false;
    }
    uint32_t now = old + (mode & NASL_STEP_DOWN ? UINT32_MAX : 1);
    nasl_value_drop(v);
    *v = nasl_int((int32_t)now);
    *out = nasl_int((int32_t)(mode & NASL_STEP_AFTER ? old : now));
    return true;
}

const struct nasl_insn *nasl_do_STEP(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value out = nasl_undef();
    vm->pc = pc;
    (void)step(vm, &nasl_variable(vm, pc->a)->value, pc->c, &out);
    if (pc->c & NASL_STEP_KEEP)
        *vm->sp++ = out;
    return pc + 1;
}

const struct nasl_insn *nasl_do_STEP_ELEMENT(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    struct nasl_value *index = vm->sp - 1, out = nasl_undef();
    struct nasl_value *slot = slot_of(vm, pc, index);
    if (slot)
        (void)step(vm, slot, pc->c, &out);
    nasl_value_drop(index);
    if (pc->c & NASL_STEP_KEEP)
        *index = out;
    else
        vm->sp--;
    return pc + 1;
}

/* The frame whose arguments are meant: an include sees those of the function it stands in. */
static const struct nasl_frame *function_frame(const struct nasl_vm *vm)
{
    const struct nasl_frame *f = vm->frame;
    while (f > vm->frames && !f->function)
        f--;
    return f;
}

const struct nasl_insn *nasl_do_ANON(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_frame *f = function_frame(vm);
    struct nasl_value array = nasl_array_new(&vm->heap);
    for (uint32_t i = 0; array.type == NASL_ARRAY && i < f->argument_count; i++)
        (void)nasl_array_put(&array, i, nasl_value_copy(&vm->stack[f->arguments + i]));
    *vm->sp++ = array;
    return pc + 1;
}

const struct nasl_insn *nasl_do_ANON_AT(struct nasl_vm *vm, const struct nasl_insn *pc)
{
    const struct nasl_frame *f = function_frame(vm);
    struct nasl_value *index = &vm->sp[-1];
    int64_t at = index->type == NASL_INT ? index->number : index->type == NASL_UNDEF ? 0 : -1;
    nasl_value_drop(index);
    if (at >= 0 && at < f->argument_count)
        *index = nasl_value_copy(&vm->stack[f->arguments + at]);
    return pc + 1;
}
