/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers out of the payload: byte_test compares, byte_jump moves by them, byte_extract and
 * byte_math keep them in variables. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"

enum { BYTE_COUNT_MAX = 10, BYTE_STRING_MAX = 23 };

enum byte_order { BYTE_BIG, BYTE_LITTLE, BYTE_DCE };

enum byte_operator {
    BYTE_LESS,
    BYTE_GREATER,
    BYTE_EQUAL,
    BYTE_AND,
    BYTE_XOR,
    BYTE_LESS_EQUAL,
    BYTE_GREATER_EQUAL,
};

/* A number of the rule or of one of its variables. */
struct operand {
    int64_t value;
    int8_t var; /* -1: value */
};

struct byte_step {
    struct rule_step step;
    struct operand count, offset, value, multiplier;
    uint64_t bitmask;
    uint8_t order, base, operator, math; /* math: '+', '-', '*', '/', '<', '>' */
    bool string, not_operator;
    int8_t result; /* the variable that byte_extract and byte_math set */
    uint8_t align; /* of byte_extract: 2 or 4; of byte_jump: 4 */
    bool from_beginning, from_end;
    bool moves; /* byte_extract in Snort: the cursor goes behind what was read */
    struct operand post_offset;
};

static int64_t operand_of(const struct operand *o, const struct payload *p)
{
    return o->var < 0 ? o->value : (int64_t)p->var[o->var];
}

static bool digits_to_number(const uint8_t *data, uint32_t len, unsigned base, uint64_t *out,
                             uint32_t *out_used)
{
    uint64_t value = 0;
    uint32_t at = 0;
    bool minus = false, any = false;
    while (at < len && (data[at] == ' ' || data[at] == '\t'))
        at++;
    if (at < len && (data[at] == '-' || data[at] == '+'))
        minus = data[at++] == '-';
    if (base == 16 && at + 1 < len && data[at] == '0' && (data[at + 1] | 32) == 'x')
        at += 2;
    for (; at < len; at++) {
        unsigned c = data[at];
        unsigned digit = c >= '0' && c <= '9'                 ? c - '0'
                         : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                              : 99;
        if (digit >= base)
            break;
        value = value * base + digit;
        any = true;
    }
    *out = minus ? (uint64_t) - (int64_t)value : value;
    *out_used = at;
    return any;
}

/* Read the number that the step describes; *out_end is behind its bytes. */
static bool read_number(const struct byte_step *b, const struct payload *p, uint64_t *out,
                        uint32_t *out_end)
{
    int64_t at = operand_of(&b->offset, p) + (b->step.relative ? p->cursor : 0);
    int64_t count = operand_of(&b->count, p);
    if (at < 0 || count < 0 || at > p->len)
        return false;
    if (b->string) {
        uint32_t left = p->len - (uint32_t)at, used;
        if (count > 0 && count < left)
            left = (uint32_t)count;
        if (left == 0 || (count > 0 && p->len - at < count))
            return false;
        if (!digits_to_number(p->data + at, left, b->base, out, &used))
            return false;
        *out_end = (uint32_t)at + used;
        return true;
    }
    if (count > 8 || count > p->len - at)
        return false;
    uint64_t value = 0;
    bool little = b->order == BYTE_LITTLE || (b->order == BYTE_DCE && p->little);
    for (int64_t i = 0; i < count; i++)
        value = value << 8 | p->data[little ? at + count - 1 - i : at + i];
    *out = value;
    *out_end = (uint32_t)(at + count);
    return true;
}

static uint64_t masked(const struct byte_step *b, uint64_t value)
{
    return b->bitmask ? (value & b->bitmask) >> __builtin_ctzll(b->bitmask) : value;
}

static bool test_holds(const struct rule_step *s, struct payload *p)
{
    const struct byte_step *b = (const struct byte_step *)s;
    uint64_t value, want = (uint64_t)operand_of(&b->value, p);
    uint32_t end;
    if (!read_number(b, p, &value, &end))
        return false;
    value = masked(b, value);
    bool holds = false;
    switch ((enum byte_operator)b->operator) {
    case BYTE_LESS:
        holds = value < want;
        break;
    case BYTE_GREATER:
        holds = value > want;
        break;
    case BYTE_EQUAL:
        holds = value == want;
        break;
    case BYTE_AND:
        holds = (value & want) != 0;
        break;
    case BYTE_XOR:
        holds = (value ^ want) != 0;
        break;
    case BYTE_LESS_EQUAL:
        holds = value <= want;
        break;
    case BYTE_GREATER_EQUAL:
        holds = value >= want;
        break;
    }
    return holds != b->not_operator;
}

static bool jump_holds(const struct rule_step *s, struct payload *p)
{
    const struct byte_step *b = (const struct byte_step *)s;
    uint64_t value;
    uint32_t end;
    if (!read_number(b, p, &value, &end))
        return false;
    value = masked(b, value);
    uint64_t factor = (uint64_t)operand_of(&b->multiplier, p);
    int64_t jump = value > INT32_MAX || factor > INT32_MAX ? -1 : (int64_t)(value * factor);
    if (jump < 0)
        return false;
    if (b->align)
        jump = (jump + b->align - 1) / b->align * b->align;
    int64_t to = jump + operand_of(&b->post_offset, p) +
                 (b->from_beginning ? 0
                  : b->from_end     ? (int64_t)p->len
                                    : (int64_t)end);
    if (to < 0 || to > p->len)
        return false;
    p->cursor = (uint32_t)to;
    return true;
}

static bool extract_holds(const struct rule_step *s, struct payload *p)
{
    const struct byte_step *b = (const struct byte_step *)s;
    uint64_t value;
    uint32_t end;
    if (!read_number(b, p, &value, &end))
        return false;
    value = masked(b, value) * (uint64_t)operand_of(&b->multiplier, p);
    if (b->align)
        value = (value + b->align - 1) / b->align * b->align;
    p->var[b->result] = value;
    if (b->moves)
        p->cursor = end;
    return true;
}

static bool math_holds(const struct rule_step *s, struct payload *p)
{
    const struct byte_step *b = (const struct byte_step *)s;
    uint64_t value, right = (uint64_t)operand_of(&b->value, p);
    uint32_t end;
    if (!read_number(b, p, &value, &end))
        return false;
    if (b->math == '/' && right == 0)
        return false;
    switch (b->math) {
    case '+':
        value += right;
        break;
    case '-':
        value -= right;
        break;
    case '*':
        value *= right;
        break;
    case '/':
        value /= right;
        break;
    case '<':
        value = right < 64 ? value << right : 0;
        break;
    default:
        value = right < 64 ? value >> right : 0;
    }
    p->var[b->result] = masked(b, value);
    return true;
}

static const struct step_kind test_kind = {.name = "byte_test", .holds = test_holds};
static const struct step_kind jump_kind = {.name = "byte_jump", .holds = jump_holds, .moves = true};
static const struct step_kind extract_kind = {.name = "byte_extract", .holds = extract_holds};
static const struct step_kind math_kind = {.name = "byte_math", .holds = math_holds};

static int read_operand(const struct rule_parser *p, const char *text, struct operand *out,
                        struct err *e)
{
    out->var = -1;
    if (!text || !*text)
        return err_set(e, -EINVAL, "a number is missing");
    if (word_to_i64(text, &out->value))
        return 0;
    int var = parser_var(p, text);
    if (var < 0)
        return err_set(e, -EINVAL, "\"%s\" is neither a number nor a variable", text);
    out->var = (int8_t)var;
    return 0;
}

static int read_operator(struct byte_step *b, const char *text, struct err *e)
{
    static const struct {
        const char *text;
        enum byte_operator operator;
    } row[] = {
        {"<", BYTE_LESS},  {">", BYTE_GREATER},     {"=", BYTE_EQUAL},          {"&", BYTE_AND},
        {"^", BYTE_XOR},   {"<=", BYTE_LESS_EQUAL}, {">=", BYTE_GREATER_EQUAL}, {"", BYTE_EQUAL},
        {"==", BYTE_EQUAL}};
    const char *word = text;
    if (*word == '!') {
        b->not_operator = true;
        for (word++; *word == ' ';)
            word++;
    }
    if (!*text)
        return err_set(e, -EINVAL, "an operator is missing");
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcmp(row[i].text, word) == 0) {
            b->operator=(uint8_t) row[i].operator;
            return 0;
        }
    return err_set(e, -EINVAL, "unknown operator \"%s\"", text);
}

/* "name value" or "name" */
static char *cut_word(char *word)
{
    char *value = word + strcspn(word, " \t");
    if (!*value)
        return NULL;
    *value = '\0';
    return word_trim(value + 1);
}

static int read_mask(struct byte_step *b, const char *value, struct err *e)
{
    if (!value || !word_to_u64(value, &b->bitmask) || b->bitmask == 0)
        return err_set(e, -EINVAL, "bitmask wants a number that is not 0");
    return 0;
}

/* Words that several of the four have. */
static int read_flag(struct rule_parser *p, struct byte_step *b, char *word, struct err *e)
{
    static const struct {
        const char *name;
        uint8_t base;
    } base[] = {{"hex", 16}, {"dec", 10}, {"oct", 8}};
    char *value = cut_word(word);
    for (size_t i = 0; i < ARRAY_COUNT(base); i++)
        if (strcmp(word, base[i].name) == 0) {
            b->base = base[i].base;
            return 0;
        }
    if (strcmp(word, "relative") == 0)
        b->step.relative = true;
    else if (strcmp(word, "string") == 0) {
        b->string = true;
        return value ? read_flag(p, b, value, e) : 0;
    } else if (strcmp(word, "little") == 0)
        b->order = BYTE_LITTLE;
    else if (strcmp(word, "big") == 0)
        b->order = BYTE_BIG;
    else if (strcmp(word, "dce") == 0)
        b->order = BYTE_DCE;
    else if (strcmp(word, "endian") == 0 && value)
        return read_flag(p, b, value, e);
    else if (strcmp(word, "bitmask") == 0)
        return read_mask(b, value, e);
    else
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    return 0;
}

static int check_count(const struct rule_parser *p, const struct byte_step *b, struct err *e)
{
    int64_t most = b->string ? BYTE_STRING_MAX : p->dialect == RULE_SURICATA ? 8 : 10;
    if (b->count.var >= 0)
        return 0;
    if (b->count.value < 0 || b->count.value > most ||
        (b->count.value == 0 && !b->string && b->step.kind != &jump_kind))
        return err_set(e, -EINVAL, "it reads 1 to %d bytes", (int)most);
    return 0;
}

static struct byte_step *new_step(struct rule_parser *p, const struct step_kind *kind)
{
    struct byte_step *b = parser_take(p, sizeof *b);
    b->step.kind = kind;
    b->count.var = b->offset.var = b->value.var = b->multiplier.var = b->post_offset.var = -1;
    b->multiplier.value = 1;
    b->base = 10;
    b->result = -1;
    return b;
}

static int add_step(struct rule_parser *p, struct byte_step *b, struct err *e)
{
    if (check_count(p, b, e) < 0)
        return e->code;
    struct rule_list *list = parser_list_for(p, b->step.relative);
    parser_add_step(p, list, &b->step);
    p->step = NULL;
    return 0;
}

/* COUNT,[!]OPERATOR,VALUE,OFFSET[,word...] */
static int parse_test(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct byte_step *b = new_step(p, &test_kind);
    char *rest = value, *count = word_next(&rest, ','), *operator= word_next(&rest, ',');
    char *number = word_next(&rest, ','), *offset = word_next(&rest, ',');
    (void)k;
    if (*count == '!') {
        b->not_operator = true;
        count++;
    }
    if (!operator|| !offset)
        return err_set(e, -EINVAL, "it wants count, operator, value and offset");
    if (read_operand(p, count, &b->count, e) < 0 || read_operator(b, operator, e) < 0 ||
        read_operand(p, number, &b->value, e) < 0 || read_operand(p, offset, &b->offset, e) < 0)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));)
        if (read_flag(p, b, word, e) < 0)
            return e->code;
    return add_step(p, b, e);
}

/* COUNT,OFFSET[,word...] */
static int parse_jump(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct byte_step *b = new_step(p, &jump_kind);
    char *rest = value, *count = word_next(&rest, ','), *offset = word_next(&rest, ',');
    (void)k;
    if (!offset)
        return err_set(e, -EINVAL, "it wants count and offset");
    if (read_operand(p, count, &b->count, e) < 0 || read_operand(p, offset, &b->offset, e) < 0)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));) {
        if (strcmp(word, "align") == 0)
            b->align = 4;
        else if (strcmp(word, "from_beginning") == 0)
            b->from_beginning = true;
        else if (strcmp(word, "from_end") == 0)
            b->from_end = true;
        else if (strncmp(word, "multiplier ", 11) == 0) {
            if (read_operand(p, word_trim(word + 11), &b->multiplier, e) < 0)
                return e->code;
        } else if (strncmp(word, "post_offset ", 12) == 0) {
            if (read_operand(p, word_trim(word + 12), &b->post_offset, e) < 0)
                return e->code;
        } else if (read_flag(p, b, word, e) < 0)
            return e->code;
    }
    return add_step(p, b, e);
}

/* COUNT,OFFSET,NAME[,word...] */
static int parse_extract(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    struct byte_step *b = new_step(p, &extract_kind);
    b->moves = p->dialect != RULE_SURICATA;
    char *rest = value, *count = word_next(&rest, ','), *offset = word_next(&rest, ',');
    char *name = word_next(&rest, ',');
    (void)k;
    if (!name || !*name)
        return err_set(e, -EINVAL, "it wants count, offset and a name");
    if (read_operand(p, count, &b->count, e) < 0 || read_operand(p, offset, &b->offset, e) < 0)
        return e->code;
    for (char *word; (word = word_next(&rest, ','));) {
        if (strncmp(word, "align", 5) == 0) {
            uint64_t align = 0;
            if (!word_to_u64(word_trim(word + 5), &align) || (align != 2 && align != 4))
                return err_set(e, -EINVAL, "align is 2 or 4");
            b->align = (uint8_t)align;
        } else if (strncmp(word, "multiplier ", 11) == 0) {
            if (read_operand(p, word_trim(word + 11), &b->multiplier, e) < 0)
                return e->code;
        } else if (read_flag(p, b, word, e) < 0)
            return e->code;
    }
    int var = parser_new_var(p, name, e);
    b->result = (int8_t)var;
    return var < 0 ? var : add_step(p, b, e);
}

static int read_math_operator(struct byte_step *b, const char *value, struct err *e)
{
    if (value && value[0] && strchr("+-*/", value[0]) && !value[1])
        b->math = (uint8_t)value[0];
    else if (value && (strcmp(value, "<<") == 0 || strcmp(value, ">>") == 0))
        b->math = (uint8_t)value[0];
    else
        return err_set(e, -EINVAL, "oper is one of + - * / << >>");
    return 0;
}

/* bytes N,offset N,oper O,rvalue V,result NAME[,word...] */
static int parse_math(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct byte_step *b = new_step(p, &math_kind);
    const char *result = NULL;
    bool has_value = false;
    (void)k;
    b->count.value = -1;
    for (char *word; (word = word_next(&value, ','));) {
        char *space = word + strcspn(word, " \t"), *arg = *space ? word_trim(space) : NULL;
        size_t len = (size_t)(space - word);
        int rc = 0;
        if (len == 5 && memcmp(word, "bytes", 5) == 0)
            rc = read_operand(p, arg, &b->count, e);
        else if (len == 6 && memcmp(word, "offset", 6) == 0)
            rc = read_operand(p, arg, &b->offset, e);
        else if (len == 4 && memcmp(word, "oper", 4) == 0)
            rc = read_math_operator(b, arg, e);
        else if (len == 6 && memcmp(word, "rvalue", 6) == 0) {
            rc = read_operand(p, arg, &b->value, e);
            has_value = true;
        } else if (len == 6 && memcmp(word, "result", 6) == 0)
            result = arg;
        else
            rc = read_flag(p, b, word, e);
        if (rc < 0)
            return rc;
    }
    if (b->count.value < 0 || !b->math || !has_value || !result || !*result)
        return err_set(e, -EINVAL, "it wants bytes, offset, oper, rvalue and result");
    if (b->value.var < 0 && b->value.value == 0)
        return err_set(e, -EINVAL, "rvalue is not 0");
    int var = parser_new_var(p, result, e);
    b->result = (int8_t)var;
    return var < 0 ? var : add_step(p, b, e);
}

static const struct ids_keyword keyword[] = {
    {"byte_test", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_test, NULL,
     "byte_test:COUNT,[!]OPERATOR,VALUE,OFFSET[,relative,little,string,hex,bitmask M]; compare"},
    {"byte_jump", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_jump, NULL,
     "byte_jump:COUNT,OFFSET[,relative,multiplier N,align,from_beginning,post_offset N]; move on"},
    {"byte_extract", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_extract, NULL,
     "byte_extract:COUNT,OFFSET,NAME[,relative,multiplier N,align N]; keep in a variable"},
    {"byte_math", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_math, NULL,
     "byte_math:bytes N,offset N,oper O,rvalue V,result NAME[,relative]; calculate"},
};

const struct ids_keyword_family ids_keyword_byte = {"byte", "numbers out of the payload", keyword,
                                                    ARRAY_COUNT(keyword)};
