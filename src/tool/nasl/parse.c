/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements and declarations. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/compile_private.h"

static void parse_statement(struct nasl_compiler *c);

static void open_loop(struct nasl_compiler *c, struct nasl_loop *loop)
{
    *loop = (struct nasl_loop){.outer = c->loop};
    c->loop = loop;
}

static void land_all(struct nasl_compiler *c, const uint32_t *jump, size_t count)
{
    for (size_t i = 0; i < count; i++)
        nasl_code_land(c, jump[i]);
}

static void close_loop(struct nasl_compiler *c, struct nasl_loop *loop)
{
    land_all(c, loop->leave, loop->leave_count);
    c->loop = loop->outer;
    mem_free(loop->leave);
    mem_free(loop->next);
}

static void land_next(struct nasl_compiler *c, struct nasl_loop *loop)
{
    land_all(c, loop->next, loop->next_count);
}

static void add_leave(struct nasl_compiler *c, struct nasl_loop *loop, uint32_t jump)
{
    (void)c;
    MEM_GROW(loop->leave, loop->leave_count, loop->leave_capacity);
    loop->leave[loop->leave_count++] = jump;
}

/* Outside a loop, break and continue leave the function, or the script. */
static void parse_leave(struct nasl_compiler *c, bool again)
{
    struct nasl_loop *loop = c->loop;
    nasl_advance(c);
    if (!loop) {
        nasl_code_add(c, NASL_OP_LEAVE, 0, 0);
        return;
    }
    uint32_t jump = nasl_code_add(c, NASL_OP_JUMP, 0, 0);
    if (!again) {
        add_leave(c, loop, jump);
        return;
    }
    MEM_GROW(loop->next, loop->next_count, loop->next_capacity);
    loop->next[loop->next_count++] = jump;
}

static void parse_condition(struct nasl_compiler *c)
{
    nasl_expect(c, '(', "'('");
    nasl_parse_expression(c);
    nasl_expect(c, ')', "')'");
}

static void parse_if(struct nasl_compiler *c)
{
    uint32_t otherwise, end;
    nasl_advance(c);
    parse_condition(c);
    nasl_code_jump_unless(c, &otherwise);
    parse_statement(c);
    if (nasl_accept(c, TOKEN_ELSE)) {
        end = nasl_code_add(c, NASL_OP_JUMP, 0, 0);
        nasl_code_land(c, otherwise);
        parse_statement(c);
        nasl_code_land(c, end);
    } else {
        nasl_code_land(c, otherwise);
    }
}

static void parse_while(struct nasl_compiler *c)
{
    struct nasl_loop loop;
    uint32_t leave, top = nasl_code_here(c);
    nasl_advance(c);
    open_loop(c, &loop);
    parse_condition(c);
    nasl_code_jump_unless(c, &leave);
    add_leave(c, &loop, leave);
    parse_statement(c);
    land_next(c, &loop);
    nasl_code_loop(c, top);
    close_loop(c, &loop);
}

static void parse_optional_effect(struct nasl_compiler *c, int end)
{
    if (c->lexer.token != end) {
        nasl_parse_effect(c);
        nasl_code_add(c, NASL_OP_POP, 0, -1);
    }
}

/* The step stands before the body in the source and behind it in the code. */
static void parse_for(struct nasl_compiler *c)
{
    struct nasl_loop loop;
    uint32_t leave;
    nasl_advance(c);
    nasl_expect(c, '(', "'('");
    parse_optional_effect(c, ';');
    nasl_expect(c, ';', "';'");
    uint32_t top = nasl_code_here(c);
    open_loop(c, &loop);
    nasl_parse_expression(c);
    nasl_expect(c, ';', "';'");
    nasl_code_jump_unless(c, &leave);
    add_leave(c, &loop, leave);
    uint32_t step = nasl_code_here(c);
    parse_optional_effect(c, ')');
    nasl_expect(c, ')', "')'");
    uint32_t body = nasl_code_here(c);
    parse_statement(c);
    nasl_code_here(c);
    uint32_t step_len = body - step;
    nasl_code_rotate(c, step, body);
    for (size_t i = 0; i < loop.next_count && !c->rc; i++)
        c->unit->code[loop.next[i]].a =
            (int32_t)(c->unit->code_count - step_len - (loop.next[i] + 1));
    nasl_code_loop(c, top);
    close_loop(c, &loop);
}

static void parse_repeat(struct nasl_compiler *c)
{
    struct nasl_loop loop;
    uint32_t top = nasl_code_here(c), leave;
    nasl_advance(c);
    open_loop(c, &loop);
    parse_statement(c);
    land_next(c, &loop);
    nasl_expect(c, TOKEN_UNTIL, "'until'");
    nasl_parse_expression(c);
    nasl_code_add(c, NASL_OP_NOT, 0, 0);
    leave = nasl_code_add(c, NASL_OP_JUMP_FALSE, 0, -1);
    add_leave(c, &loop, leave);
    nasl_code_loop(c, top);
    close_loop(c, &loop);
    nasl_expect(c, ';', "';'");
}

static bool take_name(struct nasl_compiler *c, uint32_t *out_symbol)
{
    if (c->lexer.token != TOKEN_IDENT && c->lexer.token != TOKEN_X) {
        nasl_expect(c, TOKEN_IDENT, "a name");
        return false;
    }
    *out_symbol = nasl_code_symbol(c, c->lexer.word, c->lexer.len);
    nasl_advance(c);
    return true;
}

static void parse_foreach(struct nasl_compiler *c)
{
    struct nasl_loop loop;
    uint32_t symbol = 0;
    nasl_advance(c);
    if (!take_name(c, &symbol))
        return;
    open_loop(c, &loop);
    parse_condition(c);
    nasl_code_add(c, NASL_OP_EACH, symbol, -1);
    uint32_t top = nasl_code_here(c);
    nasl_code_add(c, NASL_OP_EACH_NEXT, symbol, 0);
    add_leave(c, &loop, nasl_code_add(c, NASL_OP_JUMP, 0, 0));
    nasl_code_here(c);
    parse_statement(c);
    land_next(c, &loop);
    nasl_code_loop(c, top);
    close_loop(c, &loop);
    nasl_code_add(c, NASL_OP_EACH_END, 0, 0);
}

static void parse_block(struct nasl_compiler *c)
{
    nasl_expect(c, '{', "'{'");
    while (!c->rc && c->lexer.token != '}' && c->lexer.token != TOKEN_END)
        parse_statement(c);
    nasl_expect(c, '}', "'}'");
}

static void parse_return(struct nasl_compiler *c)
{
    if (nasl_advance(c) == ';') {
        nasl_code_add(c, NASL_OP_UNDEF, 0, 1);
    } else {
        nasl_parse_expression(c);
    }
    const struct nasl_unit *u = c->unit;
    bool variable = u->code_count && (u->code[u->code_count - 1].op == NASL_OP_VAR ||
                                      u->code[u->code_count - 1].op == NASL_OP_ELEMENT);
    nasl_code_add_c(c, NASL_OP_RETURN, 0, variable, -1);
}

static void parse_include(struct nasl_compiler *c)
{
    struct nasl_unit *u = c->unit;
    const struct nasl_unit *included;
    struct err cause = {0};
    size_t len;
    uint32_t line = c->lexer.token_line;
    nasl_advance(c);
    nasl_expect(c, '(', "'('");
    if (c->lexer.token != TOKEN_STRING && c->lexer.token != TOKEN_DATA) {
        nasl_expect(c, TOKEN_STRING, "a file name");
        return;
    }
    const char *text = nasl_lexer_text(&c->lexer, &c->room, &len);
    struct str name = str_of(0);
    str_add_len(&name, text, len);
    nasl_advance(c);
    nasl_expect(c, ')', "')'");
    int rc = c->rc ? c->rc : nasl_library_include(c->library, str_text(&name), &included, &cause);
    str_done(&name);
    if (rc < 0) {
        nasl_fault(c, line, "%s", cause.text);
        return;
    }
    MEM_GROW(u->include, u->include_count, c->include_capacity);
    u->include[u->include_count] = included;
    nasl_code_add(c, NASL_OP_INCLUDE, u->include_count++, 0);
}

static void parse_declaration(struct nasl_compiler *c)
{
    enum nasl_op op = c->lexer.token == TOKEN_LOCAL ? NASL_OP_LOCAL : NASL_OP_GLOBAL;
    uint32_t symbol = 0;
    if (nasl_advance(c) == ';') /* a declaration of nothing */
        return;
    do {
        if (!take_name(c, &symbol))
            return;
        nasl_code_add(c, op, symbol, 0);
    } while (nasl_accept(c, ','));
}

/* A call, an assignment, an increment; `call() x n` repeats: n is computed first. */
static void parse_simple(struct nasl_compiler *c)
{
    uint32_t first = nasl_code_here(c), depth = c->depth;
    nasl_parse_effect(c);
    nasl_code_add(c, NASL_OP_POP, 0, -1);
    if (c->lexer.token != TOKEN_X || c->rc)
        return;
    nasl_advance(c);
    uint32_t middle = nasl_code_here(c), count_len, jump;
    nasl_parse_expression(c);
    jump = nasl_code_add(c, NASL_OP_TIMES, 0, 0);
    count_len = c->unit->code_count - middle;
    nasl_code_rotate(c, first, middle);
    nasl_code_add(c, NASL_OP_TIMES_NEXT,
                  (int64_t)(first + count_len) - (int64_t)(c->unit->code_count + 1), 0);
    nasl_code_land(c, jump - middle + first);
    nasl_code_add(c, NASL_OP_POP, 0, -1);
    c->unit->stack_need++; /* the call ran above the count */
    c->depth = depth;
}

static void parse_statement(struct nasl_compiler *c)
{
    if (++c->nesting > NASL_NESTING_MAX)
        nasl_fault(c, c->lexer.token_line, "nested too deeply");
    if (c->rc) {
        c->nesting--;
        return;
    }
    bool semicolon = false;
    switch (c->lexer.token) {
    case '{':
        parse_block(c);
        break;
    case TOKEN_IF:
        parse_if(c);
        break;
    case TOKEN_FOR:
        parse_for(c);
        break;
    case TOKEN_WHILE:
        parse_while(c);
        break;
    case TOKEN_REPEAT:
        parse_repeat(c);
        break;
    case TOKEN_FOREACH:
        parse_foreach(c);
        break;
    default:
        semicolon = true;
    }
    if (semicolon) {
        int token = c->lexer.token;
        if (token == TOKEN_RETURN)
            parse_return(c);
        else if (token == TOKEN_INCLUDE)
            parse_include(c);
        else if (token == TOKEN_BREAK || token == TOKEN_CONTINUE)
            parse_leave(c, token == TOKEN_CONTINUE);
        else if (token == TOKEN_LOCAL || token == TOKEN_GLOBAL)
            parse_declaration(c);
        else if (token != ';')
            parse_simple(c);
        nasl_expect(c, ';', "';'");
    }
    c->nesting--;
}

/* The names of the arguments say nothing that a call needs: it brings its own. */
static void parse_parameters(struct nasl_compiler *c)
{
    uint32_t unused;
    nasl_expect(c, '(', "'('");
    if (nasl_accept(c, ')'))
        return;
    do {
        if (!take_name(c, &unused))
            return;
    } while (nasl_accept(c, ','));
    nasl_expect(c, ')', "',' or ')'");
}

static void parse_function(struct nasl_compiler *c)
{
    struct nasl_unit *u = c->unit;
    struct nasl_function f = {0};
    nasl_advance(c);
    if (!take_name(c, &f.symbol))
        return;
    parse_parameters(c);
    nasl_code_add(c, NASL_OP_DEFINE, u->function_count, 0);
    uint32_t over = nasl_code_add(c, NASL_OP_JUMP, 0, 0);
    f.entry = nasl_code_here(c);
    MEM_GROW(u->function, u->function_count, c->function_capacity);
    u->function[u->function_count++] = f;
    parse_block(c);
    nasl_code_add(c, NASL_OP_LEAVE, 0, 0);
    nasl_code_land(c, over);
}

int nasl_parse(struct nasl_compiler *c)
{
    if (nasl_advance(c) == TOKEN_END)
        nasl_fault(c, c->lexer.token_line, "the file is empty");
    while (!c->rc && c->lexer.token != TOKEN_END)
        if (c->lexer.token == TOKEN_FUNCTION)
            parse_function(c);
        else
            parse_statement(c);
    nasl_code_add(c, NASL_OP_END, 0, 0);
    return c->rc;
}
