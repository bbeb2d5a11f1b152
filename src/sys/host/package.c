/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/package.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/map.h"
#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"

enum { LIST_MAX = 256 * 1024 * 1024, PATH_LEN_MAX = 4096 };

/* The folders that a merged system keeps in /usr (UsrMerge). */
static const char *const merged_folders[] = {"/bin/",   "/sbin/",  "/lib/",
                                             "/lib32/", "/lib64/", "/libx32/"};

/* One path that is looked for, by the way it is written in the lists. */
struct wanted {
    struct package_owner *owner; /* several may ask for the same path: the next one */
    struct wanted *next;
    const char *only;     /* only this package's list counts (diverted by it); NULL: any */
    const char *not_from; /* this package's list does not count; NULL: all do */
};

struct pass {
    struct arena *arena;
    const char *root;
    bool merged[ARRAY_COUNT(merged_folders)];
    struct map wanted;   /* written path -> struct wanted */
    struct map packages; /* names of packages that own something -> first struct package_owner */
};

static bool path_print(struct str *out, const struct pass *p, const char *path)
{
    str_reset(out);
    str_addf(out, "%s%s", p->root, path);
    return !out->full;
}

static void find_merged(struct pass *p)
{
    struct str path = str_of(PATH_LEN_MAX);
    for (size_t i = 0; i < ARRAY_COUNT(merged_folders); i++) {
        char target[16];
        path_print(&path, p, merged_folders[i]);
        str_cut(&path, path.len - 1);
        ssize_t len = readlink(str_text(&path), target, sizeof target);
        p->merged[i] =
            len > 4 && (memcmp(target, "usr/", 4) == 0 || memcmp(target, "/usr", 4) == 0);
    }
    str_done(&path);
}

/* The one way to write a path: below /usr where the folder is merged.  `to` has PATH_LEN_MAX bytes;
 * the result is `path` itself or in `to`. */
static const char *normal(const struct pass *p, const char *path, size_t *len, char *to)
{
    for (size_t i = 0; i < ARRAY_COUNT(merged_folders); i++) {
        size_t head = strlen(merged_folders[i]);
        if (!p->merged[i] || *len <= head || memcmp(path, merged_folders[i], head) != 0)
            continue;
        if (*len + 4 > PATH_LEN_MAX)
            return path;
        memcpy(to, "/usr", 4);
        memcpy(to + 4, path, *len);
        *len += 4;
        return to;
    }
    return path;
}

static struct wanted *find_path(const struct pass *p, const char *path, size_t len)
{
    char room[PATH_LEN_MAX];
    path = normal(p, path, &len, room);
    return map_find(&p->wanted, path, len);
}

static void want(struct pass *p, const char *path, struct wanted one)
{
    char room[PATH_LEN_MAX];
    size_t len = strlen(path);
    struct wanted *w = arena_take(p->arena, sizeof *w);
    *w = one;
    path = normal(p, path, &len, room);
    w->next = map_find(&p->wanted, path, len);
    map_put(&p->wanted, path, len, w);
}

/* Lines of a text, one call each; the newline is cut off. */
static char *next_line(char **rest)
{
    char *line = *rest;
    if (!line || !*line)
        return NULL;
    char *end = strchr(line, '\n');
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return line;
}

/* The file of diversions: three lines each, the path, where it was moved to, and by which package
 * (":" the administrator).  The lists of packages go on naming the path. */
static void note_diversion(struct pass *p, const char *from, const char *to, const char *by)
{
    bool local = strcmp(by, ":") == 0;
    for (struct wanted *w = find_path(p, from, strlen(from)); w; w = w->next)
        w->only = local ? "" : arena_text(p->arena, by);
    for (struct wanted *w = find_path(p, to, strlen(to)); w; w = w->next)
        want(p, arena_text(p->arena, from),
             (struct wanted){.owner = w->owner, .not_from = arena_text(p->arena, by)});
}

static int read_diversions(struct pass *p, struct err *e)
{
    struct str path = str_of(PATH_LEN_MAX), text = str_of(LIST_MAX);
    path_print(&path, p, "/var/lib/dpkg/diversions");
    int result = file_read(str_text(&path), &text, e);
    char *rest = text.text;
    while (result == 0) {
        char *from = next_line(&rest);
        char *to = next_line(&rest);
        char *by = next_line(&rest);
        if (!by)
            break;
        note_diversion(p, from, to, by);
    }
    str_done(&path);
    str_done(&text);
    return result == -ENOENT ? 0 : result;
}

static void claim(struct pass *p, struct wanted *w, const char *package)
{
    for (; w; w = w->next) {
        bool counts = (!w->only || strcmp(w->only, package) == 0) &&
                      (!w->not_from || strcmp(w->not_from, package) != 0);
        if (!counts || w->owner->name)
            continue;
        w->owner->name = arena_text(p->arena, package);
        map_put_text(&p->packages, package, w->owner);
    }
}

/* NAME.list or NAME:ARCH.list: one path a line. */
static int read_list(struct pass *p, int folder, const char *file, struct str *text, struct err *e)
{
    char package[256];
    size_t len = strcspn(file, ":");
    if (len == strlen(file))
        len -= strlen(".list");
    if (len >= sizeof package)
        return 0;
    memcpy(package, file, len);
    package[len] = '\0';
    int result = file_read_at(folder, file, text, e);
    char *rest = text->text;
    for (char *line; result == 0 && (line = next_line(&rest));) {
        struct wanted *w = find_path(p, line, strlen(line));
        if (w)
            claim(p, w, package);
    }
    return result == -ENOENT ? 0 : result; /* removed while we read */
}

static int read_lists(struct pass *p, struct err *e)
{
    struct str path = str_of(PATH_LEN_MAX), text = str_of(LIST_MAX);
    path_print(&path, p, "/var/lib/dpkg/info");
    DIR *dir = opendir(str_text(&path));
    int result = dir || errno == ENOENT ? 0 : -errno;
    if (result)
        err_set(e, result, "%s: %s", str_text(&path), strerror(-result));
    for (struct dirent *entry; dir && result == 0 && (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name);
        if (len > 5 && strcmp(entry->d_name + len - 5, ".list") == 0)
            result = read_list(p, dirfd(dir), entry->d_name, &text, e);
    }
    if (dir)
        closedir(dir);
    str_done(&path);
    str_done(&text);
    return result;
}

/* The fields of one paragraph of the status file that matter; they point into its text. */
struct paragraph {
    const char *package, *version, *source;
    bool installed;
};

static void take_paragraph(struct pass *p, const struct paragraph *x, struct package_owner *out,
                           size_t count)
{
    if (!x->package || !x->version || !x->installed || !map_find_text(&p->packages, x->package))
        return;
    const char *version = arena_text(p->arena, x->version);
    const char *source = x->source ? x->source : x->package;
    source = arena_copy(p->arena, source, strcspn(source, " ")); /* "name (version)" */
    for (size_t i = 0; i < count; i++)
        if (out[i].name && !out[i].version && strcmp(out[i].name, x->package) == 0) {
            out[i].version = version;
            out[i].source = source;
        }
}

static const char *field(const char *line, const char *name)
{
    size_t len = strlen(name);
    if (strncmp(line, name, len) != 0 || line[len] != ':')
        return NULL;
    return line + len + 1 + strspn(line + len + 1, " \t");
}

static void take_field(struct paragraph *x, const char *line)
{
    const char *value;
    if ((value = field(line, "Package")))
        x->package = value;
    else if ((value = field(line, "Version")))
        x->version = value;
    else if ((value = field(line, "Source")))
        x->source = value;
    else if ((value = field(line, "Status"))) /* "want flag state" */
        x->installed = !strstr(value, " not-installed") && !strstr(value, " config-files");
}

static int read_status(struct pass *p, struct package_owner *out, size_t count, struct err *e)
{
    struct str path = str_of(PATH_LEN_MAX), text = str_of(LIST_MAX);
    struct paragraph x = {0};
    path_print(&path, p, "/var/lib/dpkg/status");
    int result = file_read(str_text(&path), &text, e);
    char *rest = result == 0 ? text.text : NULL;
    for (char *line; (line = next_line(&rest));) {
        if (*line) {
            take_field(&x, line);
            continue;
        }
        take_paragraph(p, &x, out, count);
        x = (struct paragraph){0};
    }
    take_paragraph(p, &x, out, count);
    str_done(&path);
    str_done(&text);
    return result == -ENOENT ? 0 : result;
}

int package_find_owners(struct arena *arena, const char *root, struct package_owner *out,
                        size_t count, struct err *e)
{
    struct pass pass = {.arena = arena, .root = root};
    find_merged(&pass);
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct package_owner){.path = out[i].path};
        if (out[i].path)
            want(&pass, out[i].path, (struct wanted){.owner = &out[i]});
    }
    int result = read_diversions(&pass, e);
    if (result == 0)
        result = read_lists(&pass, e);
    if (result == 0)
        result = read_status(&pass, out, count, e);
    map_done(&pass.wanted);
    map_done(&pass.packages);
    return result;
}
