/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: precedence climbing over the peer's table of operators, code made on the way. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/compile_private.h"

enum { LEVEL_COMPARE = 3, LEVEL_SHIFT = 7, LEVEL_NOT = 10, LEVEL_SIGN = 11, LEVEL_POWER = 12 };

static const struct operator
{
    int token;
    uint8_t level, op, mode;
}
operators[] = {
    {TOKEN_OR, 1, 0, 0},
    {TOKEN_AND, 2, 0, 0},
    {'<', LEVEL_COMPARE, NASL_OP_LESS, 0},
    {'>', LEVEL_COMPARE, NASL_OP_GREATER, 0},
    {TOKEN_LE, LEVEL_COMPARE, NASL_OP_LESS_EQUAL, 0},
    {TOKEN_GE, LEVEL_COMPARE, NASL_OP_GREATER_EQUAL, 0},
    {TOKEN_EQ, LEVEL_COMPARE, NASL_OP_EQUAL, 0},
    {TOKEN_NE, LEVEL_COMPARE, NASL_OP_NOT_EQUAL, 0},
    {TOKEN_HAS, LEVEL_COMPARE, NASL_OP_HAS, 0},
    {TOKEN_HAS_NOT, LEVEL_COMPARE, NASL_OP_HAS, 1},
    {TOKEN_RE, LEVEL_COMPARE, NASL_OP_MATCH, 0},
    {TOKEN_RE_NOT, LEVEL_COMPARE, NASL_OP_MATCH, 1},
    {'|', 4, NASL_OP_BIT_OR, 0},
    {'^', 5, NASL_OP_BIT_XOR, 0},
    {'&', 6, NASL_OP_BIT_AND, 0},
    {TOKEN_SHIFT_RIGHT, LEVEL_SHIFT, NASL_OP_SHIFT_RIGHT, 0},
    {TOKEN_SHIFT_RIGHT_UNSIGNED, LEVEL_SHIFT, NASL_OP_SHIFT_RIGHT_UNSIGNED, 0},
    {TOKEN_SHIFT_LEFT, LEVEL_SHIFT, NASL_OP_SHIFT_LEFT, 0},
    {'+', 8, NASL_OP_ADD, 0},
    {'-', 8, NASL_OP_SUBTRACT, 0},
    {'*', 9, NASL_OP_MULTIPLY, 0},
    {'/', 9, NASL_OP_DIVIDE, 0},
    {'%', 9, NASL_OP_MODULO, 0},
    {TOKEN_POWER, LEVEL_POWER, NASL_OP_POWER, 0},
};

static void parse_level(struct nasl_compiler *c, unsigned level);

static void unexpected(struct nasl_compiler *c, const char *wanted)
{
    struct str name = str_of(0);
    if (c->lexer.token == TOKEN_BAD)
        nasl_fault(c, c->lexer.token_line, "%s", c->lexer.why);
    else
        nasl_fault(c, c->lexer.token_line, "syntax error: %s instead of %s",
                   nasl_token_name(&c->lexer, &name), wanted);
    str_done(&name);
}

int nasl_advance(struct nasl_compiler *c)
{
    return nasl_lexer_next(&c->lexer, &c->room);
}

bool nasl_accept(struct nasl_compiler *c, int token)
{
    if (c->lexer.token != token || c->rc)
        return false;
    nasl_advance(c);
    return true;
}

void nasl_expect(struct nasl_compiler *c, int token, const char *what)
{
    if (!nasl_accept(c, token))
        unexpected(c, what);
}

static const char *token_text(struct nasl_compiler *c, size_t *out_len)
{
    return nasl_lexer_text(&c->lexer, &c->room, out_len);
}

/* 10.0.0.1 is a string. */
static void parse_number(struct nasl_compiler *c)
{
    int64_t part[4] = {c->lexer.number};
    nasl_advance(c);
    if (c->lexer.token != '.') {
        nasl_code_number(c, part[0]);
        return;
    }
    for (int i = 1; i < 4; i++) {
        nasl_expect(c, '.', "the rest of an address");
        part[i] = c->lexer.number;
        nasl_expect(c, TOKEN_NUMBER, "a number of an address");
    }
    struct str text = str_of(0);
    str_addf(&text, "%lld.%lld.%lld.%lld", (long long)part[0], (long long)part[1],
             (long long)part[2], (long long)part[3]);
    nasl_code_text(c, NASL_STRING, str_text(&text), text.len);
    str_done(&text);
}

static void parse_text(struct nasl_compiler *c)
{
    size_t len;
    const char *text = token_text(c, &len);
    if (c->lexer.note)
        nasl_library_note(c->library, c->file, c->lexer.token_line, c->lexer.note);
    nasl_code_text(c, c->lexer.token == TOKEN_STRING ? NASL_STRING : NASL_DATA, text, len);
    nasl_advance(c);
}

/* An item of [ ... ]: only literals may stand there, so that the parser knows their number. */
static void parse_item(struct nasl_compiler *c, int64_t *index)
{
    size_t len;
    bool named = false;
    int token = c->lexer.token;
    if (token == TOKEN_STRING || token == TOKEN_DATA) {
        struct str key = str_of(0);
        enum nasl_type type = token == TOKEN_STRING ? NASL_STRING : NASL_DATA;
        const char *text = token_text(c, &len);
        str_add_len(&key, text, len);
        named = nasl_advance(c) == TOKEN_ARROW;
        nasl_code_text(c, type, str_text(&key), key.len);
        str_done(&key);
    } else {
        nasl_code_number(c, (*index)++);
    }
    if (named) {
        nasl_advance(c);
    } else if (token != TOKEN_NUMBER) { /* the text is the item: its index goes in front */
        struct nasl_insn text_insn = c->unit->code[c->unit->code_count - 1];
        c->unit->code_count--;
        c->depth--;
        nasl_code_number(c, (*index)++);
        nasl_code_add(c, NASL_OP_CONST, text_insn.a, 1);
        return;
    }
    token = c->lexer.token;
    if (token == TOKEN_NUMBER) {
        nasl_code_number(c, c->lexer.number);
        nasl_advance(c);
    } else if (named && (token == TOKEN_STRING || token == TOKEN_DATA)) {
        parse_text(c);
    } else {
        unexpected(c, "a literal");
    }
}

/* A call of make_array() with ready pairs. */
static void parse_array(struct nasl_compiler *c)
{
    int64_t index = 0;
    uint16_t count = 0;
    nasl_advance(c);
    do {
        parse_item(c, &index);
        count = (uint16_t)(count + 2);
    } while (count < NASL_ARGUMENTS_MAX && nasl_accept(c, ','));
    nasl_expect(c, ']', "',' or ']'");
    uint32_t call = nasl_code_call(
        c, (struct nasl_call_site){.builtin = nasl_library_builtin(c->library, "make_array", 10),
                                   .count = count,
                                   .plain = true});
    nasl_code_add_c(c, NASL_OP_BUILTIN, call, 1, 1 - count);
}

static uint32_t argument_name(const struct nasl_builtin *b, const char *name, size_t len)
{
    for (unsigned i = 0; i < NASL_NAMED_MAX && b->named[i]; i++)
        if (strlen(b->named[i]) == len && memcmp(b->named[i], name, len) == 0)
            return i;
    return (uint32_t)NASL_UNKNOWN_NAME;
}

struct arguments {
    uint32_t *name;    /* of each: what a call site keeps */
    const char **word; /* interned; NULL: unnamed */
    size_t count, name_capacity, word_capacity;
    bool doubled, named;
};

static void parse_argument(struct nasl_compiler *c, const struct nasl_builtin *b,
                           struct arguments *args)
{
    struct nasl_lexer before = c->lexer;
    const char *word = NULL;
    uint32_t name = (uint32_t)NASL_UNNAMED;
    if (before.token == TOKEN_IDENT || before.token == TOKEN_X) {
        if (nasl_advance(c) == ':') {
            nasl_advance(c);
            word = nasl_library_intern(c->library, before.word, before.len);
            name = b ? argument_name(b, before.word, before.len)
                     : nasl_code_symbol(c, before.word, before.len);
            args->named = true;
        } else {
            c->lexer = before;
        }
    }
    for (size_t i = 0; word && i < args->count; i++)
        args->doubled = args->doubled || args->word[i] == word;
    MEM_GROW(args->name, args->count, args->name_capacity);
    MEM_GROW(args->word, args->count, args->word_capacity);
    args->name[args->count] = name;
    args->word[args->count++] = word;
    nasl_parse_expression(c);
}

static void parse_arguments(struct nasl_compiler *c, const struct nasl_builtin *b,
                            struct arguments *args)
{
    nasl_expect(c, '(', "'('");
    if (nasl_accept(c, ')'))
        return;
    do
        parse_argument(c, b, args);
    while (args->count < NASL_ARGUMENTS_MAX && nasl_accept(c, ','));
    nasl_expect(c, ')', "',' or ')'");
}

bool nasl_parse_call(struct nasl_compiler *c, const char *name, size_t len)
{
    const struct nasl_builtin *b = nasl_library_builtin(c->library, name, len);
    struct arguments args = {0};
    uint32_t line = c->lexer.token_line, missing = 0;
    struct nasl_call_site site = {.builtin = b};
    if (!b) { /* arguments of a function that is not there are not evaluated */
        site.symbol = nasl_code_symbol(c, name, len);
        nasl_code_add(c, NASL_OP_FUNCTION, site.symbol, 0);
        missing = nasl_code_add(c, NASL_OP_JUMP, 0, 0);
        nasl_code_here(c);
    }
    parse_arguments(c, b, &args);
    int count = (int)args.count;
    if (args.doubled) {
        nasl_code_add(c, NASL_OP_CANCEL, count, 1 - count);
    } else {
        site.count = (uint16_t)count;
        site.plain = !args.named;
        if (args.named) {
            site.name = arena_array(&c->unit->arena, args.count, sizeof *site.name);
            memcpy(site.name, args.name, args.count * sizeof *site.name);
        }
        uint32_t at = nasl_code_add_c(c, b ? NASL_OP_BUILTIN : NASL_OP_CALL,
                                      nasl_code_call(c, site), 1, 1 - count);
        if (!c->rc)
            c->unit->line[at] = line;
    }
    if (!b)
        nasl_code_land(c, missing);
    mem_free(args.name);
    mem_free(args.word);
    return b != NULL;
}

static bool is_set(int token)
{
    return token == '=' || (token >= TOKEN_PLUS_SET && token <= TOKEN_SHIFT_RIGHT_UNSIGNED_SET);
}

/* Behind a variable, or behind a variable and its index (which lies on the stack): an assignment or
 * an increment?  Its value is kept. */
static bool parse_change(struct nasl_compiler *c, uint32_t symbol, bool element)
{
    int token = c->lexer.token, index = element ? 1 : 0;
    if (token == TOKEN_INCREMENT || token == TOKEN_DECREMENT) {
        nasl_code_add_c(c, element ? NASL_OP_STEP_ELEMENT : NASL_OP_STEP, symbol,
                        NASL_STEP_KEEP | NASL_STEP_AFTER |
                            (token == TOKEN_DECREMENT ? NASL_STEP_DOWN : 0u),
                        1 - index);
        nasl_advance(c);
        return true;
    }
    if (!is_set(token))
        return false;
    nasl_advance(c);
    nasl_parse_expression(c);
    if (token == '=')
        nasl_code_add_c(c, element ? NASL_OP_SET_ELEMENT : NASL_OP_SET, symbol, 1, -index);
    else
        nasl_code_add_c(c, element ? NASL_OP_UPDATE_ELEMENT : NASL_OP_UPDATE, symbol,
                        (unsigned)(token - TOKEN_PLUS_SET) * 2 + 1, -index);
    return true;
}

static bool is_anon(const char *name, size_t len)
{
    return len == 14 && memcmp(name, "_FCT_ANON_ARGS", len) == 0;
}

static bool parse_index(struct nasl_compiler *c)
{
    if (!nasl_accept(c, '['))
        return false;
    nasl_parse_expression(c);
    nasl_expect(c, ']', "']'");
    return true;
}

/* A name and what follows it.  `effect`: only a call, an assignment or an increment will do. */
static void parse_name(struct nasl_compiler *c, bool effect)
{
    const char *name = c->lexer.word;
    size_t len = c->lexer.len;
    nasl_advance(c);
    if (c->lexer.token == '(') {
        nasl_parse_call(c, name, len);
        return;
    }
    uint32_t symbol = nasl_code_symbol(c, name, len);
    bool element = parse_index(c);
    if (parse_change(c, symbol, element))
        return;
    if (effect)
        unexpected(c, "an assignment or a call");
    else if (is_anon(name, len))
        nasl_code_add(c, element ? NASL_OP_ANON_AT : NASL_OP_ANON, 0, element ? 0 : 1);
    else
        nasl_code_add(c, element ? NASL_OP_ELEMENT : NASL_OP_VAR, symbol, element ? 0 : 1);
}

/* ++ or -- in front. */
static void parse_step(struct nasl_compiler *c)
{
    unsigned mode = NASL_STEP_KEEP | (c->lexer.token == TOKEN_DECREMENT ? NASL_STEP_DOWN : 0u);
    nasl_advance(c);
    if (c->lexer.token != TOKEN_IDENT && c->lexer.token != TOKEN_X) {
        unexpected(c, "a variable");
        return;
    }
    uint32_t symbol = nasl_code_symbol(c, c->lexer.word, c->lexer.len);
    nasl_advance(c);
    bool element = parse_index(c);
    nasl_code_add_c(c, element ? NASL_OP_STEP_ELEMENT : NASL_OP_STEP, symbol, mode,
                    element ? 0 : 1);
}

static void parse_unary(struct nasl_compiler *c)
{
    switch (c->lexer.token) {
    case '!':
        nasl_advance(c);
        parse_level(c, LEVEL_SIGN);
        nasl_code_add(c, NASL_OP_NOT, 0, 0);
        return;
    case '-':
    case '~': {
        enum nasl_op op = c->lexer.token == '-' ? NASL_OP_NEGATE : NASL_OP_BIT_NOT;
        bool literal = op == NASL_OP_NEGATE && nasl_advance(c) == TOKEN_NUMBER;
        if (op != NASL_OP_NEGATE)
            nasl_advance(c);
        parse_level(c, LEVEL_POWER);
        struct nasl_insn *last = &c->unit->code[c->unit->code_count - !!c->unit->code_count];
        if (literal && !c->rc && last->op == NASL_OP_INT && last->a != INT32_MIN)
            last->a = -last->a; /* a literal, or what a power of literals cannot be */
        else
            nasl_code_add(c, op, 0, 0);
        return;
    }
    case '(':
        nasl_advance(c);
        nasl_parse_expression(c);
        nasl_expect(c, ')', "')'");
        return;
    case '[':
        parse_array(c);
        return;
    case TOKEN_NUMBER:
        parse_number(c);
        return;
    case TOKEN_STRING:
    case TOKEN_DATA:
        parse_text(c);
        return;
    case TOKEN_INCREMENT:
    case TOKEN_DECREMENT:
        parse_step(c);
        return;
    case TOKEN_IDENT:
    case TOKEN_X:
        parse_name(c, false);
        return;
    default:
        unexpected(c, "an expression");
    }
}

static const struct operator* find_operator(int token)
{
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++)
        if (operators[i].token == token)
            return &operators[i];
    return NULL;
}

static void parse_logic(struct nasl_compiler *c, const struct operator* o)
{
    nasl_code_add(c, NASL_OP_BOOL, 0, 0);
    uint32_t jump = nasl_code_add(
        c, o->token == TOKEN_AND ? NASL_OP_KEEP_IF_FALSE : NASL_OP_KEEP_IF_TRUE, 0, -1);
    nasl_code_here(c);
    parse_level(c, o->level + 1u);
    nasl_code_add(c, NASL_OP_BOOL, 0, 0);
    nasl_code_land(c, jump);
}

/* The right side of =~ is a literal, compiled here. */
static void parse_match(struct nasl_compiler *c, const struct operator* o)
{
    size_t len;
    struct err cause = {0};
    if (c->lexer.token != TOKEN_STRING && c->lexer.token != TOKEN_DATA) {
        unexpected(c, "a string (a regular expression)");
        return;
    }
    const char *text = token_text(c, &len);
    const struct nasl_ereg *r = nasl_library_regex(c->library, text, len, true, &cause);
    if (!r)
        nasl_fault(c, c->lexer.token_line, "bad regular expression: %s", cause.text);
    nasl_code_add_c(c, NASL_OP_MATCH, nasl_code_regex(c, r), o->mode, 0);
    nasl_advance(c);
}

static void parse_level(struct nasl_compiler *c, unsigned level)
{
    unsigned closed = 0; /* a level whose operators do not stand in a row */
    if (++c->nesting > NASL_NESTING_MAX)
        nasl_fault(c, c->lexer.token_line, "nested too deeply");
    if (!c->rc)
        parse_unary(c);
    while (!c->rc) {
        const struct operator* o = find_operator(c->lexer.token);
        if (!o || o->level < level)
            break;
        if (o->level == closed) {
            unexpected(c, "an operator that may follow here");
            break;
        }
        nasl_advance(c);
        if (!o->op) {
            parse_logic(c, o);
        } else if (o->op == NASL_OP_MATCH) {
            parse_match(c, o);
        } else {
            parse_level(c, o->level + (o->level == LEVEL_POWER ? 0u : 1u));
            nasl_code_add_c(c, o->op, 0, o->mode, -1);
        }
        closed = o->level == LEVEL_COMPARE || o->level == LEVEL_SHIFT ? o->level : 0;
    }
    c->nesting--;
}

void nasl_parse_expression(struct nasl_compiler *c)
{
    parse_level(c, 1);
}

void nasl_parse_effect(struct nasl_compiler *c)
{
    if (c->lexer.token == TOKEN_INCREMENT || c->lexer.token == TOKEN_DECREMENT)
        parse_step(c);
    else if (c->lexer.token == TOKEN_IDENT || c->lexer.token == TOKEN_X)
        parse_name(c, true);
    else
        unexpected(c, "a statement");
}
