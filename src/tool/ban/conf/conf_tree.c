/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_tree.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text_list.h"
#include "sys/io/file.h"

struct conf_store conf_store_of(const char *folder, struct arena *arena)
{
    return (struct conf_store){.folder = folder, .arena = arena};
}

void conf_store_done(struct conf_store *s)
{
    map_done(&s->files);
    map_done(&s->trees);
}

/* ---- files and what they include ---- */

static int read_file(struct conf_store *s, const char *path, struct ini_file **out, struct err *e)
{
    *out = map_find_text(&s->files, path);
    if (*out)
        return 0;
    struct str text = str_of(INI_FILE_BYTES_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0) {
        *out = arena_take(s->arena, sizeof **out);
        rc = ini_file_parse(*out, str_text(&text), text.len, path, s->arena, e);
    }
    str_done(&text);
    if (rc == 0)
        map_put_text(&s->files, arena_text(s->arena, path), *out);
    return rc;
}

/* The way to a file: who included it. */
struct seen {
    const char *path;
    const struct seen *above;
};

static int add_with_includes(struct conf_store *s, const char *path, const struct seen *above,
                             struct text_list *files, struct err *e);

static bool was_seen(const struct seen *chain, const char *path)
{
    for (; chain; chain = chain->above)
        if (strcmp(chain->path, path) == 0)
            return true;
    return false;
}

static bool list_has(const struct text_list *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->text[i], path) == 0)
            return true;
    return false;
}

/* An included file is followed by the .local beside it. */
static int add_included(struct conf_store *s, const char *path, const struct seen *chain,
                        struct text_list *files, struct err *e)
{
    if (access(path, R_OK) != 0) {
        log_at(LOG_LEVEL_WARN, "%s: includes %s: %s", chain->path, path, strerror(errno));
        return 0;
    }
    int rc = add_with_includes(s, path, chain, files, e);
    const char *dot = strrchr(path, '.');
    if (rc < 0 || !dot || strchr(dot, '/'))
        return rc;
    const char *local = arena_print(s->arena, "%.*s.local", (int)(dot - path), path);
    if (strcmp(local, path) != 0 && access(local, R_OK) == 0)
        rc = add_with_includes(s, local, chain, files, e);
    return rc;
}

static int add_list(struct conf_store *s, const char *list, const struct seen *chain,
                    struct text_list *files, struct err *e)
{
    const char *slash = strrchr(chain->path, '/');
    int folder_len = slash ? (int)(slash - chain->path + 1) : 0, rc = 0;
    while (*list && rc == 0) {
        size_t n = strcspn(list, "\n");
        const char *path = n && list[0] == '/' ? arena_copy(s->arena, list, n)
                                               : arena_print(s->arena, "%.*s%.*s", folder_len,
                                                             chain->path, (int)n, list);
        if (n && !was_seen(chain, path))
            rc = add_included(s, path, chain, files, e);
        list += n + (list[n] == '\n');
    }
    return rc;
}

/* Before files, the file itself, after files. */
static int add_with_includes(struct conf_store *s, const char *path, const struct seen *above,
                             struct text_list *files, struct err *e)
{
    struct ini_file *file;
    struct seen chain = {path, above};
    if (files->count >= CONF_INCLUDES_MAX)
        return err_set(e, -EINVAL, "%s: over %d files included", path, CONF_INCLUDES_MAX);
    int rc = read_file(s, path, &file, e);
    const struct ini_section *includes = rc == 0 ? ini_file_section(file, "INCLUDES") : NULL;
    const struct ini_option *before = includes ? ini_section_option(includes, "before") : NULL;
    const struct ini_option *after = includes ? ini_section_option(includes, "after") : NULL;
    if (before && rc == 0)
        rc = add_list(s, before->value, &chain, files, e);
    if (rc == 0)
        text_list_add(files, arena_text(s->arena, path));
    if (after && rc == 0)
        rc = add_list(s, after->value, &chain, files, e);
    return rc;
}

/* ---- laying them over one another ---- */

struct conf_section *conf_tree_section(const struct conf_tree *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->section[i].name, name) == 0)
            return &t->section[i];
    return NULL;
}

static struct conf_section *add_section(struct conf_tree *t, const char *name)
{
    if (t->count == t->capacity) {
        size_t more = t->capacity ? 2 * t->capacity : 16;
        struct conf_section *grown = arena_array(t->arena, more, sizeof *grown);
        if (t->count)
            memcpy(grown, t->section, t->count * sizeof *grown);
        t->section = grown;
        t->capacity = more;
    }
    t->section[t->count] = (struct conf_section){.name = name};
    return &t->section[t->count++];
}

static void merge_section(struct conf_tree *t, const struct ini_section *from)
{
    if (strcmp(from->name, "DEFAULT") == 0) {
        for (size_t i = 0; i < from->count; i++)
            conf_opts_set_text(&t->defaults, t->arena, from->option[i].name, from->option[i].value);
        return;
    }
    /* [Init?family=inet6] holds the options "name?family=inet6" of [Init] */
    size_t bare = conf_opts_condition(from->name);
    const char *condition = bare ? from->name + bare : "";
    const char *name = bare ? arena_copy(t->arena, from->name, bare) : from->name;
    struct conf_section *to = conf_tree_section(t, name);
    bool is_new = !to;
    if (is_new)
        to = add_section(t, name);
    for (size_t i = 0; i < from->count; i++) {
        const char *option = bare ? arena_print(t->arena, "%s%s", from->option[i].name, condition)
                                  : from->option[i].name;
        const struct ban_value *old = conf_opts_find(&to->opts, option);
        if (old && !is_new)
            conf_opts_set(&to->known, t->arena, option, *old);
        conf_opts_set_text(&to->opts, t->arena, option, from->option[i].value);
    }
}

static int read_tree(struct conf_store *s, const struct text_list *roots, struct conf_tree **out,
                     struct err *e)
{
    struct text_list files = {0};
    int rc = 0;
    for (size_t i = 0; i < roots->count && rc == 0; i++)
        rc = add_with_includes(s, roots->text[i], NULL, &files, e);
    *out = arena_take(s->arena, sizeof **out);
    (*out)->arena = s->arena;
    for (size_t i = 0; i < files.count && rc == 0; i++) {
        struct ini_file *file;
        rc = read_file(s, files.text[i], &file, e);
        for (size_t k = 0; rc == 0 && k < file->count; k++)
            merge_section(*out, &file->section[k]);
    }
    text_list_done(&files);
    return rc;
}

static void add_globbed(struct conf_store *s, const char *pattern, struct text_list *roots)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            text_list_add(roots, arena_text(s->arena, found.gl_pathv[i]));
    globfree(&found);
}

static void add_existing(const char *path, struct text_list *roots)
{
    if (access(path, F_OK) == 0)
        text_list_add(roots, path);
}

int conf_store_read(struct conf_store *s, const char *name, struct conf_tree **out, struct err *e)
{
    *out = map_find_text(&s->trees, name);
    if (*out)
        return 0;
    struct text_list roots = {0};
    if (access(s->folder, F_OK) != 0)
        return err_set(e, -errno, "configuration folder %s: %s", s->folder, strerror(errno));
    const char *base = arena_print(s->arena, "%s/%s", s->folder, name);
    add_existing(arena_print(s->arena, "%s.conf", base), &roots);
    add_globbed(s, arena_print(s->arena, "%s.d/*.conf", base), &roots);
    const char *local = arena_print(s->arena, "%s.local", base);
    if (!list_has(&roots, local))
        add_existing(local, &roots);
    add_globbed(s, arena_print(s->arena, "%s.d/*.local", base), &roots);
    int rc = 0;
    if (!roots.count)
        rc = err_set(e, -ENOENT, "no file %s.conf or %s.local in %s", name, name, s->folder);
    if (rc == 0)
        rc = read_tree(s, &roots, out, e);
    text_list_done(&roots);
    if (rc == 0)
        map_put_text(&s->trees, arena_text(s->arena, name), *out);
    return rc;
}

int conf_store_read_file(struct conf_store *s, const char *path, struct conf_tree **out,
                         struct err *e)
{
    struct text_list roots = {0};
    text_list_add(&roots, path);
    int rc = read_tree(s, &roots, out, e);
    text_list_done(&roots);
    return rc;
}
