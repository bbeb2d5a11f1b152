/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lock files that are lines. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "tool/advisory/inventory.h"

/* The next line, without blanks at its end; NULL: no more. */
static const char *next_line(struct arena *arena, const char **at, const char *end)
{
    if (*at >= end)
        return NULL;
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    const char *stop = newline ? newline : end;
    size_t len = (size_t)(stop - *at);
    while (len && isspace((unsigned char)(*at)[len - 1]))
        len--;
    const char *line = arena_copy(arena, *at, len);
    *at = newline ? newline + 1 : end;
    return line;
}

/* `key = "value"`; NULL: another line. */
static const char *quoted(struct arena *arena, const char *line, const char *key)
{
    size_t len = strlen(key);
    if (strncmp(line, key, len) != 0)
        return NULL;
    line += len;
    line += strspn(line, " ");
    if (*line++ != '=')
        return NULL;
    line += strspn(line, " ");
    return *line == '"' ? arena_copy(arena, line + 1, strcspn(line + 1, "\"")) : NULL;
}

/* [[package]] name = "x" version = "y": Cargo.lock, poetry.lock, uv.lock. */
static void take_toml(struct arena *arena, const char *text, size_t len, const char *ecosystem,
                      const char *place, struct inventory *out)
{
    const char *end = text + len, *line, *name = NULL;
    bool inside = false;
    while ((line = next_line(arena, &text, end))) {
        if (*line == '[') {
            inside = strcmp(line, "[[package]]") == 0;
            name = NULL;
        }
        const char *value;
        if (inside && (value = quoted(arena, line, "name")))
            name = value;
        else if (inside && name && (value = quoted(arena, line, "version")))
            inventory_put(arena, out, ecosystem, name, value, place);
    }
}

static int read_cargo(struct arena *arena, const char *text, size_t len, const char *place,
                      struct inventory *out, struct err *e)
{
    (void)e;
    take_toml(arena, text, len, "crates.io", place, out);
    return 0;
}

static int read_poetry(struct arena *arena, const char *text, size_t len, const char *place,
                       struct inventory *out, struct err *e)
{
    (void)e;
    take_toml(arena, text, len, "PyPI", place, out);
    return 0;
}

/* name==1.0 [; marker] [# words] [--hash=...]; other forms name no version. */
static int read_requirements(struct arena *arena, const char *text, size_t len, const char *place,
                             struct inventory *out, struct err *e)
{
    const char *end = text + len, *line;
    (void)e;
    while ((line = next_line(arena, &text, end))) {
        line += strspn(line, " \t");
        const char *equal = strstr(line, "==");
        size_t name = strcspn(line, " =[;#<>!~");
        if (!equal || *line == '#' || *line == '-' || name == 0)
            continue;
        const char *version = equal + 2 + strspn(equal + 2, "= ");
        inventory_put(arena, out, "PyPI", arena_copy(arena, line, name),
                      arena_copy(arena, version, strcspn(version, " ;#,\\")), place);
    }
    return 0;
}

/* "module v1.0.0 h1:..." and "module v1.0.0/go.mod h1:...": the first kind is built in. */
static int read_go_sum(struct arena *arena, const char *text, size_t len, const char *place,
                       struct inventory *out, struct err *e)
{
    const char *end = text + len, *line;
    (void)e;
    while ((line = next_line(arena, &text, end))) {
        size_t name = strcspn(line, " ");
        const char *version = line + name + (line[name] == ' ');
        size_t version_len = strcspn(version, " ");
        if (*version != 'v' || strstr(version, "/go.mod"))
            continue;
        inventory_put(arena, out, "Go", arena_copy(arena, line, name),
                      arena_copy(arena, version + 1, version_len - 1), place);
    }
    return 0;
}

/* "    name (1.0)" below "  specs:". */
static int read_gemfile(struct arena *arena, const char *text, size_t len, const char *place,
                        struct inventory *out, struct err *e)
{
    const char *end = text + len, *line;
    (void)e;
    while ((line = next_line(arena, &text, end))) {
        const char *open = strstr(line, " (");
        if (strncmp(line, "    ", 4) != 0 || line[4] == ' ' || !open || strpbrk(open, "=<>~"))
            continue;
        inventory_put(arena, out, "RubyGems",
                      arena_copy(arena, line + 4, (size_t)(open - line - 4)),
                      arena_copy(arena, open + 2, strcspn(open + 2, ")")), place);
    }
    return 0;
}

/* `"name@^1.0", name@^1.1:` and `  version "1.1.0"`, or `  version: 1.1.0`. */
static int read_yarn(struct arena *arena, const char *text, size_t len, const char *place,
                     struct inventory *out, struct err *e)
{
    const char *end = text + len, *line, *name = NULL;
    (void)e;
    while ((line = next_line(arena, &text, end))) {
        if (*line && *line != ' ' && *line != '#') {
            line += *line == '"';
            size_t skip = *line == '@';
            name = arena_copy(arena, line, skip + strcspn(line + skip, "@"));
        } else if (name && strncmp(line, "  version", 9) == 0) {
            const char *version = line + 9 + strspn(line + 9, ": \"");
            inventory_put(arena, out, "npm", name,
                          arena_copy(arena, version, strcspn(version, "\"")), place);
            name = NULL;
        }
    }
    return 0;
}

/* "group:name:1.0=configurations" */
static int read_gradle(struct arena *arena, const char *text, size_t len, const char *place,
                       struct inventory *out, struct err *e)
{
    const char *end = text + len, *line;
    (void)e;
    while ((line = next_line(arena, &text, end))) {
        const char *first = strchr(line, ':'), *second = first ? strchr(first + 1, ':') : NULL;
        if (*line == '#' || !second)
            continue;
        inventory_put(arena, out, "Maven", arena_copy(arena, line, (size_t)(second - line)),
                      arena_copy(arena, second + 1, strcspn(second + 1, "=")), place);
    }
    return 0;
}

const struct inventory_form inventory_text_forms[] = {
    {"Cargo.lock", read_cargo},
    {"poetry.lock", read_poetry},
    {"uv.lock", read_poetry},
    {"requirements*.txt", read_requirements},
    {"go.sum", read_go_sum},
    {"Gemfile.lock", read_gemfile},
    {"yarn.lock", read_yarn},
    {"gradle.lockfile", read_gradle},
    {NULL, NULL},
};
