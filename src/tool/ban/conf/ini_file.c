/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/ini_file.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/str.h"

/* Lines of the value that is being read. */
struct parser {
    struct ini_file *file;
    struct arena *arena;
    const char *name;
    unsigned line;
    struct ini_section *section; /* NULL: none yet */
    size_t option;               /* index + 1 of the one being read; 0: none */
    struct str value;
    unsigned indent;
    struct err *e;
};

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

struct slice {
    const char *at;
    size_t len;
};

static struct slice strip(struct slice s)
{
    while (s.len && is_blank(s.at[0]))
        s.at++, s.len--;
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

static struct slice strip_end(struct slice s)
{
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

/* Without its comment.  *out_comment: there was one. */
static struct slice cut_comment(struct slice line, bool *out_comment)
{
    struct slice bare = strip(line);
    *out_comment = true;
    if (bare.len && (bare.at[0] == '#' || bare.at[0] == ';'))
        return (struct slice){line.at, 0};
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == ';' && (i == 0 || is_blank(line.at[i - 1])))
            return strip((struct slice){line.at, i});
    *out_comment = false;
    return bare;
}

static void end_value(struct parser *p)
{
    if (!p->option)
        return;
    struct slice v = strip_end((struct slice){str_text(&p->value), p->value.len});
    p->section->option[p->option - 1].value = arena_copy(p->arena, v.at, v.len);
    p->option = 0;
    str_reset(&p->value);
}

static void add_section(struct parser *p, const char *name)
{
    struct ini_file *f = p->file;
    if (f->count == f->capacity) {
        size_t more = f->capacity ? 2 * f->capacity : 16;
        struct ini_section *grown = arena_array(p->arena, more, sizeof *grown);
        if (f->count)
            memcpy(grown, f->section, f->count * sizeof *grown);
        f->section = grown;
        f->capacity = more;
    }
    f->section[f->count] = (struct ini_section){.name = name};
    p->section = &f->section[f->count++];
}

static int begin_section(struct parser *p, struct slice header)
{
    const char *name = arena_copy(p->arena, header.at, header.len);
    struct ini_section *known = (struct ini_section *)ini_file_section(p->file, name);
    if (known && strcmp(name, "DEFAULT") != 0)
        return err_set(p->e, -EINVAL, "%s:%u: section [%s] stands here twice", p->name, p->line,
                       name);
    p->section = known;
    if (!known)
        add_section(p, name);
    return 0;
}

static int add_option(struct parser *p, struct slice name)
{
    struct ini_section *s = p->section;
    char *text = arena_copy(p->arena, name.at, name.len);
    for (char *c = text; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    if (ini_section_option(s, text))
        return err_set(p->e, -EINVAL, "%s:%u: option \"%s\" stands in section [%s] twice", p->name,
                       p->line, text, s->name);
    if (s->count == s->capacity) {
        size_t more = s->capacity ? 2 * s->capacity : 16;
        struct ini_option *grown = arena_array(p->arena, more, sizeof *grown);
        if (s->count)
            memcpy(grown, s->option, s->count * sizeof *grown);
        s->option = grown;
        s->capacity = more;
    }
    s->option[s->count++] = (struct ini_option){.name = text, .value = "", .line = p->line};
    p->option = s->count;
    return 0;
}

/* A line that begins something: "[section]" or "name = value". */
static int begin(struct parser *p, struct slice text)
{
    end_value(p);
    const char *close = text.at[0] == '[' ? memrchr(text.at, ']', text.len) : NULL;
    if (close && close > text.at + 1)
        return begin_section(p, (struct slice){text.at + 1, (size_t)(close - text.at - 1)});
    if (!p->section)
        return err_set(p->e, -EINVAL, "%s:%u: text before the first section", p->name, p->line);
    size_t n = 0;
    while (n < text.len && text.at[n] != '=' && text.at[n] != ':')
        n++;
    struct slice name = strip((struct slice){text.at, n});
    if (n == text.len || name.len == 0)
        return err_set(p->e, -EINVAL, "%s:%u: neither a section nor \"option = value\"", p->name,
                       p->line);
    int rc = add_option(p, name);
    if (rc < 0)
        return rc;
    struct slice value = strip((struct slice){text.at + n + 1, text.len - n - 1});
    str_add_len(&p->value, value.at, value.len);
    return 0;
}

static int take_line(struct parser *p, struct slice line)
{
    bool comment;
    struct slice text = cut_comment(line, &comment);
    if (!text.len) {
        if (!comment && p->option)
            str_add_char(&p->value, '\n');
        return 0;
    }
    unsigned indent = 0;
    while (is_blank(line.at[indent]))
        indent++;
    if (p->option && indent > p->indent) {
        str_add_char(&p->value, '\n');
        str_add_len(&p->value, text.at, text.len);
        return 0;
    }
    p->indent = indent;
    return begin(p, text);
}

int ini_file_parse(struct ini_file *out, const char *text, size_t len, const char *name,
                   struct arena *arena, struct err *e)
{
    if (len > INI_FILE_BYTES_MAX)
        return err_set(e, -EFBIG, "%s: over %d bytes", name, INI_FILE_BYTES_MAX);
    struct ini_file file = {0};
    struct parser p = {
        .file = &file, .arena = arena, .name = name, .value = str_of(INI_FILE_BYTES_MAX), .e = e};
    int rc = 0;
    for (size_t at = 0; at < len && rc == 0;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t n = end ? (size_t)(end - text) - at : len - at;
        p.line++;
        if (memchr(text + at, '\0', n))
            rc = err_set(e, -EINVAL, "%s:%u: a NUL byte", name, p.line);
        else
            rc = take_line(&p, (struct slice){text + at, n});
        at += n + 1;
    }
    end_value(&p);
    str_done(&p.value);
    if (rc == 0)
        *out = file;
    return rc;
}

const struct ini_section *ini_file_section(const struct ini_file *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->section[i].name, name) == 0)
            return &f->section[i];
    return NULL;
}

const struct ini_option *ini_section_option(const struct ini_section *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->option[i].name, name) == 0)
            return &s->option[i];
    return NULL;
}
