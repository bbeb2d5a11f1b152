/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"

enum { SMALL_FILE_MAX = 64 * 1024 };

struct pass {
    struct arena *arena;
    struct process_owner *owner;
    size_t count;
    struct stat root; /* ours */
};

static struct process_owner *find(struct pass *p, uint64_t inode)
{
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->owner[middle].inode < inode)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->count && p->owner[low].inode == inode ? &p->owner[low] : NULL;
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* "socket:[12345]" */
static uint64_t inode_of_link(int fd_folder, const char *name)
{
    char text[64];
    ssize_t len = readlinkat(fd_folder, name, text, sizeof text - 1);
    if (len <= 9 || memcmp(text, "socket:[", 8) != 0)
        return 0;
    text[len] = '\0';
    return strtoull(text + 8, NULL, 10);
}

/* The file `name` of a process' folder without its last newline, in the arena; NULL: not there. */
static char *read_small(struct pass *p, int folder, const char *name)
{
    struct err ignored;
    struct str text = str_of(SMALL_FILE_MAX);
    char *copy = NULL;
    if (file_read_at(folder, name, &text, &ignored) == 0) {
        if (text.len && text.text[text.len - 1] == '\n')
            str_cut(&text, text.len - 1);
        copy = arena_copy(p->arena, str_text(&text), text.len);
    }
    str_done(&text);
    return copy;
}

/* Field 22 of stat.  The second field is a name in brackets that may hold anything, so counting
 * begins behind the last bracket. */
static uint64_t start_of(const char *stat)
{
    const char *at = stat ? strrchr(stat, ')') : NULL;
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoull(at + 1, NULL, 10) : 0;
}

static void set_path(struct pass *p, struct process *x, int folder)
{
    static const char gone[] = " (deleted)";
    char path[PATH_MAX];
    ssize_t len = readlinkat(folder, "exe", path, sizeof path - 1);
    if (len <= 0)
        return;
    size_t tail = sizeof gone - 1, used = (size_t)len;
    x->replaced = used > tail && memcmp(path + used - tail, gone, tail) == 0;
    x->path = arena_copy(p->arena, path, x->replaced ? used - tail : used);
}

static bool is_unit(const char *name, size_t len)
{
    static const char *const ends[] = {".service", ".scope"};
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        size_t tail = strlen(ends[i]);
        if (len > tail && memcmp(name + len - tail, ends[i], tail) == 0)
            return true;
    }
    return false;
}

const char *process_unit_of(struct arena *arena, const char *cgroup_text)
{
    const char *unit = NULL;
    /* cgroup v2 has one line "0::PATH"; v1 one a controller, of which "name=systemd" counts */
    for (const char *line = cgroup_text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t line_len = strcspn(line, "\n");
        const char *path = memchr(line, '/', line_len);
        bool ours = strncmp(line, "0::", 3) == 0 || memmem(line, line_len, ":name=systemd:", 14);
        if (!path || !ours)
            continue;
        const char *end = line + line_len;
        while (path < end) { /* the innermost unit of the path is the process' own */
            size_t len = strcspn(++path, "/\n");
            if (is_unit(path, len))
                unit = arena_copy(arena, path, len);
            path += len;
        }
        if (unit)
            break;
    }
    return unit;
}

static struct process *describe(struct pass *p, int32_t pid, int folder)
{
    struct process *x = arena_take(p->arena, sizeof *x);
    struct stat root;
    x->pid = pid;
    x->start = start_of(read_small(p, folder, "stat"));
    x->name = read_small(p, folder, "comm");
    x->unit = process_unit_of(p->arena, read_small(p, folder, "cgroup"));
    x->other_root = fstatat(folder, "root", &root, 0) == 0 &&
                    (root.st_dev != p->root.st_dev || root.st_ino != p->root.st_ino);
    set_path(p, x, folder);
    return x;
}

static bool speaks_before(const struct process *a, const struct process *b)
{
    if ((a->pid == 1) != (b->pid == 1))
        return b->pid == 1;
    return a->start != b->start ? a->start < b->start : a->pid < b->pid;
}

static void note(struct process_owner *owner, const struct process *x)
{
    owner->count++;
    if (!owner->leader || speaks_before(x, owner->leader))
        owner->leader = x;
}

/* All descriptors of one process.  It may hold a socket twice and counts once. */
static void scan_process(struct pass *p, int proc, const char *name)
{
    OWN_FD int folder = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fds = folder < 0 ? -1 : openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fds < 0 ? NULL : fdopendir(fds);
    if (!dir)
        return;
    struct process *self = NULL;
    const struct process_owner **seen = NULL;
    size_t seen_count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        uint64_t inode = inode_of_link(dirfd(dir), entry->d_name);
        struct process_owner *owner = inode ? find(p, inode) : NULL;
        bool again = !owner;
        for (size_t i = 0; i < seen_count && !again; i++)
            again = seen[i] == owner;
        if (again)
            continue;
        if (!self) {
            self = describe(p, (int32_t)strtol(name, NULL, 10), folder);
            seen = arena_array(p->arena, p->count, sizeof *seen);
        }
        seen[seen_count++] = owner;
        note(owner, self);
    }
    closedir(dir);
}

int process_find_owners(struct arena *arena, const char *proc, struct process_owner *out,
                        size_t count, struct err *e)
{
    struct pass pass = {.arena = arena, .owner = out, .count = count};
    for (size_t i = 0; i < count; i++)
        out[i] = (struct process_owner){.inode = out[i].inode};
    DIR *dir = opendir(proc);
    if (!dir)
        return err_set(e, -errno, "%s: %s", proc, strerror(errno));
    if (fstatat(dirfd(dir), "self/root", &pass.root, 0) < 0)
        (void)stat("/", &pass.root);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (is_number(entry->d_name))
            scan_process(&pass, dirfd(dir), entry->d_name);
    closedir(dir);
    return 0;
}
