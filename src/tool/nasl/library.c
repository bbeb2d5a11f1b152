/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/library.h"

#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/compile_private.h"
#include "tool/nasl/ereg.h"

enum {
    FILE_BYTES_MAX = 16 << 20,
    FOLDERS_MAX = 8,
    REGEX_KEPT = 1024, /* patterns that scripts made; then all are forgotten */
    INCLUDE_NESTING_MAX = 32,
};

struct nasl_text {
    const char *text;
    size_t len;
};

struct nasl_library {
    struct arena names;
    struct map intern, include, regex, passing_regex, builtin, carried;
    const char *folder[FOLDERS_MAX];
    size_t folder_count;
    const char *script_folder; /* of the script being compiled */
    unsigned include_nesting;
    nasl_note_fn *note;
    void *note_ctx;
};

struct nasl_library *nasl_library_new(nasl_note_fn *note, void *note_ctx)
{
    struct nasl_library *l = mem_zero(sizeof *l);
    l->note = note;
    l->note_ctx = note_ctx;
    for (size_t f = 0; nasl_families[f]; f++)
        for (size_t i = 0; i < nasl_families[f]->count; i++)
            map_put_text(&l->builtin, nasl_families[f]->row[i].name,
                         (void *)&nasl_families[f]->row[i]);
    return l;
}

static void forget_regexes(struct map *m)
{
    const struct map_slot *slot;
    for (size_t at = 0; (slot = map_next(m, &at));)
        nasl_ereg_free(slot->value);
    map_done(m);
}

void nasl_library_forget_includes(struct nasl_library *l)
{
    const struct map_slot *slot;
    for (size_t at = 0; (slot = map_next(&l->include, &at));)
        nasl_unit_free(slot->value);
    map_done(&l->include);
}

void nasl_library_free(struct nasl_library *l)
{
    if (!l)
        return;
    nasl_library_forget_includes(l);
    forget_regexes(&l->regex);
    forget_regexes(&l->passing_regex);
    map_done(&l->builtin);
    map_done(&l->carried);
    map_done(&l->intern);
    arena_done(&l->names);
    mem_free(l);
}

void nasl_library_add_folder(struct nasl_library *l, const char *path)
{
    if (l->folder_count < FOLDERS_MAX)
        l->folder[l->folder_count++] = arena_text(&l->names, path);
}

void nasl_library_carry(struct nasl_library *l, const char *name, const char *text, size_t len)
{
    struct nasl_text *t = arena_take(&l->names, sizeof *t);
    *t = (struct nasl_text){text, len};
    map_put_text(&l->carried, name, t);
}

void nasl_library_note(struct nasl_library *l, const char *file, uint32_t line, const char *words)
{
    if (l->note)
        l->note(l->note_ctx, file, line, words);
}

const char *nasl_library_intern(struct nasl_library *l, const char *name, size_t len)
{
    char *known = map_find(&l->intern, name, len);
    if (!known) {
        known = arena_copy(&l->names, name, len);
        map_put(&l->intern, name, len, known);
    }
    return known;
}

const struct nasl_builtin *nasl_library_builtin(struct nasl_library *l, const char *name,
                                                size_t len)
{
    return map_find(&l->builtin, name, len);
}

static const struct nasl_ereg *keep_regex(struct map *m, const char *pattern, size_t len,
                                          bool any_case, struct err *e)
{
    struct str key = str_of(0);
    str_add_char(&key, any_case ? 'i' : 'c');
    str_add_len(&key, pattern, len);
    struct nasl_ereg *r = map_find(m, key.text, key.len);
    if (!r && nasl_ereg_compile(&r, pattern, len, any_case, e) == 0)
        map_put(m, key.text, key.len, r);
    str_done(&key);
    return r;
}

const struct nasl_ereg *nasl_library_regex(struct nasl_library *l, const char *pattern, size_t len,
                                           bool any_case, struct err *e)
{
    return keep_regex(&l->regex, pattern, len, any_case, e);
}

const struct nasl_ereg *nasl_library_regex_for_now(struct nasl_library *l, const char *pattern,
                                                   size_t len, bool any_case, struct err *e)
{
    if (l->passing_regex.count >= REGEX_KEPT) {
        forget_regexes(&l->passing_regex);
        l->passing_regex = (struct map){0};
    }
    return keep_regex(&l->passing_regex, pattern, len, any_case, e);
}

void nasl_unit_free(struct nasl_unit *u)
{
    if (!u)
        return;
    for (uint32_t i = 0; i < u->constant_count; i++)
        if (nasl_is_text(&u->constant[i]))
            mem_free(u->constant[i].string);
    mem_free(u->code);
    mem_free(u->line);
    mem_free(u->constant);
    mem_free(u->symbol);
    mem_free(u->function);
    mem_free(u->call);
    mem_free(u->regex);
    mem_free(u->include);
    struct arena arena = u->arena; /* the unit lies in it */
    arena_done(&arena);
}

int nasl_compile_text(struct nasl_library *l, const char *name, const char *text, size_t len,
                      struct nasl_unit **out, struct err *e)
{
    (void)len; /* a script ends at its first NUL, as in the peer */
    struct arena arena = {0};
    struct nasl_unit *u = arena_take(&arena, sizeof *u);
    struct nasl_compiler c = {
        .library = l, .unit = u, .file = name, .lexer = nasl_lexer_of(text), .e = e};
    u->arena = arena;
    u->name = arena_text(&u->arena, name);
    int rc = nasl_parse(&c);
    map_done(&c.symbols);
    map_done(&c.numbers);
    str_done(&c.room);
    if (rc < 0) {
        nasl_unit_free(u);
        return rc;
    }
    *out = u;
    return 0;
}

int nasl_compile_file(struct nasl_library *l, const char *path, struct nasl_unit **out,
                      struct err *e)
{
    struct str text = str_of(FILE_BYTES_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0) {
        const char *slash = strrchr(path, '/');
        struct arena local = {0};
        l->script_folder = slash ? arena_copy(&local, path, (size_t)(slash - path)) : ".";
        rc = nasl_compile_text(l, path, str_text(&text), text.len, out, e);
        l->script_folder = NULL;
        arena_done(&local);
    }
    str_done(&text);
    return rc;
}

/* An include stays below the folders of scripts: no absolute path, no way up. */
static bool is_inside(const char *name)
{
    if (name[0] == '/' || !name[0])
        return false;
    for (const char *p = name; (p = strstr(p, "..")); p += 2)
        if ((p == name || p[-1] == '/') && (p[2] == '/' || !p[2]))
            return false;
    return true;
}

static int read_include(struct nasl_library *l, const char *name, struct str *text)
{
    struct str path = str_of(0);
    struct err unused = {0};
    const struct nasl_text *carried = map_find_text(&l->carried, name);
    int rc = carried ? 0 : -ENOENT;
    if (carried)
        str_add_len(text, carried->text, carried->len);
    for (size_t i = 0; i <= l->folder_count && rc < 0; i++) {
        const char *folder = i == 0 ? l->script_folder : l->folder[i - 1];
        if (!folder)
            continue;
        str_reset(&path);
        str_addf(&path, "%s/%s", folder, name);
        rc = file_read(str_text(&path), text, &unused);
    }
    str_done(&path);
    return rc;
}

int nasl_library_include(struct nasl_library *l, const char *name, const struct nasl_unit **out,
                         struct err *e)
{
    struct nasl_unit *known = map_find_text(&l->include, name);
    if (known) {
        *out = known;
        return 0;
    }
    if (!is_inside(name))
        return err_set(e, -EINVAL, "include \"%s\" leaves the folders of scripts", name);
    if (l->include_nesting >= INCLUDE_NESTING_MAX)
        return err_set(e, -EINVAL, "include \"%s\" includes itself", name);
    struct str text = str_of(FILE_BYTES_MAX);
    int rc = read_include(l, name, &text);
    if (rc < 0) {
        err_set(e, rc, "include \"%s\": not in the folders of scripts", name);
    } else {
        l->include_nesting++;
        rc = nasl_compile_text(l, name, str_text(&text), text.len, &known, e);
        l->include_nesting--;
    }
    str_done(&text);
    if (rc < 0)
        return rc;
    map_put_text(&l->include, name, known);
    *out = known;
    return 0;
}
