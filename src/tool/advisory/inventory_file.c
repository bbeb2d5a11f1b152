/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which form a lock file has, and all of them below a folder. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/io/file.h"
#include "tool/advisory/inventory.h"

enum { DEPTH_MAX = 24, FILE_MAX = 128 << 20 };

void inventory_put(struct arena *arena, struct inventory *out, const char *ecosystem,
                   const char *name, const char *version, const char *place)
{
    if (!name || !*name || !version || !*version)
        return;
    inventory_add(arena, out,
                  &(struct inventory_item){.ecosystem = ecosystem,
                                           .name = name,
                                           .version = version,
                                           .source = name,
                                           .source_version = version,
                                           .place = place});
}

static const struct inventory_form *form_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (const struct inventory_form *f = inventory_json_forms; f->pattern; f++)
        if (fnmatch(f->pattern, name, 0) == 0)
            return f;
    for (const struct inventory_form *f = inventory_text_forms; f->pattern; f++)
        if (fnmatch(f->pattern, name, 0) == 0)
            return f;
    return NULL;
}

static int read_file(struct arena *arena, const char *path, const struct inventory_form *form,
                     struct inventory *out, struct err *e)
{
    struct str text = str_of(FILE_MAX);
    const char *place = arena_text(arena, path);
    int rc = file_read(path, &text, e);
    rc = rc < 0 ? rc : form->read(arena, str_text(&text), text.len, place, out, e);
    str_done(&text);
    return rc;
}

/* Links are not followed; a file that cannot be read does not hide the others. */
static int read_folder(struct arena *arena, const char *path, struct inventory *out, int depth,
                       struct err *e)
{
    DIR *d = opendir(path);
    if (!d)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(d));) {
        struct err ignored = {0};
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *inside = arena_print(arena, "%s/%s", path, entry->d_name);
        const struct inventory_form *form = form_of(inside);
        if (lstat(inside, &st) < 0)
            continue;
        int rc = 0;
        if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
            rc = read_folder(arena, inside, out, depth + 1, &ignored);
        else if (S_ISREG(st.st_mode) && form)
            rc = read_file(arena, inside, form, out, &ignored);
        (void)rc;
    }
    closedir(d);
    return 0;
}

int inventory_read_path(struct arena *arena, const char *path, struct inventory *out, struct err *e)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return read_folder(arena, path, out, 0, e);
    const struct inventory_form *form = form_of(path);
    size_t len = strlen(path);
    if (!form && len > 5 && strcmp(path + len - 5, ".json") == 0)
        form = &inventory_json_forms[5]; /* a bill of materials of any name */
    return form ? read_file(arena, path, form, out, e)
                : err_set(e, -EBADMSG, "%s: no lock file or bill of materials that is known", path);
}
