/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators beyond their fast ways: mixed types, texts, what wraps and what is undefined in C.
 */
#include <string.h>

#include "tool/nasl/vm_private.h"

int64_t nasl_operand_int(struct nasl_vm *vm, const struct nasl_value *v)
{
    bool clean = true;
    if (v->type == NASL_INT)
        return v->number;
    if (!nasl_is_text(v))
        return 0;
    int64_t number = nasl_number_of(v->string->text, 0, &clean);
    if (!clean)
        nasl_vm_note(vm, "the string '%.60s' is taken for the number %lld", v->string->text,
                     (long long)number);
    return number;
}

static uint64_t power(uint64_t base, int64_t exponent)
{
    uint64_t result = 1;
    if (exponent < 0)
        return base == 1;
    for (; exponent; exponent >>= 1, base *= base)
        if (exponent & 1)
            result *= base;
    return result;
}

/* Machine arithmetic of the peer's platform: 64 bits that wrap, shift counts modulo the width, and
 * right shifts whose result is 32 bits wide. */
static int64_t compute(enum nasl_op op, int64_t x, int64_t y)
{
    uint64_t a = (uint64_t)x, b = (uint64_t)y;
    switch (op) {
    case NASL_OP_ADD:
        return (int64_t)(a + b);
    case NASL_OP_SUBTRACT:
        return (int64_t)(a - b);
    case NASL_OP_MULTIPLY:
        return (int64_t)(a * b);
    case NASL_OP_DIVIDE:
        return y == 0 ? 0 : y == -1 ? (int64_t)-a : x / y;
    case NASL_OP_MODULO:
        return y == 0 || y == -1 ? 0 : x % y;
    case NASL_OP_POWER:
        return (int64_t)power(a, y);
    case NASL_OP_SHIFT_LEFT:
        return (int64_t)(a << (b & 63));
    case NASL_OP_SHIFT_RIGHT:
        return (int32_t)(x >> (b & 63));
    case NASL_OP_SHIFT_RIGHT_UNSIGNED:
        return (int32_t)((uint32_t)a >> (b & 31));
    case NASL_OP_BIT_AND:
        return (int64_t)(a & b);
    case NASL_OP_BIT_OR:
        return (int64_t)(a | b);
    default:
        return (int64_t)(a ^ b);
    }
}

static bool decide(enum nasl_op op, int64_t order)
{
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

/* The type of a sum or difference of which one side is a text. */
static uint8_t text_type(const struct nasl_value *x, const struct nasl_value *y)
{
    return x->type == NASL_DATA || y->type == NASL_DATA ? NASL_DATA : NASL_STRING;
}

static struct nasl_value add_texts(struct nasl_vm *vm, struct nasl_value x,
                                   const struct nasl_value *y)
{
    size_t len;
    uint8_t type = text_type(&x, y);
    if (!nasl_is_text(&x)) {
        const char *text = nasl_value_text(&x, &vm->room, &len);
        struct nasl_value made = nasl_text(&vm->heap, type, text, len);
        nasl_value_drop(&x);
        if (made.type == NASL_UNDEF)
            return made;
        x = made;
    }
    const char *text = nasl_value_text(y, &vm->room, &len);
    (void)nasl_value_append(&vm->heap, &x, text, len); /* no room: the script ends soon */
    x.type = type;
    return x;
}

/* x without the first place where y stands in it. */
static struct nasl_value take_away(struct nasl_vm *vm, struct nasl_value x,
                                   const struct nasl_value *y)
{
    size_t len, cut;
    const char *text = nasl_value_text(&x, &vm->room, &len);
    const char *find = nasl_value_text(y, &vm->room2, &cut);
    const char *at = cut ? memmem(text, len, find, cut) : NULL;
    struct nasl_value v = nasl_text(&vm->heap, text_type(&x, y), text, at ? len - cut : len);
    if (at && v.type != NASL_UNDEF) {
        size_t before = (size_t)(at - text);
        memcpy(v.string->text + before, at + cut, len - before - cut);
    }
    nasl_value_drop(&x);
    return v;
}

static struct nasl_value add(struct nasl_vm *vm, struct nasl_value x, const struct nasl_value *y)
{
    if (y->type == NASL_UNDEF)
        return x;
    if (x.type == NASL_UNDEF)
        return nasl_value_copy(y);
    if (nasl_is_text(&x) || nasl_is_text(y))
        return add_texts(vm, x, y);
    bool arrays = x.type == NASL_ARRAY && y->type == NASL_ARRAY;
    int64_t sum = compute(NASL_OP_ADD, nasl_value_int(&x), nasl_value_int(y));
    nasl_value_drop(&x);
    return arrays ? nasl_undef() : nasl_int(sum);
}

static struct nasl_value subtract(struct nasl_vm *vm, struct nasl_value x,
                                  const struct nasl_value *y)
{
    if (y->type == NASL_UNDEF)
        return x;
    if (x.type == NASL_UNDEF)
        return y->type == NASL_INT ? nasl_int((int64_t) - (uint64_t)y->number) : nasl_undef();
    if (nasl_is_text(&x) || nasl_is_text(y))
        return take_away(vm, x, y);
    bool arrays = x.type == NASL_ARRAY && y->type == NASL_ARRAY;
    int64_t rest = compute(NASL_OP_SUBTRACT, nasl_value_int(&x), nasl_value_int(y));
    nasl_value_drop(&x);
    return arrays ? nasl_undef() : nasl_int(rest);
}

static struct nasl_value compare(struct nasl_vm *vm, enum nasl_op op, struct nasl_value x,
                                 const struct nasl_value *y)
{
    bool sense;
    int64_t order = nasl_value_compare(&x, y, &sense);
    if (!sense)
        nasl_vm_note(vm, "comparing %s and %s does not make sense", nasl_type_name(x.type),
                     nasl_type_name(y->type));
    nasl_value_drop(&x);
    return nasl_int(decide(op, order));
}

/* Does x stand in y? */
static struct nasl_value has(struct nasl_vm *vm, struct nasl_value x, const struct nasl_value *y)
{
    size_t len, whole;
    const char *find = nasl_value_text(&x, &vm->room, &len);
    const char *text = nasl_value_text(y, &vm->room2, &whole);
    bool there = memmem(text, whole, find, len) != NULL;
    nasl_value_drop(&x);
    return nasl_int(there);
}

struct nasl_value nasl_operate(struct nasl_vm *vm, enum nasl_op op, struct nasl_value x,
                               const struct nasl_value *y)
{
    if (x.type == NASL_INT && y->type == NASL_INT && op <= NASL_OP_BIT_XOR)
        return nasl_int(compute(op, x.number, y->number));
    if (op == NASL_OP_ADD)
        return add(vm, x, y);
    if (op == NASL_OP_SUBTRACT)
        return subtract(vm, x, y);
    if (op == NASL_OP_HAS)
        return has(vm, x, y);
    if (op >= NASL_OP_LESS)
        return compare(vm, op, x, y);
    int64_t a = nasl_operand_int(vm, &x);
    int64_t b = nasl_operand_int(vm, y);
    nasl_value_drop(&x);
    return nasl_int(compute(op, a, b));
}
