/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "NAME = VALUE" at the top of the file.  A value is a text, a number, true or false, a name
 * assigned before, texts and names joined by "..", or a table of such values. */
#include "tool/ids/conf/snort_lua.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "tool/ids/rule/load.h"

enum { LUA_FILE_MAX = 16 << 20, LUA_DEPTH_MAX = 32 };

struct value {
    const char *text; /* of what is no table */
    struct member *member;
    bool is_table;
};

struct member {
    const char *name; /* NULL: by its place */
    struct value value;
    struct member *next;
};

struct lua {
    const char *at, *start, *file;
    struct snort_conf *conf;
    struct rule_set *set;
    struct filter_conf *filters;
    struct map known; /* name -> struct value * */
    struct err *e;
    unsigned depth;
};

static int fault(const struct lua *l, const char *why)
{
    unsigned line = 1, column = 1;
    for (const char *c = l->start; c < l->at; c++, column++)
        if (*c == '\n') {
            line++;
            column = 0;
        }
    return err_set(l->e, -EINVAL, "%s:%u:%u: %s", l->file, line, column, why);
}

static void skip_long_comment(struct lua *l)
{
    const char *end = strstr(l->at, "]]");
    l->at = end ? end + 2 : l->at + strlen(l->at);
}

static void skip_blanks(struct lua *l)
{
    for (;;) {
        l->at += strspn(l->at, " \t\r\n;");
        if (strncmp(l->at, "--[[", 4) == 0)
            skip_long_comment(l);
        else if (strncmp(l->at, "--", 2) == 0)
            l->at += strcspn(l->at, "\n");
        else
            return;
    }
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static char *take_name(struct lua *l)
{
    const char *start = l->at;
    while (is_name_char(*l->at) && !(l->at[0] == '.' && l->at[1] == '.'))
        l->at++;
    return arena_copy(&l->conf->arena, start, (size_t)(l->at - start));
}

static int take_quoted(struct lua *l, struct str *out)
{
    char quote = *l->at++;
    while (*l->at && *l->at != quote) {
        if (*l->at == '\\' && l->at[1])
            l->at++;
        str_add_char(out, *l->at++);
    }
    if (!*l->at)
        return fault(l, "a text that is not closed");
    l->at++;
    return 0;
}

static int take_value(struct lua *l, struct value *out);

static int take_member(struct lua *l, struct member *m)
{
    const char *start = l->at;
    if (*l->at == '[') {
        struct str name = str_of(0);
        l->at++;
        skip_blanks(l);
        if (*l->at != '"' && *l->at != '\'')
            return fault(l, "a key that is no text");
        int rc = take_quoted(l, &name);
        m->name = arena_text(&l->conf->arena, str_text(&name));
        str_done(&name);
        skip_blanks(l);
        if (rc < 0 || *l->at != ']')
            return rc < 0 ? rc : fault(l, "\"]\" is missing");
        l->at++;
    } else if (is_name_char(*l->at)) {
        m->name = take_name(l);
    }
    skip_blanks(l);
    if (m->name && *l->at == '=' && l->at[1] != '=') {
        l->at++;
        return take_value(l, &m->value);
    }
    m->name = NULL;
    l->at = start;
    return take_value(l, &m->value);
}

static int take_table(struct lua *l, struct value *out)
{
    struct member **end = &out->member;
    out->is_table = true;
    l->at++;
    for (skip_blanks(l); *l->at != '}'; skip_blanks(l)) {
        if (!*l->at)
            return fault(l, "a table that is not closed");
        struct member *m = arena_take(&l->conf->arena, sizeof *m);
        if (take_member(l, m) < 0)
            return l->e->code;
        *end = m;
        end = &m->next;
        skip_blanks(l);
        if (*l->at == ',')
            l->at++;
        else if (*l->at != '}')
            return fault(l, "\",\" or \"}\" is missing");
    }
    l->at++;
    return 0;
}

/* A [[long text]]. */
static int take_long(struct lua *l, struct str *out)
{
    const char *end = strstr(l->at + 2, "]]");
    if (!end)
        return fault(l, "a long text that is not closed");
    str_add_len(out, l->at + 2, (size_t)(end - l->at - 2));
    l->at = end + 2;
    return 0;
}

static int take_operand(struct lua *l, struct str *text, struct value *out)
{
    skip_blanks(l);
    if (*l->at == '"' || *l->at == '\'')
        return take_quoted(l, text);
    if (l->at[0] == '[' && l->at[1] == '[')
        return take_long(l, text);
    if (*l->at == '{')
        return take_table(l, out);
    const char *start = l->at;
    if (*l->at == '-')
        l->at++;
    char *name = take_name(l);
    if (!*name)
        return fault(l, "a value is missing");
    if ((*name >= '0' && *name <= '9') || strcmp(name, "true") == 0 || strcmp(name, "false") == 0 ||
        strcmp(name, "nil") == 0) {
        str_add_len(text, start, (size_t)(l->at - start));
        return 0;
    }
    skip_blanks(l);
    if (*l->at == '(')
        return fault(l, "a function: only plain values are read");
    const struct value *known = map_find_text(&l->known, name);
    if (known && known->is_table)
        *out = *known;
    else
        str_add(text, known ? known->text : name);
    return 0;
}

static int take_value(struct lua *l, struct value *out)
{
    struct str text = str_of(1 << 20);
    int rc = 0;
    *out = (struct value){0};
    if (++l->depth > LUA_DEPTH_MAX)
        return fault(l, "tables are nested too deeply");
    do
        rc = take_operand(l, &text, out);
    while (rc == 0 && (skip_blanks(l), strncmp(l->at, "..", 2) == 0) && (l->at += 2));
    l->depth--;
    out->text = arena_text(&l->conf->arena, str_text(&text));
    str_done(&text);
    return rc;
}

static const char *member_text(const struct value *table, const char *name)
{
    for (const struct member *m = table->member; m; m = m->next)
        if (m->name && strcmp(m->name, name) == 0 && !m->value.is_table)
            return m->value.text;
    return NULL;
}

/* Snort 3 writes lists with blanks between their parts. */
static const char *as_list(struct lua *l, const char *text)
{
    char *list = arena_print(&l->conf->arena, "%s", text);
    char *c = word_trim(list);
    if (*c == '[' || !strpbrk(c, " \n\t"))
        return c;
    struct str out = str_of(0);
    str_add_char(&out, '[');
    for (char *rest = c, *word; (word = strsep(&rest, " \t\n"));)
        if (*word) {
            if (out.len > 1)
                str_add_char(&out, ',');
            str_add(&out, word);
        }
    str_add_char(&out, ']');
    c = arena_text(&l->conf->arena, str_text(&out));
    str_done(&out);
    return c;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void define(struct lua *l, const char *name, const struct value *v)
{
    if (v->is_table)
        return;
    const char *list = as_list(l, v->text);
    if (ends_with(name, "_PORTS") || ends_with(name, "_PORT"))
        variable_set_ports(&l->set->variable, name, list);
    else
        variable_set_addresses(&l->set->variable, name, list);
}

/* event_filter = { { gid = 1, sid = 2, type = 'limit', ... }, ... } as a line of snort.conf. */
static int take_filters(struct lua *l, const char *name, const struct value *v)
{
    for (const struct member *m = v->member; m; m = m->next) {
        struct str line = str_of(0);
        str_add(&line, name);
        for (const struct member *f = m->value.member; f; f = f->next) {
            const char *word = f->name && strcmp(f->name, "gid") == 0   ? "gen_id"
                               : f->name && strcmp(f->name, "sid") == 0 ? "sig_id"
                                                                        : f->name;
            str_addf(&line, "%s %s %s", f == m->value.member ? "" : ",", word ? word : "",
                     f->value.text);
        }
        int rc = filter_conf_line(l->filters, l->set, line.text, 0, l->e);
        str_done(&line);
        if (rc < 0)
            return rc == -ENOENT ? 0 : fault(l, l->e->text);
    }
    return 0;
}

static void add_line(struct lua *l, struct snort_lines *lines, const char *name,
                     const struct value *v)
{
    struct str text = str_of(0);
    for (const struct member *m = v->member; m; m = m->next)
        if (m->name && !m->value.is_table)
            str_addf(&text, "%s%s %s", text.len ? ", " : "", m->name, m->value.text);
    MEM_GROW(lines->line, lines->count, lines->capacity);
    lines->line[lines->count++] =
        (struct snort_line){name, arena_text(&l->conf->arena, str_text(&text)), l->file, 0};
    str_done(&text);
}

/* ips = { variables = ..., rules = [[ ... ]], include = 'file' } */
static int take_ips(struct lua *l, const struct value *v)
{
    for (const struct member *m = v->member; m; m = m->next)
        if (m->name && strcmp(m->name, "variables") == 0)
            for (const struct member *kind = m->value.member; kind; kind = kind->next)
                for (const struct member *var = kind->value.member; var; var = var->next)
                    if (var->name)
                        define(l, var->name, &var->value);
    const char *rules = member_text(v, "rules"), *include = member_text(v, "include");
    if (rules)
        rule_load(l->set, mem_copy_text(rules), strlen(rules), l->file);
    if (include) {
        struct str text = str_of(RULE_FILE_MAX);
        const char *slash = strrchr(l->file, '/');
        const char *path =
            *include == '/' || !slash
                ? include
                : arena_print(&l->conf->arena, "%.*s/%s", (int)(slash - l->file), l->file, include);
        if (file_read(path, &text, l->e) < 0) {
            str_done(&text);
            return l->e->code;
        }
        size_t len = text.len;
        rule_load(l->set, str_take(&text), len, path);
    }
    return 0;
}

static int use(struct lua *l, char *name, const struct value *v)
{
    if (strcmp(name, "ips") == 0)
        return take_ips(l, v);
    if (strcmp(name, "event_filter") == 0 || strcmp(name, "suppress") == 0 ||
        strcmp(name, "rate_filter") == 0)
        return take_filters(l, name, v);
    if (v->is_table && (strncmp(name, "alert_", 6) == 0 || strncmp(name, "log_", 4) == 0 ||
                        strcmp(name, "unified2") == 0))
        add_line(l, &l->conf->output, name, v);
    else if (v->is_table)
        add_line(l, &l->conf->preprocessor, name, v);
    else
        define(l, name, v);
    return 0;
}

static int read_statement(struct lua *l)
{
    char *name = take_name(l);
    if (!*name)
        return fault(l, "not an assignment");
    if (strcmp(name, "local") == 0) {
        skip_blanks(l);
        name = take_name(l);
    }
    skip_blanks(l);
    if (strcmp(name, "include") == 0 || strcmp(name, "dofile") == 0 || strcmp(name, "require") == 0)
        return l->at += strcspn(l->at, "\n"), 0; /* defaults of the other tool */
    if (*l->at != '=' || l->at[1] == '=')
        return fault(l, "only assignments of plain values are read");
    l->at++;
    struct value *v = arena_take(&l->conf->arena, sizeof *v);
    if (take_value(l, v) < 0)
        return l->e->code;
    map_put_text(&l->known, name, v);
    return use(l, name, v);
}

int snort_lua_read(struct snort_conf *c, struct rule_set *set, struct filter_conf *filters,
                   const char *path, struct err *e)
{
    struct str text = str_of(LUA_FILE_MAX);
    if (file_read(path, &text, e) < 0) {
        str_done(&text);
        return e->code;
    }
    struct lua l = {.at = str_text(&text),
                    .start = str_text(&text),
                    .file = arena_text(&set->arena, path),
                    .conf = c,
                    .set = set,
                    .filters = filters,
                    .e = e};
    int rc = 0;
    for (skip_blanks(&l); rc == 0 && *l.at; skip_blanks(&l))
        rc = read_statement(&l);
    map_done(&l.known);
    str_done(&text);
    return rc;
}
