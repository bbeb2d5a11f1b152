/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/pickle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/mem.h"

/* Opcodes, from Lib/pickletools.py's descriptions. */
enum {
    OP_MARK = '(',
    OP_STOP = '.',
    OP_POP = '0',
    OP_BINFLOAT = 'G',
    OP_BININT = 'J',
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_NONE = 'N',
    OP_BINUNICODE = 'X',
    OP_APPEND = 'a',
    OP_APPENDS = 'e',
    OP_BINGET = 'h',
    OP_LONG_BINGET = 'j',
    OP_LIST = 'l',
    OP_EMPTY_LIST = ']',
    OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r',
    OP_SETITEM = 's',
    OP_SETITEMS = 'u',
    OP_TUPLE = 't',
    OP_EMPTY_TUPLE = ')',
    OP_EMPTY_DICT = '}',
    OP_BINBYTES = 'B',
    OP_SHORT_BINBYTES = 'C',
    OP_PROTO = 0x80,
    OP_TUPLE1 = 0x85,
    OP_TUPLE2 = 0x86,
    OP_TUPLE3 = 0x87,
    OP_NEWTRUE = 0x88,
    OP_NEWFALSE = 0x89,
    OP_LONG1 = 0x8a,
    OP_SHORT_BINUNICODE = 0x8c,
    OP_BINUNICODE8 = 0x8d,
    OP_MEMOIZE = 0x94,
    OP_FRAME = 0x95,
};

enum { STACK_MAX = 1 << 20, MEMO_MAX = 1 << 20 };

struct machine {
    struct bytes_in in;
    struct arena *arena;
    struct ban_value *stack, *memo;
    size_t depth, stack_capacity, memo_count, memo_capacity;
    size_t mark[PICKLE_DEPTH_MAX];
    size_t marks;
    bool bad, done;
};

static void push(struct machine *m, struct ban_value v)
{
    if (m->depth >= STACK_MAX) {
        m->bad = true;
        return;
    }
    MEM_GROW(m->stack, m->depth, m->stack_capacity);
    m->stack[m->depth++] = v;
}

static struct ban_value pop(struct machine *m)
{
    size_t floor = m->marks ? m->mark[m->marks - 1] : 0;
    if (m->depth <= floor) {
        m->bad = true;
        return (struct ban_value){0};
    }
    return m->stack[--m->depth];
}

static void push_text(struct machine *m, uint64_t len)
{
    const uint8_t *text = len <= PICKLE_MAX ? bytes_take(&m->in, (size_t)len) : NULL;
    if (!text && len) {
        m->bad = true;
        return;
    }
    push(m, ban_value_text(arena_copy(m->arena, len ? (const char *)text : "", (size_t)len)));
}

static void push_long(struct machine *m)
{
    size_t len = bytes_u8(&m->in);
    const uint8_t *byte = bytes_take(&m->in, len);
    uint64_t value = len && byte && byte[len - 1] & 0x80 ? UINT64_MAX : 0;
    if (len > 8 || (len && !byte)) {
        m->bad = true;
        return;
    }
    for (size_t i = len; i > 0; i--)
        value = value << 8 | byte[i - 1];
    push(m, ban_value_int((int64_t)value));
}

static void push_real(struct machine *m)
{
    uint64_t bits = bytes_u64be(&m->in);
    double real;
    memcpy(&real, &bits, sizeof real);
    push(m, ban_value_real(real));
}

/* What lies above the last mark, as a list; the mark goes, too. */
static struct ban_value pop_marked(struct machine *m)
{
    struct ban_value list = ban_value_list(m->arena);
    if (!m->marks) {
        m->bad = true;
        return list;
    }
    size_t from = m->mark[--m->marks];
    for (size_t i = from; i < m->depth; i++)
        ban_list_add(list.list, m->arena, m->stack[i]);
    m->depth = from;
    return list;
}

/* A value is put into the container below; never into itself. */
static void extend(struct machine *m, const struct ban_list *items, enum ban_value_kind kind)
{
    struct ban_value *to = m->depth ? &m->stack[m->depth - 1] : NULL;
    if (!to || to->kind != kind) {
        m->bad = true;
        return;
    }
    for (size_t i = 0; i < items->count; i++) {
        /* a copy: a value that is put into several places must not make a circle */
        if (items->item[i].kind == BAN_VALUE_LIST && items->item[i].list == to->list) {
            m->bad = true;
            return;
        }
        ban_list_add(to->list, m->arena, items->item[i]);
    }
}

static void make_tuple(struct machine *m, int count)
{
    struct ban_value list = ban_value_list(m->arena), item[3];
    for (int i = count; i > 0; i--)
        item[i - 1] = pop(m);
    for (int i = 0; i < count; i++)
        ban_list_add(list.list, m->arena, item[i]);
    push(m, list);
}

static void put(struct machine *m, uint64_t index)
{
    if (index >= MEMO_MAX || !m->depth || index > m->memo_count) {
        m->bad = true; /* numbers rise one by one in what Python writes */
        return;
    }
    if (index == m->memo_count) {
        MEM_GROW(m->memo, m->memo_count, m->memo_capacity);
        m->memo_count++;
    }
    m->memo[index] = m->stack[m->depth - 1];
}

/* Only texts and numbers are taken again: a list in two places could hold itself. */
static void get(struct machine *m, uint64_t index)
{
    if (index >= m->memo_count || m->memo[index].kind == BAN_VALUE_LIST ||
        m->memo[index].kind == BAN_VALUE_MAP)
        m->bad = true;
    else
        push(m, m->memo[index]);
}

static void push_mark(struct machine *m)
{
    if (m->marks == PICKLE_DEPTH_MAX)
        m->bad = true;
    else
        m->mark[m->marks++] = m->depth;
}

static void step_container(struct machine *m, uint8_t op)
{
    struct ban_value v, pair[2];
    switch (op) {
    case OP_EMPTY_LIST:
    case OP_EMPTY_TUPLE:
        push(m, ban_value_list(m->arena));
        break;
    case OP_EMPTY_DICT:
        push(m, ban_value_map(m->arena));
        break;
    case OP_LIST:
    case OP_TUPLE:
        push(m, pop_marked(m));
        break;
    case OP_APPENDS:
        v = pop_marked(m);
        extend(m, v.list, BAN_VALUE_LIST);
        break;
    case OP_SETITEMS:
        v = pop_marked(m);
        extend(m, v.list, BAN_VALUE_MAP);
        break;
    case OP_APPEND:
        v = pop(m);
        extend(m, &(struct ban_list){&v, 1, 1}, BAN_VALUE_LIST);
        break;
    case OP_SETITEM:
        pair[1] = pop(m);
        pair[0] = pop(m);
        extend(m, &(struct ban_list){pair, 2, 2}, BAN_VALUE_MAP);
        break;
    case OP_TUPLE1:
    case OP_TUPLE2:
    case OP_TUPLE3:
        make_tuple(m, op - OP_TUPLE1 + 1);
        break;
    default:
        m->bad = true;
    }
}

static void step_text(struct machine *m, uint8_t op)
{
    switch (op) {
    case OP_SHORT_BINUNICODE:
    case OP_SHORT_BINBYTES:
        push_text(m, bytes_u8(&m->in));
        break;
    case OP_BINUNICODE:
    case OP_BINBYTES:
        push_text(m, bytes_u32le(&m->in));
        break;
    case OP_BINUNICODE8:
        push_text(m, bytes_u64le(&m->in));
        break;
    case OP_MEMOIZE:
        put(m, m->memo_count);
        break;
    case OP_BINPUT:
        put(m, bytes_u8(&m->in));
        break;
    case OP_LONG_BINPUT:
        put(m, bytes_u32le(&m->in));
        break;
    case OP_BINGET:
        get(m, bytes_u8(&m->in));
        break;
    case OP_LONG_BINGET:
        get(m, bytes_u32le(&m->in));
        break;
    default:
        step_container(m, op);
    }
}

static void step_value(struct machine *m, uint8_t op)
{
    switch (op) {
    case OP_NONE:
        push(m, (struct ban_value){0});
        break;
    case OP_NEWTRUE:
    case OP_NEWFALSE:
        push(m, ban_value_bool(op == OP_NEWTRUE));
        break;
    case OP_BININT:
        push(m, ban_value_int((int32_t)bytes_u32le(&m->in)));
        break;
    case OP_BININT1:
        push(m, ban_value_int(bytes_u8(&m->in)));
        break;
    case OP_BININT2:
        push(m, ban_value_int(bytes_u16le(&m->in)));
        break;
    case OP_LONG1:
        push_long(m);
        break;
    case OP_BINFLOAT:
        push_real(m);
        break;
    default:
        step_text(m, op);
    }
}

static void step(struct machine *m, uint8_t op)
{
    switch (op) {
    case OP_PROTO:
        bytes_skip(&m->in, 1);
        break;
    case OP_FRAME:
        bytes_skip(&m->in, 8);
        break;
    case OP_MARK:
        push_mark(m);
        break;
    case OP_STOP:
        m->done = true;
        break;
    case OP_POP:
        (void)pop(m);
        break;
    default:
        step_value(m, op);
    }
}

int pickle_read(struct ban_value *out, const void *data, size_t len, struct arena *arena,
                struct err *e)
{
    struct machine m = {.in = bytes_in_of(data, len), .arena = arena};
    while (!m.done && !m.bad && !m.in.bad)
        step(&m, bytes_u8(&m.in));
    bool good = m.done && !m.bad && !m.in.bad && m.depth == 1;
    if (good)
        *out = m.stack[0];
    mem_free(m.stack);
    mem_free(m.memo);
    return good ? 0 : err_set(e, -EINVAL, "no pickle of plain values");
}

/* ---- writing ---- */

static void write_u32(struct str *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        str_add_char(out, (char)(value >> 8 * i));
}

static void write_text(struct str *out, const char *text)
{
    size_t len = strlen(text);
    str_add_char(out, OP_BINUNICODE);
    write_u32(out, (uint32_t)len);
    str_add_len(out, text, len);
}

static void write_int(struct str *out, int64_t value)
{
    if (value >= INT32_MIN && value <= INT32_MAX) {
        str_add_char(out, OP_BININT);
        write_u32(out, (uint32_t)(int32_t)value);
        return;
    }
    str_add_char(out, (char)OP_LONG1);
    str_add_char(out, 8);
    write_u32(out, (uint32_t)value);
    write_u32(out, (uint32_t)((uint64_t)value >> 32));
}

static void write_real(struct str *out, double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    str_add_char(out, OP_BINFLOAT);
    for (int i = 7; i >= 0; i--)
        str_add_char(out, (char)(bits >> 8 * i));
}

static void write_value(const struct ban_value *v, struct str *out)
{
    switch (v->kind) {
    case BAN_VALUE_NONE:
        str_add_char(out, OP_NONE);
        break;
    case BAN_VALUE_TEXT:
        write_text(out, v->text);
        break;
    case BAN_VALUE_INT:
        write_int(out, v->number);
        break;
    case BAN_VALUE_REAL:
        write_real(out, v->real);
        break;
    case BAN_VALUE_BOOL:
        str_add_char(out, (char)(v->number ? OP_NEWTRUE : OP_NEWFALSE));
        break;
    case BAN_VALUE_LIST:
    case BAN_VALUE_MAP:
        str_add_char(out, v->kind == BAN_VALUE_LIST ? OP_EMPTY_LIST : OP_EMPTY_DICT);
        str_add_char(out, OP_MARK);
        for (size_t i = 0; i < v->list->count; i++)
            write_value(&v->list->item[i], out);
        str_add_char(out, v->kind == BAN_VALUE_LIST ? OP_APPENDS : OP_SETITEMS);
        break;
    }
}

void pickle_write_answer(const struct ban_value *value, const char *fault, struct str *out)
{
    static const char exception[] = "cbuiltins\nException\n";
    str_add_char(out, (char)OP_PROTO);
    str_add_char(out, 2);
    write_int(out, fault != NULL);
    if (fault) {
        str_add(out, exception);
        write_text(out, fault);
        str_add_char(out, (char)OP_TUPLE1);
        str_add_char(out, 'R'); /* call it */
    } else {
        write_value(value, out);
    }
    str_add_char(out, (char)OP_TUPLE2);
    str_add_char(out, OP_STOP);
}
