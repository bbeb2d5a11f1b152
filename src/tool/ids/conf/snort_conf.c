/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/conf/snort_conf.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "tool/ids/conf/snort_lua.h"
#include "tool/ids/rule/action.h"
#include "tool/ids/rule/load.h"

enum { CONF_FILE_MAX = 64 << 20, INCLUDE_DEPTH_MAX = 16 };

struct reader {
    struct snort_conf *conf;
    struct rule_set *set;
    struct filter_conf *filters;
    const char *file;
    unsigned depth;
    struct err *e;
};

static int read_file(struct reader *r, const char *path);

static void add_line(struct reader *r, struct snort_lines *l, char *value, unsigned line)
{
    char *colon = value + strcspn(value, ": \t");
    char *arguments = colon;
    if (*colon) {
        *colon = '\0';
        arguments = word_trim(colon + 1);
        if (*arguments == ':')
            arguments = word_trim(arguments + 1);
    }
    MEM_GROW(l->line, l->count, l->capacity);
    l->line[l->count++] = (struct snort_line){
        arena_text(&r->conf->arena, value), arena_text(&r->conf->arena, arguments), r->file, line};
}

/* Relative to the file that includes it, and to the working folder as older versions had it. */
static const char *beside(struct reader *r, const char *path)
{
    const char *slash = strrchr(r->file, '/');
    if (*path == '/' || !slash)
        return path;
    return arena_print(&r->conf->arena, "%.*s/%s", (int)(slash - r->file), r->file, path);
}

/* "$NAME" parts of a path become the variable's text. */
static const char *expand(struct reader *r, const char *text)
{
    const char *dollar = strchr(text, '$');
    if (!dollar)
        return text;
    size_t len =
        strspn(dollar + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    char *name = arena_copy(&r->conf->arena, dollar + 1, len);
    const char *value = variable_find(&r->set->variable, name);
    if (!value || len == 0)
        return text;
    return expand(r, arena_print(&r->conf->arena, "%.*s%s%s", (int)(dollar - text), text, value,
                                 dollar + 1 + len));
}

static int read_variable(struct reader *r, const char *kind, char *value)
{
    char *name = value, *text = value + strcspn(value, " \t");
    if (!*text)
        return err_set(r->e, -EINVAL, "%s wants a name and a value", kind);
    *text = '\0';
    text = word_trim(text + 1);
    if (strcmp(kind, "portvar") != 0)
        variable_set_addresses(&r->set->variable, name, text);
    if (strcmp(kind, "ipvar") != 0)
        variable_set_ports(&r->set->variable, name, text);
    return 0;
}

static int read_config(struct reader *r, char *value, unsigned line)
{
    if (strncmp(value, "classification", 14) == 0 || strncmp(value, "reference:", 10) == 0 ||
        strncmp(value, "reference ", 10) == 0) {
        char *colon = strchr(value, ':');
        if (!colon)
            return err_set(r->e, -EINVAL, "config: a colon is missing");
        return *value == 'c' ? rule_set_classify(r->set, word_trim(colon + 1), r->e)
                             : rule_set_reference(r->set, word_trim(colon + 1), r->e);
    }
    add_line(r, &r->conf->config, value, line);
    return 0;
}

/* The words of snort.conf that are not rules.  -ENOENT: none of them. */
static int read_word(struct reader *r, char *text, unsigned line)
{
    static const char *const ignored[] = {
        "attribute_table", "dynamicpreprocessor", "dynamicengine",     "dynamicdetection",
        "dynamicoutput",   "sidechannel",         "sidechannel_module"};
    size_t len = strcspn(text, " \t:");
    char *value = text[len] ? word_trim(text + len + 1) : text + len;
    char word[32];
    if (len >= sizeof word)
        return -ENOENT;
    memcpy(word, text, len);
    word[len] = '\0';
    if (strcmp(word, "var") == 0 || strcmp(word, "ipvar") == 0 || strcmp(word, "portvar") == 0)
        return read_variable(r, word, value);
    if (strcmp(word, "include") == 0)
        return read_file(r, beside(r, expand(r, arena_text(&r->conf->arena, value))));
    if (strcmp(word, "config") == 0)
        return read_config(r, value, line);
    if (strcmp(word, "preprocessor") == 0 || strcmp(word, "output") == 0) {
        add_line(r, *word == 'p' ? &r->conf->preprocessor : &r->conf->output, value, line);
        return 0;
    }
    for (size_t i = 0; i < ARRAY_COUNT(ignored); i++)
        if (strcmp(ignored[i], word) == 0)
            return 0; /* they load programs of the other tool */
    return filter_conf_line(r->filters, r->set, text, line, r->e);
}

static bool is_rule(const char *text)
{
    int action = rule_action_from_name(text, strcspn(text, " \t("));
    return action >= 0 && action != RULE_CONFIG; /* "config" is a word of snort.conf */
}

/* ruletype NAME { type ACTION output ... }: the name becomes another word for the action. */
static int read_ruletype(struct reader *r, const char *text)
{
    return err_set(r->e, -EINVAL, "ruletype is not supported: write the action itself (%.40s)",
                   text);
}

static int read_line(struct reader *r, const struct rule_text *line)
{
    if (is_rule(line->text)) {
        enum rule_dialect dialect = rule_guess(line->text, line->len);
        rule_load_one(r->set, line, dialect ? dialect : RULE_SNORT2, r->file);
        return 0;
    }
    if (strncmp(line->text, "ruletype", 8) == 0)
        return read_ruletype(r, line->text);
    char *copy = arena_copy(&r->conf->arena, line->text, line->len);
    for (char *c = copy; *c; c++)
        if (*c == '\n')
            *c = ' ';
    char *hash = strstr(copy, " #");
    if (hash)
        *hash = '\0';
    int rc = read_word(r, word_trim(copy), line->line);
    return rc == -ENOENT ? err_set(r->e, -EINVAL, "unknown word \"%.40s\"", copy) : rc;
}

/* A file of nothing but rules is read as a whole, so that one dialect is found for all of them. */
static bool is_rule_file(const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        if (*line && *line != '#')
            return is_rule(line);
    }
    return false;
}

static int read_text(struct reader *r, char *text, size_t len)
{
    if (r->depth > 1 && is_rule_file(text)) {
        rule_load(r->set, text, len, r->file);
        return 0;
    }
    struct rule_lexer lexer = lexer_of(rule_set_keep(r->set, text), len);
    for (struct rule_text line; lexer_next(&lexer, &line);)
        if (read_line(r, &line) < 0)
            return r->e->code && strncmp(r->e->text, r->file, strlen(r->file)) == 0
                       ? r->e->code
                       : err_wrap(r->e, "%s:%u", r->file, line.line);
    return 0;
}

static int read_file(struct reader *r, const char *path)
{
    struct str text = str_of(CONF_FILE_MAX);
    const char *outer = r->file;
    if (++r->depth > INCLUDE_DEPTH_MAX)
        return err_set(r->e, -EINVAL, "included over %d deep", INCLUDE_DEPTH_MAX);
    int rc = file_read(path, &text, r->e);
    if (rc == 0) {
        r->file = arena_text(&r->set->arena, path);
        size_t len = text.len;
        rc = read_text(r, str_take(&text), len);
    }
    str_done(&text);
    r->file = outer;
    r->depth--;
    return rc;
}

static bool is_lua(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, ".lua") == 0;
}

int snort_conf_read(struct snort_conf *c, struct rule_set *set, struct filter_conf *filters,
                    const char *path, struct err *e)
{
    c->path = arena_text(&c->arena, path);
    if (is_lua(path))
        return snort_lua_read(c, set, filters, path, e);
    struct reader r = {.conf = c, .set = set, .filters = filters, .file = c->path, .e = e};
    return read_file(&r, path);
}

void snort_conf_done(struct snort_conf *c)
{
    mem_free(c->config.line);
    mem_free(c->preprocessor.line);
    mem_free(c->output.line);
    arena_done(&c->arena);
    *c = (struct snort_conf){0};
}

const struct snort_line *snort_lines_find(const struct snort_lines *l, const char *name)
{
    for (size_t i = l->count; i > 0; i--) /* the last one wins */
        if (strcmp(l->line[i - 1].name, name) == 0)
            return &l->line[i - 1];
    return NULL;
}
