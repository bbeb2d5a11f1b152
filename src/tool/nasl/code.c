/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unit under construction: instructions, with the few fusions that pay, and the tables. */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/compile_private.h"

enum { CODE_MAX = 1 << 24 };

void nasl_fault(struct nasl_compiler *c, uint32_t line, const char *format, ...)
{
    if (c->rc)
        return;
    struct str words = str_of(ERR_TEXT_MAX);
    va_list args;
    va_start(args, format);
    str_addv(&words, format, args);
    va_end(args);
    c->rc = err_set(c->e, -22, "%s:%u: %s", c->file, line, str_text(&words));
    str_done(&words);
}

static struct nasl_insn *last(struct nasl_compiler *c, uint32_t back)
{
    uint32_t count = c->unit->code_count;
    return count >= c->label + back + 1 ? &c->unit->code[count - 1 - back] : NULL;
}

/* Arithmetic and comparison of a variable and a small number are one instruction. */
static bool fuse(struct nasl_compiler *c, enum nasl_op op)
{
    if (op < NASL_OP_ADD || op > NASL_OP_NOT_EQUAL || op == NASL_OP_POWER)
        return false;
    struct nasl_insn *number = last(c, 0), *var = last(c, 1);
    if (!var || var->op != NASL_OP_VAR || number->op != NASL_OP_INT ||
        number->a != (int16_t)number->a)
        return false;
    *var = (struct nasl_insn){
        .op = NASL_OP_VAR_CONST, .c = (uint8_t)op, .b = (int16_t)number->a, .a = var->a};
    c->unit->code_count--;
    return true;
}

uint32_t nasl_code_add_c(struct nasl_compiler *c, enum nasl_op op, int64_t a, unsigned mode,
                         int stack)
{
    struct nasl_unit *u = c->unit;
    c->depth = (uint32_t)((int64_t)c->depth + stack);
    if (c->depth > u->stack_need)
        u->stack_need = c->depth;
    if (fuse(c, op))
        return u->code_count - 1;
    if (u->code_count >= CODE_MAX) {
        nasl_fault(c, c->lexer.token_line, "the script is too large");
        return 0;
    }
    MEM_GROW(u->code, u->code_count, c->code_capacity);
    MEM_GROW(u->line, u->code_count, c->line_capacity);
    u->code[u->code_count] =
        (struct nasl_insn){.op = (uint8_t)op, .c = (uint8_t)mode, .a = (int32_t)a};
    u->line[u->code_count] = c->lexer.token_line;
    return u->code_count++;
}

uint32_t nasl_code_add(struct nasl_compiler *c, enum nasl_op op, int64_t a, int stack)
{
    if (op == NASL_OP_POP) {
        struct nasl_insn *i = last(c, 0);
        unsigned keep = !i                                                       ? 0
                        : i->op == NASL_OP_STEP || i->op == NASL_OP_STEP_ELEMENT ? 4
                        : (i->op >= NASL_OP_SET && i->op <= NASL_OP_UPDATE_ELEMENT) ||
                                i->op == NASL_OP_CALL || i->op == NASL_OP_BUILTIN
                            ? 1
                            : 0;
        if (keep && (i->c & keep)) {
            i->c &= (uint8_t)~keep;
            c->depth--;
            return c->unit->code_count - 1;
        }
    }
    return nasl_code_add_c(c, op, a, 0, stack);
}

uint32_t nasl_code_here(struct nasl_compiler *c)
{
    return c->label = c->unit->code_count;
}

void nasl_code_land(struct nasl_compiler *c, uint32_t jump)
{
    if (!c->rc)
        c->unit->code[jump].a = (int32_t)(nasl_code_here(c) - (jump + 1));
}

void nasl_code_loop(struct nasl_compiler *c, uint32_t to)
{
    nasl_code_add(c, NASL_OP_LOOP, (int64_t)to - (int64_t)(c->unit->code_count + 1), 0);
}

void nasl_code_jump_unless(struct nasl_compiler *c, uint32_t *out_jump)
{
    struct nasl_insn *i = last(c, 0);
    if (i && i->op == NASL_OP_VAR_CONST && i->c >= NASL_OP_LESS) {
        i->op = NASL_OP_VAR_CONST_JUMP;
        *out_jump = nasl_code_add(c, NASL_OP_JUMP, 0, -1);
        return;
    }
    if (i && i->op >= NASL_OP_LESS && i->op <= NASL_OP_NOT_EQUAL) {
        i->c = i->op;
        i->op = NASL_OP_JUMP_UNLESS;
        c->depth--;
        *out_jump = c->unit->code_count - 1;
        return;
    }
    *out_jump = nasl_code_add(c, NASL_OP_JUMP_FALSE, 0, -1);
}

static void reverse(struct nasl_unit *u, uint32_t first, uint32_t end)
{
    for (; first + 1 < end; first++, end--) {
        struct nasl_insn insn = u->code[first];
        u->code[first] = u->code[end - 1];
        u->code[end - 1] = insn;
        uint32_t line = u->line[first];
        u->line[first] = u->line[end - 1];
        u->line[end - 1] = line;
    }
}

static void shift(uint32_t *place, size_t count, uint32_t first, uint32_t middle, uint32_t end)
{
    for (size_t i = 0; i < count; i++)
        if (place[i] >= middle)
            place[i] -= middle - first;
        else if (place[i] >= first)
            place[i] += end - middle;
}

/* The code from `middle` on changes places with what lies from `first` to there. */
void nasl_code_rotate(struct nasl_compiler *c, uint32_t first, uint32_t middle)
{
    struct nasl_unit *u = c->unit;
    uint32_t end = u->code_count;
    if (c->rc)
        return;
    reverse(u, first, middle);
    reverse(u, middle, end);
    reverse(u, first, end);
    if (c->loop) {
        shift(c->loop->leave, c->loop->leave_count, first, middle, end);
        shift(c->loop->next, c->loop->next_count, first, middle, end);
    }
    nasl_code_here(c);
}

uint32_t nasl_code_symbol(struct nasl_compiler *c, const char *name, size_t len)
{
    struct nasl_unit *u = c->unit;
    size_t known = (size_t)map_find(&c->symbols, name, len);
    if (known)
        return (uint32_t)known - 1;
    MEM_GROW(u->symbol, u->symbol_count, c->symbol_capacity);
    u->symbol[u->symbol_count] = nasl_library_intern(c->library, name, len);
    map_put(&c->symbols, name, len, (void *)((size_t)u->symbol_count + 1));
    return u->symbol_count++;
}

uint32_t nasl_code_constant(struct nasl_compiler *c, struct nasl_value v)
{
    struct nasl_unit *u = c->unit;
    MEM_GROW(u->constant, u->constant_count, c->constant_capacity);
    u->constant[u->constant_count] = v;
    return u->constant_count++;
}

struct nasl_value nasl_code_string(const char *bytes, size_t len, enum nasl_type type)
{
    struct nasl_string *s = mem_resize(NULL, 1, sizeof *s + len + 1);
    s->owners = -1; /* the unit's; unit_free frees it */
    s->len = s->capacity = (uint32_t)len;
    s->heap = NULL;
    if (len)
        memcpy(s->text, bytes, len);
    s->text[len] = '\0';
    return (struct nasl_value){.type = (uint8_t)type, .string = s};
}

void nasl_code_text(struct nasl_compiler *c, enum nasl_type type, const char *bytes, size_t len)
{
    uint32_t which = nasl_code_constant(c, nasl_code_string(bytes, len, type));
    nasl_code_add(c, NASL_OP_CONST, which, 1);
}

void nasl_code_number(struct nasl_compiler *c, int64_t number)
{
    if (number == (int32_t)number)
        nasl_code_add(c, NASL_OP_INT, number, 1);
    else
        nasl_code_add(c, NASL_OP_CONST, nasl_code_constant(c, nasl_int(number)), 1);
}

uint32_t nasl_code_call(struct nasl_compiler *c, struct nasl_call_site site)
{
    struct nasl_unit *u = c->unit;
    MEM_GROW(u->call, u->call_count, c->call_capacity);
    u->call[u->call_count] = site;
    return u->call_count++;
}

uint32_t nasl_code_regex(struct nasl_compiler *c, const struct nasl_ereg *r)
{
    struct nasl_unit *u = c->unit;
    MEM_GROW(u->regex, u->regex_count, c->regex_capacity);
    u->regex[u->regex_count] = r;
    return u->regex_count++;
}
