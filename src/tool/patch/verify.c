/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/verify.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/host/process.h"
#include "sys/io/file.h"
#include "tool/advisory/inventory.h"
#include "tool/patch/apply.h"
#include "tool/patch/journal.h"

enum { MAPS_MAX = 16 << 20, LINK_MAX_BYTES = 4096 };

/* ---- packages ---- */

static const char *installed_version(const struct inventory *inventory, const char *package)
{
    size_t len = strcspn(package, ":");
    for (size_t i = 0; i < inventory->count; i++)
        if (strlen(inventory->item[i].name) == len &&
            memcmp(inventory->item[i].name, package, len) == 0)
            return inventory->item[i].version;
    return NULL;
}

static int verify_packages(struct arena *arena, const char *root, struct patch_verdict *out,
                           struct err *e)
{
    struct inventory inventory = {0};
    struct patch_journal journal;
    int rc = patch_journal_read(arena, arena_print(arena, "%s" PATCH_JOURNAL, root), &journal, e);
    if (rc <= 0)
        return rc;
    rc = inventory_read_dpkg(arena, arena_print(arena, "%s/var/lib/dpkg/status", root), "Debian",
                             &inventory, e);
    out->steps = journal.steps.count;
    out->unended = !journal.done;
    out->missing.item = arena_array(arena, journal.steps.count + 1, sizeof *out->missing.item);
    for (size_t i = 0; rc == 0 && i < journal.steps.count; i++) {
        struct patch_step s = journal.steps.item[i];
        s.from = installed_version(&inventory, s.package);
        if (!s.from || strcmp(s.from, s.to) != 0)
            out->missing.item[out->missing.count++] = s;
    }
    return rc;
}

/* ---- processes ---- */

/* "7f..-7f.. r-xp 00000000 fe:01 1234   /usr/lib/.../libssl.so.3 (deleted)": code, of a file that
 * packages bring; what programs make and unlink themselves (memfd, temporary files) is none. */
const char *patch_stale_file(struct arena *arena, const char *maps)
{
    static const char mark[] = " (deleted)";
    for (const char *line = maps; *line;) {
        size_t len = strcspn(line, "\n");
        const char *path = memchr(line, '/', len);
        const char *mode = memchr(line, ' ', len);
        size_t tail = sizeof mark - 1;
        bool is_code = mode && (size_t)(mode - line) + 4 < len && mode[3] == 'x';
        if (path && is_code && len > tail && memcmp(line + len - tail, mark, tail) == 0) {
            size_t path_len = (size_t)(line + len - tail - path);
            const char *file = arena_copy(arena, path, path_len);
            if (strncmp(file, "/usr/", 5) == 0 || strncmp(file, "/lib", 4) == 0 ||
                strncmp(file, "/bin/", 5) == 0 || strncmp(file, "/sbin/", 6) == 0 ||
                strncmp(file, "/opt/", 5) == 0)
                return file;
        }
        line += len + (line[len] == '\n');
    }
    return NULL;
}

/* Paths in /proc/PID/maps are seen from our root: those of a root below it begin with it. */
static const char *strip_root(struct arena *arena, const char *maps, const char *root)
{
    struct str text = str_of(0);
    size_t root_len = strlen(root);
    if (root_len == 0)
        return maps;
    for (const char *at; (at = strstr(maps, root)); maps = at + root_len)
        str_add_len(&text, maps, (size_t)(at - maps));
    str_add(&text, maps);
    const char *kept = arena_text(arena, str_text(&text));
    str_done(&text);
    return kept;
}

static bool has_root(struct arena *arena, const char *proc, const char *pid,
                     const struct stat *root)
{
    struct stat st;
    return stat(arena_print(arena, "%s/%s/root/.", proc, pid), &st) == 0 &&
           st.st_dev == root->st_dev && st.st_ino == root->st_ino;
}

static const char *read_small(struct arena *arena, const char *path)
{
    struct str text = str_of(MAPS_MAX);
    struct err ignored = {0};
    const char *kept =
        file_read(path, &text, &ignored) == 0 ? arena_copy(arena, str_text(&text), text.len) : "";
    str_done(&text);
    return kept;
}

static bool look_at(struct arena *arena, const char *proc, const char *pid, const char *root,
                    struct patch_stale *out)
{
    struct arena own = {0};
    const char *maps = read_small(&own, arena_print(&own, "%s/%s/maps", proc, pid));
    const char *file = patch_stale_file(&own, strip_root(&own, maps, root));
    if (file) {
        const char *comm = read_small(&own, arena_print(&own, "%s/%s/comm", proc, pid));
        const char *cgroup = read_small(&own, arena_print(&own, "%s/%s/cgroup", proc, pid));
        *out = (struct patch_stale){.pid = (int32_t)strtol(pid, NULL, 10),
                                    .name = arena_copy(arena, comm, strcspn(comm, "\n")),
                                    .unit = arena_text(arena, process_unit_of(&own, cgroup)),
                                    .file = arena_text(arena, file)};
    }
    arena_done(&own);
    return file != NULL;
}

static int verify_processes(struct arena *arena, const char *root, const char *proc,
                            struct patch_verdict *out, struct err *e)
{
    struct stat root_stat;
    char real[LINK_MAX_BYTES] = "";
    DIR *d = opendir(proc);
    if (!d)
        return err_set(e, -errno, "%s: %s", proc, strerror(errno));
    if (stat(*root ? root : "/", &root_stat) < 0 || (*root && !realpath(root, real))) {
        closedir(d);
        return err_set(e, -errno, "%s: %s", root, strerror(errno));
    }
    for (const struct dirent *entry; (entry = readdir(d));) {
        struct patch_stale s;
        if (!isdigit((unsigned char)entry->d_name[0]) ||
            !has_root(arena, proc, entry->d_name, &root_stat) ||
            !look_at(arena, proc, entry->d_name, real, &s))
            continue;
        if (out->stale.count == out->stale.capacity) {
            size_t more = out->stale.capacity ? out->stale.capacity * 2 : 16;
            struct patch_stale *bigger = arena_array(arena, more, sizeof *bigger);
            if (out->stale.count)
                memcpy(bigger, out->stale.item, out->stale.count * sizeof *bigger);
            out->stale.item = bigger;
            out->stale.capacity = more;
        }
        out->stale.item[out->stale.count++] = s;
    }
    closedir(d);
    return 0;
}

int patch_verify(struct arena *arena, const char *root, const char *proc, struct patch_verdict *out,
                 struct err *e)
{
    *out = (struct patch_verdict){0};
    int rc = verify_packages(arena, root, out, e);
    return rc < 0 ? rc : verify_processes(arena, root, proc, out, e);
}
