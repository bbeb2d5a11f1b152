/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/template.h"

#include <string.h>

enum { INTEGER_MAX_LEN = 8, ARGUMENT_MAX = 64 };

struct expansion {
    const char *pos;
    const struct template_groups *groups;
    bool cpe;
    struct str *out;
};

static bool is_printable(uint8_t c)
{
    return c >= 0x20 && c < 0x7f;
}

/* A byte of what the host said.  In a CPE what has a meaning there is quoted (NISTIR 7695's URI
 * binding). */
static void add_byte(struct expansion *x, uint8_t c)
{
    static const char quoted[] = ":/?#[]@!$&'()*+,;=%<>\"";
    if (!x->cpe)
        str_add_char(x->out, (char)c);
    else if (c == ' ')
        str_add_char(x->out, '_');
    else if (c < 0x20 || c >= 0x7f || strchr(quoted, c))
        str_addf(x->out, "%%%02x", c);
    else
        str_add_char(x->out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
}

/* A group's number; false: none, or it took no part in the match. */
static bool read_group(struct expansion *x, unsigned *out)
{
    if (*x->pos < '1' || *x->pos > '9')
        return false;
    *out = (unsigned)(*x->pos++ - '0');
    return true;
}

static bool skip_sign(struct expansion *x, char sign)
{
    while (*x->pos == ' ')
        x->pos++;
    if (*x->pos != sign)
        return false;
    x->pos++;
    while (sign != '"' && *x->pos == ' ')
        x->pos++;
    return true;
}

/* A quoted argument, with the escapes of a string in C. */
static bool read_argument(struct expansion *x, char *to, size_t *out_len)
{
    static const char from[] = "nrt0", become[] = "\n\r\t\0";
    size_t len = 0;
    if (!skip_sign(x, '"'))
        return false;
    for (; *x->pos && *x->pos != '"'; x->pos++) {
        char c = *x->pos;
        if (c == '\\' && x->pos[1]) {
            c = *++x->pos;
            const char *found = memchr(from, c, sizeof from - 1);
            c = found ? become[found - from] : c;
        }
        if (len == ARGUMENT_MAX)
            return false;
        to[len++] = c;
    }
    *out_len = len;
    return skip_sign(x, '"');
}

static void add_group(struct expansion *x, unsigned n, bool printable_only)
{
    const uint8_t *at = x->groups->group[n].at;
    for (size_t i = 0; at && i < x->groups->group[n].len; i++)
        if (!printable_only || is_printable(at[i]))
            add_byte(x, at[i]);
}

/* Behind "$SUBST(N": ,"from","to") */
static bool add_replaced(struct expansion *x, unsigned n)
{
    char from[ARGUMENT_MAX], to[ARGUMENT_MAX];
    size_t from_len, to_len;
    if (!skip_sign(x, ',') || !read_argument(x, from, &from_len) || !skip_sign(x, ',') ||
        !read_argument(x, to, &to_len) || from_len == 0)
        return false;
    const uint8_t *at = x->groups->group[n].at;
    size_t len = at ? x->groups->group[n].len : 0;
    for (size_t i = 0; i < len;) {
        if (len - i >= from_len && memcmp(at + i, from, from_len) == 0) {
            for (size_t k = 0; k < to_len; k++)
                add_byte(x, (uint8_t)to[k]);
            i += from_len;
        } else {
            add_byte(x, at[i++]);
        }
    }
    return true;
}

/* Behind "$I(N": ,">") the bytes are a number, its first byte the highest; "<": the lowest. */
static bool add_integer(struct expansion *x, unsigned n)
{
    char order[ARGUMENT_MAX];
    size_t order_len;
    uint64_t value = 0;
    if (!skip_sign(x, ',') || !read_argument(x, order, &order_len) || order_len != 1 ||
        (*order != '<' && *order != '>'))
        return false;
    const uint8_t *at = x->groups->group[n].at;
    size_t len = x->groups->group[n].len;
    if (!at || len == 0 || len > INTEGER_MAX_LEN)
        return false;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | at[*order == '>' ? i : len - 1 - i];
    str_add_u64(x->out, value);
    return true;
}

static bool add_function(struct expansion *x, const char *name)
{
    unsigned n;
    x->pos += strlen(name);
    if (!read_group(x, &n))
        return false;
    if (strcmp(name, "P(") == 0)
        add_group(x, n, true);
    else if (!(strcmp(name, "I(") == 0 ? add_integer(x, n) : add_replaced(x, n)))
        return false;
    return skip_sign(x, ')');
}

/* Behind "$". */
static bool add_variable(struct expansion *x)
{
    static const char *const functions[] = {"P(", "I(", "SUBST("};
    unsigned n;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strncmp(x->pos, functions[i], strlen(functions[i])) == 0)
            return add_function(x, functions[i]);
    if (!read_group(x, &n))
        return false;
    add_group(x, n, false);
    return true;
}

bool template_expand(const char *text, const struct template_groups *groups, bool cpe,
                     struct str *out)
{
    struct expansion x = {text, groups, cpe, out};
    while (*x.pos) {
        char c = *x.pos++;
        if (c != '$')
            str_add_char(out, c);
        else if (!add_variable(&x))
            return false;
    }
    return !out->full;
}
